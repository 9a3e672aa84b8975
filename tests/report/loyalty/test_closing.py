import pandas as pd
import pytest

from analysis.report.loyalty import closing

NAMES = {"coupon-10": "10 USD off", "points": "double points"}
WORDS = {"incentives": NAMES, "customers": "households", "currency": "USD"}


@pytest.fixture
def shares():
    return pd.DataFrame({"segment": ["loyal", "occasional", "slipping"], "share_of_sales": [0.8, 0.15, 0.05]})


def test_steps_are_those_of_the_plan_in_its_order_with_their_numbers(promise, strategies, shares):
    first, second, last = closing.steps(promise, strategies, shares, **WORDS)
    assert first == (
        "Slipping, 10 households with 5 % of sales (not seen for weeks): send 10 USD off and double points to 8, "
        "and nothing to 2 drawn by lot."
    )
    assert second == "Loyal, 30 households with 80 % of sales: send double points to 22, and nothing to 8 drawn by lot."
    assert last == (
        "Then compare the 30 that get something (expected cost 90 USD) with the 10 held out, before anything is repeated: "
        "together they can show a rise of sales of 12 % or more; no single segment can."
    )


def test_a_segment_that_can_show_its_own_change_is_named(promise, strategies, shares):
    promise.loc[promise["segment"] == "loyal", "reached"] = True
    assert closing.steps(promise, strategies, shares, **WORDS)[-1].endswith("of single segments only loyal can.")


def test_of_many_segments_the_first_and_those_with_most_sales_are_named():
    names = list("abcdefg")
    promise = pd.DataFrame({"segment": names, "customers": 9, "planned": 5, "treated": 4, "holdout": 1})
    strategies = pd.DataFrame({"segment": names, "priority": range(7), "gift": None, "incentive": "points", "why": ""})
    shares = pd.DataFrame({"segment": names, "share_of_sales": [0.01, 0.04, 0.3, 0.05, 0.2, 0.1, 0.3]})
    assert closing.planned(promise, strategies, shares)["segment"].tolist() == ["a", "c", "e", "g"]


@pytest.mark.parametrize("absent", ["promise", "strategies", "planned"])
def test_without_a_plan_the_step_is_to_make_one(promise, strategies, shares, absent):
    promise = None if absent == "promise" else promise.assign(planned=0) if absent == "planned" else promise
    strategies = None if absent == "strategies" else strategies
    steps = closing.steps(promise, strategies, shares, **WORDS)
    assert len(steps) == 1 and "nothing is planned" in steps[0]


def test_a_plan_without_a_holdout_or_an_unknown_effect_promises_nothing(promise, strategies, shares):
    assert len(closing.steps(promise.assign(holdout=0), strategies, shares, **WORDS)) == 2
    last = closing.steps(promise.assign(smallest_effect=float("nan")), strategies, shares, **WORDS)[-1]
    assert last.endswith("before anything is repeated.")


@pytest.fixture
def quality():
    orders = {"table": "orders", "rows_in": 100, "rows_kept": 70, "rows_set_aside": 10, "rows_not_yet_seen": 20,
              "amount_in": 50.0, "amount_kept": 40.0, "amount_set_aside": 0.5, "amount_not_yet_seen": 9.5}  # fmt: skip
    return pd.DataFrame([orders])


def test_quality_reconciles_rows_money_and_orders_in_plain_words(quality):
    because = {"no goods": "quantity is zero", "copy": "twice"}
    reasons = pd.DataFrame(
        {"table": ["orders", "offers"], "reason": [*because], "rows": [1, 3], "because": [*because.values()]}
    )
    kept = pd.DataFrame({"orders_in": [9], "orders_kept": [6], "orders_without_goods": [1], "orders_not_yet_seen": [2]})
    assert closing.quality_lines(quality, reasons, kept, currency="USD") == [
        "100 order lines came in, 70 are kept, 10 set aside, 20 lines after the study's day not yet seen. "
        "Sales before: 50.00 USD, after: 40.00 USD; set aside: 0.50 USD; not yet seen: 9.50 USD.",
        "Why lines are set aside: “no goods”, 1 line (quantity is zero).",
        "Of 9 orders, 6 hold goods and count; 1 hold only coupons or articles taken back; 2 are not yet seen.",
    ]


def test_quality_says_nothing_of_what_is_not_there(quality):
    nothing = pd.DataFrame(columns=["table", "reason", "rows", "because"])
    lines = closing.quality_lines(quality.assign(rows_not_yet_seen=0), nothing, pd.DataFrame(), currency="USD")
    assert len(lines) == 1 and "not yet seen" not in lines[0]


def test_the_closing_part_names_every_measure_and_claims_no_cause(quality):
    nothing = pd.DataFrame(columns=["table", "reason", "rows", "because"])
    words = {
        "customer": "household",
        "customers": "households",
        "data_from": "1 January 2017",
        "currency": "USD",
        "smallest": 0,
    }
    numbers = {"window_days": 91, "bins": 5, "made_of": "spend 100 %"}
    alike = pd.DataFrame({
        "table": ["customers"], "column": ["channel"], "written": ["<Web>"], "looks_like": ["web"], "rows": [2], "rows_alike": [90],
    })  # fmt: skip
    html = closing.trust(quality, nothing, pd.DataFrame(), spelled=nothing, alike=alike, **words, **numbers)
    assert "1 value of 2 rows looks like a common one" in html and "“&lt;Web&gt;”" in html
    named = [
        "Coming back",
        "The last 91 days",
        "Tenths",
        "Segments",
        "Newly seen",
        "Loyalty score",
        "Simple lifetime value",
    ]
    assert all(f"<b>{name}.</b>" in html for name in [*named, "K-means groups"])
    assert not any(word in html for word in ("caused", "thanks to", "because of", "drives", "  "))
