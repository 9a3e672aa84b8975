import pandas as pd
import pytest

from analysis.report.loyalty import newcomers


def retention(*rows):
    """One row per cohort and age, from (cohort, age, customers, active); data begin in January 2017."""
    table = pd.DataFrame(rows, columns=["cohort", "age_months", "customers", "active"])
    table["cohort"] = pd.to_datetime(table["cohort"])
    table["rate"] = table["active"] / table["customers"]
    return table.assign(first_cohort=table["cohort"] == pd.Timestamp("2017-01-01"))


def year(*, late_after_three):
    return retention(
        ("2017-01", 0, 500, 500), ("2017-01", 1, 500, 450), ("2017-01", 3, 500, 440),
        ("2017-02", 1, 60, 40), ("2017-02", 2, 60, 42), ("2017-02", 3, 60, 40), ("2017-02", 4, 60, 41),
        ("2017-03", 1, 40, 30), ("2017-03", 2, 40, 28), ("2017-03", 3, 40, 30),  # one month younger than February
        ("2017-04", 1, 100, 60), ("2017-04", 2, 100, 60), ("2017-04", 3, 100, late_after_three),
        ("2017-07", 0, 9, 9),  # no month after its first yet
    )  # fmt: skip


def test_cohorts_of_a_quarter_are_added_up_as_far_as_all_of_them_reach():
    table = newcomers.by_quarter(year(late_after_three=60))
    early = table[table["group"] == "February and March"]
    assert early["age_months"].tolist() == [1, 2, 3]  # not 4, which March has not reached
    assert early["active"].tolist() == [70, 70, 70] and set(early["customers"]) == {100}
    assert table["group"].unique().tolist() == ["February and March", "April"]


def test_the_first_cohort_is_no_newcomer():
    found = newcomers.newcomers(year(late_after_three=60))
    assert found.customers == 200 and found.rate == 0.65  # 40 + 30 + 60 of 60 + 40 + 100
    assert found.first_cohort_rate == 0.9
    assert (found.first_group, found.compared_after) == ("February and March", 3)
    assert (found.early_rate, found.late_rate) == (0.7, 0.6)


@pytest.mark.parametrize(
    ("late", "word", "ending"),
    [(40, "down", "; later ones stay less"), (69, "no clear change", ", later ones about as often"), (90, "up", "; later ones stay more")],
)  # fmt: skip
def test_later_newcomers_differ_only_where_the_interval_says_so(late, word, ending):
    found = newcomers.newcomers(year(late_after_three=late))
    assert found.word == word
    title = newcomers.title(found, customers="households")
    assert title == f"About six in ten newly seen households order again the month after{ending}"
    html = newcomers.section(year(late_after_three=late), customers="households")
    assert f"{late} % of the later groups order, against 70 % of February and March" in html


def test_with_one_group_there_is_nothing_to_compare():
    found = newcomers.newcomers(year(late_after_three=60).query("cohort < '2017-04-01'"))
    assert found.word == "cannot tell"
    assert newcomers.title(found, customers="households").endswith("order again the month after")


def test_without_a_full_month_after_the_first_there_is_no_section_to_draw():
    young = retention(("2017-01", 1, 500, 450), ("2017-02", 0, 60, 60))
    assert newcomers.newcomers(young) is None and newcomers.by_quarter(young).empty
    html = newcomers.section(young, customers="households")
    assert "Too few newly seen households" in html and "<svg" not in html
    assert newcomers.newcomers(young.head(0)) is None


def test_a_group_too_small_to_draw_stays_in_the_table():
    table = pd.concat([year(late_after_three=60), retention(("2017-08", 1, 5, 1))])
    html = newcomers.section(table, customers="households")
    assert ">August</th>" in html and "(n\u00a0=\u00a05)" not in html and "(n\u00a0=\u00a0100)" in html


def test_groups_of_two_years_say_their_year():
    table = newcomers.by_quarter(retention(("2017-02", 1, 60, 40), ("2018-02", 1, 60, 40)))
    assert table["group"].tolist() == ["February 2017", "February 2018"]
