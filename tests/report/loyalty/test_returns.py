import numpy as np
import pandas as pd
import pytest

from analysis.report.loyalty import returns

YEAR = [("2017-01", 1000, None), ("2017-02", 1000, 900), ("2017-03", 1000, 910), ("2017-04", 1000, 890)]


def test_as_many_back_as_in_the_months_before_is_no_clear_change(monthly):
    found = returns.returns(monthly(*YEAR, ("2017-05", 1000, 905)))
    assert (found.back, found.of, found.rate) == (905, 1000, 0.905)
    assert found.earlier == 0.9 and (found.least, found.most, found.months) == (0.89, 0.91, 3)
    assert found.word == "no clear change"
    assert (
        returns.title(found, customers="households")
        == "About nine in ten households come back the next month, in May as before"
    )
    assert returns.sentence(found, customers="households") == (
        "Of the 1,000 households that ordered in April, between 88 and 93 of every 100 ordered again in May; "
        "it was 90 % in the 3 months before."
    )  # fmt: skip


@pytest.mark.parametrize(
    ("back", "word", "title", "compared"),
    [(800, "down", "Fewer shoppers come back the next month: 80 % in May, 90 % in the months before", "fewer than the 90 %"),
     (960, "up", "More shoppers come back the next month: 96 % in May, 90 % in the months before", "more than the 90 %")],
)  # fmt: skip
def test_a_month_beyond_all_before_and_beyond_chance_is_said_to_change(monthly, back, word, title, compared):
    found = returns.returns(monthly(*YEAR, ("2017-05", 1000, back)))
    assert found.word == word
    assert returns.title(found, customers="shoppers") == title
    assert compared in returns.sentence(found, customers="shoppers")


def test_a_month_off_the_mean_but_within_the_earlier_months_is_no_change(monthly):
    swinging = [("2017-01", 1000, None), ("2017-02", 1000, 800), ("2017-03", 1000, 990), ("2017-04", 1000, 980)]
    found = returns.returns(monthly(*swinging, ("2017-05", 1000, 860)))
    assert found.high < found.earlier and found.word == "no clear change"


def test_two_earlier_months_are_too_few_to_call_a_change(monthly):
    found = returns.returns(monthly(*YEAR[:3], ("2017-04", 1000, 500)))
    assert found.months == 2 and found.word == "cannot tell"
    title = returns.title(found, customers="households")
    assert title == "About five in ten households came back in April; it is too early to say whether that changes"


def test_the_first_pair_of_months_has_nothing_before_it(monthly):
    found = returns.returns(monthly(*YEAR[:2]))
    assert returns.sentence(found, customers="households").endswith("; there is no earlier month to compare.")


def test_one_month_says_nothing_yet_and_the_section_says_that(monthly):
    table = monthly(*YEAR[:1])
    assert returns.returns(table) is None and returns.returns(table.head(0)) is None
    html = returns.section(table, customers="households")
    assert "Two full months have not passed: 1 so far." in html and "<svg" not in html


def test_the_order_of_rows_does_not_matter(monthly):
    table = monthly(*YEAR)
    assert returns.returns(table.iloc[::-1]) == returns.returns(table)


def test_who_came_and_who_went_make_the_change_of_active_customers(monthly):
    # of 100, 90 came back and 12 came new: 10 went, 12 came, +2 with a reach of 1.96 * sqrt(22 - 4 / 112)
    assert returns.active_change(monthly(("2017-01", 100, None), ("2017-02", 102, 90))) == (2, "no clear change")
    assert returns.active_change(monthly(("2017-01", 100, None), ("2017-02", 200, 100))) == (100, "up")
    assert returns.active_change(monthly(("2017-01", 100, None), ("2017-02", 50, 50)))[1] == "down"
    assert returns.active_change(monthly(("2017-01", 100, None)))[1] == "cannot tell"
    assert returns.active_change(monthly())[1] == "cannot tell"


@pytest.mark.parametrize("came", range(0, 31, 3))
def test_a_change_of_active_customers_is_the_one_that_customer_by_customer_values_show(monthly, came):
    steps = np.array([0] * 80 + [-1] * 10 + [1] * came)  # 80 are active in both months, 10 went
    reach = 1.96 * np.sqrt(len(steps) * steps.var())
    word = "up" if came - 10 > reach else "down" if came - 10 < -reach else "no clear change"
    assert returns.active_change(monthly(("2017-01", 90, None), ("2017-02", 80 + came, 80))) == (came - 10, word)


@pytest.mark.parametrize("back", [905, 700])
def test_the_section_shows_figure_table_and_how_to_read_it(monthly, back):
    html = returns.section(monthly(*YEAR, ("2017-05", 1000, back)), customers="households")
    assert (
        html.count("<svg") == 2 and "February to May 2017" in html and "nan" not in html.lower().replace("financ", "")
    )
    assert ("marked, lies outside" in html) == (back == 700)


def test_months_are_named_without_the_year():
    assert returns.name_of(pd.Timestamp("2017-12-01")) == "December"
