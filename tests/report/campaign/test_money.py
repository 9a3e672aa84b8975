import pytest

from analysis.report.campaign import money

PEOPLE = {"customers": "households", "currency": "USD"}
WHO = {"customer": "household", "customers": "households", "currency": "USD"}


def test_the_title_sets_sales_after_coupons_beside_what_may_be_additional(results):
    words = "Campaign 2 sold for 53,200 USD after coupons; −1,240 to +2,450 USD of it may be additional"
    assert money.title(results, **PEOPLE) == words


def test_sales_stand_before_coupons_where_their_cost_is_unknown(results):
    title = money.title(results.assign(marketing_effect=float("nan"), sales=1000.0), **PEOPLE)
    assert title.startswith("Campaign 2 sold for 1,000 USD before coupons of unknown cost;")


def test_without_an_estimate_nothing_is_said_to_be_additional(results):
    words = "Campaign 3 sold for 4,000 USD after coupons; how much of it is additional is not known"
    assert money.title(results[results["verdict"] == "no estimate"], **PEOPLE) == words


@pytest.mark.parametrize(("used", "known"), [(90, "61,000"), (89, "89 of 100 households compared")])
def test_an_estimate_for_few_of_the_contacted_says_for_how_many(results, used, known):
    table = results.assign(total_high=61000.0)
    table.loc[1, "contacted_used"] = used
    title = money.title(table, **PEOPLE)
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


def test_the_table_has_every_campaign_by_start_and_the_figure_the_biggest(results):
    assert money.listed(results)["campaign_id"].tolist() == ["3", "1", "2"]
    shown = money.section(results, period="2017", **WHO)
    assert shown.count("<svg") == 2 and "campaigns overlap" in shown


def test_no_campaign_leaves_a_word_in_its_place(results):
    for none in (None, results.head(0)):
        assert "No campaign has begun" in money.section(none, period="2017", **WHO)


def test_net_value_is_told_where_there_is_one_and_not_otherwise(results, by_lot):
    assert money.net(results, currency="USD") == []
    told = money.net(by_lot, currency="USD")[0]
    assert told.endswith(
        "Campaign 2 has a net value of 116 USD (95 % interval −20 USD to no limit): whether it paid, the interval leaves open."
    )
    shown = money.section(by_lot, period="2017", **WHO)
    assert "Nothing was sent." in shown and "116 %" in shown and "held out by lot or comparable ones" in shown


@pytest.mark.parametrize(
    ("low", "high", "closed", "said"),
    [
        (5.0, 200.0, True, "that it paid leaves no doubt"), (-200.0, -5.0, True, "that it did not pay leaves no doubt"),
        (0.0, 200.0, True, "whether it paid, the interval leaves open"), (float("nan"), float("nan"), True, "whether it paid is not known"),
        (5.0, 200.0, False, "whether it pays is not known before its end"),
    ],
)  # fmt: skip
def test_whether_a_campaign_paid_is_clear_or_open_or_not_known(by_lot, low, high, closed, said):
    assert money.net(by_lot.assign(net_low=low, net_high=high, closed=closed), currency="USD")[0].endswith(f": {said}.")


def test_costs_that_are_all_known_are_not_said_to_be_missing(by_lot):
    known = by_lot.assign(cost=1.0, cost_matched=by_lot["redemptions"])
    assert not any("not in the data" in line for line in money.leads(known, **WHO))
    assert "may be lower or higher" not in money.section(known, period="2017", **WHO)
