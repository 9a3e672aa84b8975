"""Declared ways of writing are read as one word and counted; what only looks alike is listed and left as it is."""

import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import engine, places
from analysis.clean.spellings import MOST_WORDS, lookalikes, unified
from analysis.refusals import StudyError
from analysis.study import Study
from analysis.tables import CANONICAL

CUSTOMERS = CANONICAL["customers"]


def people(*gender):
    return pd.DataFrame(
        {"customer_id": [f"c{i:02d}" for i in range(len(gender))], "gender": pd.Series(gender, dtype="str")}
    )


def read(frame, **declared):
    rows, found = unified(engine.lazy(frame), CUSTOMERS, declared)
    return list(engine.collect(rows).sort_values("customer_id")["gender"]), found


def test_declared_ways_of_writing_are_read_as_one_word_and_counted():
    written = ("female", "F", "f ", "weiblich", "Male", "M", "unknown")
    got, found = read(people(*written), gender={"female": ["F", "weiblich"], "male": ["M"]})
    assert got == ["female", "female", "female", "female", "male", "male", "unknown"]
    assert found.to_dict("list") == {
        "table": ["customers"] * 5,
        "column": ["gender"] * 5,
        "written": ["F", "M", "Male", "f ", "weiblich"],
        "read_as": ["female", "male", "male", "female", "female"],
        "rows": [1, 1, 1, 1, 1],
    }


def test_each_column_is_read_by_its_own_words():
    frame = people("F", "female", "f").assign(channel=["shop", "SHOP", "web"])
    rows, found = unified(
        engine.lazy(frame), CUSTOMERS, {"gender": {"female": ["F"]}, "channel": {"shop": [], "web": []}}
    )
    kept = engine.collect(rows).sort_values("customer_id")
    assert list(kept["gender"]) == ["female"] * 3 and list(kept["channel"]) == ["shop", "shop", "web"]
    assert list(rows.collect_schema().names()) == list(frame) and len(found) == 3


def test_what_is_not_declared_and_what_is_empty_stay_as_they_are():
    got, found = read(people(" F", None, "w"), gender={"male": ["M"]})
    assert got[0] == " F" and pd.isna(got[1]) and got[2] == "w"
    assert found.empty and list(found) == ["table", "column", "written", "read_as", "rows"]
    got, found = read(people("F"), region={"North": ["N"]})  # a column that the source lacks
    assert got == ["F"] and found.empty


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["F", " f", "female", "FEMALE ", "x", "male", None]), max_size=8))
def test_no_row_is_lost_and_the_counts_are_those_of_a_slow_loop(written):
    got, found = read(people(*written), gender={"female": ["F"]})
    slow = ["female" if value and value.strip().lower() in ("f", "female") else value for value in written]
    assert [None if pd.isna(value) else value for value in got] == slow
    assert found["rows"].sum() == sum(a != b for a, b in zip(written, slow, strict=True))


def looks(*gender):
    return lookalikes(engine.lazy(people(*gender)), CUSTOMERS)


def test_a_rare_value_that_differs_by_blanks_case_or_one_letter_looks_like_the_common_one():
    common = ["referral"] * 20
    found = looks(*common, "Referral", "referral ", "refer ral", "referal", "referrals", "refarral", "reveral")
    assert sorted(found["written"]) == ["Referral", "refarral", "refer ral", "referal", "referral ", "referrals"]
    assert set(found["looks_like"]) == {"referral"} and set(found["rows_alike"]) == {20} and set(found["rows"]) == {1}


def test_words_as_common_as_each_other_short_words_and_digits_are_not_alike():
    assert looks(*["North"] * 20, *["Worth"] * 3).empty  # too many to be a slip
    assert looks(*["web"] * 20, "wed").empty  # one letter of three is another word
    assert looks(*["Type A1"] * 20, "Type A2", "2017").empty
    assert looks(*["male"] * 20, "female").empty


def test_a_column_of_names_is_not_compared_word_by_word():
    assert looks(*["name000"] * 2000, "Name000", *(f"name{i:03d}" for i in range(1, MOST_WORDS))).empty


@pytest.mark.parametrize(
    ("spellings", "message"),
    [
        ({"customer": {}}, "spellings of table 'customer': no such table; the nearest are customers"),
        (
            {"customers": {"gendre": {"female": ["F"]}}},
            "spellings of customers.gendre: no such column of words; the nearest are gender",
        ),
        ({"customers": {"customer_id": {"a": ["b"]}}}, "spellings of customers.customer_id: no such column of words"),
        (
            {"customers": {"gender": {"female": ["F"], "male": [" f"]}}},
            "spellings of customers.gender: ' f' is read as 'female' and as 'male'",
        ),
    ],
)
def test_spellings_of_what_is_not_there_or_of_two_things_are_refused(spellings, message, tmp_path, monkeypatch):
    written = (places.studies() / "workshop.yml").read_text(encoding="utf-8")
    (tmp_path / "mine.yml").write_text(yaml.safe_dump(yaml.safe_load(written) | {"spellings": spellings}))
    monkeypatch.setenv("ANALYSIS_STUDIES", str(tmp_path))
    with pytest.raises(StudyError) as error:
        Study.load("mine")
    assert message in str(error.value) and "\n" not in str(error.value)
