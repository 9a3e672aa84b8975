"""What the last full validation said of an estimate, for the page that prints it. Reads the small committed table only."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import NamedTuple

from analysis.report import numbers
from analysis.report.words import plural, sentence_case

FILE = "validated.csv"  # one row per setting, estimate, method and claim; made by `make validate`
NOT_YET = "Not tried on simulated worlds yet."
COVERAGE, UNTOUCHED, TAIL, BIAS = (
    (0.94, 0.96),
    (0.944, 0.956),
    (0.021, 0.029),
    0.1,
)  # those of validation.goals, which a test holds it to
TAIL_OF = {"above the truth": "above", "below the truth": "below"}
MEANS = {
    "narrow": "take the interval as wider",
    "too often": "trust the word less",
    "one side": "",
    "too rarely": "its silence means little",
    "wide": "wider than need be",
    "bias": "",
}  # what a miss means to the reader, where its number does not say it
GRAVEST = tuple(MEANS)
Rows = Sequence[dict[str, str]]


def committed() -> list[dict[str, str]]:
    """One row per setting, estimate, method and claim of the last full run, all as text; empty before the first one."""
    source = files("analysis.report").joinpath(FILE)
    return list(csv.DictReader(source.read_text(encoding="utf-8").splitlines())) if source.is_file() else []


def digest(modules: Iterable[str]) -> str:
    """Return a short hash of the source of modules such as "inference.means", in the order of their names."""
    made = hashlib.sha256()
    for name in sorted(modules):
        *folders, last = name.split(".")
        made.update(files("analysis").joinpath(*folders, f"{last}.py").read_bytes())
    return made.hexdigest()[:12]


def remark(estimate: str, rows: Rows | None = None) -> str:
    """Return in one sentence that the estimate did well on simulated worlds, or its gravest miss with number and goal.

    `rows` is the table to read, the committed one unless said; says so where the estimate was not tried. Naive methods in it do not
    count. A last sentence warns where the code of the estimate has changed since.
    """
    own = [row for row in (committed() if rows is None else rows) if row["estimate"] == estimate and not row["method"]]
    known = [row for row in own if row["coverage"] or row["claimed"]]
    if not known:
        return NOT_YET
    worlds, settings = min(int(row["worlds"]) for row in own), {row["cell"] for row in own}
    tried = f"{plural(len(settings), 'setting')} of {numbers.count(worlds)} simulated worlds"
    missed = {row["cell"] for row in known if row["outside"]}
    if missed:
        said = [f"Misses its goal in {len(missed)} of {tried}: {_worst(known)}."]
    else:
        sure = "" if not any(row["untold"] for row in known) else ", as far as so many can tell"
        said = [f"Holds in {tried}{sure}{_refused(own)}."]
    if own[0]["code"] != digest(own[0]["modules"].split()):
        said.append("The code has changed since.")
    return " ".join(said)


def warnings(estimates: Iterable[str], rows: Rows | None = None) -> list[str]:
    """Return a sentence for each of the estimates that is outside its goal in some setting; none where all is well."""
    table = committed() if rows is None else rows
    outside = misses(table)
    told = {name: remark(name, table) for name in estimates if name in outside}
    return [f"{sentence_case(name)}: {said[:1].lower()}{said[1:]}" for name, said in told.items()]


def paragraph(page: str, rows: Rows | None = None) -> str:
    """Return how the estimates of a page did: how many meet their goal everywhere, and which do not."""
    table = [row for row in (committed() if rows is None else rows) if row["page"] == page]
    names = sorted({row["estimate"] for row in table if not row["method"]})
    if not names:
        return "The estimates of this page have not been tried on simulated worlds yet."
    outside = misses(table)
    unsure = {row["estimate"] for row in table if row["untold"] and not row["method"]} - set(outside)
    told = f", {len(unsure)} of them as far as so few worlds can tell" if unsure else ""
    said = f"On simulated worlds whose truth is known {len(names) - len(outside)} of {len(names)} estimates meet their goal{told}"
    return f"{said}; not, as is said where they stand: {'; '.join(outside)}." if outside else f"{said}."


def misses(rows: Rows | None = None) -> list[str]:
    """Return the estimates that are outside their goal in some setting of the full run, sorted."""
    table = committed() if rows is None else rows
    return sorted({row["estimate"] for row in table if row["outside"] and not row["method"]})


def _refused(rows: Rows) -> str:
    """Return in how many worlds of a setting the estimate is refused at most; empty where that is next to none."""
    most = max(int(row["refused"]) / int(row["worlds"]) for row in rows)
    return f"; refused in up to {numbers.percent(most, 0)} of the worlds of one" if most >= 0.005 else ""


def _worst(rows: Rows) -> str:
    """Return the gravest miss with its number and its goal, and what it means to the reader where that is something to do."""
    found = [_miss(row, measure) for row in rows if row["outside"] for measure in row["outside"].split("; ")]
    grave = min(found, key=lambda miss: (GRAVEST.index(miss.kind), -miss.beyond))
    return "; ".join(filter(None, [grave.said, MEANS[grave.kind]]))


class Miss(NamedTuple):
    """One measure outside its goal."""

    kind: str  #: what it means to the reader, a key of `MEANS`
    beyond: float  #: how far beyond the goal
    said: str


def _miss(row: dict[str, str], measure: str) -> Miss:
    if measure == "claims":
        share, low, high = (float(row[name]) for name in ("claimed", "goal_low", "goal_high"))
        kind = "too often" if share > high else "too rarely"
        return Miss(
            kind, max(low - share, share - high), f"“{row['says']}” in {numbers.percent(share)} (goal {_goal(row)})"
        )
    if measure == "bias":
        value = float(row["bias_of_error"])
        side = "high" if value > 0 else "low"
        said = f"value {numbers.decimal(abs(value))} of its error too {side} (goal at most {BIAS:g})"
        return Miss("bias", abs(value) - BIAS, said)
    if measure in TAIL_OF:
        share = float(row[TAIL_OF[measure]])
        said = f"interval {measure} in {numbers.percent(share)} (goal {_between(*TAIL)})"
        return Miss("one side", max(TAIL[0] - share, share - TAIL[1]), said)
    share, (low, high) = float(row["coverage"]), UNTOUCHED if measure == "false alarms" else COVERAGE
    said = f"the 95 % interval holds the truth in {numbers.percent(share)} (goal {_between(low, high)})"
    return Miss("narrow" if share < low else "wide", max(low - share, share - high), said)


def _goal(row: dict[str, str]) -> str:
    low, high = float(row["goal_low"]), float(row["goal_high"])
    if low <= 0:
        return f"at most {numbers.percent(high)}"
    return f"at least {numbers.percent(low)}" if high >= 1 else _between(low, high)


def _between(low: float, high: float) -> str:
    whole = all(round(100 * end, 6).is_integer() for end in (low, high))
    return numbers.interval(low, high, lambda share: numbers.percent(share, 0 if whole else 1))
