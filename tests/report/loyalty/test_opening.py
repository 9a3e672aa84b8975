import re

import numpy as np
import pytest

from analysis.report.loyalty import opening
from analysis.report.loyalty import segments as named
from analysis.report.loyalty.returns import returns
from analysis.report.loyalty.tenths import TopShare
from analysis.report.loyalty.window import WindowChange

NAN = float("nan")
TOP = TopShare(0.683, 2469, 1e6)
YEAR = [("2017-01", 1000, None), ("2017-02", 1000, 900), ("2017-03", 1000, 910), ("2017-04", 1000, 890)]
WORDS = {"customer": "household", "currency": "USD", "window_days": 91}


def changed(word, low=NAN, high=NAN):
    return WindowChange(477.0, 456.0, 499.0, 459.0, 18.0, low, high, 2469, word)


def sentence(sales, orders):
    return opening.changes(sales, orders, **WORDS)


@pytest.mark.parametrize(
    ("back", "title"),
    [(905, "About nine in ten households come back each month, as before; three in ten bring 68 % of sales"),
     (800, "Fewer households come back (80 %, before 90 %); three in ten bring 68 % of sales"),
     (960, "More households come back (96 %, before 90 %); three in ten bring 68 % of sales")],
)  # fmt: skip
def test_the_title_says_whether_they_come_back_and_who_brings_the_sales(monthly, back, title):
    found = returns(monthly(*YEAR, ("2017-05", 1000, back)))
    assert opening.title(found, TOP, customers="households") == title


def test_the_title_of_a_short_history_claims_no_change(monthly):
    unknown = TopShare(NAN, 0, 0.0)
    assert (
        opening.title(returns(monthly(*YEAR[:2])), unknown, customers="households")
        == "About nine in ten households came back in February"
    )
    assert opening.title(None, unknown, customers="households") == "Too early to say whether they come back"


def test_what_changed_is_said_first_and_never_as_a_trend():
    up, same, down = changed("up", 7.2, 28.8), changed("no clear change"), changed("down", -0.7, -0.2)
    end = " against the 91 days before; one such step does not tell season from trend."
    assert sentence(up, same) == f"Per household, sales rose by 7 to 29 USD and orders did not clearly change{end}"
    assert sentence(same, down) == f"Per household, orders fell by 0.2 to 0.7 and sales did not clearly change{end}"
    assert sentence(up, down) == f"Per household, sales rose by 7 to 29 USD and orders fell by 0.2 to 0.7{end}"
    assert sentence(same, same) == f"Per household, neither sales nor orders clearly changed{end}"
    assert "we cannot tell yet" in sentence(changed("cannot tell"), changed("cannot tell"))


def test_the_answer_holds_title_and_three_sentences(monthly, behaviour, segments):
    shares = named.shares(behaviour([90.0, 10.0]), segments(["loyal", "new"]), about={}, rng=np.random.default_rng(1))
    table = monthly(*YEAR, ("2017-05", 1000, 905))
    words = {**WORDS, "customers": "households"}
    html = opening.answer(
        table, behaviour([90.0, 10.0]), shares, changed("up", 7.2, 28.8), changed("no clear change"), **words
    )
    for part in (
        "About nine in ten",
        "Of the 1,000 households that ordered in April",
        "Loyal are 1 of 2 households",
        "sales rose",
    ):
        assert part in html


def figures(html):
    return [re.sub(r"<[^>]+>", " ", part) for part in html.split('class="kpi"')[1:]]


def test_four_key_figures_have_interval_n_and_change_in_words(monthly, behaviour):
    words = {**WORDS, "customers": "households"}
    people = behaviour([10.0] * 1200)
    html = opening.key_figures(monthly(*YEAR), people, changed("up", 7.2, 28.8), changed("no clear change"), **words)
    active, back, orders, sales = figures(html)
    assert (
        "1,000" in active
        and "81 to 85 % of those seen" in active
        and "no clear change from 1,000 the month before" in active
    )
    assert "89.0 %" in back and "n = 1,000" in back and "cannot tell the change: too few months before" in back
    assert "no clear change from 459.0 in the 91 days before" in orders
    assert "456 to 499 USD" in sales and "up from 459 USD in the 91 days before (by 7 to 29 USD)" in sales


def test_before_a_month_is_full_the_key_figures_say_so(monthly, behaviour):
    unknown = WindowChange(NAN, NAN, NAN, NAN, NAN, NAN, NAN, 0, "cannot tell")
    html = opening.key_figures(monthly(), behaviour([0.0]), unknown, unknown, **WORDS, customers="households")
    assert "no month is full yet" in html and "two full months have not passed" in html and "nan" not in html
