"""The parts of a report page, in reading order: answer, key figures, sections, next steps, trust, footer."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from analysis.report.fragments import Fragment, join, tag, text
from analysis.report.numbers import count
from analysis.report.validated import warnings


class KeyFigure(NamedTuple):
    """One number at the top of a page. All but `n` are written out already, by `numbers` and `words`."""

    label: str  #: what is counted, in which period
    value: str  #: the number with its unit
    interval: str = ""  #: its uncertainty, such as "10.9 to 13.2 %"
    n: int | str = ""  #: how many customers or orders it rests on
    change: str = ""  #: against the period before, with a word: "up from 2,050 in November"


def answer(title: str, *sentences: str, points: Sequence[tuple[str, str]] = ()) -> Fragment:
    """Return the opening: the main finding as the page's title, then two or three sentences with computed numbers.

    `points` are what the finding consists of, each a word and what it is said of; they stand between the two.
    """
    listed = [tag("li", tag("b", word), " ", said) for word, said in points]
    body = tag("h1", title) + (tag("ul", *listed) if listed else Fragment()) + tag("p", join(sentences, " "))
    return tag("div", body, attributes={"class": "answer"}).named("answer", title)


def key_figures(figures: Sequence[KeyFigure]) -> Fragment:
    """Return the row of four to six numbers under the answer."""
    boxes = []
    for figure in figures:
        n = f"n = {count(figure.n) if isinstance(figure.n, int) else figure.n}" if figure.n not in ("", None) else ""
        basis = " · ".join(part for part in (figure.interval, n) if part)
        lines = [("v", _big(figure.value)), ("i", basis), ("d", figure.change)]
        rows = [tag("dd", line, attributes={"class": name}) for name, line in lines if line]
        boxes.append(tag("div", tag("dt", figure.label), *rows, attributes={"class": "kpi"}))
    plain = "; ".join(f"{figure.label}: {figure.value}" for figure in figures)
    return tag("dl", *boxes, attributes={"class": "kpis"}).named("key_figures", plain)


def section(
    key: str,
    title: str,
    lead: str | Sequence[str] = (),
    *,
    figure: Fragment | None = None,
    table: Fragment | None = None,
    subtitle: str | None = None,
    how_to_read: str | None = None,
    csv: Fragment | None = None,
    note: str | None = None,
    source: str | None = None,
    label: str | None = None,
    estimates: Sequence[str] = (),
    folded: bool = False,
) -> Fragment:
    """Return one section: the finding as its title, a sentence, one figure or table, how to read it, its data.

    `key` is the section's address on the page, `label` its short name in the list of sections (the title unless said).
    `subtitle` gives measure, unit and period. A table stands closed behind its figure, or open without one; with `folded` it
    is closed there, too, together with what is needed only to read it. `estimates` are names in the validation; one that
    misses its goal there is said to do so below the section.

    Raises ValueError for a key that cannot be an address, and for a figure without table or without how to read it.
    """
    if not re.fullmatch(r"[a-z][a-z0-9-]*", key):
        raise ValueError(f"section key {key!r} must be small letters, digits and dashes, such as 'who-brings-sales'")
    if figure is not None and (table is None or not how_to_read):
        raise ValueError(f"section {key!r} shows a figure; it also needs `table` (its data) and `how_to_read`")
    parts: list[Fragment] = [tag("p", sentence) for sentence in ([lead] if isinstance(lead, str) else lead)]
    reading = (
        [tag("p", tag("b", "How to read it."), " ", how_to_read, attributes={"class": "how"})] if how_to_read else []
    )
    data = [piece for piece in (table, csv) if piece is not None]
    if figure is not None:
        parts += [
            tag("figure", tag("figcaption", subtitle) if subtitle else Fragment(), figure),
            *reading,
            _folded(data),
        ]
    else:
        measured = [tag("p", subtitle, attributes={"class": "subtitle"})] if subtitle else []
        shown = [*measured, *([table] if table is not None else []), *reading, *([csv] if csv is not None else [])]
        parts += [_folded(shown)] if folded and shown else shown
    said = [note, *warnings(estimates), f"Source: {source}." if source else None]
    notes = join([line for line in said if line], " ")
    parts += [tag("p", notes, attributes={"class": "note"})] if notes else []
    return _section(key, title, parts, label=label)


def absent(key: str, title: str, what: str, needs: str, *, label: str | None = None) -> Fragment:
    """Return a section for what this data cannot show: `what` is missing, and what the section `needs` to appear."""
    return _section(key, title, [tag("p", join([what, needs], " "), attributes={"class": "absent"})], label=label)


def next_steps(steps: Sequence[str], *, title: str = "What we would do next") -> Fragment:
    """Return at most five things to do, each tied to a number above."""
    if not 1 <= len(steps) <= 5:
        raise ValueError(f"next steps are one to five, not {len(steps)}")
    return _section("next", title, [tag("ol", *(tag("li", step) for step in steps))], name="next")


def trust(
    *,
    quality: Sequence[str],
    method: Sequence[tuple[str, str]],
    limits: Sequence[str],
    title: str = "How far to trust this",
) -> Fragment:
    """Return the closing section: data quality in plain words, the method by name (closed), and what the page does not show."""
    parts = [tag("h3", "The data"), *(tag("p", line) for line in quality)] if quality else []
    if method:
        named = [tag("p", tag("b", f"{name}."), " ", words) for name, words in method]
        parts.append(_folded(named, "How the numbers are made"))
    if limits:
        parts += [tag("h3", "What this does not show"), tag("ul", *(tag("li", line) for line in limits))]
    return _section("trust", title, parts, name="trust")


def footer(facts: Mapping[str, object]) -> Fragment:
    """Return the small print: inputs and their hash, parameters, versions. Facts of one run stay out."""
    pairs = [tag("div", tag("dt", name), tag("dd", value)) for name, value in facts.items()]
    return tag("dl", *pairs, attributes={"class": "facts"}).named("footer", "facts about inputs and versions")


def _folded(pieces: Sequence[Fragment], summary: str = "Data behind this") -> Fragment:
    return tag("details", tag("summary", summary), *pieces)


def _big(value: str) -> Fragment:
    """Return a value whose long unit is set smaller: 4.60 million USD."""
    match = re.fullmatch(r"(.*\d)(\s+\D{5,})", value, flags=re.DOTALL)
    return join([match[1], tag("small", match[2])]) if match else text(value)


def _section(key: str, title: str, parts: Sequence[Fragment], *, label: str | None = None, name=None) -> Fragment:
    heading = tag("h2", title, attributes={"id": key, "data-label": label})
    whole = tag("section", heading, *parts, attributes={"class": name, "aria-labelledby": key})
    return whole.named("section", str(text(title).unescape()))
