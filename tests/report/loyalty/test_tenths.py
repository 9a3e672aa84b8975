import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.report.loyalty import tenths

SPEND = [200, 100, 50, *[20] * 17]  # 690 in all, of 20 customers


def test_the_biggest_spenders_are_the_first_tenth(behaviour):
    table = tenths.tenths(behaviour(SPEND))
    assert table["customers"].tolist() == [2] * 10
    assert table["sales"].tolist()[:3] == [300, 70, 40] and table["share"].sum() == pytest.approx(1)


def test_customers_without_an_order_are_in_no_tenth(behaviour):
    table = tenths.tenths(behaviour([*SPEND, 0, 0]))
    assert table["customers"].sum() == 20
    assert tenths.tenths(behaviour([0])).empty


def test_the_top_three_tenths_of_twenty_are_six_customers(behaviour):
    found = tenths.top_share(behaviour(SPEND))
    assert found.share == pytest.approx((200 + 100 + 50 + 3 * 20) / 690) and found.customers == 20


def test_alike_spenders_bring_what_their_number_is(behaviour):
    found = tenths.top_share(behaviour([30.0] * 20))
    assert found.share == pytest.approx(0.3)
    assert (
        tenths.title(found, customers="households")
        == "Sales are spread wide: the top three households in ten bring only 30 %"
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(10, 10_000), min_size=10, max_size=40))
def test_the_top_never_brings_less_than_its_number(spend):
    import pandas as pd

    frame = pd.DataFrame({"customer_id": [str(n) for n in range(len(spend))], "monetary": spend, "frequency": 1})
    found = tenths.top_share(frame)
    assert max(round(0.3 * len(spend)), 1) / len(spend) - 1e-9 <= found.share <= 1
    np.testing.assert_array_equal(tenths.top_share(frame.iloc[::-1]), found)  # counts NaN as equal


def test_the_section_says_the_share_and_why_it_has_no_interval(behaviour):
    html = tenths.section(behaviour(SPEND), customers="households", currency="USD", period="2017")
    assert "Three households in ten bring 59 % of sales" in html and html.count("<svg") == 2
    assert "n = 20 households, 690 USD" in html
    assert "These shares are counted, not estimated" in html and "interval runs" not in html


@pytest.mark.parametrize("spend", [SPEND[:19], [0] * 30])
def test_too_few_spenders_are_said_and_not_drawn(behaviour, spend):
    html = tenths.section(behaviour(spend), customers="households", currency="USD", period="2017")
    assert "Too few to say who brings the sales" in html and "<svg" not in html
