"""Whether groups are tighter than k-means would make them of one cloud of customers, which has no groups."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

CLOUDS = 39  # drawn; (CLOUDS + 1) / 20 of all are a whole number
MOST = 4_000  # customers that are looked at; of more, so many by lot


def cloud_p_value(
    points: np.ndarray, cut: Callable[[np.ndarray], np.ndarray], *, rng: np.random.Generator, clouds: int = CLOUDS
) -> float:
    """Return the share of clouds without groups, made alike to `points`, that `cut` parts at least as tightly.

    `points` has one row per customer and one column per feature; `cut` takes such rows and returns the group of each, from 0.
    A cloud has the very values of each feature, so that skewness and gaps of a single feature are in it too, and ranks that go
    together as those of the data do; what it lacks are groups in how features combine. Tightness is the sum of squares within
    groups over that around the mean of all. Below 0.05: a cloud would seldom look like that. A small value is no proof of groups, a
    large one says that nothing speaks for them. NaN where all customers are alike. Counted with the data themselves, as a
    randomisation test is.

    Source: the index of SigClust, Liu, Hayes, Nobel and Marron (2008), Journal of the American Statistical Association 103,
    1281-1293, for k groups; the clouds by the normal copula of the ranks, Iman and Conover (1982), Communications in Statistics
    - Simulation and Computation 11, 311-334.
    """
    if len(points) > MOST:
        points = points[np.sort(rng.choice(len(points), MOST, replace=False))]
    if not points.size or not (points.std(axis=0) > 0).any():
        return np.nan
    points = points[:, points.std(axis=0) > 0]
    own = tightness(points, cut(points))
    as_tight = sum(tightness(cloud, cut(cloud)) <= own for cloud in (_cloud(points, rng=rng) for _ in range(clouds)))
    return (1 + as_tight) / (clouds + 1)


def _cloud(points: np.ndarray, *, rng: np.random.Generator) -> np.ndarray:
    """Each feature's values in a new order: by the ranks of a normal cloud with the correlation of the data's normal scores."""
    from scipy.special import ndtri
    from scipy.stats import rankdata

    n = len(points)
    scores = ndtri((rankdata(points, axis=0) - 0.5) / n)
    correlation = np.atleast_2d(np.corrcoef(scores, rowvar=False))
    drawn = rng.multivariate_normal(np.zeros(points.shape[1]), correlation, size=n, method="eigh")
    return np.take_along_axis(np.sort(points, axis=0), drawn.argsort(axis=0).argsort(axis=0), axis=0)


def tightness(points: np.ndarray, labels: np.ndarray) -> float:
    """Return the sum of squares within groups over that around the mean of all: 0 for groups of equals, 1 for one group."""
    sizes = np.bincount(labels)
    sums = np.column_stack([np.bincount(labels, weights=column) for column in points.T])
    centred = points - sums[labels] / sizes[labels, None]
    around = points - points.mean(axis=0)
    return float(np.square(centred).sum() / np.square(around).sum())
