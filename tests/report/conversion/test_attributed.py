"""Attribution on the page: descriptive in its title, four rules side by side, and said where there is nothing to share out."""

import re

import numpy as np
import pandas as pd
import pytest

from analysis.monitor.attribution import attribution, walks
from analysis.report.conversion import attributed

WORDS = {"customers": "shops", "period": "1 January to 31 December 2024", "touch_days": 60}
BASE = pd.Series({"channels": 2, "channel": None, "touches": 90, "unknown": 1, "paths": 80, "credited": 60, "customers": 55,
                  "conversions": 100, "without_touch": 37, "undecided": 4, "begins": pd.Timestamp("2024-03-01")})  # fmt: skip


def table(n=60, channels=("app", "email")):
    rng = np.random.default_rng(2)
    rows = [
        (f"c{i}", i, place, channels[int(rng.random() < 0.7)], True) for i in range(n) for place in range(1 + i % 2)
    ]
    touches = pd.DataFrame(rows, columns=["customer_id", "path", "place", "channel", "converted"])
    return attribution(walks(touches), rng=rng, draws=199)


def plain(fragment):
    return re.sub(r"\s+", " ", re.sub(r"<svg.*?</svg>|<[^>]+>", " ", str(fragment), flags=re.S))


def test_the_title_says_descriptive_and_the_text_counts_what_is_not_shared_out():
    said = plain(attributed.section(table(), BASE, **WORDS))
    assert "Descriptive, not causal: email is credited most by each rule" in said
    assert (
        "100 days with an order since 1 March 2024: 60 are shared out, 37 had no contact in the 60 days before" in said
    )
    assert "3 are left out, because the beginning of their path may lie before the data." in said
    assert "1 contact by no known channel is left out. 4 contacts are too recent" in said
    assert all(name in said for name in ("first touch", "last touch", "linear", "Markov"))


def test_rules_that_disagree_are_named_with_what_they_credit():
    rows = [
        ("app", "first touch", 0.6),
        ("email", "first touch", 0.4),
        ("app", "Markov", 0.3),
        ("email", "Markov", 0.7),
    ]
    found = pd.DataFrame(rows, columns=["channel", "method", "share"])
    assert (
        attributed.title(found)
        == "Descriptive, not causal: the rules credit most email by Markov and app by first touch"
    )


@pytest.mark.parametrize(("changed", "why"), [
    ({"touches": 0, "unknown": 0, "channels": 0}, "Nobody was contacted, so no order has a contact before it."),
    ({"channels": 0, "unknown": 90}, "The data does not say by which channel a contact came."),
    ({"channels": 1, "channel": "email"}, "came by one channel, email, so each rule would credit it with everything."),
])  # fmt: skip
def test_where_there_is_nothing_to_share_out_it_says_why_and_shows_nothing(changed, why):
    source = str(attributed.section(table().head(0), pd.Series({**BASE, **changed}), **WORDS))
    assert "absent" in source and why in plain(source) and "<table" not in source and "<svg" not in source


def test_too_few_orders_have_no_figure_and_no_interval():
    source = str(attributed.section(table(n=12), BASE, **WORDS))
    assert "<svg" not in source and "take the shares as counts" in plain(source)
    assert re.findall(r"\bnan\b|\bNone\b|\bNaT\b", plain(source)) == []


def test_with_the_rule_a_channel_of_few_hides_all_shares_because_they_add_up():
    few = table().assign(people=[30] * 4 + [9] * 4)
    assert "absent" in attributed.section(few, BASE.replace({4: 0}), **WORDS, smallest=10)
    assert "absent" not in attributed.section(
        few.assign(people=30), pd.Series({**BASE, "undecided": 40}), **WORDS, smallest=10
    )
