"""The page around a body: masthead, list of sections, look, and the policy that lets nothing in from outside."""

from html.parser import HTMLParser
from importlib.resources import files
from typing import NamedTuple

from analysis.report.fragments import Fragment, join, tag, text
from analysis.report.theme import variables

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:"


class Masthead(NamedTuple):
    """The line at the top of every page of a study."""

    title: str  #: name of the study
    what: str  #: what it is about, in a few words
    as_of: str  #: "data as of 31 December 2017"
    links: tuple[tuple[str, str], ...] = ()  #: (label, address) of the other pages
    current: str | None = None  #: label of this page


def page_html(body: Fragment, *, masthead: Masthead, footer: Fragment | None = None, language: str = "en") -> str:
    """Return the whole page as one self-contained file, with a list of the second-level headings of `body`.

    Raises TypeError for a body that is not a Fragment, which could hold markup that came from data.
    """
    if not isinstance(body, Fragment):
        raise TypeError(
            f"the body of a page is a Fragment made by the helpers of this package, not {type(body).__name__}"
        )
    headings = _Headings()
    headings.feed(str(body))
    name = masthead.current or headings.title or "Report"
    content = tag("main", body, attributes={"id": "main"})
    head = join([
        Fragment('<meta charset="utf-8">\n<meta name="viewport" content="width=device-width,initial-scale=1">\n'),
        Fragment('<meta http-equiv="Content-Security-Policy" content="{}">\n').format(Fragment(POLICY)),
        tag("title", f"{name} · {masthead.title}"),
        Fragment(f"\n<style>\n{variables()}{files(__package__).joinpath('page.css').read_text(encoding='utf-8')}</style>"),
    ])  # fmt: skip
    parts = join([
        Fragment('<a class="skip" href="#main">Skip to the answer</a>\n'),
        _header(masthead),
        "\n",
        tag("div", _contents(headings.found), "\n", content, attributes={"class": "cols"}),
        "\n",
        tag("footer", footer) if footer else Fragment(),
    ])  # fmt: skip
    opening = Fragment('<!doctype html>\n<html lang="{}">\n<head>\n').format(text(language))
    return f"{opening}{head}\n</head>\n<body>\n{parts}\n</body>\n</html>\n"


def _header(masthead: Masthead) -> Fragment:
    about = [Fragment(" · ") + part for part in (masthead.what, masthead.as_of) if part]
    links = [
        tag("a", label, attributes={"href": address, "aria-current": "page" if label == masthead.current else None})
        for label, address in masthead.links
    ]
    navigation = tag("nav", *links, attributes={"aria-label": "Reports"}) if links else Fragment()
    return tag("header", tag("p", tag("b", masthead.title), *about), navigation)


def _contents(found: list[tuple[str, str]]) -> Fragment:
    if len(found) < 2:
        return Fragment()
    items = [tag("li", tag("a", label, attributes={"href": f"#{key}"})) for key, label in found]
    fold = tag("details", tag("summary", "On this page"), tag("ol", *items))
    return tag("nav", fold, attributes={"class": "toc", "aria-label": "On this page"})


class _Headings(HTMLParser):
    """Collects the address and the label of each second-level heading, and the words of the first title."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.title = ""
        self._inside: tuple[str, str, str] | None = None

    def handle_starttag(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if name == "h1" or (name == "h2" and given.get("id")):
            self._inside = (name, given.get("id") or "", given.get("data-label") or "")
            self._words = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self._words += data

    def handle_endtag(self, name: str) -> None:
        if not self._inside or name != self._inside[0]:
            return
        _, key, label = self._inside
        if name == "h2":
            self.found.append((key, label or self._words.strip()))
        self.title = self.title or (self._words.strip() if name == "h1" else "")
        self._inside = None
