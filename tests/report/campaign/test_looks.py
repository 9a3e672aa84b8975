import pandas as pd
import pytest

from analysis.declared_looks import Looks
from analysis.report.campaign import looks
from analysis.report.campaign import lots as drawn

NAN = float("nan")
TWO = Looks(shares=(0.5, 1.0))


@pytest.fixture
def table():
    """Campaign 2 stops at its first look, 4 ends without, 7 is between its looks, 8 before the first."""
    rows = [
        ("2", "Type A", 1, "2017-05-14", True, 40, 30, 0.31, 0.05, 0.7, "stop: gain shown"),
        ("2", "Type A", 2, "2017-05-28", True, 60, 39, 0.22, 0.02, 0.5, "stopped before"),
        ("4", "A/A", 1, "2017-06-14", True, 30, 12, 0.1, -1.0, float("inf"), "go on"),
        ("4", "A/A", 2, "2017-06-28", True, 50, 25, 0.02, -0.2, 0.3, "end: nothing found"),
        ("7", "Type B", 1, "2017-12-20", True, 40, 9, 0.05, -0.4, 0.8, "go on"),
        ("7", "Type B", 2, "2018-01-03", False, None, None, NAN, NAN, NAN, "not reached"),
        ("8", "Type B", 1, "2018-01-08", False, None, None, NAN, NAN, NAN, "not reached"),
        ("8", "Type B", 2, "2018-01-22", False, None, None, NAN, NAN, NAN, "not reached"),
    ]  # fmt: skip
    names = [
        "campaign_id",
        "kind",
        "look",
        "on",
        "reached",
        "buyers_treated",
        "buyers_holdout",
        "lift",
        "low",
        "high",
        "decision",
    ]
    made = pd.DataFrame(rows, columns=names).astype({"buyers_treated": "Int64", "buyers_holdout": "Int64"})
    more = {
        "unit": "customer",
        "share": 0.5,
        "spent": 0.003,
        "statistic": made["lift"],
        "lower": -2.0,
        "upper": 2.0,
        "why": None,
    }
    return made.assign(looks=2, treated=100, holdout=50, on=pd.to_datetime(made["on"]), **more)


@pytest.fixture
def both(by_lot):
    """What one decision at the end says."""
    return by_lot.assign(lift_low=0.031, lift_high=0.444)


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        (None, "each campaign by lot is decided once, after its last day"),
        (TWO, "are judged at the end and after 50 % of the days, as was declared. Of the error of one in twenty, hardly any is spent "),
        (Looks(days=(7, 14), spending="pocock"), "are judged at the end and 7 and 14 days after the start, as was declared."),
        (Looks(shares=(1.0,)), "are judged at the end alone"),
    ],
)  # fmt: skip
def test_the_decision_rule_is_one_sentence(declared, said):
    assert said in looks.rule(declared)


def test_the_section_on_lots_says_the_rule_only_where_no_look_is_declared(lots, by_lot):
    assert looks.undeclared(TWO) == "" and looks.undeclared(None) == looks.rule(None)
    who = {"customers": "households", "currency": "USD"}
    once = drawn.section(lots, by_lot, rule=looks.undeclared(None), **who)
    assert "is decided once, after its last day" in once
    assert "is decided once" not in drawn.section(lots, by_lot, rule=looks.undeclared(TWO), **who)


def test_of_each_campaign_the_look_that_decided_or_the_last_one_reached_is_shown(table):
    last = looks.latest(table.iloc[::-1])
    assert last["campaign_id"].tolist() == ["2", "4", "7", "8"]  # by their first look
    assert last["last"].tolist() == ["1 of 2, 14 May 2017", "2 of 2, 28 June 2017", "1 of 2, 20 December 2017", "none yet"]  # fmt: skip
    assert last["decision"].tolist() == ["stop: gain shown", "end: nothing found", "go on", "not reached"]
    assert [None if pd.isna(day) else f"{day:%m-%d}" for day in last["next"]] == [None, None, "01-03", "01-08"]
    homes = looks.latest(table.assign(unit="household"))
    assert homes["kind"].tolist()[0] == "Type A, by household" and last["kind"].tolist()[0] == "Type A"
    assert looks.title(last) == "A look before the end decides one of four campaigns by lot"
    assert looks.title(last[1:2]) == "A look before the end decides none of one campaign by lot"


def test_the_leads_name_what_stops_and_what_still_runs_with_the_day_of_the_next_look(table):
    rule, told = looks.leads(looks.latest(table).assign(verdict="cannot tell"), declared=TWO)
    assert rule == looks.rule(TWO)
    assert told == (
        "In campaign 2, look 1 of 2, 14 May 2017 says gain shown: nothing that comes later is needed to say so. "
        "Over all its days and counted among all campaigns, its verdict is cannot tell. "
        "Campaign 7 still runs: look 1 of 2, 20 December 2017 says go on; the next look is on 3 January 2018. "
        "Campaign 8 still runs: no look is reached yet; the next look is on 8 January 2018."
    )
    assert looks.leads(looks.latest(table[table["campaign_id"] == "4"]), declared=TWO) == [rule]
    sure = looks.leads(looks.latest(table).assign(verdict="caused a gain"), declared=TWO)[1]
    assert "needed to say so. Campaign 7" in sure


def test_the_interval_under_looks_stands_beside_that_of_one_decision(table, both):
    html = looks.section(table, both, declared=TWO, customer="household")
    assert "+5.0 %" in html and "+70.0 %" in html and "+3.1 %" in html and "+44.4 %" in html
    assert "gain shown, taken" not in html  # its verdict agrees
    unsure = looks.section(table, both.assign(verdict="cannot tell"), declared=TWO, customer="household")
    assert unsure.count("stop: gain shown, taken by itself") == 1
    # that of one decision is of all days: it stands beside the change of all days alone, here that of campaign 4
    assert html.count("+3.1 %") == html.count("+44.4 %") == 1
    assert "lot_looks.csv" in html and "nan" not in html.lower().replace("finance", "")


def test_without_declared_looks_or_a_lot_there_is_no_section(table, both):
    assert looks.section(table, both, declared=None, customer="household") == ""
    assert looks.section(None, both, declared=TWO, customer="household") == ""
    assert looks.section(table.head(0), both, declared=TWO, customer="household") == ""


def test_looks_with_few_buyers_in_an_arm_stay_blank_and_no_count_of_people_is_left(table):
    made = looks.shown(table, smallest=10)
    assert made["lift"].notna().tolist() == [True, True, True, True, *[False] * 4]  # 9 buyers held out in campaign 7
    assert set(looks.PEOPLE).isdisjoint(made.columns)
    nearly_all = table.assign(buyers_holdout=45)  # five held out bought nothing
    assert looks.shown(nearly_all, smallest=10)["lift"].isna().all()
    assert looks.shown(table.assign(holdout=8), smallest=10).empty
    assert looks.shown(table, smallest=0) is table and looks.shown(None, smallest=10) is None
    html = looks.section(
        made,
        pd.DataFrame({"campaign_id": ["2"], "lift_low": 0.1, "lift_high": 0.2, "verdict": "x"}),
        declared=TWO,
        customer="one",
    )
    assert "buyers" not in html
