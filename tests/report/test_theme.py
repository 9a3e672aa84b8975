import pytest

from analysis.report import theme

ON_PAPER = {"text": 4.5, "mark": 3.0}


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(
    "name", [name for name, colour in theme.COLOURS.items() if colour.use in ON_PAPER and name != "on-step"]
)
def test_words_and_marks_stand_out_from_the_paper(name, mode):
    colour = theme.COLOURS[name]
    surfaces = ["paper", "card"] if colour.use == "text" else ["paper"]
    for surface in surfaces:
        ratio = theme.contrast(getattr(colour, mode), getattr(theme.COLOURS[surface], mode))
        assert ratio >= ON_PAPER[colour.use], f"{name} on {surface}, {mode}: {ratio:.2f}"


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("step", "words"), [(1, "ink"), (2, "ink"), (3, "ink"), (4, "on-step"), (5, "on-step")])
def test_words_in_a_shaded_cell_can_be_read(step, words, mode):
    ratio = theme.contrast(getattr(theme.COLOURS[words], mode), getattr(theme.COLOURS[f"step-{step}"], mode))
    assert ratio >= 4.5


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#ffffff", "#000000", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#28A197", "#ffffff", 3.2),
    ],
)  # the last as the Analysis Function of the UK government publishes it
def test_contrast_reproduces_published_ratios(one, other, ratio):
    assert theme.contrast(one, other) == pytest.approx(ratio, abs=0.05)
    assert theme.contrast(other, one) == theme.contrast(one, other)


def test_no_two_names_share_a_light_value_so_that_each_can_become_a_variable():
    values = [colour.light.lower() for colour in theme.COLOURS.values()]
    assert sorted(set(values)) == sorted(values)


def test_an_unknown_colour_names_the_palette():
    with pytest.raises(KeyError, match="no colour 'red' in the palette; it has paper"):
        theme.light("red")


def test_dark_colours_hold_on_screens_that_ask_for_them_only():
    css = theme.variables()
    assert "--navy:#12436D;" in css.split("@media")[0]
    assert "@media screen and (prefers-color-scheme:dark){:root{--paper:#14171a;" in css
