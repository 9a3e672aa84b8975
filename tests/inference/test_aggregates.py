import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import places
from analysis.inference.aggregates import Aggregates, adjusted_sums, ratio_sums, together
from analysis.inference.means import ratio_interval, relative_difference, welch_difference
from analysis.inference.proportions import newcombe_difference

HILLSTROM = places.project_root().parent / "shared" / "data" / "hillstrom.csv.zip"
COLUMNS = ("spend", "orders", "before")
PEOPLE = st.lists(st.tuples(*[st.integers(0, 50).map(float)] * 3), min_size=4, max_size=9)


def of(rows):
    table = np.asarray(rows, dtype=float).T
    named = dict(zip(COLUMNS, table, strict=True))
    products = {(a, b): float(named[a] @ named[b]) for i, a in enumerate(COLUMNS) for b in COLUMNS[: i + 1]}
    return Aggregates(len(rows), {name: float(values.sum()) for name, values in named.items()}, products)


def test_spend_per_order_by_hand():
    # Ann 20 in 2 orders, Bob 30 in 2, Cem 10 in 1: 60 over 5 = 12, as in the test of `ratio_interval`. What is left of each:
    # -4, 6, -2 over mean orders 5/3: -2.4, 3.6, -1.2, squares 20.16; the numbers are 9.6, 15.6, 10.8 and add up to 36.
    found = ratio_sums(of([(20, 2, 0), (30, 2, 0), (10, 1, 0)]), "spend", "orders")
    assert found == pytest.approx((3, 36, 9.6**2 + 15.6**2 + 10.8**2))


@given(PEOPLE)
@settings(max_examples=50, deadline=None)
def test_the_sums_of_a_ratio_give_cochran_s_error(rows):
    arm = of(rows)
    limits = ratio_interval(arm.sums("spend"), arm.sums("orders"), cross_product=arm.product("spend", "orders"))
    if arm.totals["orders"] and not math.isnan(limits.low):
        error = np.sqrt((ratio_sums(arm, "spend", "orders").total_of_squares / arm.n - (arm.totals["spend"] / arm.totals["orders"]) ** 2)
                        / (arm.n - 1))  # fmt: skip
        from scipy.stats import t

        assert (limits.high - limits.low) / 2 == pytest.approx(t.ppf(0.975, arm.n - 1) * error, rel=1e-4, abs=1e-6)


def test_a_ratio_to_no_orders_is_not_known():
    found = welch_difference(ratio_sums(of([(0, 0, 1)] * 3), "spend", "orders"), of([(1, 1, 1)] * 3).sums("spend"))
    assert math.isnan(found.difference) and math.isnan(found.p_value)


@given(PEOPLE, PEOPLE)
@settings(max_examples=50, deadline=None)
def test_adjusted_sums_are_those_of_adjusted_customers(treated, holdout):
    both = np.array(treated + holdout)
    spread = both[:, 2].var()
    slope = np.cov(both[:, 0], both[:, 2], bias=True)[0, 1] / spread if spread else 0.0
    left = both[:, 0] - slope * (both[:, 2] - both[:, 2].mean())
    found = adjusted_sums(of(treated), of(holdout), "spend", "before")
    for arm, values in ((found.treated, left[: len(treated)]), (found.holdout, left[len(treated) :])):
        assert arm == pytest.approx((len(values), values.sum(), np.square(values).sum()), rel=1e-9, abs=1e-6)
    if both[:, 0].var() and spread:
        r = np.corrcoef(both[:, 0], both[:, 2])[0, 1]
        assert found.variance_saved == pytest.approx(1 - (1 - r**2) * (len(both) - 1) / (len(both) - 2), abs=1e-9)


def test_an_earlier_measure_that_does_not_vary_saves_nothing():
    found = adjusted_sums(of([(1, 0, 7), (3, 0, 7)]), of([(2, 0, 7), (6, 0, 7)]), "spend", "before")
    assert found.slope == 0 and found.treated == (2, 4, 10) and found.variance_saved <= 0


@given(PEOPLE, PEOPLE)
@settings(max_examples=30, deadline=None)
def test_strata_add_up_to_the_arm(one, other):
    assert together(of(one), of(other)).products == pytest.approx(of(one + other).products)
    assert together(of(one), of(other))[:2] == (len(one) + len(other), pytest.approx(of(one + other).totals))


def test_strata_with_other_measures_are_not_added():
    with pytest.raises(ValueError, match=r"^strata have different measures: visits is not in each$"):
        together(Aggregates(1, {"spend": 1.0}, {}), Aggregates(1, {"spend": 1.0, "visits": 2.0}, {}))


@pytest.mark.skipif(not HILLSTROM.is_file(), reason="Hillstrom's data is not here")
def test_hillstrom_s_campaign_from_sums_is_as_published():
    # 64,000 customers by lot; spend effects and intervals: table 3 of russluber/hillstrom; visit rates: scikit-uplift
    people = pd.read_csv(HILLSTROM)
    people["before"], people["orders"] = people["history"], people["conversion"]
    arms = {name: of(part[list(COLUMNS)]) for name, part in people.groupby("segment")}
    mens, womens, none = (arms[name] for name in ("Mens E-Mail", "Womens E-Mail", "No E-Mail"))
    found = welch_difference(mens.sums("spend"), none.sums("spend"))
    assert (found.difference, found.standard_error) == pytest.approx((0.769827, 0.145247), abs=1e-6)
    assert found.interval == pytest.approx((0.48514, 1.05451), abs=1e-5)
    for pair, effect, error in (((womens, none), 0.424412, 0.130333), ((mens, womens), 0.345415, 0.159617)):
        other = welch_difference(*(arm.sums("spend") for arm in pair))
        assert (other.difference, other.standard_error) == pytest.approx((effect, error), abs=1e-6)
    visits = people.groupby("segment")["visit"].agg(["sum", "count"])
    rates = newcombe_difference(*visits.loc["Mens E-Mail"], *visits.loc["No E-Mail"])
    assert rates.estimate == pytest.approx(0.182757 - 0.106167, abs=1e-6)
    adjusted = adjusted_sums(mens, none, "spend", "before")
    assert adjusted.variance_saved < 0.001  # spend of the year before foretells next to nothing here
    apart = relative_difference(adjusted.treated, adjusted.holdout).difference
    assert apart == pytest.approx(relative_difference(mens.sums("spend"), none.sums("spend")).difference, rel=0.01)
