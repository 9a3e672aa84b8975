"""What follows an opinion, on the page: both shares, their difference, and the words for what cannot be told."""

import re

import numpy as np
import pandas as pd
import pytest

from analysis.monitor.opinions import again_shares
from analysis.report.conversion import after_opinions, opinions
from analysis.report.conversion.differences import rate_difference

WORDS = {"again_days": 30, "customers": "shops", "period": "1 January to 31 December 2024"}


def made(n=200, lost=0.5):
    """Every second opinion says satisfied; all of these order again but each fourth, of the others a share `lost` does not."""
    rows = [(f"c{i // 2}", ("need", "inquiry")[i // 2 % 2], i % 2 == 0, i % 8 != 0 if i % 2 == 0 else i % 20 >= 20 * lost)
            for i in range(n)]  # fmt: skip
    return pd.DataFrame(rows, columns=["customer_id", "kind", "satisfied", "ordered_again"])


def plain(fragment):
    return re.sub(r"\s+", " ", re.sub(r"<svg.*?</svg>|<[^>]+>", " ", str(fragment), flags=re.S))


def section(table, **changed):
    return after_opinions.section(table, again_shares(table), **(WORDS | changed))


def test_both_shares_and_the_difference_by_customer_are_told():
    table = made()
    said = plain(section(table))
    assert "Who was not satisfied orders again less often" in said
    assert (
        "50 of 100 opinions that say not satisfied (50.0 %) and 75 of 100 opinions that say satisfied (75.0 %)" in said
    )
    assert "it does not say that an answer would have kept them" in said
    sides = [table[table["satisfied"] == one] for one in (False, True)]
    expected = rate_difference(*(side[column] for side in sides for column in ("ordered_again", "customer_id")))
    found = after_opinions.difference(table)
    assert (found.estimate, found.low, found.high) == pytest.approx((-0.25, expected.low, expected.high))


def test_too_few_of_one_answer_give_no_interval_and_say_that_we_cannot_tell():
    table = made()
    table["ordered_again"] = False
    table.loc[table.index[:18:2], "ordered_again"] = True  # of 100 customers 4.5, where five are needed
    found = after_opinions.difference(table)
    assert np.isnan(found.low) and found.estimate < 0
    assert "We cannot tell whether those who were not satisfied order again less often" in plain(section(table))


def test_alike_is_no_clear_difference():
    rng = np.random.default_rng(1)
    table = made(400).assign(ordered_again=lambda t: rng.random(len(t)) < 0.5)
    assert after_opinions.title(after_opinions.difference(table)).startswith("We see no clear difference")


def test_without_opinions_there_is_no_section_and_without_followed_ones_it_says_so():
    assert after_opinions.section(None, None, **WORDS) is None
    assert "What follows an opinion is not known yet" in plain(section(made().head(0)))


def test_with_the_rule_a_kind_of_few_is_not_told_apart_from_all():
    table = made()
    assert "inquiry" in plain(section(table, smallest=10))
    table.loc[table["kind"] == "inquiry", "kind"] = np.where(
        np.arange((table["kind"] == "inquiry").sum()) < 12, "complaint", "inquiry"
    )
    said = plain(section(table, smallest=10))
    assert "complaint" not in said and "inquiry" not in said and "Who was not satisfied" in said
    assert "absent" in str(section(made(24), smallest=10))


def test_satisfaction_stands_in_one_row_per_channel_and_department():
    rows = [
        ("need", "all", "all", 9),
        ("inquiry", "all", "all", 8),
        ("need", "channel", "app", 5),
        ("need", "department", "Toys", 4),
    ]
    table = pd.DataFrame(rows, columns=["kind", "by", "name", "opinions"]).assign(
        satisfied=3, rate=0.5, low=0.25, high=0.75, unknown=1
    )
    wide = opinions.wide(table).set_index("opinions")
    assert wide.index.tolist() == ["All", "Channel app", "Department Toys"]
    assert wide.loc["All", "need"] == "50 % (25 to 75 %), n\u00a0=\u00a09" and pd.isna(
        wide.loc["Channel app", "inquiry"]
    )
    said = plain(opinions.section(table, period="2024"))
    assert "n = 17 opinions" in said and "2 opinions do not say." in said
