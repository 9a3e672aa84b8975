import numpy as np
import pandas as pd
import pytest

from analysis.report.loyalty import segments as named

ABOUT = {"champions": "spend most"}


@pytest.fixture
def shop(behaviour, segments):
    """Ten customers: two champions bring 500 of 800, eight others 300."""
    spend = [300.0, 200.0, 100.0, 80.0, 60.0, 20.0, 10.0, 10.0, 10.0, 10.0]
    names = ["champions"] * 2 + ["loyal"] * 2 + ["occasional"] * 6
    return named.shares(behaviour(spend), segments(names), about=ABOUT, rng=np.random.default_rng(1))


def test_shares_of_customers_and_sales_add_up_and_the_biggest_is_first(shop):
    assert shop["segment"].tolist() == ["champions", "loyal", "occasional"]
    assert shop["share_of_customers"].tolist() == [0.2, 0.2, 0.6]
    assert shop["share_of_sales"].tolist() == [0.625, 0.225, 0.15]
    assert shop["about"].tolist() == ["spend most", "", ""]
    assert shop["order_amount"].tolist() == [10, 10, 10]


def test_the_interval_of_a_share_of_sales_is_near_that_of_a_ratio_estimator_where_nobody_is_a_giant():
    rng = np.random.default_rng(5)
    x, inside = pd.Series(rng.gamma(9.0, 10.0, 600)), pd.Series(rng.random(600) < 0.4)
    y = x.where(inside, 0)
    share = y.sum() / x.sum()
    residual = y - share * x  # Cochran: the error of a ratio is that of its residuals
    error = np.sqrt(residual.var(ddof=1) / 600) / x.mean()
    low, high = named._sales_interval(x, inside, rng=rng)
    assert (low, high) == pytest.approx((share - 1.96 * error, share + 1.96 * error), abs=0.15 * error)


def test_few_with_sales_have_a_share_and_no_interval_and_the_page_says_why(shop):
    assert shop["share_of_sales"].notna().all() and shop["sales_low"].isna().all()
    html = named.section(shop, customers="households", currency="USD", period="2017")
    assert "no interval where fewer than 76 households with sales are expected" in html


def test_what_is_expected_in_a_segment_and_not_what_is_found_decides_whether_it_has_an_interval():
    rng = np.random.default_rng(2)
    x = pd.Series(rng.gamma(9.0, 10.0, 1000)).where(np.arange(1000) < 500, 0.0)  # half have sales
    for size, known in ((151, False), (153, True)):  # 75.5 and 76.5 are expected to
        inside = pd.Series(np.arange(1000) < size)  # all of whom have
        for part in (inside, ~inside):
            assert np.isfinite(named._sales_interval(x, part, rng=rng)).all() == known
    assert np.isnan(
        named._sales_interval(x, pd.Series(np.arange(1000) >= 455), rng=rng)
    ).all()  # 45 in it have, of 273 expected


def test_the_order_of_rows_does_not_matter(behaviour, segments, shop):
    spend = [300.0, 200.0, 100.0, 80.0, 60.0, 20.0, 10.0, 10.0, 10.0, 10.0]
    names = ["champions"] * 2 + ["loyal"] * 2 + ["occasional"] * 6
    turned = named.shares(
        behaviour(spend).iloc[::-1],
        segments(names).sample(frac=1, random_state=3),
        about=ABOUT,
        rng=np.random.default_rng(1),
    )
    pd.testing.assert_frame_equal(turned, shop)


def test_the_title_names_the_segment_furthest_beyond_its_number(shop):
    assert named.title(shop, customers="households") == "Champions, 20 % of households, bring 62 % of sales"
    assert (
        named.sentence(shop, customers="households")
        == "Champions (spend most) are 2 of 10 households and bring 62 % of sales."
    )
    assert named.balance(shop, customers="households") == (
        "Champions and loyal together bring 85 % of sales with 40 % of households; the other one segment brings 15 % with 60 %."
    )


def test_where_all_spend_alike_no_segment_stands_out(behaviour, segments):
    table = named.shares(behaviour([10.0] * 4), segments(["a", "a", "b", "b"]), about={}, rng=np.random.default_rng(1))
    assert (
        named.title(table, customers="households")
        == "No segment stands out in sales: a, 50 % of households, bring 50 % of sales"
    )
    assert "about as much as its number" in named.balance(table, customers="households")


def test_customers_without_an_order_are_a_segment_with_nothing_known(behaviour, segments):
    table = named.shares(
        behaviour([50.0, 0.0]), segments(["loyal", "no order yet"]), about={}, rng=np.random.default_rng(1)
    )
    none = table.iloc[1]
    assert none["share_of_sales"] == 0 and np.isnan(none["order_frequency"])
    html = named.section(table, customers="households", currency="USD", period="2017")
    assert html.count("<svg") == 2 and "Loyal, 50 % of households, bring 100 % of sales" in html


def test_a_shop_without_sales_has_no_shares_and_no_error(behaviour, segments):
    table = named.shares(behaviour([0.0, 0.0]), segments(["x", "y"]), about={}, rng=np.random.default_rng(1))
    assert table["share_of_sales"].isna().all()
    assert "not known" in named.title(table, customers="households")
    assert "<svg" in named.section(table, customers="households", currency="USD", period="2017")


def test_many_small_spenders_bring_most_and_yet_the_title_names_who_brings_more_than_their_number(behaviour, segments):
    table = named.shares(
        behaviour([90.0, *[20.0] * 9]), segments(["champions", *["new"] * 9]), about={}, rng=np.random.default_rng(1)
    )
    assert table["segment"].tolist() == ["new", "champions"]
    assert named.title(table, customers="households") == "Champions, 10 % of households, bring 33 % of sales"


def test_a_little_more_than_its_number_is_not_standing_out(behaviour, segments):
    table = named.shares(behaviour([110.0, 90.0]), segments(["loyal", "new"]), about={}, rng=np.random.default_rng(1))
    assert named.title(table, customers="households").startswith(
        "No segment stands out in sales: loyal, 50 % of households"
    )
