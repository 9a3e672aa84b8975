import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.segment.clusters import clusters, jaccard, overlap

PLAIN = {"recency_days": "plain", "order_amount": "plain"}
EIGHT = pd.DataFrame(  # two clear groups, one of them worth more, and one customer without an order
    {
        "customer_id": list("abcdefg") + ["zoe"],
        "frequency": [3, 3, 3, 9, 9, 9, 9, 0],
        "monetary": [30.0, 31.0, 32.0, 90.0, 91.0, 92.0, 93.0, 0.0],
        "recency_days": [90, 91, 92, 1, 2, 3, 4, np.nan],
        "order_amount": [10.0, 10.3, 10.6, 50.0, 50.5, 51.0, 51.5, np.nan],
    }
)


def made(table=EIGHT, *, k=2, draws=10, seed=1, features=PLAIN):
    return clusters(table, k=k, draws=draws, rng=np.random.default_rng(seed), features=features)


def test_two_clear_groups_are_found_and_numbered_by_mean_monetary():
    assert made().table["cluster"].tolist()[:7] == [1, 1, 1, 2, 2, 2, 2]
    assert made(EIGHT.assign(monetary=-EIGHT["monetary"])).table["cluster"].tolist()[:7] == [2, 2, 2, 1, 1, 1, 1]


def test_a_customer_without_an_order_is_in_no_cluster():
    assert pd.isna(made().table["cluster"].iloc[7])


def test_the_profile_counts_and_describes_each_cluster():
    profile = made().profile
    assert profile["customers"].tolist() == [3, 4]
    assert profile["share"].tolist() == pytest.approx([3 / 7, 4 / 7])
    assert profile["order_amount"].tolist() == pytest.approx([10.3, 50.75])


def test_k_means_finds_the_split_of_least_squares_among_all_splits():
    customers = EIGHT[:7]
    points = customers[list(PLAIN)].to_numpy()
    points = (points - points.mean(axis=0)) / points.std(axis=0)
    splits = [np.array([s >> i & 1 for i in range(7)], dtype=bool) for s in range(1, 2**6)]
    best = min(splits, key=lambda s: sum(((points[m] - points[m].mean(axis=0)) ** 2).sum() for m in (s, ~s)))
    labels = made().table["cluster"][:7].to_numpy(dtype=int) == 2
    assert (labels == best).all() or (labels == ~best).all()


def test_clear_groups_are_stable_and_a_single_cloud_cut_in_five_is_not():
    rng = np.random.default_rng(0)
    names = [f"c{i:03}" for i in range(60)]
    cloud = pd.DataFrame({"customer_id": names, "frequency": 1, "monetary": rng.random(60)})
    cloud = cloud.assign(recency_days=rng.normal(size=60), order_amount=rng.normal(size=60))
    clear = cloud.assign(recency_days=np.repeat([0, 50, 100], 20) + cloud["recency_days"])
    assert made(clear, k=3, features={"recency_days": "plain"}).profile["stability"].min() == 1
    assert made(cloud, k=5).profile["stability"].mean() < 0.85  # where "very stable" begins


def test_jaccard_by_hand():
    # {0,1,2} against {0,1} is 2/3; {3,4} against {2,3,4} is 2/3
    assert jaccard(np.array([0, 0, 0, 1, 1]), np.array([1, 1, 0, 0, 0]), k=2).tolist() == pytest.approx([2 / 3, 2 / 3])


def test_a_cluster_without_customers_has_no_jaccard():
    assert np.isnan(jaccard(np.array([0, 0]), np.array([0, 1]), k=2)[1])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=8))
def test_jaccard_agrees_with_sets(pairs):
    ours, theirs = (np.array(side) for side in zip(*pairs, strict=True))
    for cluster, found in enumerate(jaccard(ours, theirs, k=3)):
        mine = set(np.flatnonzero(ours == cluster))
        others = [set(np.flatnonzero(theirs == other)) for other in range(3)]
        expected = max(len(mine & other) / len(mine | other) for other in others) if mine else np.nan
        assert found == pytest.approx(expected, nan_ok=True)


@settings(max_examples=5, deadline=None)
@given(st.permutations(range(8)))
def test_row_order_changes_nothing(order):
    mixed = made(EIGHT.iloc[list(order)])
    pd.testing.assert_frame_equal(mixed.table, made().table)
    pd.testing.assert_frame_equal(mixed.profile, made().profile)


@pytest.mark.parametrize(
    "few",
    [EIGHT[:7].assign(recency_days=1, order_amount=5.0), EIGHT[:1], EIGHT[7:], EIGHT[:0]],
    ids=["alike", "one", "without an order", "nobody"],
)
def test_too_few_different_customers_are_in_no_cluster(few):
    found = made(few)
    assert found.table["customer_id"].tolist() == few["customer_id"].tolist()
    assert found.table["cluster"].isna().all() and found.profile.empty
    assert found.profile.dtypes.to_dict() == made().profile.dtypes.to_dict()
    assert list(found.profile) == list(made().profile)


def test_overlap_by_hand():
    both = pd.DataFrame({"cluster": pd.array([1, 1, 2, None], dtype="Int64"), "segment": ["a", "b", "b", "a"]})
    assert overlap(both)[["cluster", "segment", "customers", "share"]].values.tolist() == [
        [1, "a", 1, 0.5], [1, "b", 1, 0.5], [2, "a", 0, 0.0], [2, "b", 1, 1.0],
    ]  # fmt: skip
