import pytest

from analysis.report import charts, figures

PARTS = [("One", lambda ax: ax.plot([0, 1], [0, 10])), ("Other", lambda ax: ax.plot([0, 1], [-5, 2]))]


@pytest.mark.parametrize(("width", "columns"), [(figures.WIDE, 2), (figures.NARROW, 1)])
def test_panels_stand_side_by_side_or_below_each_other_where_it_is_narrow(width, columns):
    figure = figures.draw_on(lambda ax: charts.panels(PARTS, ax, height=2), width=width, height=9)
    assert len({round(ax.get_position().x0, 2) for ax in figure.axes}) == columns
    assert figure.get_figheight() == 2 * (3 - columns)
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["One", "Other"]


def test_panels_share_the_range_that_all_need_unless_they_measure_different_things():
    shared = figures.draw_on(lambda ax: charts.panels(PARTS, ax, height=2), width=8, height=3).axes
    assert {ax.get_ylim() for ax in shared} == {(min(-5.35, -0.5), 10.5)}
    own = figures.draw_on(lambda ax: charts.panels(PARTS, ax, height=2, stacked=True, share=False), width=8, height=3)
    assert len({ax.get_ylim() for ax in own.axes}) == 2 and own.get_figheight() == 4


def test_no_parts_are_refused():
    with pytest.raises(ValueError, match="no parts to draw; panels need at least one"):
        figures.draw_on(lambda ax: charts.panels([], ax, height=2), width=8, height=3)
