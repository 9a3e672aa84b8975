import pytest

from analysis.report.campaign import money

PEOPLE = {"customers": "households", "currency": "USD"}
WHO = {"customer": "household", "customers": "households", "currency": "USD"}


def test_the_title_sets_sales_after_coupons_beside_what_may_be_additional(results):
    words = "Campaign 2 sold for 53,200 USD after coupons; −1,240 to +2,450 USD of it may be additional."
    assert money.told(results, **PEOPLE) == words


def test_sales_stand_before_coupons_where_their_cost_is_unknown(results):
    title = money.told(results.assign(marketing_effect=float("nan"), sales=1000.0), **PEOPLE)
    assert title.startswith("Campaign 2 sold for 1,000 USD before coupons of unknown cost;")


def test_without_an_estimate_nothing_is_said_to_be_additional(results):
    words = "Campaign 3 sold for 4,000 USD after coupons; how much of it is additional is not known."
    assert money.told(results[results["verdict"] == "no estimate"], **PEOPLE) == words


@pytest.mark.parametrize(("used", "known"), [(90, "61,000"), (89, "89 of 100 households compared")])
def test_an_estimate_for_few_of_the_contacted_says_for_how_many(results, used, known):
    table = results.assign(total_high=61000.0)
    table.loc[1, "contacted_used"] = used
    title = money.told(table, **PEOPLE)
    assert known in title and ("compared" in title) == (used == 89)


def test_the_cost_per_household_and_week_is_known_cost_over_contacted_and_weeks(results):
    row = results.iloc[1]
    assert money._cost_per_week(row) == pytest.approx(40 / 100 / 4)
    assert not money._cost_per_week(results.iloc[2]) > 0  # no redemption: not known, not zero
    assert any("0.10 USD per household and week" in line for line in money.leads(results, **WHO))


def test_known_costs_are_counted_over_all_redemptions(results):
    assert any("27 of 52 redemptions (52 %), 42.00 USD" in line for line in money.leads(results, **WHO))


def test_nothing_is_said_of_costs_where_nobody_redeemed(results):
    lines = money.leads(results.assign(redemptions=0, cost_matched=0), **WHO)
    assert len(lines) == 1


def test_costs_that_are_all_known_are_not_said_to_be_missing(by_lot):
    known = by_lot.assign(cost=1.0, cost_matched=by_lot["redemptions"])
    assert not any("not in the data" in line for line in money.leads(known, **WHO))
