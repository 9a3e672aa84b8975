"""The draft of a study from proposed exports: about twenty lines of its own, and a question mark wherever somebody has to decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.collect.describe import lines
from analysis.collect.describe.evidence import OPEN, Stated
from analysis.collect.describe.proposals import Proposal

HEAD = """\
# A draft that `make describe` wrote from what it saw in the files. Nothing is loaded while a "?" is left: replace each by an answer.
# Put the files into data/incoming/{name}, or name their folder: make report STUDY={name} FILES=folder
"""


def draft(name: str, exports: Mapping[str, tuple[Proposal, str]]) -> str:
    """Return the text of a study file. `exports` are proposals with the pattern of their files, by the name of the export."""
    proposals = [proposal for proposal, _ in exports.values()]
    zone = _one({one.time_zone for one in proposals if one.time_zone})
    currency = _one({one.currency for one in proposals if one.currency})
    spans = [one for one in proposals if one.first and one.last]
    first, last = (min(one.first for one in spans), max(one.last for one in spans)) if spans else (OPEN, OPEN)
    text = [
        *lines.line(
            "like",
            "usual",
            why=["usual segments, incentives, strategies and weights; any of them can be stated here instead"],
        ),
        *lines.line("title", name.replace("-", " ").capitalize()),
        *lines.line("about", OPEN, why=["whose customers, in a few words"]),
        *lines.line("source", "files"),
        *lines.line("time_zone", zone, why=["where the business day is counted, as in Europe/Berlin"]),
        *lines.line("currency", currency, why=["of all amounts, as in EUR"]),
        *lines.line("starts_on", first, why=["first and last whole day in the data" + (", as seen" if spans else "")]),
        *lines.line("ends_on", last),
        *lines.line("as_of", last, why=["nothing after this day is seen"]),
        *lines.line(
            "seed", int(f"{last:%Y%m%d}") if spans else 1, why=["any number; the same one gives the same lots"]
        ),
        *lines.line("budget", OPEN, why=["for all incentives of the plan, in the currency"]),
        "",
        lines.block("exports"),
    ]
    for export, (proposal, files) in exports.items():
        text += _export(export, proposal, files)
    return HEAD.format(name=name) + "\n" + "\n".join(text) + "\n"


def _export(name: str, proposal: Proposal, files: str) -> list[str]:
    text = [lines.block(name, depth=1), *lines.line("files", files, depth=2)]
    if len(proposal.like) == 1:
        text += lines.line("like", proposal.like[0], depth=2)
    elif proposal.like:
        text += lines.line("like", OPEN, depth=2, why=[f"it may be {' or '.join(proposal.like)}"])
        return text  # the rest follows from the answer
    return text + _nested(proposal.stated, depth=2)


def _nested(stated: tuple[Stated, ...], *, depth: int) -> list[str]:
    """Return settings of several levels as lines, in the order of their first mention."""
    groups: dict[str, list[Stated]] = {}
    for one in stated:
        groups.setdefault(one.place[0], []).append(one)
    text = []
    for name, held in groups.items():
        if len(held[0].place) == 1:
            text += lines.line(name, held[0].value, depth=depth, why=held[0].why)
        else:
            text.append(lines.block(name, depth=depth))
            text += _nested(tuple(one._replace(place=one.place[1:]) for one in held), depth=depth + 1)
    return text


def _one(found: set[str]) -> Any:
    return next(iter(found)) if len(found) == 1 else OPEN
