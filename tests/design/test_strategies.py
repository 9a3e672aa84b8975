"""Strategies: hand-worked tables of who gets what in which form, and the cost of one customer."""

from decimal import ROUND_CEILING, ROUND_FLOOR

import pandas as pd
import pytest

from analysis.design.strategies import cents, strategies

INCENTIVES = pd.DataFrame(
    [("mug", "gift", 6.0, 3.0, 0.8), ("coupon5", "coupon", 5.0, 5.0, 0.17), ("double", "points", 4.0, 2.0, 0.6),
     ("off10", "discount", 5.0, 4.0, 0.3), ("odd", "gift", 2.0, 1.99, 0.17)],
    columns=["incentive_id", "form", "face_value", "cost", "uptake"],
)  # fmt: skip


def rows(*written):
    return pd.DataFrame(written, columns=["segment", "gift", "incentive", "why"])


def test_the_source_documents_example_gives_each_customer_the_forms_of_its_group():
    # strategies: group6 gift + coupon, group5 discount + points, group4 discount + coupon, group3 discount + points
    table = strategies(
        rows(("group6", "mug", "coupon5", ""), ("group5", "off10", "double", ""), ("group4", "off10", "coupon5", ""),
             ("group3", "off10", "double", "")),
        INCENTIVES,
        segments=["group6", "group5", "group4", "group3", "group1"],
    ).set_index("segment")  # fmt: skip
    customers = pd.Series({1: "group6", 2: "group4", 3: "group6", 4: "group3"})
    assert customers.map(table["forms"]).to_dict() == {
        1: "gift + coupon",
        2: "discount + coupon",
        3: "gift + coupon",
        4: "discount + points",
    }
    assert table.loc["group1", "forms"] == "nothing"


def test_costs_are_cost_times_uptake_and_at_most_the_cost_of_everything():
    table = strategies(rows(("loyal", "mug", "coupon5", "thanks")), INCENTIVES, segments=["loyal"])
    # 3 x 0.80 + 5 x 0.17 = 3.25; 3 + 5 = 8
    assert table.to_dict("records") == [
        {"segment": "loyal", "priority": 1, "gift": "mug", "incentive": "coupon5", "forms": "gift + coupon",
         "expected_cost": 3.25, "largest_cost": 8.0, "why": "thanks"}
    ]  # fmt: skip


def test_a_part_of_a_cent_counts_as_a_cent_so_that_a_plan_never_understates_its_cost():
    table = strategies(rows(("loyal", "odd", None, "")), INCENTIVES, segments=["loyal"])
    assert table["expected_cost"].tolist() == [0.34]  # 1.99 x 0.17 = 0.3383


def test_every_segment_appears_by_priority_and_those_without_a_strategy_come_last_and_say_so():
    table = strategies(
        rows(("slipping", "coupon5", None, ""), ("quiet", None, None, ""), ("loyal", None, "double", "")),
        INCENTIVES,
        segments=["loyal", "new", "slipping", "quiet"],
    )
    assert table["segment"].tolist() == ["slipping", "loyal", "quiet", "new"]
    assert table["priority"].isna().tolist() == [False, False, True, True]
    assert table["priority"].dropna().tolist() == [1, 2]
    assert table["why"].tolist()[2:] == ["no strategy: this segment gets nothing"] * 2
    assert table["expected_cost"].tolist() == [0.85, 1.2, 0.0, 0.0]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (("loyel", "mug", None, ""), "no segment 'loyel'; the nearest are loyal"),
        (("loyal", "mugg", None, ""), "no incentive 'mugg'; the nearest are mug"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(written, message):
    with pytest.raises(ValueError, match=message):
        strategies(rows(written), INCENTIVES, segments=["loyal"])


def test_two_strategies_for_a_segment_are_refused():
    with pytest.raises(ValueError, match="segment 'loyal' has two strategies; give it one"):
        strategies(rows(("loyal", "mug", None, ""), ("loyal", None, "mug", "")), INCENTIVES, segments=["loyal"])


def test_an_unknown_cost_is_refused_because_a_budget_could_not_be_kept():
    unknown = INCENTIVES.assign(cost=[None, 5, 2, 4, 1])
    with pytest.raises(ValueError, match="incentive 'mug' has no cost; a budget cannot be kept without"):
        strategies(rows(("loyal", "mug", None, "")), unknown, segments=["loyal"])


def test_cents_takes_a_float_as_the_number_that_is_written():
    # 0.29 is stored as 0.28999999999999998; 1.1 * 3 in floats is 3.3000000000000003
    assert (cents(0.29, rounding=ROUND_FLOOR), cents(3.3, rounding=ROUND_CEILING)) == (29, 330)
