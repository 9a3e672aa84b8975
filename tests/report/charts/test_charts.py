"""Every chart with hard examples: long names, many points, unknown values; nothing overlaps and nothing is cut."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from analysis.report import charts, figures, numbers

NAN = float("nan")
SEGMENTS = pd.DataFrame({
    "segment": [
        "Champions that buy in every department", "Loyal <b>", "New", "At risk of leaving after a long break", "$5 off",
    ],
    "share": [0.31, 0.22, 0.05, NAN, 0.01],
    "low": [0.29, 0.20, 0.04, NAN, 0.005],
    "high": [0.33, 0.24, 0.07, NAN, 0.02],
})  # fmt: skip
ARMS = pd.concat([SEGMENTS.assign(arm="treated"), SEGMENTS.assign(arm="holdout", share=SEGMENTS["share"] / 2)])
WEEKS = pd.DataFrame({
    "week": pd.date_range("2016-11-06", periods=60, freq="W"), "sales": [88000 + 3000 * np.sin(n) for n in range(60)],
    "centre": 88000.0, "lower": 87500.0, "upper": 88500.0, "signal": [n == 40 for n in range(60)],
})  # fmt: skip
COHORTS = pd.DataFrame(
    [
        (f"{month} 2017, n = 112", age, 0.7 + age / 1000)
        for month in ["February", "March", "April"]
        for age in range(1, 11)
    ],
    columns=["cohort", "age", "rate"],
).assign(low=lambda frame: frame["rate"] - 0.1, high=lambda frame: frame["rate"] + 0.1)
MOVES = pd.DataFrame(
    [(one, other, 0.125) for one in SEGMENTS["segment"] for other in SEGMENTS["segment"]],
    columns=["before", "after", "share"],
)
AGES = pd.DataFrame(
    [(f"{m} 2017", age, 0.5 + age / 40) for m in "JFM" for age in range(12)], columns=["cohort", "age", "rate"]
)
FUNNEL = pd.DataFrame({"stage": ["Contacted", "Bought a promoted product", "Redeemed"], "n": [6589, 3120, 792]})
TENTHS = pd.DataFrame(
    {"tenth": range(1, 11), "share": [0.351, 0.194, 0.138, 0.102, 0.076, 0.056, 0.04, 0.025, 0.014, 0.004]}
)


def money(value):
    return numbers.money_short(value, "USD")


DRAWINGS = {
    "bars": lambda ax: charts.bars(
        SEGMENTS, ax, category="segment", value="share", low="low", high="high", fmt=numbers.percent, highlight=["New"]
    ),
    "upright bars": lambda ax: charts.bars(
        TENTHS, ax, category="tenth", value="share", fmt=numbers.percent, vertical=True, xlabel="Tenth of households"
    ),
    "dots": lambda ax: charts.dots_with_intervals(
        SEGMENTS, ax, category="segment", value="share", low="low", high="high", fmt=numbers.percent, reference=0,
        xlabel="Effect",
    ),
    "dots in groups": lambda ax: charts.dots_with_intervals(
        ARMS, ax, category="segment", value="share", low="low", high="high", fmt=numbers.percent, group="arm"
    ),
    "lines": lambda ax: charts.lines(
        COHORTS, ax, x="age", y="rate", low="low", high="high", group="cohort", fmt=numbers.percent, xlabel="Months"
    ),
    "lines over weeks": lambda ax: charts.lines(WEEKS, ax, x="week", y="sales", fmt=money),
    "steps": lambda ax: charts.steps(COHORTS, ax, x="age", y="rate", group="cohort", fmt=numbers.percent),
    "control chart": lambda ax: charts.control_chart(
        WEEKS, ax, x="week", value="sales", centre="centre", lower="lower", upper="upper", signal="signal", fmt=money
    ),
    "matrix of names": lambda ax: charts.matrix(
        MOVES, ax, row="before", column="after", value="share", fmt=numbers.percent, xlabel="Second half",
        ylabel="First half",
    ),
    "matrix of ages": lambda ax: charts.matrix(
        AGES, ax, row="cohort", column="age", value="rate", fmt=numbers.percent, xlabel="Months since the first order"
    ),
    "funnel": lambda ax: charts.funnel_bars(FUNNEL, ax, stage="stage", value="n"),
}  # fmt: skip


def words_of(figure):
    """Return the texts that are drawn; matplotlib also keeps ticks beyond the axes, which are not."""
    (ax,) = figure.axes
    hidden = set()
    for axis in (ax.xaxis, ax.yaxis):
        low, high = sorted(axis.get_view_interval())
        for place, tick in zip(axis.get_majorticklocs(), axis.get_major_ticks(), strict=False):
            if not axis.get_visible() or not low - 1e-9 <= place <= high + 1e-9:
                hidden |= {tick.label1, tick.label2}
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    return [text for text in texts if text not in hidden]


@pytest.mark.parametrize("width", [figures.WIDE, figures.NARROW])
@pytest.mark.parametrize("name", DRAWINGS)
def test_words_do_not_overlap_and_are_not_cut(name, width):
    figure = figures.draw_on(DRAWINGS[name], width=width, height=3.2)
    renderer = figure.canvas.get_renderer()
    drawn = [(text.get_text(), text.get_window_extent(renderer)) for text in words_of(figure)]
    for words, box in drawn:
        assert box.x0 >= -0.5 and box.x1 <= figure.bbox.width + 0.5, f"{words!r} is cut at the side"
        assert box.y0 >= -0.5 and box.y1 <= figure.bbox.height + 0.5, f"{words!r} is cut above or below"
    for (one, first), (other, second) in combinations(drawn, 2):
        across = min(first.x1, second.x1) - max(first.x0, second.x0)
        along = min(first.y1, second.y1) - max(first.y0, second.y0)
        assert across <= 0.5 or along <= 2.5, f"{one!r} and {other!r} overlap"


@pytest.mark.parametrize("name", ["lines over weeks", "control chart"])
def test_points_stand_in_the_order_of_time_whatever_the_order_of_rows(name):
    backwards = WEEKS.iloc[::-1]
    draw = {
        "lines over weeks": lambda ax: charts.lines(backwards, ax, x="week", y="sales", fmt=money),
        "control chart": lambda ax: charts.control_chart(
            backwards,
            ax,
            x="week",
            value="sales",
            centre="centre",
            lower="lower",
            upper="upper",
            signal="signal",
            fmt=money,
        ),
    }[name]
    assert figures.svg(draw, alt="a") == figures.svg(DRAWINGS[name], alt="a")


def test_bars_start_at_zero_and_step_back_beside_the_one_spoken_of():
    figure = figures.draw_on(DRAWINGS["bars"], width=figures.WIDE, height=3.2)
    ax = figure.axes[0]
    assert ax.get_xlim()[0] == 0
    from matplotlib.colors import to_hex

    assert [to_hex(bar.get_facecolor()) for bar in ax.patches] == [
        "#7f93a6",
        "#7f93a6",
        "#12436d",
        "#7f93a6",
        "#7f93a6",
    ]
    assert [bar.get_width() for bar in ax.patches] == [0.31, 0.22, 0.05, 0, 0.01]


def test_an_unknown_bar_says_so():
    figure = figures.draw_on(DRAWINGS["bars"], width=figures.WIDE, height=3.2)
    assert [text.get_text() for text in words_of(figure)].count("not known") == 1


def test_a_funnel_gives_each_stage_as_a_share_of_the_first():
    figure = figures.draw_on(DRAWINGS["funnel"], width=figures.WIDE, height=3.2)
    assert {"6,589", "3,120 · 47.4 %", "792 · 12.0 %"} <= {text.get_text() for text in words_of(figure)}


def test_an_unknown_value_leaves_a_gap_and_a_lone_point_is_a_dot():
    frame = pd.DataFrame({"x": [1, 2, 3, 4], "y": [0.1, NAN, 0.3, NAN]})
    figure = figures.draw_on(
        lambda ax: charts.lines(frame, ax, x="x", y="y", fmt=numbers.percent), width=8.0, height=3.2
    )
    line, dots = figure.axes[0].lines
    assert np.isnan(line.get_ydata()).tolist() == [False, True, False, True]
    assert list(dots.get_xdata()) == [1, 3]


def test_signals_are_diamonds_at_their_points():
    figure = figures.draw_on(DRAWINGS["control chart"], width=figures.WIDE, height=3.2)
    signals = [line for line in figure.axes[0].lines if line.get_marker() == "D"]
    assert [len(line.get_xdata()) for line in signals] == [1]
    assert signals[0].get_ydata()[0] == WEEKS["sales"][40]


def test_two_values_for_one_cell_are_refused():
    twice = pd.concat([AGES, AGES.head(1)])
    with pytest.raises(ValueError, match="two values for one cell of the matrix, at cohort J 2017, age 0"):
        figures.draw_on(
            lambda ax: charts.matrix(twice, ax, row="cohort", column="age", value="rate", fmt=str), width=8.0, height=3
        )


@pytest.mark.parametrize("width", [figures.WIDE, figures.NARROW])
def test_long_names_of_groups_leave_the_dots_their_room(width):
    names = {"treated": "contacted before, not redeemed", "holdout": "redeemed a coupon before"}
    figure = figures.draw_on(
        lambda ax: charts.dots_with_intervals(
            ARMS.assign(arm=ARMS["arm"].map(names)), ax, category="segment", value="share", low="low", high="high",
            fmt=numbers.percent, group="arm"),
        width=width, height=3,
    )  # fmt: skip
    axes = figure.axes[0]
    assert axes.get_window_extent().width > 0.5 * width * 72
    assert axes.get_legend().get_window_extent().x1 <= width * 72


def test_more_groups_than_shapes_are_refused():
    many = pd.concat([SEGMENTS.assign(arm=str(n)) for n in range(5)])
    with pytest.raises(ValueError, match="5 groups in 'arm'; dots tell at most 4 apart"):
        figures.draw_on(
            lambda ax: charts.dots_with_intervals(
                many, ax, category="segment", value="share", low="low", high="high", fmt=str, group="arm"
            ),
            width=8.0, height=3,
        )  # fmt: skip


@pytest.mark.parametrize("width", [figures.WIDE, figures.NARROW])
def test_an_empty_table_draws_an_empty_figure(width):
    empty = {
        "bars": lambda ax: charts.bars(SEGMENTS.head(0), ax, category="segment", value="share", fmt=numbers.percent),
        "lines": lambda ax: charts.lines(COHORTS.head(0), ax, x="age", y="rate", group="cohort", fmt=numbers.percent),
        "matrix": lambda ax: charts.matrix(AGES.head(0), ax, row="cohort", column="age", value="rate", fmt=str),
        "funnel": lambda ax: charts.funnel_bars(FUNNEL.head(0), ax, stage="stage", value="n"),
        "dots": lambda ax: charts.dots_with_intervals(
            SEGMENTS.head(0), ax, category="segment", value="share", low="low", high="high", fmt=numbers.percent
        ),
        "control": lambda ax: charts.control_chart(
            WEEKS.head(0),
            ax,
            x="week",
            value="sales",
            centre="centre",
            lower="lower",
            upper="upper",
            signal="signal",
            fmt=money,
        ),
    }
    for draw in empty.values():
        assert figures.draw_on(draw, width=width, height=3.2).axes
