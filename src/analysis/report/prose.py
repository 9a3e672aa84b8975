"""The prose and code cells of a walk-through as HTML; markup written in them shows as text."""

import re

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from analysis.report.fragments import Fragment, tag


class Prose:
    """Turns the markdown cells of one notebook into HTML; headings get addresses that are unique on the page."""

    def __init__(self) -> None:
        self._used: dict[str, int] = {}

    def html(self, source: str) -> Fragment:
        """Return one cell as HTML."""
        renderer = _Renderer(self._address)
        return Fragment(MarkdownWithMath(renderer=renderer).render(source))

    def _address(self, words: str) -> str:
        slug = re.sub(r"\W+", "-", words.lower()).strip("-") or "section"
        self._used[slug] = self._used.get(slug, 0) + 1
        return slug if self._used[slug] == 1 else f"{slug}-{self._used[slug]}"


def code(source: str) -> Fragment:
    """Return Python as coloured, escaped text."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    return Fragment(highlight(source, PythonLexer(), HtmlFormatter(nowrap=True)).rstrip("\n"))


class _Renderer(IPythonRenderer):
    def __init__(self, address) -> None:
        super().__init__(escape=True, allow_harmful_protocols=False, exclude_anchor_links=True)
        self._address = address

    def heading(self, text: str, level: int, **attrs) -> str:
        key = self._address(Fragment(text).striptags())
        return str(tag(f"h{level}", Fragment(text), attributes={"id": key})) + "\n"

    def block_code(self, code: str, info: str | None = None) -> str:
        return str(tag("pre", tag("code", code.rstrip("\n")), attributes={"class": "code"})) + "\n"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return text

    def table(self, text: str) -> str:
        attributes = {"class": "scroll", "role": "group", "aria-label": "Table", "tabindex": 0}
        return str(tag("div", tag("table", Fragment(text)), attributes=attributes)) + "\n"
