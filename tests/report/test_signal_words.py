import pandas as pd
import pytest

from analysis.report.signal_words import where


@pytest.mark.parametrize(
    ("gap", "share", "usual", "apart", "words"),
    [
        (
            -412.0,
            0.7,
            0.5,
            True,
            "70 % of the fall is in department GROCERY: 412 of 589 USD a week; it usually has 50 % of sales",
        ),
        (
            412.0,
            1.2,
            0.5,
            True,
            "department GROCERY moved by 412 USD a week, more than the whole rise; it usually has 50 % of sales",
        ),
        (412.0, 0.5, 0.48, False, "spread about as sales usually are"),
        (float("nan"), float("nan"), float("nan"), None, ""),
    ],
)
def test_where_a_change_lies_is_said_with_its_size(gap, share, usual, apart, words):
    row = pd.Series({"part_of": "department", "part": "GROCERY", "part_gap": gap, "part_share": share, "part_usual": usual,
                     "part_stands_out": apart})  # fmt: skip
    assert where(row, currency="USD") == words


def test_a_table_without_parts_has_no_words():
    assert where(pd.Series({"size": 3.0}), currency="USD") == ""
