import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from analysis.report import charts, figures, numbers
from analysis.report.theme import COLOURS

SCRIPT = "<script>alert(1)</script>"
TABLE = pd.DataFrame({"segment": [SCRIPT, "$5 & more$"], "share": [0.2, 0.1]})


def draw(ax):
    return charts.bars(TABLE, ax, category="segment", value="share", fmt=numbers.percent)


@pytest.fixture(scope="module")
def figure():
    return figures.svg(draw, alt=f"Loyal {SCRIPT} leads")


def test_a_figure_is_drawn_for_wide_and_for_narrow_screens_and_one_is_hidden(figure):
    assert re.findall(r'<div class="(\w+)"( hidden)?>', figure) == [("wide", ""), ("narrow", " hidden")]
    assert re.findall(r'viewBox="0 0 ([\d.]+)', figure) == ["576", "259.2"]


def test_words_stay_words_and_markup_shows_as_text(figure):
    assert "<script" not in figure
    assert figure.count('role="img" aria-label="Loyal &lt;script&gt;alert(1)&lt;/script&gt; leads"') == 2
    assert figure.count("&lt;script&gt;alert(1)&lt;/script&gt;</text>") == 2
    assert figure.count("$5 &amp; more$</text>") == 2  # never read as a formula


def test_colours_are_variables_with_the_light_value_behind_them(figure):
    assert "var(--navy,#12436D)" in figure
    assert not re.search(r"(?<!,)#[0-9a-fA-F]{6}\b", figure)
    assert set(re.findall(r"var\(--([\w-]+)", figure)) <= set(COLOURS)


def test_the_figure_brings_no_style_date_or_address_of_its_own(figure):
    assert not re.search(r"<style|<metadata|<image|font-family|xmlns|https?:|date", figure)


def test_ids_are_unique_referred_to_and_of_this_figure_alone(figure):
    other = figures.svg(draw, alt="Another finding")
    ids, references = re.findall(r' id="([^"]+)"', figure), re.findall(r'(?:href="|url\()#([^")]+)', figure)
    assert len(ids) == len(set(ids)) and set(references) == set(ids)
    assert not set(ids) & set(re.findall(r' id="([^"]+)"', other))


def test_two_drawings_have_equal_bytes(figure):
    assert figures.svg(draw, alt=f"Loyal {SCRIPT} leads") == figure


PROGRAM = """
import hashlib, pandas as pd
from analysis.report import charts, figures, numbers
days = pd.date_range("2017-01-01", periods=9, freq="W")
frame = pd.DataFrame({"day": days, "n": range(9), "group": list("abc") * 3})
figure = figures.svg(lambda ax: charts.lines(frame, ax, x="day", y="n", group="group", fmt=numbers.count), alt="a")
print(hashlib.sha256(figure.encode()).hexdigest())
"""


def test_hash_seed_locale_and_time_zone_change_no_byte():
    source = str(Path(figures.__file__).parents[2])
    said = set()
    for seed, locale, zone in [("0", "C", "UTC"), ("1", "C.UTF-8", "Asia/Shanghai")]:
        surroundings = os.environ | {"PYTHONHASHSEED": seed, "LC_ALL": locale, "TZ": zone, "PYTHONPATH": source}
        command = [sys.executable, "-c", PROGRAM]
        said.add(subprocess.run(command, capture_output=True, text=True, check=True, env=surroundings).stdout)
    assert len(said) == 1


def test_a_long_alternative_is_cut_and_an_empty_one_refused():
    assert re.search(r'aria-label="(x+…)"', figures.svg(draw, alt="x" * 300))[1] == "x" * 249 + "…"
    with pytest.raises(ValueError, match="alt is empty"):
        figures.svg(draw, alt=" ")


def test_characters_that_no_page_can_show_do_not_stop_a_figure():
    frame = TABLE.assign(segment=["a\x01b", "客户"])
    html = figures.svg(
        lambda ax: charts.bars(frame, ax, category="segment", value="share", fmt=numbers.percent), alt="a"
    )
    assert "客户</text>" in html and "a�b</text>" in html
