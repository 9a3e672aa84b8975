"""What the last full validation said of an estimate, for the page that prints it. Reads the small committed table only."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Sequence
from importlib.resources import files

from analysis.report import numbers
from analysis.report.words import join_and, plural, sentence_case

FILE = "validated.csv"  # one row per setting, estimate, method and claim; made by `make validate`
NOT_YET = "Not tried on simulated worlds yet."
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
    """Return in two or three sentences how the estimate did on simulated worlds; says so where it was not tried.

    `rows` is the table to read, the committed one unless said. Naive methods in it do not count. A last sentence warns
    where the code of the estimate has changed since.
    """
    own = [row for row in (committed() if rows is None else rows) if row["estimate"] == estimate and not row["method"]]
    if not own:
        return NOT_YET
    said = [*_intervals([row for row in own if not row["says"]]), *_claims([row for row in own if row["says"]])]
    modules = own[0]["modules"].split()
    if own[0]["code"] != digest(modules):
        said.append("The code has changed since; the next full validation measures it again.")
    return " ".join(said) or NOT_YET


def warnings(estimates: Iterable[str], rows: Rows | None = None) -> list[str]:
    """Return a sentence for each of the estimates that is outside its goal in some setting; none where all is well."""
    table = committed() if rows is None else rows
    outside = misses(table)
    return [f"{sentence_case(name)}: {remark(name, table)}" for name in estimates if name in outside]


def paragraph(page: str, rows: Rows | None = None) -> str:
    """Return how the estimates of a page did: how many meet their goal everywhere, and which do not."""
    table = [row for row in (committed() if rows is None else rows) if row["page"] == page]
    names = sorted({row["estimate"] for row in table if not row["method"]})
    if not names:
        return "The estimates of this page have not been tried on simulated worlds yet."
    outside = misses(table)
    said = (
        f"Every estimate of this page was tried on simulated worlds whose truth is known; {len(names) - len(outside)} of "
        f"{len(names)} meet their goal in every setting"
    )
    return f"{said}; these do not, as is said where they stand: {'; '.join(outside)}." if outside else f"{said}."


def misses(rows: Rows | None = None) -> list[str]:
    """Return the estimates that are outside their goal in some setting of the full run, sorted."""
    table = committed() if rows is None else rows
    return sorted({row["estimate"] for row in table if row["outside"] and not row["method"]})


def _intervals(rows: Rows) -> list[str]:
    known = [row for row in rows if row["coverage"]]
    if not known:
        return []
    worlds = numbers.count(min(int(row["worlds"]) for row in known))
    settings = "one setting" if len(known) == 1 else f"each of {len(known)} settings"
    lines = [
        f"Validated on {worlds} simulated worlds in {settings}: the 95 % interval holds the truth in "
        f"{_range([float(row['coverage']) for row in known])} (goal 94 to 96 %)."
    ]
    lines += [_leaning(known)] if any(row["outside"] for row in known) else []
    refused = max(int(row["refused"]) / int(row["worlds"]) for row in known)
    lines += [f"It refuses an interval in up to {numbers.percent(refused, 0)} of worlds."] if refused >= 0.005 else []
    return lines


def _leaning(rows: Rows) -> str:
    """Return what it means that some settings miss the goal: too narrow, too wide, or on one side only."""
    missed = [row for row in rows if row["outside"]]
    held = [row for row in missed if {"coverage", "false alarms"} & set(row["outside"].split("; "))]
    narrow = [row for row in held if float(row["coverage"]) < 0.95]
    wide = [row for row in held if float(row["coverage"]) >= 0.95]
    parts = [f"too narrow in {len(narrow)} (take it as wider)"] if narrow else []
    parts += [f"wider than it need be in {len(wide)}"] if wide else []
    rest = [row for row in missed if row not in held]
    names = sorted({name for row in rest for name in row["outside"].split("; ")})
    parts += [f"off in {join_and(names)} in {len(rest)}"] if rest else []
    return f"That misses the goal in {len(missed)} of {len(rows)}: {join_and(parts)}."


def _claims(rows: Rows) -> list[str]:
    lines = []
    for says in sorted({row["says"] for row in rows if row["claimed"]}):
        own = [row for row in rows if row["says"] == says and row["claimed"]]
        worlds = numbers.count(min(int(row["worlds"]) for row in own))
        share = _range([float(row["claimed"]) for row in own])
        line = f"On {worlds} simulated worlds a setting “{says}” is said in {share} of them"
        missed = [row for row in own if row["outside"]]
        if own[0]["goal_low"]:
            ends = {_goal(row) for row in own}
            line += f" (goal {ends.pop() if len(ends) == 1 else 'as promised in each setting'})"
            line += f", which misses the goal in {len(missed)} of {plural(len(own), 'setting')}" if missed else ""
        lines.append(line + ".")
    return lines


def _goal(row: dict[str, str]) -> str:
    low, high = float(row["goal_low"]), float(row["goal_high"])
    if low <= 0:
        return f"at most {numbers.percent(high)}"
    return f"at least {numbers.percent(low)}" if high >= 1 else numbers.interval(low, high)


def _range(shares: Sequence[float]) -> str:
    least, most = numbers.percent(min(shares)), numbers.percent(max(shares))
    return least if least == most else numbers.interval(min(shares), max(shares))
