import pandas as pd
import pytest

from analysis.report.loyalty import moves


@pytest.fixture
def movement():
    rows = [
        ("champions", "champions", 30), ("champions", "loyal", 9), ("champions", "no order", 1),
        ("loyal", "champions", 10), ("loyal", "loyal", 50), ("loyal", "no order", 0),
        ("no order", "champions", 0), ("no order", "loyal", 5), ("no order", "no order", 0),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["from_segment", "to_segment", "customers"])
    return table.assign(share=table["customers"] / table.groupby("from_segment")["customers"].transform("sum"))


def test_only_who_was_there_in_the_first_half_can_stay(movement):
    everyone = moves.staying(movement, absent="no order")
    assert (everyone.customers, everyone.stayed, everyone.share) == (100, 80, 0.8)
    assert (everyone.low, everyone.high) == pytest.approx((0.7112, 0.8666), abs=5e-5)  # Wilson of 80 of 100
    assert moves.staying(movement, absent="no order", segment="champions").share == 0.75


def test_where_most_of_the_leavers_went(movement):
    assert moves.goes_most(movement, segment="champions") == ("loyal", 0.225)
    assert moves.goes_most(movement.query("from_segment == to_segment"), segment="champions") == ("", 0.0)


def test_the_title_speaks_of_the_segment_with_most_sales_or_of_all(movement):
    words = {"absent": "no order", "customers": "households"}
    assert moves.title(movement, segment="champions", **words) == (
        "75 % of the champions stay champions from the first half to the second, 22 % go to loyal"
    )
    assert (
        moves.title(movement, segment="", **words)
        == "80 % of households stay in their segment from the first half to the second"
    )


def test_rows_follow_the_order_given_and_nobody_is_lost(movement):
    table = moves.in_order(movement, order=["loyal", "champions", "slipping"], absent="no order")
    assert table["row"].unique().tolist() == ["loyal (60)", "champions (40)", "no order (5)"]
    assert table["to_segment"].head(3).tolist() == ["loyal", "champions", "no order"]
    assert table["customers"].sum() == movement["customers"].sum()


def test_the_section_draws_the_moves_and_says_who_stays(movement):
    html = moves.section(
        movement, absent="no order", order=["champions", "loyal"], customers="households", period="2017"
    )
    assert html.count("<svg") == 2 and "between 71 and 87 of every 100 are in the same segment" in html


def test_a_history_without_a_first_half_has_no_figure(movement):
    late = movement[movement["from_segment"] == "no order"]
    html = moves.section(late, absent="no order", order=["champions"], customers="households", period="2017")
    assert "Too early to say how they move" in html and "<svg" not in html
    assert "<svg" not in moves.section(
        movement.head(0), absent="no order", order=[], customers="households", period="2017"
    )
