from datetime import date

import pandas as pd
import pytest

from analysis.report.loyalty import phrases

NAN = float("nan")


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.907, "about nine in ten"), (0.951, "nearly all"), (0.04, "hardly any"), (0.06, "about one in ten"),
     (NAN, "an unknown share of"), (1.0, "nearly all")],
)  # fmt: skip
def test_a_share_is_said_in_tenths(share, words):
    assert phrases.about_in_ten(share) == words


@pytest.mark.parametrize(
    ("share", "written"),
    [(0.907, "91 %"), (0.004, "0.4 %"), (0.997, "99.7 %"), (0, "0 %"), (1, "100 %"), (0.0001, "below 0.1 %"), (NAN, "not known")],
)  # fmt: skip
def test_a_whole_percent_never_says_none_or_all_of_what_is_not(share, written):
    assert phrases.whole_percent(share) == written


def test_an_amount_is_as_precise_as_what_it_belongs_to():
    of_477, of_8 = phrases.amount("USD", like=477), phrases.amount("USD", like=8.4)
    assert [of_477(7.149), of_477(NAN)] == ["7 USD", "not known"]
    assert of_8(7.149) == "7.15 USD"


@pytest.mark.parametrize(
    ("months", "words"),
    [(["2017-02"], "February"), (["2017-02", "2017-03"], "February and March"), (["2017-04", "2017-05", "2017-06"], "April to June"),
     (["2017-12", "2018-01"], "December 2017 to January 2018")],
)  # fmt: skip
def test_months_are_named_from_first_to_last(months, words):
    assert phrases.months_in_words([pd.Timestamp(month) for month in months]) == words


def test_the_year_of_a_span_of_months_stands_once():
    spans = [["2017-04", "2017-05", "2017-06"], ["2023-02", "2024-12"], ["2017-02"]]
    written = [phrases.months_and_year([pd.Timestamp(month) for month in span]) for span in spans]
    assert written == ["April to June 2017", "February 2023 to December 2024", "February 2017"]


def test_a_month_that_is_not_over_is_named_with_its_days():
    told = " December 2011 is not over in this data (9 of 31 days) and is left out of every share."
    assert phrases.not_over(date(2011, 12, 9)) == told
    assert phrases.not_over(date(2024, 2, 29)) == phrases.not_over(None) == ""
