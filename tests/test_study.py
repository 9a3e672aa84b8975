"""A study is checked before anything runs, and what is wrong is said in one line."""

import pandas as pd
import pytest
import yaml

from analysis import places
from analysis.refusals import StudyError
from analysis.run.settings import parse_settings
from analysis.study import Study


@pytest.fixture
def studies(tmp_path, monkeypatch):
    """A folder of study files with one copy of complete-journey to break."""
    written = yaml.safe_load((places.studies() / "complete-journey.yml").read_text())
    monkeypatch.setenv("ANALYSIS_STUDIES", str(tmp_path))

    def write(**changes):
        (tmp_path / "mine.yml").write_text(yaml.safe_dump(written | changes))

    write()
    return write


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        ("complete-jurney", {}, "no study 'complete-jurney'; the nearest are complete-journey"),
        ("complete-journey", {"budgett": "1"}, "no parameter 'budgett'; the nearest are budget"),
        ("complete-journey", {"starts_on": "2016-01-01"}, "no parameter 'starts_on'; the nearest are"),
        ("complete-journey", {"budget": "-3"}, "budget=-3 is out of range; the nearest valid value is 0"),
        ("complete-journey", {"power": "1"}, "power=1 is out of range; the nearest valid value is beyond 1"),
        ("complete-journey", {"clusters": "four"}, "clusters=four is not a whole number; write it like 5"),
        ("complete-journey", {"clusters": "2.5"}, "clusters=2.5 is not a whole number; write it like 5"),
        ("complete-journey", {"as_of": "2017-13-01"}, "as_of=2017-13-01 is not a date; write it like 2017-09-30"),
        ("workshop", {"size": "XL"}, "size=XL is not known; valid is 'S', 'M' or 'L'"),
        ("workshop", {"dirt": "perhaps"}, "dirt=perhaps is neither true nor false; write one of the two"),
        ("complete-journey", {"size": "M"}, "size=M: the source complete_journey has no size; the source workshop has"),
        ("complete-journey", {"dirt": "true"}, "dirt=True: the source complete_journey has no dirt"),
        (
            "complete-journey",
            {"as_of": "2019-01-01"},
            "outside the data; the nearest valid dates are 2017-01-01 to 2017-12-31",
        ),
    ],
)
def test_a_wrong_name_or_value_is_one_line_with_the_nearest_valid_one(name, changes, message):
    with pytest.raises(StudyError) as error:
        Study.load(name, **changes)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"budgget": 3}, "no setting 'budgget'; the nearest are budget"),
        ({"currency": None}, "currency=None"),
        ({"smallest_group": 4}, "smallest_group=4 is out of range; the nearest valid value is 5"),
        ({"smallest_group": -1}, "smallest_group=-1 is out of range; the nearest valid value is 0"),
        (
            {"public_data": False},
            "smallest_group=0 shows single people; the nearest valid is 5, or say public_data: true",
        ),
        (
            {"many_comparisons": "bonferroni"},
            "many_comparisons=bonferroni is not known; the nearest valid is holm or benjamini-hochberg",
        ),
        ({"many_comparisons": "Holm"}, "many_comparisons=Holm is not known; the nearest valid is holm"),
        ({"scenario": "travel"}, "scenario=travel: the source complete_journey has no scenario"),
        ({"source": "shopify"}, "source=shopify is not known; valid is 'complete_journey', 'workshop' or 'files'"),
        (
            {"strategies": [{"segment": "champion"}]},
            "strategy for 'champion': no such segment; the nearest are champions",
        ),
        (
            {"strategies": [{"segment": "loyal", "gift": "thankyou"}]},
            "no incentive 'thankyou'; the nearest are thank-you",
        ),
        ({"segments": [{"name": "a", "when": "x > 1"}] * 2, "strategies": []}, "segment 'a' is defined twice"),
    ],
)
def test_a_fault_in_the_study_file_is_one_line(studies, changes, message):
    studies(**changes)
    with pytest.raises(StudyError) as error:
        Study.load("mine")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("title: 12", "title=12 is not text; put it in quotes"),
        ("handoff_campaign: 2017-09-30", "handoff_campaign=2017-09-30 is not text; put it in quotes"),
        ("handoff: csv", "handoff=csv is not a list; write it like [csv]"),
        ("seed: yes", "seed=yes is not a whole number; write it like 5"),
        ("seed: true", "seed=True is true or false where something else is meant"),
        ("loyalty_weights: {frequency: true}", "loyalty_weights=True is true or false where something else is meant"),
        ("budget: .inf", "budget=inf is not a finite number; write it like 0.5"),
        ("clusters: 1e3", "clusters=1e3 is not a whole number; write it like 5"),
        ("starts_on: 0", "starts_on=0 is not a date; write it like 2017-09-30"),  # not the first of January 1970
        ("time_zone: America/Chicage", "no time zone 'America/Chicage'; the nearest are America/Chicago"),
        ("suppression: /etc/passwd", "the file /etc/passwd is outside"),
        ("suppression: data/../../list.txt", "the file data/../../list.txt is outside"),
        ("suppression: away/list.txt", "the file away/list.txt is outside"),  # away is a link
        ("suppression: ~/list.txt", "the suppression list {workspace}/~/list.txt is not there"),
        ("budget: 1\nbudget: 2", "the setting 'budget' stands twice"),
        ("strategies: [{segment: loyal, segment: slipping}]", "the setting 'segment' stands twice"),
        ("? [a, b]\n: 1", "found unhashable key"),
        ("like: mine", "study 'mine' is like itself: mine is like mine"),
        ("title: \u00e9", "line 113 is not UTF-8; save the file as UTF-8"),
    ],
)
def test_a_value_that_yaml_reads_as_something_else_is_refused_in_one_line(studies, workspace, line, message):
    (workspace / "away").symlink_to("/etc")
    written = yaml.safe_load((workspace / "mine.yml").read_text())
    kept = {name: value for name, value in written.items() if not line.startswith(f"{name}:")}
    text = yaml.safe_dump(kept)
    (workspace / "mine.yml").write_bytes(f"{text}{line}\n".encode("latin-1"))
    message = message.replace("line 113", f"line {text.count(chr(10)) + 1}").replace("{workspace}", str(workspace))
    with pytest.raises(StudyError) as error:
        _ = Study.load("mine").suppression_file
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_word_is_what_stands_there_and_a_number_in_quotes_is_that_number(studies, workspace):
    written = (workspace / "mine.yml").read_text().replace("title:", "old:", 1)
    text = "\n".join(line for line in written.splitlines() if not line.startswith(("old:", "clusters:", "budget:")))
    (workspace / "mine.yml").write_text(f"{text}\ntitle: no\nclusters: '5'\nbudget: 1e3\n")
    study = Study.load("mine")
    assert (study.title, study.clusters, study.budget) == ("no", 5, 1000.0)  # not False


def test_settings_on_the_command_line_change_parameters_and_nothing_else():
    study = Study.load("complete-journey")
    changed = Study.load("complete-journey", **parse_settings("budget=2000 as_of=2017-09-30"))
    assert changed.values() == study.values() | {"budget": 2000.0, "as_of": "2017-09-30"}
    assert changed.segments == study.segments


def test_what_a_company_is_simulated_as_can_be_set_and_is_in_the_identity_of_a_run():
    study = Study.load("workshop", **parse_settings("size=M scenario=travel dirt=false"))
    assert (study.size, study.scenario, study.dirt) == ("M", "travel", False)
    told = {name: study.values()[name] for name in ("size", "scenario", "dirt")}
    assert told == {"size": "M", "scenario": "travel", "dirt": False}
    assert not {"size", "scenario", "dirt"} & set(Study.load("complete-journey").values())


def test_a_setting_without_a_value_is_refused():
    with pytest.raises(StudyError, match="SET has 'budget'; write name=value"):
        parse_settings("clusters=3 budget")


def test_a_table_comes_back_sorted_by_its_key(workspace):
    study = Study.load("complete-journey")
    study.write("ages", pd.DataFrame({"customer_id": ["Bo", "Al"], "age": [30, 40]}), key="customer_id")
    assert study.read("ages").to_dict("list") == {"customer_id": ["Al", "Bo"], "age": [40, 30]}


def test_a_key_that_comes_twice_is_refused_and_nothing_is_written(workspace):
    study = Study.load("complete-journey")
    with pytest.raises(ValueError, match="table 'ages' has two rows with the key {'customer_id': 'Al'}"):
        study.write("ages", pd.DataFrame({"customer_id": ["Al", "Al"]}), key="customer_id")
    assert not study.has("ages")


def test_a_missing_table_is_named_with_the_nearest_one(workspace):
    study = Study.load("complete-journey")
    study.write("segments", pd.DataFrame({"customer_id": ["Al"]}), key="customer_id")
    with pytest.raises(FileNotFoundError, match="no table 'segment'; the nearest are segments"):
        study.read("segment")


def test_a_study_like_another_names_only_what_differs():
    small, whole = Study.load("sample"), Study.load("complete-journey")
    assert small.sample == 0.1 and whole.sample == 1
    assert small.segments == whole.segments


def test_a_study_file_that_is_no_yaml_is_one_line(studies, tmp_path):
    (tmp_path / "mine.yml").write_text("title: [never closed\n")
    with pytest.raises(StudyError) as error:
        Study.load("mine")
    assert str(error.value).startswith("study 'mine': ") and "\n" not in str(error.value)


def test_small_groups_are_kept_from_pages_unless_a_study_on_public_data_says_otherwise(studies):
    assert [Study.load("mine").smallest_group, Study.model_fields["smallest_group"].default] == [0, 10]
    studies(smallest_group=5, public_data=False)
    assert Study.load("mine").smallest_group == 5


def test_the_smallest_group_stands_in_the_file_and_is_not_changed_from_the_command_line():
    with pytest.raises(StudyError, match="no parameter 'smallest_group'"):
        Study.load("complete-journey", smallest_group=0)


def test_the_studies_of_this_project_say_that_their_data_is_public():
    for file in places.studies().glob("*.yml"):
        study = Study.load(file.stem)
        assert (study.public_data, study.smallest_group) == (True, 0)


def test_the_margin_of_one_trade_is_not_taken_for_that_of_another():
    assert Study.load("workshop").margin == Study.load("workshop", scenario="ecommerce").margin == 0.4
    assert Study.load("workshop", scenario="travel").margin is None
    assert Study.load("complete-journey").margin is None
