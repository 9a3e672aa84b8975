import re
from html import unescape

import pytest
from nbformat import v4

from analysis.report import page, tables
from analysis.report.fragments import Fragment
from analysis.report.render import Masthead, render
from analysis.report.walkthrough import sentence

SCRIPT = "<script>alert(1)</script>"
MASTHEAD = Masthead("A study", "of a shop", "data as of 31 December 2017", (), "Loyalty")


def shown(fragment):
    data, metadata = fragment._repr_mimebundle_()
    return v4.new_output("display_data", data=data, metadata=metadata)


@pytest.fixture(scope="module")
def notebook():
    cells = [
        v4.new_markdown_cell(
            f"# A question {SCRIPT}\n\nWhy <b onclick=x>it</b> matters: $5 & [a](javascript:alert(1)) "
            "![p](http://x.example/p.png)"
        ),
        v4.new_code_cell("secret = 'code'  # <b>", outputs=[shown(page.answer("The finding", SCRIPT))]),
        v4.new_markdown_cell("## Buyers"),
        v4.new_markdown_cell("## Buyers"),
        v4.new_code_cell("x", outputs=[
            shown(page.section("who", "Who buys")),
            v4.new_output("display_data", data={"text/html": f"<i>{SCRIPT}", "text/plain": f"foreign {SCRIPT}"}),
            v4.new_output("display_data", data={"text/html": f"<i>{SCRIPT}</i>"}, metadata={"text/html": {}}),
            v4.new_output("stream", name="stdout", text=f"printed {SCRIPT}"),
            v4.new_output("stream", name="stderr", text="noise from /a/path"),
            v4.new_output("error", ename="ValueError", evalue=SCRIPT, traceback=["\x1b[31m/a/path\x1b[0m"]),
        ]),
        v4.new_code_cell("hidden = 1", metadata={"tags": ["remove-cell"]}),
        v4.new_code_cell("unseen = 1", metadata={"tags": ["hide-input"]}, outputs=[shown(sentence("Seen."))]),
    ]  # fmt: skip
    return v4.new_notebook(cells=cells)


@pytest.fixture(scope="module")
def report(notebook):
    return render(notebook, kind="report", masthead=MASTHEAD, footer=page.footer({"Input": "1377"}))


@pytest.fixture(scope="module")
def walk(notebook):
    return render(notebook, kind="walkthrough", masthead=MASTHEAD)


def test_a_report_shows_what_helpers_made_in_order_and_nothing_else(report):
    body = report.split("</style>")[1]
    assert body.index("The finding") < body.index("Who buys") < body.index("Seen.") < body.index("1377")
    for unwanted in ("secret", "question", "foreign", "printed", "noise", "ValueError", "hidden = 1"):
        assert unwanted not in body


def test_a_walkthrough_shows_prose_code_and_results_as_text(walk):
    body = walk.split("</style>")[1]
    text = unescape(re.sub(r"<[^>]+>", "", body.replace("\n", " ")))
    for wanted in (
        "A question <script>", "secret = 'code'  # <b>", "foreign <script>", "printed <script>", "ValueError: <script>",
    ):  # fmt: skip
        assert wanted in text
    for unwanted in ("noise", "/a/path", "hidden = 1", "unseen = 1", "<i>"):
        assert unwanted not in body


@pytest.mark.parametrize("kind", ["report", "walkthrough"])
def test_nothing_runs_and_nothing_is_fetched(kind, notebook):
    html = render(notebook, kind=kind, masthead=MASTHEAD)
    assert "<script" not in html
    tags = re.findall(r"<\w[^>]*>", html.split("</style>")[1])
    assert not [mark for mark in tags if re.search(r"\son\w+=|javascript:|https?:", mark)]


def test_headings_of_the_same_words_have_addresses_of_their_own(walk):
    assert re.findall(r'<h2 id="([\w-]+)">', walk)[:2] == ["buyers", "buyers-2"]


def test_rendering_twice_gives_the_same_bytes(notebook, report):
    assert render(notebook, kind="report", masthead=MASTHEAD, footer=page.footer({"Input": "1377"})) == report


def test_another_kind_of_page_is_refused(notebook):
    with pytest.raises(ValueError, match="no kind of page 'slides'; there are 'report' and 'walkthrough'"):
        render(notebook, kind="slides", masthead=MASTHEAD)


def test_an_output_cannot_pass_as_ours_by_what_it_says():
    data = {"text/html": SCRIPT, "text/plain": "{'analysis': True}", "application/json": {"analysis": True}}
    notebook = v4.new_notebook(cells=[v4.new_code_cell("x", outputs=[v4.new_output("display_data", data=data)])])
    assert "<script" not in render(notebook, kind="walkthrough", masthead=MASTHEAD)


def test_a_table_of_hostile_names_keeps_its_text_on_the_page():
    import pandas as pd

    frame = pd.DataFrame({SCRIPT: [SCRIPT]})
    section = page.section("a", "A", table=tables.table(frame, caption=SCRIPT), csv=tables.csv_link(frame, "a.csv"))
    notebook = v4.new_notebook(cells=[v4.new_code_cell("x", outputs=[shown(Fragment(section))])])
    html = render(notebook, kind="report", masthead=MASTHEAD)
    assert "<script" not in html and html.count("&lt;script&gt;") == 4
