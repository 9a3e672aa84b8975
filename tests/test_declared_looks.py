"""Looks that a study declares: when they are, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from analysis.declared_looks import Looks


@pytest.mark.parametrize(
    ("declared", "days", "after"),
    [
        ({"shares": [0.5, 1.0]}, 28, (14, 28)),
        ({"shares": [0.5]}, 28, (14, 28)),  # the end is a look, named or not
        ({"shares": [1.0]}, 28, (28,)),
        ({"shares": [0.25, 0.5]}, 7, (2, 4, 7)),  # a share falls on the end of the day in which it is reached
        ({"shares": [0.1, 0.2]}, 5, (1, 5)),  # both in the first day: one look
        ({"days": [7, 14]}, 28, (7, 14, 28)),
        ({"days": [7, 14, 28, 56]}, 28, (7, 14, 28)),  # those past the end are left out
        ({"days": [56]}, 28, (28,)),
    ],
)
def test_the_days_behind_each_look(declared, days, after):
    assert Looks(**declared).after(days) == after


@given(st.lists(st.floats(0.01, 1.0), min_size=1, max_size=12, unique=True), st.integers(1, 400))
def test_looks_rise_and_end_with_the_campaign(shares, days):
    after = Looks(shares=tuple(sorted(shares))).after(days)
    assert list(after) == sorted(set(after)) and after[-1] == days and after[0] >= 1
    assert len(after) <= len(shares) + 1


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ({}, "looks need either shares, like [0.5, 1.0], or days, like [14, 28]"),
        ({"shares": [0.5], "days": [7]}, "looks need either shares"),
        ({"shares": [0.5, 0.5]}, "looks [0.5, 0.5] must rise and lie above 0"),
        ({"days": [0, 7]}, "looks [0, 7] must rise and lie above 0"),
        ({"shares": [0.5, 1.5]}, "a look at 1.5 of the window is after its end; the last is 1.0"),
        ({"days": list(range(1, 14))}, "13 looks are declared; the most are 12"),
        ({"shares": [0.5], "spending": "linear"}, "'obrien-fleming' or 'pocock'"),
    ],
)
def test_looks_that_cannot_be_are_refused(declared, message):
    with pytest.raises(ValidationError) as error:
        Looks(**declared)
    assert message in str(error.value)
