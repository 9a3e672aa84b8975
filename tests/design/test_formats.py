"""Every system says what it takes and how we know; a study that asks for another is refused in one line."""

import shutil

import pytest

from analysis import places
from analysis.design import formats
from analysis.refusals import StudyError
from analysis.study import Study


@pytest.mark.parametrize("name", formats.names())
def test_every_system_says_where_its_form_was_seen_and_how_certain_that_is(name):
    form = formats.load(name)
    assert form.seen and form.certain
    assert form.columns or not form.holds_people
    for column in form.columns:
        assert column.fields or column.value, column.header


def test_the_systems_of_the_goal_are_there():
    assert set(formats.names()) == {
        "csv", "excel", "mailchimp", "brevo", "hubspot", "salesforce", "zoho", "dynamics", "marketo", "klaviyo", "tableau", "power-bi",
    }  # fmt: skip


def test_files_of_different_systems_have_different_names():
    files = [file for room in formats.SHARED for name in formats.names() for file in formats.files(name, room)]
    assert len(set(files)) == len(files)
    assert not any(file.startswith("assignment") for file in files)


NO_CAMPAIGN = "handoff=salesforce needs handoff_campaign, the Id of the campaign in Salesforce, 701 and 12 or 15 more letters and digits"


@pytest.mark.parametrize(
    ("wanted", "campaign", "said"),
    [
        (("csv", "mailchmp"), "", "handoff=mailchmp: no such system; the nearest are mailchimp"),
        (("csv", "csv"), "", "handoff=csv is asked for twice; name it once"),
        (("salesforce",), "", f"{NO_CAMPAIGN}; it is not set"),
        (("salesforce",), "Spring", f"{NO_CAMPAIGN}; it is Spring"),
    ],
)
def test_what_cannot_be_handed_over_is_refused_before_anything_runs(wanted, campaign, said, tmp_path, monkeypatch):
    with pytest.raises(StudyError) as error:
        formats.check(wanted, campaign)
    assert str(error.value) == said
    shop = f"like: workshop\nhandoff: [{', '.join(wanted)}]\nhandoff_campaign: '{campaign}'\n"
    shutil.copy(places.project_root() / "studies" / "workshop.yml", tmp_path)
    (tmp_path / "shop.yml").write_text(shop, encoding="utf-8")
    monkeypatch.setenv("ANALYSIS_STUDIES", str(tmp_path))
    with pytest.raises(StudyError) as error:
        Study.load("shop")
    assert str(error.value) == f"study 'shop': {said}"


def test_a_form_that_contradicts_itself_is_refused():
    with pytest.raises(ValueError, match="any_of names 'Mail'; the nearest are Email"):
        formats.Format.model_validate(
            {"title": "X", "kind": "csv", "file": "x.csv", "seen": "s", "certain": "c",
             "columns": [{"header": "Email", "field": "email"}], "any_of": ["Mail"]}
        )  # fmt: skip
    with pytest.raises(ValueError, match="a header stands twice"):
        formats.Format.model_validate(
            {"title": "X", "kind": "csv", "file": "x.csv", "seen": "s", "certain": "c",
             "columns": [{"header": "Email", "field": "email"}, {"header": "Email", "field": "email"}]}
        )  # fmt: skip


def test_what_lies_there_are_parts_and_systems_no_longer_wanted_and_nothing_of_anybody_else(tmp_path):
    (tmp_path / "power-bi").mkdir()
    ours = ["mailchimp.csv", "power-bi/plan.parquet", "power-bi.pbids", "send-12.xlsx", "send-2.csv", "send.csv"]
    for file in [
        *ours,
        "assignment.csv",
        "send-notes.csv",
        "send-2b.csv",
        "letter.docx",
        "power-bi/weekly.parquet",
        "power-bi/own.parquet",
    ]:
        (tmp_path / file).touch()
    assert [file.relative_to(tmp_path).as_posix() for file in formats.lying(tmp_path, "design")] == ours
    assert [file.relative_to(tmp_path).as_posix() for file in formats.lying(tmp_path, "monitor")] == [
        "power-bi/weekly.parquet"
    ]
