import numpy as np
import pytest

from analysis.segment.cloud import MOST, _cloud, cloud_p_value, tightness


def halves(points):
    """Cut at the mean of the first column: the best cut in two of a single feature, for a cloud that is symmetric."""
    return (points[:, 0] > points[:, 0].mean()).astype(int)


def test_tightness_by_hand():
    points = np.array([[0.0], [2.0], [10.0], [12.0]])  # within 1 + 1 + 1 + 1; around 6: 36 + 16 + 16 + 36
    assert tightness(points, np.array([0, 0, 1, 1])) == pytest.approx(4 / 104)
    assert tightness(points, np.array([0, 0, 0, 0])) == pytest.approx(1)


def test_tightness_of_a_normal_cloud_cut_in_half_is_the_published_one():
    # the variance of half a normal is 1 - 2 / pi
    points = np.random.default_rng(1).standard_normal((200_000, 1))
    assert tightness(points, halves(points)) == pytest.approx(1 - 2 / np.pi, abs=0.005)


def three(points):
    from sklearn.cluster import KMeans

    return KMeans(3, n_init=3, random_state=1).fit_predict(points)


def test_groups_in_how_features_combine_are_tighter_than_any_cloud():
    rng = np.random.default_rng(2)
    points = np.r_[rng.normal((0, 0), 1, (40, 2)), rng.normal((8, 0), 1, (40, 2)), rng.normal((0, 8), 1, (40, 2))]
    assert cloud_p_value(points, three, rng=rng) == 1 / 40


def test_a_skewed_cloud_is_no_group():
    rng = np.random.default_rng(7)
    found = [cloud_p_value(np.log1p(rng.lognormal(0, 1.5, (120, 2))), three, rng=rng) for _ in range(20)]
    assert min(found) > 1 / 40 or np.mean(np.array(found) <= 0.05) < 0.2
    assert np.mean(found) > 0.25


def test_a_cloud_has_the_values_of_the_data_and_their_likeness():
    rng = np.random.default_rng(8)
    points = np.exp(rng.multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], 4000))
    made = _cloud(points, rng=rng)
    assert (np.sort(made, axis=0) == np.sort(points, axis=0)).all()
    assert np.corrcoef(np.log(made), rowvar=False)[0, 1] == pytest.approx(0.8, abs=0.03)


def test_clouds_without_groups_are_called_tight_as_seldom_as_said():
    rng = np.random.default_rng(3)
    found = [cloud_p_value(rng.multivariate_normal([0, 0], [[2, 1], [1, 1]], 60), halves, rng=rng) for _ in range(400)]
    assert np.mean(np.array(found) <= 0.05) == pytest.approx(0.05, abs=3 * (0.05 * 0.95 / 400) ** 0.5)
    assert (
        0.4 < np.mean(found) < 0.6
    )  # the clouds have the very values of each feature, so they are a little more alike than chance


def test_customers_all_alike_say_nothing_and_of_very_many_some_are_looked_at():
    rng = np.random.default_rng(4)
    assert np.isnan(cloud_p_value(np.ones((9, 2)), halves, rng=rng))
    assert np.isnan(cloud_p_value(np.empty((0, 2)), halves, rng=rng))
    looked_at = []
    cloud_p_value(
        rng.standard_normal((MOST + 9, 1)), lambda rows: looked_at.append(len(rows)) or halves(rows), rng=rng, clouds=1
    )
    assert looked_at == [MOST, MOST]
