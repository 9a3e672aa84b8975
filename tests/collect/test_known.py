"""Known exports are found by name and by the header of a file; a study changes what it states and nothing else."""

import pytest

from analysis.collect import known
from analysis.refusals import StudyError

SHOPIFY = ["First Name", "Last Name", "Email", "Accepts Email Marketing", "Phone", "Total Spent"]


def test_an_unknown_export_is_refused_with_the_nearest():
    with pytest.raises(
        StudyError, match="like=shopify_customer: no such known export; the nearest are shopify_customers"
    ):
        known.load("shopify_customer")
    with pytest.raises(StudyError, match="like=shopify_customer: no such known export"):
        known.resolved("people", {"files": "people.csv", "like": "shopify_customer"})


def test_a_study_changes_what_it_states_and_nothing_else():
    usual = known.load("shopify_customers")
    own = known.resolved(
        "people", {"files": "people*.csv", "like": "shopify_customers", "columns": {"phone": {"header": "Tel"}}}
    )
    assert own.columns["phone"].header == ("Tel",)
    assert own.columns["phone"].apostrophe  # as known
    assert {**own.columns, "phone": usual.columns["phone"]} == usual.columns
    assert own.model_copy(update={"columns": usual.columns, "files": ""}) == usual


def test_a_contract_of_its_own_needs_no_known_export():
    written = {
        "files": "people.csv",
        "columns": {"number": {"header": "Nr", "kind": "id"}},
        "tables": {"customers": {"columns": {"customer_id": "number"}}},
    }
    assert known.resolved("people", written).columns["number"].header == ("Nr",)


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"encoding": "?"}, "encoding: ? has to be replaced by an answer; nothing is loaded on a guess"),
        ({"sepparator": ";"}, "no setting 'sepparator'; the nearest are separator"),
        ({"signature": ["mail"]}, "names the column 'mail'; the nearest are email"),
    ],
)
def test_what_makes_no_export_is_refused_in_one_line(stated, said):
    with pytest.raises(StudyError) as error:
        known.resolved("people", {"like": "shopify_customers", **stated})
    assert str(error.value).startswith("export 'people', like shopify_customers: ")
    assert said in str(error.value)


def test_a_header_is_recognised_by_its_signature_in_any_order():
    (fit,) = known.recognised(list(reversed(SHOPIFY)))
    assert (fit.name, fit.found, fit.columns) == ("shopify_customers", 6, 9)
    assert (fit.missing, fit.unused, fit.loads) == ((), (), True)


def test_what_a_file_must_have_and_lacks_is_named_and_so_is_what_is_not_read():
    (fit,) = known.recognised(
        ["\ufeffEmail", "Accepts Marketing", "Total Spent ", "First Name", "Last Name", "Shoe size"]
    )
    assert (fit.name, fit.missing, fit.unused, fit.loads) == ("shopify_customers", ("Phone",), ("Shoe size",), False)


def test_a_header_without_the_signature_fits_nothing_and_the_nearest_is_named():
    header = ["First Name", "Last Name", "Email", "Accepts Email Marketing", "Phone"]
    assert known.fits(header) == () == known.recognised(header)
    assert known.nearest_fit(header).name == "shopify_customers"
    assert known.nearest_fit(["nothing", "of", "this"]) is None


def test_two_known_exports_that_fit_equally_are_both_named(monkeypatch):
    one = known.load("shopify_customers")
    monkeypatch.setattr(known, "names", lambda: ("other", "shopify_customers"))
    monkeypatch.setattr(known, "load", lambda name: one)
    assert [fit.name for fit in known.recognised(SHOPIFY)] == ["other", "shopify_customers"]
    better = one.model_copy(
        update={"columns": {**one.columns, "note": one.columns["email"].model_copy(update={"header": ("Note",)})}}
    )
    monkeypatch.setattr(known, "load", lambda name: better if name == "other" else one)
    assert [fit.name for fit in known.recognised([*SHOPIFY, "Note"])] == ["other"]  # it reads one column more


def test_what_a_system_leaves_open_is_the_studys():
    left = known.load("shopify_customers").model_copy(update={"time_zone": "", "currency": ""})
    said = left.model_copy(update={"time_zone": "UTC", "currency": "GBP"})
    of_study = {"time_zone": "Asia/Shanghai", "currency": "CNY"}
    assert left.of_study(**of_study) == left.model_copy(update=of_study)
    assert said.of_study(**of_study) == said
    by_column = left.model_copy(update={"currency_column": "note"})
    assert by_column.of_study(**of_study).currency == ""  # its rows say it
