import pytest

from analysis.report.campaign import products

WORDS = {"currency": "USD", "period": "2017"}


def test_departments_are_ranked_by_purchases_and_shares_add_up_to_one(rankings):
    table = products.ranked(rankings)
    assert table["department"].tolist() == ["GROCERY", "DELI", "FUEL"]
    assert table["sales_share"].tolist() == pytest.approx([0.8, 0.15, 0.05])
    assert table[["sales_share", "coupon_share"]].sum().tolist() == pytest.approx([1, 1])


def test_the_title_compares_the_first_department_in_both(rankings):
    words = "Grocery brings 80 % of sales and takes 75 % of the coupon discounts on products"
    assert products.title(products.ranked(rankings)) == words
    none = products.ranked(rankings.assign(incentive_amount=0.0))
    assert products.title(none) == "Grocery brings 80 % of sales; no product had a coupon discount"


def test_coupon_money_without_a_department_is_said(rankings, quality):
    lead = products.lead(products.ranked(rankings), coupon_total=products.coupon_total(quality), currency="USD")
    assert (
        "1 department of 3 had no coupon discount." in lead
        and "Of 5 USD coupon discounts, 20 % belong to no department" in lead
    )
    assert "belong" not in products.lead(products.ranked(rankings), coupon_total=4.0, currency="USD")
    assert products.coupon_total(None) is None


def test_missing_feedback_is_said_and_known_feedback_is_shown(rankings, quality):
    assert "This data has no feedback" in products.section(rankings, quality, **WORDS)
    known = products.section(rankings.assign(feedback_score=[4.5, 3.0, 2.25]), quality, **WORDS)
    assert "no feedback" not in known and "4.50" in known


def test_without_purchases_the_section_says_so(rankings, quality):
    for none in (None, rankings.head(0), rankings.assign(purchase_amount=0.0)):
        assert "How products rank is not known" in products.section(none, quality, **WORDS)
