"""Whether groups are tighter than k-means would make them of one cloud of customers, which has no groups."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

CLOUDS = 39  # drawn; (CLOUDS + 1) / 20 of all are a whole number
MOST = 4_000  # customers that are looked at; of more, so many by lot


def cloud_p_value(
    points: np.ndarray, cut: Callable[[np.ndarray], np.ndarray], *, rng: np.random.Generator, clouds: int = CLOUDS
) -> float:
    """Return the share of normal clouds with the covariance of `points` that `cut` parts at least as tightly.

    `points` has one row per customer and one column per feature; `cut` takes such rows and returns the group of each, from 0.
    Tightness is the sum of squares within groups over that around the mean of all. Below 0.05: one cloud without groups
    would seldom look like that. Data may also be unlike a normal cloud without having groups, such as when half of a
    feature is zero; a small value is no proof of groups, a large one says that nothing speaks for them. NaN where all
    customers are alike. Counted with the data themselves, as a randomisation test is.

    Source: the null hypothesis and index of SigClust, Liu, Hayes, Nobel and Marron (2008), Journal of the American
    Statistical Association 103, 1281-1293, for k groups.
    """
    if len(points) > MOST:
        points = points[np.sort(rng.choice(len(points), MOST, replace=False))]
    if not points.size or not (points.std(axis=0) > 0).any():
        return np.nan
    own = tightness(points, cut(points))
    covariance = np.atleast_2d(np.cov(points, rowvar=False))
    drawn = (
        rng.multivariate_normal(np.zeros(points.shape[1]), covariance, size=len(points), method="eigh")
        for _ in range(clouds)
    )
    as_tight = sum(tightness(cloud, cut(cloud)) <= own for cloud in drawn)
    return (1 + as_tight) / (clouds + 1)


def tightness(points: np.ndarray, labels: np.ndarray) -> float:
    """Return the sum of squares within groups over that around the mean of all: 0 for groups of equals, 1 for one group."""
    sizes = np.bincount(labels)
    sums = np.column_stack([np.bincount(labels, weights=column) for column in points.T])
    centred = points - sums[labels] / sizes[labels, None]
    around = points - points.mean(axis=0)
    return float(np.square(centred).sum() / np.square(around).sum())
