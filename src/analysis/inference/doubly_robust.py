"""A comparison that weights comparable customers to look like the contacted, and corrects what the weights leave by a model.

It is right if either the chance of being contacted or the change of the comparable is modelled well: doubly robust. Nobody is
predicted by a model that saw them (cross-fitting), so that a model that fits noise does not make the error look small.
Sources: Chernozhukov et al. (2018), Econometrics Journal 21, C1-C68, section 5.1, effect on the treated; Sant'Anna and Zhao (2020),
Journal of Econometrics 219, 101-122, for changes; weights that sum to one: Hájek (1971).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.inference.interval import Interval, t_interval, t_p_value
from analysis.inference.observational import Estimate

FOLDS = 5
MOST_LIKELY = (
    0.9  # chance of being contacted above which hardly anyone is left to compare with; cut as Crump et al. (2009) do
)
PENALTY = 1.0  # on the sum of squared slopes, of traits in standard deviations: scikit-learn's default for logistic regression
ROUNDING = 1e-9  # a trait that spreads less does not vary
STEPS, NEAR = 50, 1e-10  # of Newton's method


class Robust(NamedTuple):
    """The estimate, and what its weights rest on."""

    estimate: Estimate  #: left out are those cut because they were nearly sure to be contacted
    #: One entry per customer: whether they were not cut; the effect is that on the contacted among them.
    kept: np.ndarray
    effective: float  #: how many equally weighted customers the comparable are worth (Kish)
    balance: (
        pd.DataFrame
    )  #: one row per trait: `before` and `after` weighting, contacted minus comparable in standard deviations


def doubly_robust(
    change: np.ndarray, contacted: np.ndarray, traits: pd.DataFrame, *,
    rng: np.random.Generator, confidence: float = 0.95, folds: int = FOLDS,
) -> Robust:  # fmt: skip
    """Effect on the contacted of a change in outcome; one entry of `change` and `contacted`, one row of `traits` per customer.

    Traits must be from before the campaign. Everyone whose chance of being contacted exceeds `MOST_LIKELY` is cut, so that the effect
    is that on the contacted who are `kept`: where those most sure to be contacted gain most, it is less than that on all. The error is
    that of a mean of the contacted and a weighted mean of the comparable, both of what the model left over, with the degrees of
    freedom of Welch and Satterthwaite on the effective numbers. All is NaN where a fold would have no contacted or no comparable.
    """
    if not len(change) == len(contacted) == len(traits):
        raise ValueError(
            f"{len(change)} changes, {len(contacted)} contacted and {len(traits)} rows of traits are not the same customers"
        )
    contacted = np.asarray(contacted, dtype=bool)
    everyone = int(contacted.sum())
    if min(everyone, len(contacted) - everyone) < 2 * folds:
        return _nothing(everyone, len(contacted) - everyone, traits)
    x, y = _in_deviations(traits), np.asarray(change, dtype=float)
    fold = _folds(contacted, folds=folds, rng=rng)
    chance, left = np.empty(len(y)), np.empty(len(y))
    for number in range(folds):
        here, other = fold == number, fold != number
        chance[here] = _chance(x[here], logistic(x[other], contacted[other]))
        model = ridge(x[other & ~contacted], y[other & ~contacted])
        left[here] = y[here] - model[0] - np.einsum("ij,j->i", x[here], model[1:])
    kept = chance <= MOST_LIKELY
    weight = np.where(contacted, 1.0, chance / (1 - np.minimum(chance, MOST_LIKELY))) * kept
    found = _estimate(left, contacted, weight, confidence=confidence)
    balance = _balance(traits, contacted, weight)
    return Robust(found, kept, _worth(weight[~contacted]), balance)


def logistic(x: np.ndarray, happened: np.ndarray) -> np.ndarray:
    """Return intercept and slopes of a logistic regression with a penalty on the slopes, by Newton's method."""
    x = np.column_stack([np.ones(len(x)), x])
    penalty = np.diag([0.0, *[PENALTY] * (x.shape[1] - 1)])
    share = happened.mean()
    b = np.zeros(x.shape[1])
    b[0] = np.log(share / (1 - share))
    for _ in range(STEPS):
        p = _expit(np.einsum("ij,j->i", x, b))
        slope = np.einsum("ij,i->j", x, happened - p) - penalty @ b
        step = np.linalg.solve(np.einsum("ij,ik->jk", x, x * (p * (1 - p))[:, None]) + penalty, slope)
        b += step
        if np.abs(step).max() < NEAR:
            break
    return b


def ridge(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return intercept and slopes of a linear regression with the same penalty on the slopes."""
    x = np.column_stack([np.ones(len(x)), x])
    penalty = np.diag([0.0, *[PENALTY] * (x.shape[1] - 1)])
    return np.linalg.solve(np.einsum("ij,ik->jk", x, x) + penalty, np.einsum("ij,i->j", x, y))


def _estimate(left: np.ndarray, contacted: np.ndarray, weight: np.ndarray, *, confidence: float) -> Estimate:
    """Mean of what is left of the contacted minus the weighted mean of the comparable, with error and degrees of freedom."""
    parts, means = [], []
    for arm in (contacted, ~contacted):
        w, values = weight[arm], left[arm]
        worth, used = _worth(w), w.sum()
        if not worth > 1:
            return _nothing(int(contacted.sum()), int((~contacted).sum()), pd.DataFrame()).estimate
        means.append((w * values).sum() / used)
        squares = (w**2 * (values - means[-1]) ** 2).sum() / used**2
        parts.append((squares * worth / (worth - 1), worth - 1))
    variance, spread = sum(part for part, _ in parts), sum(part**2 / degrees for part, degrees in parts)
    effect, error = float(means[0] - means[1]), float(np.sqrt(variance))
    degrees = variance**2 / spread if spread > 0 else np.nan
    cut = weight == 0
    return Estimate(
        effect, error, float(degrees), t_p_value(effect, error, degrees), t_interval(effect, error, degrees, confidence=confidence),
        int((contacted & ~cut).sum()), int((~contacted & ~cut).sum()), int((contacted & cut).sum()), int((~contacted & cut).sum()),
    )  # fmt: skip


def _balance(traits: pd.DataFrame, contacted: np.ndarray, weight: np.ndarray) -> pd.DataFrame:
    """One row per trait: contacted minus comparable as they are, and weighted, in standard deviations of both arms."""
    rows = []
    for name in traits:
        values = traits[name].to_numpy(dtype=float)
        spread = np.sqrt((values[contacted].var(ddof=1) + values[~contacted].var(ddof=1)) / 2)
        gaps = [_gap(values, contacted, np.ones(len(values))), _gap(values, contacted, weight)]
        rows.append([name, *(np.array(gaps) / spread if spread > ROUNDING else np.zeros(2))])
    return pd.DataFrame(rows, columns=["trait", "before", "after"])


def _gap(values: np.ndarray, contacted: np.ndarray, weight: np.ndarray) -> float:
    """Weighted mean of the contacted minus that of the comparable; NaN where one of them has no weight."""
    one, other = ((weight * values)[arm].sum() / max(weight[arm].sum(), 1e-300) for arm in (contacted, ~contacted))
    return one - other if weight[contacted].any() and weight[~contacted].any() else np.nan


def _folds(contacted: np.ndarray, *, folds: int, rng: np.random.Generator) -> np.ndarray:
    """Number of the fold of each customer, each arm dealt out evenly."""
    fold = np.empty(len(contacted), dtype=int)
    for arm in (contacted, ~contacted):
        fold[rng.permutation(np.flatnonzero(arm))] = np.arange(arm.sum()) % folds
    return fold


def _in_deviations(traits: pd.DataFrame) -> np.ndarray:
    """Traits from their mean in standard deviations; one that does not vary is 0 for everyone."""
    x = traits.to_numpy(dtype=float)
    spread = x.std(axis=0)
    return np.where(spread > ROUNDING, (x - x.mean(axis=0)) / np.maximum(spread, ROUNDING), 0)


def _chance(x: np.ndarray, b: np.ndarray) -> np.ndarray:
    return _expit(b[0] + np.einsum("ij,j->i", x, b[1:]))


def _expit(values: np.ndarray) -> np.ndarray:
    from scipy.special import expit

    return expit(values)


def _worth(weight: np.ndarray) -> float:
    """Effective number of weights: the square of their sum over the sum of their squares; 0 where all are 0."""
    squares = float((weight**2).sum())
    return float(weight.sum() ** 2 / squares) if squares > 0 else 0.0


def _nothing(contacted: int, comparable: int, traits: pd.DataFrame) -> Robust:
    unknown = Interval(np.nan, np.nan)
    blank = Estimate(np.nan, np.nan, np.nan, np.nan, unknown, 0, 0, contacted, comparable)
    nobody = np.zeros(contacted + comparable, dtype=bool)
    return Robust(blank, nobody, np.nan, pd.DataFrame({"trait": list(traits), "before": np.nan, "after": np.nan}))
