"""Other people's code on the same data: statsmodels for difference in differences, doubleml for the doubly robust estimate."""

import numpy as np
import pandas as pd
import pytest

from analysis.inference.doubly_robust import FOLDS, _folds, doubly_robust
from analysis.inference.observational import difference_in_differences


def panel(n=30):
    """Two rows per customer, before and after: `n` contacted and `n` comparable in each of three strata with trends of their own."""
    rng = np.random.default_rng(11)
    rows = []
    for customer in range(6 * n):
        stratum, contacted = customer % 3, customer // 3 % 2 == 1
        level = rng.gamma(2 + stratum, 5) + 4 * contacted
        for after in (0, 1):
            rows.append(
                (customer, stratum, contacted, after, level + after * (stratum + 2.5 * contacted) + rng.normal(0, 3))
            )
    return pd.DataFrame(rows, columns=["customer", "stratum", "contacted", "after", "spend"])


def test_differences_are_those_of_statsmodels_with_customers_as_clusters():
    smf = pytest.importorskip("statsmodels.formula.api")
    table = panel()
    wide = table.pivot(index=["customer", "stratum", "contacted"], columns="after", values="spend").reset_index()
    found = difference_in_differences(wide.assign(change=wide[1] - wide[0])[["stratum", "contacted", "change"]])
    fitted = smf.ols("spend ~ C(stratum) * contacted * after", table).fit(
        cov_type="cluster", cov_kwds={"groups": table["customer"], "use_correction": False}
    )
    mean = " + ".join([f"C(stratum)[T.{s}]:contacted[T.True]:after / 3" for s in (1, 2)])
    effect = fitted.t_test(f"contacted[T.True]:after + {mean} = 0")  # each stratum holds a third of the contacted
    assert found.effect == pytest.approx(effect.effect.item(), rel=1e-9)
    # Its variance divides by n where ours divides by n - 1, 30 customers in every stratum and arm.
    assert found.standard_error == pytest.approx(effect.sd.item() * (30 / 29) ** 0.5, rel=1e-9)
    plain = smf.ols("spend ~ C(stratum) * contacted * after", table).fit()
    assert (
        plain.t_test(f"contacted[T.True]:after + {mean} = 0").sd.item() > 1.5 * found.standard_error
    )  # customers as if new


def test_strata_of_unequal_size_are_those_of_statsmodels_with_one_change_per_customer():
    sm = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(12)
    stratum = np.repeat([0, 1, 2], [40, 70, 25])
    contacted = rng.random(135) < np.array([0.5, 0.2, 0.4])[stratum]
    change = rng.gamma(1, 4, 135) * (1 + stratum) + 2 * contacted
    found = difference_in_differences(
        pd.DataFrame({"stratum": stratum, "contacted": contacted, "change": change}), min_per_arm=2
    )
    cell = 2 * stratum + contacted
    fitted = sm.OLS(change, (cell[:, None] == np.arange(6)).astype(float)).fit(cov_type="HC2")
    share = np.bincount(stratum[contacted]) / contacted.sum()
    effect = fitted.t_test(np.repeat(share, 2) * np.tile([-1, 1], 3))
    assert found.effect == pytest.approx(effect.effect.item(), rel=1e-9)
    assert found.standard_error == pytest.approx(effect.sd.item(), rel=1e-9)


def by_formula(n=240):
    """Changes, contact and traits of customers without a random number: contact and change both follow earlier spend."""
    at = np.arange(1, n + 1)
    spend, days = np.sin(2.3 * at), np.cos(1.7 * at)
    contacted = spend + 1.3 * np.sin(2.9 * at) > 0.2
    change = 2 * spend - days + 1.5 * contacted + 1.1 * np.cos(5.3 * at)
    return change, contacted, pd.DataFrame({"spend": spend, "days": days})


def by_doubleml(change, contacted, traits, fold):
    """Effect and standard error of doubleml's difference in differences (score observational, weights that sum to one)."""
    doubleml = pytest.importorskip("doubleml")
    if not hasattr(doubleml, "DoubleMLDID"):
        pytest.skip("doubleml took this class away in 0.12")
    from sklearn.linear_model import LogisticRegression, Ridge

    x = ((traits - traits.mean()) / traits.std(ddof=0)).to_numpy()
    data = doubleml.DoubleMLDIDData.from_arrays(x, change, contacted.astype(float))
    model = doubleml.DoubleMLDID(
        data,
        Ridge(alpha=1.0),
        LogisticRegression(tol=1e-10, max_iter=1000),
        score="observational",
        draw_sample_splitting=False,
    )
    model.set_sample_splitting([[(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(FOLDS)]])
    model.fit()
    return float(model.coef[0]), float(model.se[0])


# Effect and standard error that doubleml 0.11.4 gave with scikit-learn's ridge and logistic regression on the same five folds.
DOUBLEML = (1.4230764099, 0.1181081674)


def test_the_doubly_robust_estimate_is_that_of_doubleml():
    change, contacted, traits = by_formula()
    found = doubly_robust(change, contacted, traits, rng=np.random.default_rng(9)).estimate
    assert found.contacted_left_out == found.comparable_left_out == 0
    effect, error = DOUBLEML
    assert found.effect == pytest.approx(effect, rel=1e-6)
    assert found.standard_error == pytest.approx(
        error, rel=0.01
    )  # theirs divides by n, ours by one less of effective customers


@pytest.mark.filterwarnings(
    "ignore::FutureWarning", "ignore::DeprecationWarning"
)  # doubleml's own, of its next versions
def test_the_numbers_of_doubleml_that_are_written_down_are_still_its_own():
    change, contacted, traits = by_formula()
    fold = _folds(contacted, folds=FOLDS, rng=np.random.default_rng(9))
    assert by_doubleml(change, contacted, traits, fold) == pytest.approx(DOUBLEML, rel=1e-6)
