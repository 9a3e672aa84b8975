import numpy as np
import pandas as pd
import pytest

from analysis.inference.doubly_robust import FOLDS, doubly_robust, logistic, ridge


def world(rng, *, n=600, effect=1.5, curved=False, heavy=1.0):
    """Contact depends on earlier spend, and so does the change; `curved` bends the change beyond a linear model."""
    spend, days = rng.normal(size=(2, n))
    contacted = rng.random(n) < 1 / (1 + np.exp(-(heavy * spend - 0.5)))
    trend = np.exp(spend) if curved else 2 * spend
    return trend + effect * contacted + rng.normal(size=n), contacted, pd.DataFrame({"spend": spend, "days": days})


def test_the_interval_holds_the_truth_where_a_plain_difference_does_not():
    rng = np.random.default_rng(4)
    held, plain = [], []
    for _ in range(300):
        change, contacted, traits = world(rng)
        found = doubly_robust(change, contacted, traits, rng=rng).estimate
        held.append(found.interval.low <= 1.5 <= found.interval.high)
        plain.append(change[contacted].mean() - change[~contacted].mean())
    assert 0.92 <= np.mean(held) <= 0.98 and min(plain) > 1.7


def test_weights_help_where_the_model_of_the_change_is_wrong():
    rng = np.random.default_rng(5)
    found, model = [], []
    for _ in range(60):
        change, contacted, traits = world(rng, curved=True, n=1500)
        found.append(doubly_robust(change, contacted, traits, rng=rng).estimate.effect)
        b = ridge(traits[~contacted].to_numpy(), change[~contacted])
        model.append((change - b[0] - traits.to_numpy() @ b[1:])[contacted].mean())
    assert abs(np.mean(found) - 1.5) < 0.1 < abs(np.mean(model) - 1.5)


def test_it_agrees_with_fold_by_fold_by_scikit_learn():
    from sklearn.linear_model import LogisticRegression, Ridge

    change, contacted, traits = world(np.random.default_rng(6), n=200)
    found = doubly_robust(change, contacted, traits, rng=np.random.default_rng(9))
    rng, fold = np.random.default_rng(9), np.empty(200, dtype=int)
    for arm in (contacted, ~contacted):
        fold[rng.permutation(np.flatnonzero(arm))] = np.arange(arm.sum()) % FOLDS
    x = ((traits - traits.mean()) / traits.std(ddof=0)).to_numpy()
    left, chance = np.empty(200), np.empty(200)
    for k in range(FOLDS):
        other = fold != k
        chance[~other] = (
            LogisticRegression(tol=1e-10, max_iter=1000).fit(x[other], contacted[other]).predict_proba(x[~other])[:, 1]
        )
        model = Ridge(alpha=1.0).fit(x[other & ~contacted], change[other & ~contacted])
        left[~other] = change[~other] - model.predict(x[~other])
    kept = chance <= 0.9
    weight = chance / (1 - chance)
    one, other = kept & contacted, kept & ~contacted
    effect = left[one].mean() - np.average(left[other], weights=weight[other])
    assert found.estimate.effect == pytest.approx(effect, rel=1e-6)
    assert found.effective == pytest.approx(weight[other].sum() ** 2 / (weight[other] ** 2).sum(), rel=1e-6)
    assert (found.estimate.contacted_used, found.estimate.contacted_left_out) == (one.sum(), (contacted & ~kept).sum())
    spend = found.balance.set_index("trait").loc["spend"]
    assert abs(spend["after"]) < 0.15 < spend["before"]


def test_equal_weights_and_no_traits_leave_welchs_comparison():
    rng = np.random.default_rng(7)
    change, contacted = rng.normal(size=80), np.arange(80) % 2 == 0
    found = doubly_robust(change, contacted, pd.DataFrame({"same": np.ones(80)}), rng=rng)
    assert found.effective == pytest.approx(40, rel=1e-3) and found.estimate.degrees_of_freedom == pytest.approx(
        78, abs=1.5
    )
    assert found.estimate.effect == pytest.approx(change[contacted].mean() - change[~contacted].mean(), abs=0.05)
    assert found.balance.iloc[0].tolist() == ["same", 0, 0]


def test_who_was_nearly_sure_to_be_contacted_is_cut_and_counted():
    change, contacted, traits = world(np.random.default_rng(8), n=800, heavy=4.0)
    found = doubly_robust(change, contacted, traits, rng=np.random.default_rng(1)).estimate
    assert found.contacted_left_out > 100 and found.contacted_used + found.contacted_left_out == contacted.sum()
    assert found.comparable_used + found.comparable_left_out == (~contacted).sum()


def test_the_effect_is_that_on_the_contacted_who_are_kept_and_not_on_all():
    """Whoever is the surer to be contacted gains the more: the mean over the kept is held, that over all is missed."""
    rng = np.random.default_rng(12)
    of_kept, of_all = [], []
    for _ in range(60):
        change, contacted, traits = world(rng, effect=0.0, heavy=2.0, n=1500)
        gain = np.exp(traits["spend"].to_numpy())
        found = doubly_robust(change + gain * contacted, contacted, traits, rng=rng)
        kept = found.kept & contacted
        assert (kept.sum(), (contacted & ~kept).sum()) == found.estimate[5:9:2]
        of_kept.append(found.estimate.effect - gain[kept].mean())
        of_all.append(found.estimate.effect - gain[contacted].mean())
    error = np.std(of_kept, ddof=1) / 60**0.5
    assert abs(np.mean(of_kept)) < 3 * error and np.mean(of_all) < -10 * error


def test_too_few_of_one_kind_give_nothing_and_a_mismatch_is_named():
    change, contacted, traits = world(np.random.default_rng(1), n=100)
    few = np.arange(100) < 9
    found = doubly_robust(change, few, traits, rng=np.random.default_rng(1))
    assert np.isnan(found.estimate.effect) and found.estimate.contacted_left_out == 9
    assert len(found.kept) == 100 and not found.kept.any()
    assert found.balance["after"].isna().all()
    with pytest.raises(ValueError) as raised:
        doubly_robust(change, contacted[:99], traits, rng=np.random.default_rng(1))
    assert str(raised.value) == "100 changes, 99 contacted and 100 rows of traits are not the same customers"


def test_the_logistic_regression_agrees_with_statsmodels_where_the_penalty_is_small():
    sm = pytest.importorskip("statsmodels.api")
    _, contacted, traits = world(np.random.default_rng(2), n=60_000)
    x = traits.to_numpy()
    assert logistic(x, contacted) == pytest.approx(sm.Logit(contacted, sm.add_constant(x)).fit(disp=0).params, abs=2e-3)
