"""One campaign by lot whose customers, orders and costs can be counted by hand, and the week after it."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.inference.interval import Interval
from analysis.inference.net_gain import Known
from analysis.inference.permutation import compare
from analysis.monitor.afterwards import AFTER, BOTH, COLUMNS, DURING, afterwards
from analysis.monitor.net_values import worth
from analysis.randomness import generator

NAMES = [f"c{number:03d}" for number in range(300)]
ARMS = ["treated", "treated", "holdout"] * 100
START, LAST = pd.Timestamp("2024-04-01"), pd.Timestamp("2024-04-07")
CONTACTS = pd.DataFrame({"campaign_id": "lot", "customer_id": NAMES, "arm": ARMS})
RUNS = pd.DataFrame({
    "campaign_id": ["lot", "next"], "kind": "mail", "starts_on": [START, pd.Timestamp("2024-04-14")],
    "measured_until": [LAST, pd.Timestamp("2024-04-20")], "days": 7, "closed": True,
})  # fmt: skip
RESULTS = pd.DataFrame({
    "campaign_id": ["lot", "next"], "method": ["lot", "comparable customers"], "effect_per_week": 2.0, "low": -1.0, "high": 5.0,
    "p_value": 0.2, "weeks": 1.0, "contacted_used": 200, "comparable": 100, "total_effect": 400.0, "total_low": -150.0,
    "total_high": 900.0, "net_value": [50.0, np.nan], "net_low": -9.0, "net_high": 90.0, "cost": 20.0, "cost_coupons": 90.0,
})  # fmt: skip
REDEEMED = pd.DataFrame({"campaign_id": "lot", "customer_id": NAMES[:90:3], "cost": 3.0})


def week_sales():
    """What each customer spent in the campaign's week, in the week after, and on the days around both."""
    draw = np.random.default_rng(3)
    spend = draw.integers(10, 40, (300, 2)) * (draw.random((300, 2)) < 0.6)
    days = ("2024-04-07", "2024-04-14")
    rows = [
        (name, day, "p", float(amount))
        for name, own in zip(NAMES, spend, strict=True)
        for day, amount in zip(days, own, strict=True)
    ]
    around = [(name, day, "p", 500.0) for name in NAMES[:5] for day in ("2024-03-31", "2024-04-15")]
    return spend, [row for row in rows if row[3]] + around


def found(order_lines, *, as_of=date(2024, 4, 14), runs=RUNS, contacts=CONTACTS, **options):
    _, rows = week_sales()
    options = {"margin": 0.5, "seed": 1, "units": {}} | options
    made = afterwards(contacts, order_lines(rows), runs, RESULTS, REDEEMED, as_of=as_of, **options)
    return made.set_index("span")


def test_the_week_after_begins_behind_the_last_day_and_is_as_long(order_lines):
    made = found(order_lines)
    assert made["first_on"].dt.strftime("%m-%d").tolist() == ["04-01", "04-08", "04-01"]
    assert made["last_on"].dt.strftime("%m-%d").tolist() == ["04-07", "04-14", "04-14"]
    assert made.index.tolist() == [DURING, AFTER, BOTH] and list(made.reset_index()[COLUMNS]) == COLUMNS


def test_effects_are_those_of_means_by_hand_and_intervals_those_of_lots_drawn_again(order_lines):
    spend, _ = week_sales()
    treated = np.array(ARMS) == "treated"
    made = found(order_lines)
    for span, own in ((AFTER, spend[:, 1]), (BOTH, spend.sum(axis=1))):
        assert made.loc[span, "effect"] == pytest.approx(own[treated].mean() - own[~treated].mean())
        arms = [own[chosen & (own > 0)] for chosen in (treated, ~treated)]
        again = compare(*arms, n_treated=200, n_holdout=100, rng=generator(1, f"lot lot {span}"))
        assert made.loc[span, ["low", "high", "p_value"]].tolist() == pytest.approx([*again.interval, again.p_value])
        assert made.loc[span, ["total_low", "total_high"]].tolist() == pytest.approx(list(again.total_interval))


def test_the_campaign_has_its_own_row_as_the_results_have_it(order_lines):
    row = found(order_lines).loc[DURING]
    assert row[["effect", "low", "high", "total", "total_low"]].tolist() == [2, -1, 5, 400, -150]
    assert row[["net_value", "net_low", "net_high"]].tolist() == [50, -9, 90]


def test_both_together_are_worth_their_margin_minus_the_costs_of_the_campaign(order_lines):
    spend, _ = week_sales()
    treated, own = np.array(ARMS) == "treated", spend.sum(axis=1)
    row = found(order_lines).loc[BOTH]
    assert row["net_value"] == pytest.approx(0.5 * row["total"] - 20 - 90)
    redeemed = np.isin(np.array(NAMES)[treated], REDEEMED["customer_id"])
    added = Known(row["total"], Interval(200 * row["low"], 200 * row["high"]))
    made = worth(added, own[treated], own[~treated], 3.0 * redeemed, margin=0.5, contact=20.0, incentives=90.0)
    assert row[["net_low", "net_high"]].tolist() == pytest.approx(list(made.interval))


@pytest.mark.parametrize(
    ("as_of", "closed", "why"),
    [
        (date(2024, 4, 13), True, "The weeks after last until 2024-04-14; the data ends on 2024-04-13."),
        (date(2024, 4, 14), False, "The campaign still runs."),
    ],
)
def test_weeks_that_are_not_over_are_refused_with_the_reason(order_lines, as_of, closed, why):
    made = found(order_lines, as_of=as_of, runs=RUNS.assign(closed=closed))
    assert made.loc[[AFTER, BOTH], "why"].tolist() == [why, why] and made.loc[[AFTER, BOTH], "effect"].isna().all()
    assert pd.isna(made.loc[DURING, "why"]) and made.loc[DURING, "effect"] == 2


def test_customers_treated_elsewhere_in_these_weeks_are_counted(order_lines):
    other = pd.DataFrame(
        {"campaign_id": "next", "customer_id": ["c001", "c002", "zoe"], "arm": ["treated", "holdout", "treated"]}
    )
    assert found(order_lines, contacts=pd.concat([CONTACTS, other]))["elsewhere"].tolist() == [1, 1, 1]
    quiet = RUNS.assign(kind=["mail", "A/A"])
    assert found(order_lines, contacts=pd.concat([CONTACTS, other]), runs=quiet)["elsewhere"].tolist() == [0, 0, 0]


def test_without_a_campaign_by_lot_there_is_no_row(order_lines):
    none = RESULTS.assign(method="comparable customers")
    made = afterwards(
        CONTACTS,
        order_lines(week_sales()[1]),
        RUNS,
        none,
        REDEEMED,
        as_of=date(2024, 4, 14),
        margin=0.5,
        seed=1,
        units={},
    )
    assert made.empty and list(made) == COLUMNS


def test_a_lot_of_households_is_compared_by_household_and_told_per_customer(order_lines):
    spend, _ = week_sales()
    # customers 0 and 3, both treated, share a household, 6 and 9, and so on; so do those held out
    home = pd.Series([f"h{number // 6}-{number % 3}" for number in range(300)], index=NAMES, name="unit")
    made = found(order_lines, units={"lot": home})
    treated, sums = np.array(ARMS) == "treated", pd.Series(spend[:, 1]).groupby(home.to_numpy()).sum()
    arm = pd.Series(treated).groupby(home.to_numpy()).first()
    own = [sums[arm].to_numpy(), sums[~arm].to_numpy()]
    again = compare(
        *(side[side > 0] for side in own), n_treated=100, n_holdout=50, rng=generator(1, f"lot lot {AFTER}")
    )
    assert made.loc[AFTER, ["low", "high"]].tolist() == pytest.approx([end / 2 for end in again.interval])
    assert made.loc[AFTER, "effect"] == pytest.approx(spend[treated, 1].mean() - spend[~treated, 1].mean())
    assert made.loc[AFTER, "total_low"] == pytest.approx(again.total_interval.low)
