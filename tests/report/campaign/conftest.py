"""Small tables as monitor and design make them, with an answer that can be read from the page."""

import pandas as pd
import pytest

NAN = float("nan")


@pytest.fixture
def results():
    """Campaign 2 is the biggest, 1 has no check, 3 began too early to be compared."""
    rows = [
        # id, kind, start, contacted, used, sales, cost, redeemed, matched, weeks, effect, low, high, total, verdict
        ("1", "Type A", "2017-03-01", 12, 10, 900.0, 2.0, 2, 2, 4.0, 5.0, -5.0, 15.0, (200.0, -200.0, 600.0), "no check"),
        ("2", "Type A", "2017-05-01", 100, 90, 53289.0, 40.0, 50, 25, 4.0, 1.5, -3.44, 6.81, (540.0, -1238.4, 2451.6), "cannot tell"),
        ("3", "Type B", "2016-12-01", 40, None, 4000.0, 0.0, 0, 0, 6.0, NAN, NAN, NAN, (NAN, NAN, NAN), "no estimate"),
    ]  # fmt: skip
    table = pd.DataFrame([
        {
            "campaign_id": i, "kind": kind, "starts_on": pd.Timestamp(start), "measured_until": pd.Timestamp(start) + pd.Timedelta(days=27),
            "contacted": contacted, "contacted_used": used, "sales": sales, "cost_coupons": cost, "redemptions": redeemed,
            "cost_matched": matched, "marketing_effect": sales - cost, "weeks": weeks, "effect_per_week": effect, "low": low, "high": high,
            "total_effect": total[0], "total_low": total[1], "total_high": total[2], "placebo_effect": 0.1 if i == "2" else NAN,
            "placebo_low": -4.0 if i == "2" else NAN, "placebo_high": 4.2 if i == "2" else NAN, "verdict": verdict, "why": f"why {i}",
            "method": "comparable customers", "comparable": None if used is None else 200, "naive_effect": effect + 20, "cost": NAN,
            "tested": 2, "net_value": NAN, "net_low": NAN, "net_high": NAN, "roi": NAN, "net_why": "The margin is not known.",
        }
        for i, kind, start, contacted, used, sales, cost, redeemed, matched, weeks, effect, low, high, total, verdict in rows
    ])  # fmt: skip
    return table.astype({"contacted_used": "Int64", "comparable": "Int64"})


@pytest.fixture
def by_lot(results):
    """Campaign 2 was drawn by lot and caused a gain, 4 sent nothing, 5 is torn, 6 went to everyone; 1 and 3 as before."""
    two = results.iloc[[1]].assign(
        method="lot", verdict="caused a gain", low=0.5, high=float("inf"), total_low=180.0, total_high=float("inf"), comparable=10,
        naive_effect=1.5, cost=60.0, net_value=116.0, net_low=-20.0, net_high=float("inf"), roi=1.16, net_why=None, tested=3,
        cost_matched=50, contacted_used=100,
    )  # fmt: skip
    four = two.assign(campaign_id="4", kind="A/A", verdict="nothing found", effect_per_week=0.2, naive_effect=0.2, contacted=80,
                      contacted_used=80, redemptions=0, cost_matched=0, net_value=NAN, net_why="Nothing was sent.")  # fmt: skip
    blank = dict.fromkeys(["effect_per_week", "low", "high", "total_effect", "total_low", "total_high", "net_value", "net_low",
                           "net_high", "roi", "placebo_effect", "placebo_low", "placebo_high"], NAN)  # fmt: skip
    five = two.assign(campaign_id="5", verdict="not valid", why="The lot is broken.", **blank)
    six = two.assign(campaign_id="6", method="none", verdict="no control group", naive_effect=NAN, **blank)
    parts = [results.iloc[[0]], two, results.iloc[[2]], four, five, six]
    return pd.concat(parts, ignore_index=True).assign(tested=3)


@pytest.fixture
def lots():
    """The lots of campaigns 2, 4 and 5: in 2 some held out used the offer, 5 is broken."""
    return pd.DataFrame({
        "campaign_id": ["2", "4", "5"], "kind": ["Type A", "A/A", "Type A"], "treated": [100, 80, 40], "holdout": [50, 20, 100],
        "share_meant": [0.6, 0.8, 0.5], "share_found": [100 / 150, 0.8, 40 / 140], "split_p": [0.1, 1.0, 0.0000001],
        "broken": [False, False, True], "where_broken": [None, None, "channel web: 10 treated and 70 held out"],
        "before_difference": [0.01, NAN, 0.3], "leaked": pd.array([5, None, 0], "Int64"), "leaked_share": [0.1, NAN, 0.0],
        "leaked_estimate": [20.0, NAN, 0.0], "elsewhere": [0, 0, 0], "closed": [True, True, True],
    })  # fmt: skip


@pytest.fixture
def around():
    """Campaign 2 differs in two weeks before and one after; campaign 1 never."""
    rows = [(kind, name, week, week) for kind, name in (("Type A", "2"), ("Type B", "1")) for week in (-2, -1, 0, 1)]
    table = pd.DataFrame(rows, columns=["kind", "campaign_id", "week", "difference"])
    clear = (table["campaign_id"] == "2") & (table["week"] < 1)
    table["difference"] = clear.map({True: 5.0, False: 1.0})
    return table.assign(
        contacted=90,
        contacted_left_out=table["campaign_id"].map({"2": 10, "1": 0}),
        comparable=200,
        contacted_mean=50.0 + table["difference"],
        comparable_mean=50.0,
        low=table["difference"] - 2,
        high=table["difference"] + 2,
        band_low=table["difference"] - 3,
        band_high=table["difference"] + 3,
    )


@pytest.fixture
def control():
    """Sales of four weeks after a baseline of two, the third above its limit; active households never."""
    weeks = pd.date_range("2016-12-19", periods=6, freq="7D")
    values = {"sales": [100.0, 90.0, 100.0, 110.0, 190.0, 90.0], "customers_active": [10.0, 9.0, 10.0, 11.0, 10.0, 9.0]}
    parts = [
        pd.DataFrame({
            "measure": measure, "week_starts_on": weeks, "value": value, "centre": value[0],
            "lower": [NAN] * 2 + [value[0] * 0.5] * 4, "upper": [NAN] * 2 + [value[0] * 1.5] * 4,
            "phase": ["baseline"] * 2 + ["monitored"] * 4,
            "season": False, "signal": None, "refused": None,
            "quiet_lasting": 0.1, "quiet_lasting_least": 0.02, "quiet_single": 0.1, "quiet_single_least": 0.0, "quiet_extremes": 0.5,
            "lasting_told": True,
            "size": NAN, "look_at": None,
        })
        for measure, value in values.items()
    ]  # fmt: skip
    table = pd.concat(parts, ignore_index=True).astype({"signal": "str", "refused": "str", "look_at": "str"})
    table.loc[4, ["signal", "size", "look_at"]] = ["single week above the limit", 90.0, "campaign 3 ended; holidays"]
    return table


@pytest.fixture
def rankings():
    """Grocery brings 80 of 100, and 3 of 4 coupon discounts."""
    return pd.DataFrame({
        "department": ["DELI", "FUEL", "GROCERY"], "purchase_amount": [15.0, 5.0, 80.0], "incentive_amount": [1.0, 0.0, 3.0],
        "feedback_score": NAN, "purchase_amount_rank": [2, 3, 1], "feedback_score_rank": pd.array([None] * 3, "Int64"),
        "incentive_amount_rank": [2, 3, 1],
    })  # fmt: skip


@pytest.fixture
def strategies():
    return pd.DataFrame({
        "segment": ["champions", "lapsed", "occasional"], "priority": pd.array([1, 2, None], "Int64"), "gift": ["thanks", None, None],
        "incentive": ["points", "coupon", None], "why": ["thank them", "one try", "no strategy: this segment gets nothing"],
    })  # fmt: skip


@pytest.fixture
def plan():
    """Four champions, of whom one is held out; a lapsed one whom the budget does not reach; an occasional one."""
    arms = ["treated", "treated", "treated", "holdout", "not planned", "not planned"]
    reasons = ["gets the strategy of the segment"] * 3 + [
        "drawn at random to get nothing, for comparison",
        "the budget ended",
        "no incentive for this segment",
    ]
    return pd.DataFrame(
        {
            "customer_id": list("abcdef"),
            "segment": ["champions"] * 4 + ["lapsed", "occasional"],
            "arm": arms,
            "reason": reasons,
        }
    )


@pytest.fixture
def promise():
    return pd.DataFrame({
        "segment": ["all segments", "champions", "lapsed", "occasional"], "customers": [6, 4, 1, 1], "planned": [4, 4, 0, 0],
        "treated": [3, 3, 0, 0],
        "holdout": [1, 1, 0, 0], "expected_cost": [10.8, 10.8, 0.0, 0.0], "largest_cost": [515.0, 515.0, 0.0, 0.0],
        "mean": [400.0, 400.0, NAN, 50.0], "smallest_effect": [0.098, 0.31, NAN, NAN], "reached": [True, False, False, False],
        "break_even": [0.009, 0.009, NAN, NAN],
    })  # fmt: skip


@pytest.fixture
def quality():
    return pd.DataFrame({
        "table": ["contacts", "orders"], "rows_in": [10, 100], "rows_kept": [10, 90], "rows_set_aside": [0, 6], "rows_not_yet_seen": [0, 4],
        "amount_set_aside": [NAN, 1.25], "coupon_discount_kept": [NAN, 5.0],
    })  # fmt: skip


@pytest.fixture
def methods():
    """Campaigns 1 and 2 in three ways; in campaign 2 four were cut from the doubly robust estimate."""
    rows = [
        ("1", "naive", 25.0, 20.0, 30.0, 12, 300, 300.0, 0), ("1", "difference in differences", 5.0, -5.0, 15.0, 10, 200, 150.0, 2),
        ("1", "doubly robust", 4.0, -6.0, 14.0, 12, 300, 140.0, 0),
        ("2", "naive", 21.5, 15.0, 28.0, 100, 300, 300.0, 0), ("2", "difference in differences", 1.5, -3.44, 6.81, 90, 200, 160.0, 10),
        ("2", "doubly robust", 1.0, -4.0, 6.0, 96, 290, 120.0, 4),
    ]  # fmt: skip
    columns = ["campaign_id", "method", "effect_per_week", "low", "high", "contacted", "comparable", "comparable_effective",
               "contacted_left_out"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).assign(standard_error=2.5, p_value=0.5)


@pytest.fixture
def checks():
    """In campaign 1 the weeks before are not known; in campaign 2 spend on products not offered changed."""
    names = [
        "weeks before",
        "earlier dates",
        "products not offered",
        "doubly robust",
        "overlap",
        "balance",
        "hidden cause",
    ]
    states = {
        "1": ["not known", *["holds"] * 6],
        "2": ["holds", "holds", "fails", "too coarse", "holds", "holds", "too coarse"],
    }
    rows = [
        (name, check, state, f"{check} found")
        for name, own in states.items()
        for check, state in zip(names, own, strict=True)
    ]
    return pd.DataFrame(rows, columns=["campaign_id", "check", "state", "said"])


@pytest.fixture
def balance():
    return pd.DataFrame({"campaign_id": ["1", "2", "2"], "trait": ["spend", "spend", "days"], "before": [1.0, 1.8, -0.9],
                         "after": [0.02, 0.05, -0.18]})  # fmt: skip
