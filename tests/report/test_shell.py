import re

import pytest

from analysis.report import page
from analysis.report.fragments import Fragment
from analysis.report.shell import Masthead, page_html

SCRIPT = "<script>alert(1)</script>"
MASTHEAD = Masthead(
    "A study",
    "of a shop",
    "data as of 31 December 2017",
    (("Loyalty", "loyalty.html"), ("Index", "index.html")),
    "Loyalty",
)
BODY = (
    page.answer("The finding") + page.section("who", "Who buys", label="Buyers") + page.section("when", "When they buy")
)


@pytest.fixture(scope="module")
def whole():
    return page_html(BODY, masthead=MASTHEAD, footer=page.footer({"Input": "1377b783"}))


def test_the_page_says_language_title_width_and_lets_nothing_in(whole):
    assert whole.startswith('<!doctype html>\n<html lang="en">')
    assert "<title>Loyalty · A study</title>" in whole
    assert '<meta name="viewport" content="width=device-width,initial-scale=1">' in whole
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:"
    assert re.search(r'Content-Security-Policy" content="([^"]*)"', whole)[1] == policy


def test_nothing_is_asked_of_another_host_and_nothing_runs(whole):
    assert not re.search(r"https?://|@import|url\(|<script|<link|<iframe|\son\w+=", whole)


def test_the_list_of_sections_has_their_short_names_and_leads_to_them(whole):
    contents = whole.split('class="toc"')[1].split("</nav>")[0]
    assert re.findall(r'href="#([\w-]+)">([^<]+)<', contents) == [("who", "Buyers"), ("when", "When they buy")]
    assert all(f'id="{key}"' in whole for key in ("who", "when", "main"))


def test_the_masthead_marks_this_page_and_leads_to_the_others(whole):
    assert '<a href="loyalty.html" aria-current="page">Loyalty</a><a href="index.html">Index</a>' in whole


def test_the_footer_stands_after_the_main_part(whole):
    assert whole.index("</main>") < whole.index("<footer><dl")


def test_a_script_in_study_or_heading_shows_as_text():
    masthead = Masthead(SCRIPT, SCRIPT, SCRIPT, ((SCRIPT, '"><script>'),), None)
    body = page.answer(SCRIPT) + page.section("a", SCRIPT) + page.section("b", "B", label=SCRIPT)
    assert "<script" not in page_html(body, masthead=masthead)


def test_markup_that_no_helper_made_is_refused():
    with pytest.raises(
        TypeError, match="the body of a page is a Fragment made by the helpers of this package, not str"
    ):
        page_html("<p>data</p>", masthead=MASTHEAD)


def test_one_section_needs_no_list():
    assert "toc" not in page_html(Fragment(page.section("a", "A")), masthead=MASTHEAD).split("</style>")[1]
