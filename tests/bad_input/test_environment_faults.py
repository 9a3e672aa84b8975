"""A broken key, an edited table, a bare machine and hostile words: said in one line, made again, the same, and shown as they are."""

import html
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from types import SimpleNamespace

import pandas as pd
import pytest

from analysis import keys, places
from analysis.design.handoff import restored, write_csv
from analysis.refusals import StudyError
from analysis.report import charts, figures, numbers, page, tables
from analysis.run import graph
from analysis.run.steps import STEPS
from analysis.study import Study

HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "=cmd|' /C calc'!A0", "@SUM(1)", "{{7*7}}", "{0}", "$(rm)", "%s %(x)s",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467", "a\u202egnp.exe", "x" * 10_000, "$x^2$", "\\(x\\)", "![](http://t/a.png)",
    "[a](javascript:alert(1))", "`a`", "&lt;b&gt;", "]]>", "'\"", "None", "nan", "", "Other", "all other",
]  # fmt: skip


class Seen(HTMLParser):
    """What a reader sees of a piece of a page, and all tags and attributes that it is made of."""

    def __init__(self, written):
        super().__init__()
        self.texts, self.tags, self.attributes = "", set(), {}
        self.feed(str(written))

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value or "")

    def handle_data(self, data):
        self.texts += data


@pytest.mark.parametrize("name", HOSTILE, ids=[repr(name)[:24] for name in HOSTILE])
def test_a_hostile_name_shows_as_it_is_on_page_table_and_figure(name):
    frame = pd.DataFrame({"segment": [name, "loyal"], "share": [0.2, 0.1]})
    made = page.section("a", name or "A", name or (), label="A", table=tables.table(frame, caption="Shares"))
    drawn = figures.svg(
        lambda ax: charts.bars(frame.assign(segment=["named", "loyal"]), ax, category="segment", value="share", fmt=numbers.percent),
        alt=name or "-",
    )  # fmt: skip
    shown = name.replace("\u202e", "\ufffd")  # a sign that turns the text around would hide what stands there
    on_page, in_figure = Seen(made), Seen(drawn)
    assert shown in on_page.texts
    assert (
        in_figure.attributes["aria-label"][0].removesuffix("…") == (shown or "-")[:249]
    )  # a text alternative has an end
    for found in (on_page, in_figure):
        assert not {"script", "img", "b"} & found.tags
        assert not [one for one in found.attributes if one.startswith("on") or one == "src"]
        assert all(link.startswith("#") for link in found.attributes.get("href", []))


@pytest.mark.parametrize("name", [name for name in HOSTILE if len(name) < 99], ids=repr)
def test_a_hostile_name_is_a_label_of_a_figure_letter_by_letter(name):
    frame = pd.DataFrame({"segment": [name, "loyal"], "share": [0.2, 0.1]})
    drawn = figures.svg(
        lambda ax: charts.bars(frame, ax, category="segment", value="share", fmt=numbers.percent), alt="Shares"
    )
    labels = re.findall(r"<text[^>]*>(.*?)</text>", str(drawn), re.S)
    assert "<script" not in str(drawn) and "<img" not in str(drawn)
    assert not name or name.replace("\u202e", "\ufffd") in html.unescape(" ".join(labels)).replace("\xa0", " ")


def test_a_hostile_name_in_a_list_runs_nowhere_and_comes_back_as_it_was(tmp_path):
    names = [*HOSTILE, "two\r\nlines"]
    write_csv(
        pd.DataFrame({"customer_id": [str(at) for at in range(len(names))], "name": names}), tmp_path / "list.csv"
    )
    read = pd.read_csv(
        tmp_path / "list.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig", lineterminator=None
    )
    cells = [cell.replace("\r\n", "\n") for cell in read["name"]]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert [restored(cell) for cell in cells] == [name.replace("\r\n", "\n") for name in names]


def test_a_key_that_is_missing_is_made_an_empty_one_is_refused_and_another_one_makes_pages_stale(
    workspace, monkeypatch
):
    monkeypatch.delenv(keys.VARIABLE, raising=False)
    study = Study.load("sample").model_copy(update={"pseudonyms": "keyed"})
    step = next(step for step in STEPS if step.meets_people)
    before = graph.settings(step, study)
    assert keys.file("sample").exists() and graph.settings(step, study) == before
    keys.file("sample").write_text("")
    with pytest.raises(StudyError, match="has 0 characters; it needs 64 hexadecimal digits"):
        graph.settings(step, study)
    keys.file("sample").write_text("ab" * 32)
    assert graph.settings(step, study) != before


@pytest.mark.parametrize("change", ["nothing", "one byte more", "removed", "older settings"])
def test_a_table_that_somebody_edited_is_made_again(workspace, change):
    study = Study.load("sample")
    files = [workspace / name for name in ("orders.parquet", "2_clean.html")]
    for file in files:
        places.write_text(file, "made")
    step = SimpleNamespace(
        outputs=lambda study: files, parameters=lambda study: {"as_of": "2017-12-31"}, meets_people=False
    )
    values = {
        "settings": graph.settings(step, study),
        "outputs": {str(file): places.sha256(file) for file in files},
    }
    if change == "one byte more":
        files[0].write_text("made ")
    if change == "removed":
        files[0].unlink()
    if change == "older settings":
        values["settings"] = values["settings"].replace("2017-12-31", "2017-12-30")
    assert graph._unchanged(None, values, step, study) is (change == "nothing")


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What `describe` says of a file with a date and text of two scripts, on an ordinary machine."""
    folder = tmp_path_factory.mktemp("bare")
    (folder / "orders.csv").write_text(
        "order,\u5ba2\u6237,day,amount\n1,Zo\u00eb,2024-03-31,1.50\n2,\u5ba2,2024-04-01,2.50\n", encoding="utf-8"
    )
    return folder, _described(folder, dict(os.environ))


def _described(folder, environment, *options):
    (folder / "studies").mkdir(exist_ok=True)
    for left in (folder / "studies").iterdir():
        left.unlink()
    kept = {
        "PYTHONPATH": os.pathsep.join(sys.path),
        "ANALYSIS_WORKSPACE": str(folder),
        "ANALYSIS_STUDIES": str(folder / "studies"),
    }
    done = subprocess.run(
        [sys.executable, *options, "-m", "analysis", "describe", "orders.csv", "--study", "bare"],
        env=environment | kept, cwd=folder, capture_output=True, check=False,
    )  # fmt: skip
    draft = folder / "studies" / "bare.yml"
    return done.returncode, done.stdout, done.stderr, draft.read_bytes() if draft.exists() else b""


ASCII = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.mark.skipif(os.name == "nt", reason="Windows needs some of its variables")
@pytest.mark.parametrize(
    ("environment", "options", "shows"),
    [({}, (), True), ({"TZ": "Nowhere/No"}, ("-OO",), True), (ASCII, (), False)],
    ids=["no variables", "without asserts and docstrings", "a terminal of ASCII"],
)
def test_a_bare_machine_says_the_same(told, environment, options, shows):
    folder, usual = told
    assert usual[0] == 0 and usual[2] == b"" and usual[3]
    found = _described(folder, environment, *options)
    said = (usual[1] if shows else usual[1].decode().encode("ascii", "backslashreplace"), b"")
    assert found == (0, *said, usual[3])
