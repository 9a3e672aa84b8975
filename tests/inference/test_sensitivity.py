import numpy as np
import pandas as pd
import pytest

from analysis.inference.sensitivity import as_strong_as, moved, robustness_value, sensitivity


def test_the_robustness_values_of_cinelli_and_hazlett_2020_table_1():
    # Darfur: estimate 0.097, error 0.023, t = 4.18, 783 degrees of freedom; RV 13.9 %, at the 5 % level 7.6 %
    assert robustness_value(4.18445, 783) == pytest.approx(0.139, abs=5e-4)
    assert robustness_value(4.18445, 783, confidence=0.95) == pytest.approx(0.076, abs=5e-4)


def test_a_robustness_value_by_hand():
    # t = 2 with 64 degrees of freedom: f = 1/4, (sqrt(1/256 + 4/16) - 1/16) / 2 = (sqrt(65) - 1) / 32
    assert robustness_value(2.0, 64) == pytest.approx((np.sqrt(65) - 1) / 32)
    assert robustness_value(-2.0, 64) == robustness_value(2.0, 64)
    assert robustness_value(1.9, 1000, confidence=0.95) == 0  # the interval holds zero already


def test_a_hidden_cause_as_strong_as_being_a_woman_in_their_table_2():
    # partial R2 0.92 % with contact and 12.46 % with outcome leave 0.0752, error 0.0219
    left, error = moved(0.0973, 0.0233, 783, of_contact=0.0092, of_outcome=0.1246)
    assert left == pytest.approx(0.0752, abs=2e-4) and error == pytest.approx(0.0219, abs=1e-4)
    # a hidden cause of the strength of the robustness value leaves nothing, by its definition
    value = robustness_value(4.18, 783)
    assert moved(4.18, 1.0, 783, of_contact=value, of_outcome=value)[0] == pytest.approx(0, abs=1e-9)
    assert moved(-4.18, 1.0, 783, of_contact=0.01, of_outcome=0.01)[0] > -4.18  # towards zero from below, too


def test_a_benchmark_by_hand():
    # partial R2 of 1/5 and 1/4: contact (1/5)/(4/5) = 1/4; between (1/5)^2/(4/5)^2 = 1/16; ((1 + 1/4)/sqrt(15/16))^2 x 1/3 = 5/9
    assert as_strong_as(0.2, 0.25) == pytest.approx((0.25, 5 / 9))


def world(n=400, *, hidden=0.0):
    rng = np.random.default_rng(3)
    spend, other = rng.normal(size=(2, n))
    contacted = spend + rng.normal(size=n) > 0.3
    change = 1.0 * contacted + 0.5 * spend + 0.1 * other + rng.normal(size=n)
    return change, contacted, pd.DataFrame({"spend": spend, "other": other, "twice": 2 * spend, "same": 1.0})


def test_the_regression_agrees_with_statsmodels_and_the_bound_with_its_formula_step_by_step():
    sm = pytest.importorskip("statsmodels.api")
    change, contacted, traits = world()
    found = sensitivity(change, contacted, traits)
    x = sm.add_constant(np.column_stack([contacted, traits["spend"], traits["other"]]).astype(float))
    fit = sm.OLS(change, x).fit()
    assert (found.effect, found.standard_error, found.degrees_of_freedom) == pytest.approx(
        (fit.params[1], fit.bse[1], fit.df_resid)
    )
    assert found.robustness_value == pytest.approx(robustness_value(fit.tvalues[1], fit.df_resid))
    list_of = sm.OLS(contacted.astype(float), x[:, [0, 2, 3]]).fit()
    left = {}
    for name, at in (("spend", 1), ("other", 2)):
        d = list_of.tvalues[at] ** 2 / (list_of.tvalues[at] ** 2 + list_of.df_resid)
        y = fit.tvalues[at + 1] ** 2 / (fit.tvalues[at + 1] ** 2 + fit.df_resid)
        pair = as_strong_as(d, y)
        left[name] = moved(fit.params[1], fit.bse[1], fit.df_resid, of_contact=pair[0], of_outcome=pair[1])
    assert (
        found.strongest == "spend" and left["spend"][0] < left["other"][0]
    )  # what does not vary, or doubles another, is left out
    assert sum(found.adjusted) / 2 == pytest.approx(left["spend"][0])


def test_too_few_customers_or_no_contrast_give_nothing():
    change, contacted, traits = world()
    assert sensitivity(change[:14], contacted[:14], traits[:14]) is not None
    assert sensitivity(change[:11], contacted[:11], traits[:11]) is None
    assert sensitivity(change, np.ones(400, dtype=bool), traits) is None
    same = sensitivity(change, contacted, traits[["same"]])
    assert same.strongest == "" and np.isnan(same.adjusted.low)
