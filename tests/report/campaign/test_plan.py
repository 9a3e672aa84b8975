import pandas as pd
import pytest

from analysis.report.campaign import plan as who_gets_what

NAMES = {"thanks": "thank-you gift", "points": "double points", "coupon": "5 USD off"}
WHO = {"customer": "household", "customers": "households", "currency": "USD"}
AHEAD = {**WHO, "budget": 500.0, "days": 56, "consent_known": False, "incentives": NAMES}


def test_segments_stand_by_priority_with_what_they_get_and_add_up(plan, promise, strategies):
    table = who_gets_what.by_segment(plan, promise, strategies, incentives=NAMES)
    assert table["segment"].tolist() == ["champions", "lapsed", "occasional", "all segments"]
    assert table["gets"].tolist()[:3] == ["thank-you gift + double points", "5 USD off", "nothing"]
    assert table["cut"].tolist() == [0, 1, 0, 1]
    counts = ["customers", "treated", "holdout", "expected_cost", "largest_cost"]
    assert table.iloc[-1][counts].tolist() == promise.iloc[0][counts].tolist()  # design's own total


def test_the_same_table_whatever_the_order_of_rows(plan, promise, strategies):
    one = who_gets_what.by_segment(plan, promise, strategies, incentives=NAMES)
    other = who_gets_what.by_segment(plan.iloc[::-1], promise.iloc[::-1], strategies.iloc[::-1], incentives=NAMES)
    assert one.equals(other)


def test_the_title_is_the_decision(promise):
    words = {"customers": "households", "currency": "USD"}
    assert (
        who_gets_what.title(promise, **words)
        == "3 households in one segment get something, for 10.80 USD; 1 get nothing, by lot"
    )
    assert who_gets_what.title(promise.assign(holdout=0), **words).endswith("nobody is held out")
    assert who_gets_what.title(None, **words) == "Nobody is planned to get anything"


def test_everyone_not_in_the_plan_has_a_reason(plan, promise):
    first, second = who_gets_what.leads(plan, promise, budget=500.0, **WHO)
    assert "15.00 USD more than the budget" in first and "is left" not in first
    assert (
        second
        == "Not in the plan: 1 households whose segment has no incentive (occasional) and 1 whom the budget does not reach."
    )


def test_what_is_left_is_said_where_the_budget_reaches_everyone(plan, promise):
    reached = plan[plan["reason"] != "the budget ended"]
    assert "and 489 USD is left" in who_gets_what.leads(reached, promise, budget=500.0, **WHO)[0]


@pytest.mark.parametrize(
    ("largest", "words"), [(500.0, "still within the budget"), (500.01, "0.01 USD more than the budget")]
)
def test_the_largest_cost_is_held_against_the_budget_to_the_cent(largest, words):
    assert who_gets_what.beyond(largest, 500.0, currency="USD") == words


def test_consent_is_said_in_place(plan, promise, strategies):
    assert "not recorded" in who_gets_what.section(plan, promise, strategies, **AHEAD)
    known = who_gets_what.section(plan, promise, strategies, **AHEAD | {"consent_known": True})
    assert "Who gave no consent to be contacted is in neither group." in known and "not recorded" not in known


def test_who_may_not_be_contacted_is_counted_once_and_the_table_adds_up(plan, promise, strategies):
    more = pd.DataFrame({
        "customer_id": ["x1", "x2", "x3"], "segment": ["champions", "occasional", "champions"], "arm": "not planned",
        "reason": ["no consent", "no consent", "on the suppression list"],
    })  # fmt: skip
    barred = pd.concat([plan, more], ignore_index=True)
    table = who_gets_what.by_segment(barred, promise, strategies, incentives=NAMES).set_index("segment")
    assert table["barred"].to_dict() == {"champions": 2, "lapsed": 0, "occasional": 1, "all segments": 3}
    assert table.loc["all segments", "customers"] == len(barred)
    gets = table[table["gets"] != "nothing"].drop("all segments")
    assert (gets["customers"] == gets[["treated", "holdout", "cut", "barred"]].sum(axis=1)).all()
    assert who_gets_what.leads(barred, promise, budget=500.0, **WHO)[1] == (
        "Not in the plan: 2 households without consent, 1 households on the suppression list, "
        "1 households whose segment has no incentive (occasional) and 1 whom the budget does not reach."
    )
    shown = who_gets_what.section(barred, promise, strategies, **AHEAD | {"consent_known": True})
    assert "May not be contacted" in shown
    assert "May not be contacted" not in who_gets_what.section(plan, promise, strategies, **AHEAD)


def test_without_a_plan_the_section_says_so(plan, promise, strategies):
    for tables in (
        (None, promise, strategies),
        (plan, None, strategies),
        (plan, promise, None),
        (plan, promise.assign(planned=0), strategies),
    ):
        assert "There is no plan" in who_gets_what.section(*tables, **AHEAD)
