"""From an executed notebook to a page, through nbconvert with our own templates. Only flagged output passes as HTML."""

import re
from importlib.resources import files
from typing import Any, Literal

from analysis.report.fragments import Fragment, tag, text
from analysis.report.shell import Masthead, page_html

__all__ = ["Masthead", "page_html", "render"]

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def render(
    notebook: Any,
    *,
    kind: Literal["report", "walkthrough"],
    masthead: Masthead,
    footer: Fragment | None = None,
    language: str = "en",
) -> str:
    """Return the page of a notebook: of a report what our helpers made, of a walk-through also prose, code and results.

    Raises ValueError for another kind.
    """
    if kind not in ("report", "walkthrough"):
        raise ValueError(f"no kind of page {kind!r}; there are 'report' and 'walkthrough'")
    from nbconvert.exporters import HTMLExporter

    from analysis.report.prose import Prose, code

    templates = str(files(__package__).joinpath("templates"))
    filters = {"prose": Prose().html, "code": code, "shown": _shown, "is_ours": _is_ours}
    exporter = HTMLExporter(template_name=kind, extra_template_basedirs=[templates], filters=filters)
    body, _ = exporter.from_notebook_node(notebook)
    return page_html(Fragment(body.strip()), masthead=masthead, footer=footer, language=language)


def _is_ours(output: Any) -> bool:
    """Return whether a helper of this package made the output: data cannot set the metadata of an output."""
    return "text/html" in output.get("data", {}) and bool(
        output.get("metadata", {}).get("text/html", {}).get("analysis")
    )


def _shown(output: Any) -> Fragment:
    """Return an output as a piece of a page: ours as it is, all others as escaped text."""
    if _is_ours(output):
        made = Fragment(output["data"]["text/html"])
        return made
    kind = output.get("output_type")
    if kind == "stream":
        words = output["text"] if output.get("name") == "stdout" else ""
    elif kind == "error":
        words = f"{output.get('ename', 'Error')}: {output.get('evalue', '')}"
    else:
        words = output.get("data", {}).get("text/plain", "")
    words = _ANSI.sub("", "".join(words)).rstrip()
    attributes = {"class": "printed", "tabindex": 0, "role": "group", "aria-label": "Result"}
    return tag("pre", text(words), attributes=attributes) if words else Fragment()
