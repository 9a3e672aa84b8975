"""Every part of the page from made-up contacts: whole, nearly empty, and with markup in names."""

import re
from datetime import date

import pandas as pd
import pytest

from analysis.monitor.conversion import funnel
from analysis.report.conversion import (
    before,
    campaigns,
    contacts,
    groups,
    history,
    kinds,
    opening,
    opinions,
    steps,
    timing,
    weeks,
)
from analysis.report.fragments import join

SCRIPT = "<script>alert(1)</script>"
PERIOD = "1 January to 31 December 2017"
MANY = {"customers": "shops", "period": PERIOD}


def made(customers, kinds_=("A", SCRIPT)):
    rows = [
        (
            str(n),
            f"shop {c:03d}",
            kinds_[n % len(kinds_)],
            pd.Timestamp(2017, 2 + n, 1),
            (c + n) % (3 + 4 * (n % 2)) == 0,
            c % 7 > 0,
        )
        for n in range(4)
        for c in range(customers)
    ]
    table = pd.DataFrame(
        rows, columns=["campaign_id", "customer_id", "kind", "contacted_on", "redeemed", "bought_promoted"]
    )
    redeemed_on = (table["contacted_on"] + pd.Timedelta(days=9)).where(table["redeemed"])
    return table.assign(
        visited=table["bought_promoted"] | table["redeemed"],
        redeemed_on=redeemed_on,
        window_closed=True,
        seen_from_start=True,
    )


CAMPAIGNS = pd.DataFrame({"campaign_id": list("0123"), "kind": ["A", SCRIPT] * 2,
                          "starts_on": [pd.Timestamp(2017, 2 + n, 1) for n in range(4)],
                          "ends_on": [pd.Timestamp(2017, 2 + n, 27) for n in range(4)]})  # fmt: skip
PROMOTED = pd.DataFrame({"campaign_id": ["0", "0", "1"], "product_id": ["x", "y", "x"]})
TIMES = pd.DataFrame({"kind": ["A"] * 3 + ["all"] * 3, "days": [0, 7, 14] * 2, "redeemed_by": [0, 8, 20] * 2, "contacted": 80,
                      "at_risk": 70, "rate": [0.0, 0.1, 0.25] * 2, "low": [float("nan"), 0.05, 0.2] * 2,
                      "high": [float("nan"), 0.15, 0.3] * 2})  # fmt: skip
CONTROL = pd.DataFrame({"measure": "redemption", "week_starts_on": pd.date_range("2017-01-02", periods=5, freq="7D"),
                        "value": [0.02, 0.03, float("nan"), 0.09, 0.02], "centre": 0.025, "lower": 0.0, "upper": 0.06, "phase": "monitored",
                        "season": False, "refused": None,
            "quiet_lasting": 0.1, "quiet_lasting_least": 0.02, "quiet_single": 0.1, "quiet_single_least": 0.0, "quiet_extremes": 0.5,
            "lasting_told": True,
                        "signal": [None, None, None, "single week above the limit", None], "look_at": None,
                        "contacted_open": 80})  # fmt: skip


def parts(table, many="holm"):
    counted, same, past = funnel(table), contacts.of_every_kind(table), contacts.with_history(table)
    pairs = contacts.matched(table, table)
    changed, leading, again = before.changes(pairs), kinds.leading(table, same), history.again(past)
    redeemed, ranked = steps.overall(counted).loc["redeemed"], kinds.by_kind(counted, table, PROMOTED)
    rates = contacts.uncrossed(funnel(contacts.crossed(past)))
    half = opening.middle(date(2017, 1, 1), date(2017, 12, 31))
    by_group = pd.DataFrame({"dimension": "segment", "group": [SCRIPT, "loyal"], "customers": len(table) // 8, "reached": 5,
                             "contacted": 40,                              "rate": 0.125, "low": 0.05, "high": 0.2,
                             "effective": 40.0})  # fmt: skip
    return [
        opening.answer(table, redeemed, changed, leading, again, customer="shop", **MANY),
        opening.key_figures(table, redeemed, ranked, TIMES, CONTROL, on=half, customers="shops"),
        steps.section(counted, odd=1, customer="shop", period=PERIOD),
        before.section(pairs, funnel(pairs.during), funnel(pairs.before), many=many, **MANY),
        campaigns.section(counted, table, same, PROMOTED, CAMPAIGNS, many=many, **MANY),
        timing.section(TIMES, period=PERIOD),
        history.section(past, rates, **MANY),
        groups.section(by_group, average=0.1, many=many, **MANY),
        weeks.section(CONTROL, CAMPAIGNS, kind="A", baseline_weeks=26),
        opinions.section(None, period=PERIOD),
    ]


@pytest.mark.parametrize("customers", [40, 2])
def test_no_part_breaks_or_says_nan_however_few_are_contacted(customers):
    page = str(join(parts(made(customers))))
    assert "<script" not in page
    shown = re.sub(r"<[^>]+>", " ", page)
    assert "&lt;script&gt;" in shown
    assert re.findall(r"\bnan\b|\bNone\b|\bNaT\b|[{}]|<NA>", shown) == []


@pytest.mark.parametrize(("many", "name"), [("holm", "Holm"), ("benjamini-hochberg", "Benjamini-Hochberg")])
def test_each_part_that_compares_several_says_how_many_and_how_they_are_corrected(many, name):
    table = made(40)
    sooner = table.assign(visited=table["redeemed"], bought_promoted=~table["bought_promoted"])
    pairs = contacts.matched(table, sooner)
    spans = before.section(pairs, funnel(pairs.during), funnel(pairs.before), many=many, **MANY)
    page = re.sub(r"<[^>]+>", " ", str(join([spans, *parts(table, many)[4:]])))
    # spans: two steps of two kinds and of all kinds; kinds: each of two; groups: each of two segments
    assert re.findall(r"Corrected for (\d+) comparisons \((.*?)\)", page) == [("6", name), ("2", name), ("2", name)]
    assert page.count(f"p, adjusted ({name})") == 2
    assert ("expected to be false" in page) == (many != "holm")


def test_kinds_count_as_compared_by_their_p_values_and_not_by_what_is_shown():
    table = made(40, kinds_=("A", "B", "C", "D"))
    counted = funnel(table)
    shown = counted[(counted["scope"] != "kind") | counted["name"].isin(["A", "B"])]  # the others are of few: blank
    page = campaigns.section(
        shown, table, contacts.of_every_kind(table), PROMOTED, CAMPAIGNS.assign(kind=list("ABCD")), **MANY
    )
    assert "Each kind against the rest: Corrected for 4 comparisons" in re.sub(r"<[^>]+>", " ", str(page))


def test_one_kind_of_campaign_and_no_coupons_still_make_a_page():
    table = made(30, kinds_=("A",))
    ranked = kinds.by_kind(funnel(table), table, PROMOTED.head(0))
    assert ranked["products"].isna().all()
    assert "All campaigns are of one kind" in campaigns.section(
        funnel(table), table, contacts.of_every_kind(table), PROMOTED.head(0), CAMPAIGNS.assign(kind="A"), **MANY
    )


def test_campaigns_stand_in_blocks_by_kind_and_say_what_was_not_seen():
    table = made(30)
    table.loc[table["campaign_id"] == "3", "window_closed"] = False
    table.loc[table["campaign_id"] == "0", "seen_from_start"] = False
    counted = funnel(table)
    rows = campaigns.by_campaign(counted, CAMPAIGNS, kinds.by_kind(counted, table, PROMOTED))
    assert rows["campaign_id"].tolist() == ["0", "2", "1", "3"]
    assert rows["seen"].tolist() == ["began before the data", "whole", "whole", "still open"]


def test_too_little_is_said_in_its_place():
    empty = made(30).head(0)
    assert "absent" in timing.section(TIMES.head(2), period=PERIOD)
    assert "absent" in weeks.section(CONTROL.head(1), CAMPAIGNS, kind="A", baseline_weeks=26)
    assert "absent" in before.section(contacts.Matched(empty, empty), empty, empty, **MANY)
    assert "absent" in groups.section(
        pd.DataFrame({"dimension": [], "group": [], "customers": []}), average=0.1, **MANY
    )
    assert "absent" in opinions.section(None, period=PERIOD)


def test_satisfaction_is_shown_where_there_are_opinions():
    satisfied = pd.DataFrame({"kind": ["need"], "by": ["all"], "name": ["all"], "opinions": [8], "satisfied": [6], "rate": [0.75],
                              "low": [0.4],
                              "high": [0.93], "unknown": [1]})  # fmt: skip
    assert opinions.title(satisfied) == "Satisfied: 75 % of need opinions"
    assert "8 opinions" in opinions.section(satisfied, period=PERIOD)


def test_a_rate_with_contacts_that_still_run_says_that_its_halves_are_of_campaigns_that_are_over():
    table = made(40)
    running = table.assign(window_closed=table["campaign_id"] != "3")
    said = "both of campaigns that are over, the rate also of those that run"
    assert [str(parts(one)[1]).count(said) for one in (table, running)] == [
        0,
        2,
    ]  # all contacts, and the kind that runs
