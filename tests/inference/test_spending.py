"""Spending by each look, and with the limits that follow from it in the normal limit, which others have published."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import norm

from analysis.inference.looks import limits
from analysis.inference.spending import KINDS, OBRIEN_FLEMING, POCOCK, spent


def normal_limits(shares, error, kind):
    """One-sided limits of a Brownian path, by integrating the density of those that have passed none (slow and literal)."""
    behind, found, step = spent(shares, error=error, kind=kind), [], 0.005
    grid = np.arange(-9, 9, step)
    density, before, already = None, 0.0, 0.0
    for share, until in zip(shares, behind, strict=True):
        if density is None:
            now = norm.pdf(grid / math.sqrt(share)) / math.sqrt(share)
        else:
            kernel = norm.pdf(np.arange(-18 + step, 18 - step / 2, step), scale=math.sqrt(share - before))
            now = np.convolve(density, kernel, mode="valid")[: len(grid)] * step
        beyond = np.concatenate([np.cumsum(now[::-1])[::-1], [0.0]]) * step - 0.5 * step * np.append(now, 0.0)
        limit = brentq(lambda x, b=beyond, u=until, a=already: np.interp(x, np.append(grid, 9), b) - (u - a), -2, 8.9)
        found.append(limit / math.sqrt(share))
        density, before, already = np.where(grid <= limit, now, 0.0), share, until
    return found


@pytest.mark.parametrize(
    (
        "looks",
        "published",
    ),  # two-sided 5 %: Reboussin, DeMets, Kim and Lan (2000), Controlled Clinical Trials 21, 190-207
    [(2, [2.963, 1.969]), (5, [4.877, 3.357, 2.680, 2.290, 2.031])],
)
def test_obrien_fleming_limits_are_the_published_ones_in_the_normal_limit(looks, published):
    shares = [(at + 1) / looks for at in range(looks)]
    assert normal_limits(shares, 0.025, OBRIEN_FLEMING) == pytest.approx(published, abs=0.003)


def test_one_sided_limits_of_four_looks_are_those_of_another_program():
    # SeqBounds.jl, README: one-sided 5 %, looks at quarters: function value, and limit
    shares = [0.25, 0.5, 0.75, 1.0]
    assert spent(shares, error=0.05, kind=OBRIEN_FLEMING) == pytest.approx(
        [8.85754e-5, 0.0055746, 0.0236251, 0.05], rel=1e-4
    )
    assert normal_limits(shares, 0.05, OBRIEN_FLEMING) == pytest.approx([3.74955, 2.53993, 2.01604, 1.72014], abs=0.003)


@pytest.mark.parametrize("kind", KINDS)
def test_limits_of_paths_that_were_drawn_are_those_of_the_integral(kind):
    shares, lots = [0.25, 0.5, 0.75, 1.0], 200_000
    steps = np.random.default_rng(4).normal(0, 0.5, (4, lots))
    paths = steps.cumsum(axis=0) / np.sqrt(shares)[:, None]
    allowed = np.floor((lots + 1) * spent(shares, error=0.025, kind=kind)).astype(int)
    found, exact = limits(paths, allowed), np.array(normal_limits(shares, 0.025, kind))
    first = (
        1 if kind == OBRIEN_FLEMING else 0
    )  # one path in 140,000 may pass the first look, so where it lies is chance
    assert found[first:] == pytest.approx(exact[first:], abs=0.05)
    assert found[2:] == pytest.approx(exact[2:], abs=0.02)


def test_pocock_spends_nearly_alike_and_obrien_fleming_hardly_anything_early():
    half = {kind: spent([0.5, 1.0], error=0.025, kind=kind) for kind in KINDS}
    assert half[POCOCK][0] == pytest.approx(0.025 * math.log(1 + (math.e - 1) / 2))
    assert half[OBRIEN_FLEMING][0] == pytest.approx(2 * (1 - norm.cdf(norm.ppf(1 - 0.0125) / math.sqrt(0.5))))
    assert half[OBRIEN_FLEMING][0] < 0.1 * half[POCOCK][0]


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.floats(0.01, 0.99), min_size=1, max_size=6, unique=True), st.floats(0.001, 0.2), st.sampled_from(KINDS)
)
def test_what_is_spent_rises_and_ends_at_the_whole_error(shares, error, kind):
    behind = spent([*sorted(shares), 1.0], error=error, kind=kind)
    assert (np.diff(behind) >= 0).all() and behind[0] >= 0 and behind[-1] == pytest.approx(error)


@pytest.mark.parametrize(
    ("shares", "error", "kind", "message"),
    [
        ([0.5, 0.5], 0.025, POCOCK, r"shares \[0.5, 0.5\] must rise"),
        ([0.0, 1.0], 0.025, POCOCK, "must rise from above 0"),
        ([0.5, 1.2], 0.025, POCOCK, "to at most 1"),
        ([1.0], 2.5, POCOCK, "error 2.5 must lie between 0 and 1, for example 0.025"),
        ([1.0], 0.025, "linear", "no spending 'linear'; there are obrien-fleming and pocock"),
    ],
)
def test_what_cannot_be_spent_is_refused(shares, error, kind, message):
    with pytest.raises(ValueError, match=message):
        spent(shares, error=error, kind=kind)
