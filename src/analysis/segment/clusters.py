"""K-means segments of customers, and how far they survive resampling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analysis.segment.cloud import cloud_p_value

if TYPE_CHECKING:
    import pandas as pd

STARTS = 10  # random starts of k-means, of which the best is kept
STARTS_OF_A_RESAMPLE = (
    3  # fewer, since there are many resamples; one that ends in a worse place counts against stability
)
# Columns of the behaviour table that make clusters; "log" takes log(1 + x) of counts and money, which are skewed.
FEATURES: Mapping[str, str] = {
    "recency_days": "log", "order_frequency": "log", "order_amount": "log", "discount_share": "plain",
}  # fmt: skip


class Clusters(NamedTuple):
    """Clusters and what they rest on."""

    table: pd.DataFrame  # one row per customer: customer_id, cluster (1 to k by mean monetary; missing without orders)
    profile: (
        pd.DataFrame
    )  # one row per cluster: customers, share, mean of monetary and features, stability, low, high, cloud_p


def clusters(
    behaviour: pd.DataFrame, *, k: int, draws: int, rng: np.random.Generator, features: Mapping[str, str] = FEATURES
) -> Clusters:
    """`k` clusters of the customers with an order, by k-means on features of mean 0 and standard deviation 1.

    `behaviour` has one row per customer. Clusters are numbered by mean monetary, 1 has the least. K-means finds `k`
    groups in any data, also where there are none: read `stability` first, the mean over `draws` resamples of the
    Jaccard similarity of a cluster with its nearest in the resample; low and high hold 95 % of the draws (they are no
    interval of the mean). 0.85 and above is very stable, 0.6 to 0.75 a pattern without clear members, less is not to
    be trusted. Stable does not mean real: evenly spread customers can be cut the same way each time. `cloud_p` is the
    same for all clusters, see `cloud.cloud_p_value`: above 0.05 one cloud without groups is cut as tightly. Row order
    and threads do not matter.

    With fewer different customers than clusters there is nothing to part: nobody is in a cluster, and the profile has no row.
    Source: Hennig (2007), Computational Statistics & Data Analysis 52, 258-271: bootstrap, double draws used once.
    """
    customers = behaviour[behaviour["frequency"] > 0].sort_values("customer_id", ignore_index=True)
    points = _scaled(customers, features=features) if len(customers) else np.empty((0, len(features)))
    if len(np.unique(points, axis=0)) < k:
        return _none(behaviour, features=features)
    with _one_thread():
        labels = _by_mean(
            _k_means(points, k=k, starts=STARTS, rng=rng), customers["monetary"].to_numpy(dtype=float), k=k
        )
        similar = _stability(points, labels, k=k, draws=draws, rng=rng)
        cloud_p = cloud_p_value(points, lambda rows: _k_means(rows, k=k, starts=STARTS_OF_A_RESAMPLE, rng=rng), rng=rng)
    known = customers[["customer_id"]].assign(cluster=labels + 1)
    table = behaviour[["customer_id"]].merge(known, on="customer_id", how="left").astype({"cluster": "Int64"})
    profile = _profile(customers, labels, features=features)
    low, high = np.quantile(similar, [0.025, 0.975], axis=0)
    return Clusters(
        table.sort_values("customer_id", ignore_index=True),
        profile.assign(stability=similar.mean(axis=0), low=low, high=high, cloud_p=cloud_p),
    )


def _none(behaviour: pd.DataFrame, *, features: Mapping[str, str]) -> Clusters:
    import pandas as pd

    table = behaviour[["customer_id"]].assign(cluster=pd.array([pd.NA] * len(behaviour), dtype="Int64"))
    measured = list(dict.fromkeys(["share", "monetary", *features, "stability", "low", "high", "cloud_p"]))
    whole = pd.DataFrame({"cluster": [], "customers": []}, dtype="int64")
    profile = whole.assign(**{name: pd.Series(dtype="float64") for name in measured})
    return Clusters(table.sort_values("customer_id", ignore_index=True), profile)


def overlap(segments: pd.DataFrame) -> pd.DataFrame:
    """One row per cluster and named segment: customers in both, and their share of the cluster (0 to 1).

    `segments` has one row per customer: cluster, segment. Customers without a cluster are left out; a pair without
    customers is in the table with 0.
    """
    import pandas as pd

    known = segments.dropna(subset=["cluster"])
    table = pd.crosstab(known["cluster"], known["segment"]).stack().rename("customers").reset_index()
    table["share"] = table["customers"] / table.groupby("cluster")["customers"].transform("sum")
    return table.sort_values(["cluster", "segment"], ignore_index=True)


def jaccard(labels: np.ndarray, others: np.ndarray, *, k: int) -> np.ndarray:
    """For each cluster of `labels` (0 to k - 1) the largest Jaccard similarity with a cluster of `others`.

    Both label the same customers. NaN for a cluster without any of these customers.
    """
    both = np.bincount(labels * k + others, minlength=k * k).reshape(k, k)
    either = both.sum(axis=1, keepdims=True) + both.sum(axis=0, keepdims=True) - both
    best = (both / np.maximum(either, 1)).max(axis=1)
    return np.where(both.sum(axis=1) > 0, best, np.nan)


def _scaled(customers: pd.DataFrame, *, features: Mapping[str, str]) -> np.ndarray:
    values = customers[list(features)].to_numpy(dtype=float)
    logged = np.array([kind == "log" for kind in features.values()])
    values = np.where(logged, np.log1p(np.where(logged, values, 0)), values)
    spread = values.std(axis=0)
    return (values - values.mean(axis=0)) / np.where(spread > 0, spread, 1)  # a feature alike for all says nothing


def _k_means(points: np.ndarray, *, k: int, starts: int, rng: np.random.Generator) -> np.ndarray:
    from sklearn.cluster import KMeans

    state = int(rng.integers(2**31 - 1))
    return KMeans(n_clusters=k, n_init=starts, random_state=state).fit_predict(points).astype(np.int64)


def _by_mean(labels: np.ndarray, values: np.ndarray, *, k: int) -> np.ndarray:
    """The labels renumbered from 0 in ascending order of the clusters' mean of `values`."""
    means = np.bincount(labels, weights=values, minlength=k) / np.bincount(labels, minlength=k)
    position = np.empty(k, dtype=np.int64)
    position[np.argsort(means, kind="stable")] = np.arange(k)
    return position[labels]


def _stability(points: np.ndarray, labels: np.ndarray, *, k: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Jaccard similarity by draw (rows) and cluster (columns); a draw that missed a cluster counts 0 for it."""
    found = np.zeros((draws, k))
    for draw in range(draws):
        drawn = np.unique(rng.integers(len(points), size=len(points)))
        if len(np.unique(points[drawn], axis=0)) >= k:
            again = _k_means(points[drawn], k=k, starts=STARTS_OF_A_RESAMPLE, rng=rng)
            found[draw] = np.nan_to_num(jaccard(labels[drawn], again, k=k))
    return found


def _profile(customers: pd.DataFrame, labels: np.ndarray, *, features: Mapping[str, str]) -> pd.DataFrame:
    groups = customers.assign(cluster=labels + 1).groupby("cluster")
    described = list(dict.fromkeys(["monetary", *features]))
    sizes = groups.size()
    means = groups[described].mean().assign(customers=sizes, share=sizes / len(customers)).reset_index()
    return means[["cluster", "customers", "share", *described]]


def _one_thread():
    """Sums of floats depend on how threads share the work, so k-means gets one; on few points that is faster, too."""
    import sklearn.cluster  # noqa: F401  the limit holds only for libraries that are loaded already
    from threadpoolctl import threadpool_limits

    return threadpool_limits(limits=1)
