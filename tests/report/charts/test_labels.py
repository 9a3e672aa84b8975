from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx

from analysis.report.charts.labels import pushed_apart


def test_labels_that_do_not_meet_stay_where_they_are():
    assert pushed_apart([10, 50], [12, 12], low=0, high=100) == [10, 50]


def test_two_labels_at_one_place_part_equally():
    assert pushed_apart([50, 50], [10, 10], low=0, high=100) == [45, 55]


def test_three_labels_meet_around_their_mean_and_keep_their_order():
    assert pushed_apart([52, 48, 50], [10, 10, 10], low=0, high=100) == [60, 40, 50]


def test_a_block_stays_on_the_paper():
    assert pushed_apart([99, 100], [10, 10], low=0, high=100) == [85, 95]


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(8, 30)), max_size=8))
@settings(max_examples=50)
def test_labels_never_overlap_and_are_pushed_no_more_than_needed(spans):
    wanted, heights = [span[0] for span in spans], [span[1] for span in spans]
    placed = pushed_apart(wanted, heights, low=-1000, high=2000)
    order = sorted(range(len(spans)), key=lambda place: wanted[place])
    for one, other in zip(order, order[1:], strict=False):
        assert placed[other] - placed[one] >= (heights[one] + heights[other]) / 2 - 1e-6
    # least squares moves every block around its own mean, so the sum of all moves is zero
    assert sum(placed) == approx(sum(wanted), abs=1e-6 * (1 + len(spans)) * 300)
