"""One section per family of estimates: a row for each estimate and setting, red where the goal is missed."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.report import numbers, page, tables
from analysis.report.fragments import Fragment, join
from analysis.report.validation import marks
from analysis.report.words import plural

FAMILIES: Mapping[str, tuple[str, str]] = {
    "lots": ("Campaigns by lot", "Treated against held out. “Tail” is the spread of the logarithm of a buyer's spend."),
    "rules": (
        "Campaigns by rule",
        "Contacted against comparable customers, its placebo, and the word that is printed.",
    ),
    "plans": (
        "The planner",
        "A plan is made from what customers spent, and its smallest effect is then true. How often is it shown?",
    ),
    "loyalty": ("The loyalty report", "Means, shares, medians and ratios of customers, and what is said of changes."),
    "conversion": (
        "The conversion report",
        "Rates of contacts, several with the same customer, and their differences.",
    ),
    "weeks": (
        "Control charts",
        "A year in which nothing changes. The page says how often a chart then sets off.",
    ),
}
ROW, KEY = ["estimate", "cell", "says"], ["estimate", "cell", "says", "method"]
FULL = "In the full run"
HOW = (
    "Each number with its Monte-Carlo standard error. Red and “outside”: beyond the goal by more than two of them; “?”: too few "
    "worlds to tell. Coverage: the interval holds the truth; false alarms: it does not, where nothing happened. Above: share of "
    "worlds in which the interval lies wholly above the truth; below: wholly below. Bias is in standard errors of the estimate. "
    "Naive: what the usual method does on the same worlds."
)
Found = dict[tuple, dict[str, dict]]


def section(family: str, results: pd.DataFrame, checks: pd.DataFrame, full: pd.DataFrame) -> Fragment:
    """Return the section of a family; `full` holds the checks of the committed full run, shown beside a quick one."""
    label, lead = FAMILIES[family]
    rows = results[results["family"] == family].sort_values(KEY)
    now, before = _by_row(checks), _by_row(full)
    parts = []
    for caption, part, columns in (
        ("Intervals, by estimate and setting", rows[rows["says"] == ""], _interval),
        ("Words and tests, by estimate and setting", rows[rows["says"] != ""], _claim),
    ):
        if len(part):
            lines = [columns(own, now, before) for own in _with_naive(part)]
            formats = dict.fromkeys(lines[0], marks.shown)
            parts.append(tables.table(pd.DataFrame(lines).astype("str"), caption=caption, formats=formats))
    return page.section(
        family, _title(label, rows), lead, label=label, table=join(parts), csv=tables.csv_link(rows, f"validation_{family}.csv"),
        how_to_read=HOW,
        note=_refused(rows),
    )  # fmt: skip


def _title(label: str, rows: pd.DataFrame) -> str:
    own = rows[rows["method"] == ""]
    missed = own.loc[own["outside"] != "", "estimate"].nunique()
    return f"{label}: {numbers.count(missed)} of {plural(own['estimate'].nunique(), 'estimate')} outside the goal"


def _with_naive(rows: pd.DataFrame) -> list[list[dict]]:
    """The rows of each estimate, setting and claim, the project's own first."""
    found: dict[tuple, list[dict]] = {}
    for row in rows.to_dict("records"):
        found.setdefault(tuple(row[key] for key in ROW), []).append(row)
    return list(found.values())


def _interval(group: list[dict], now: Found, before: Found) -> dict[str, str]:
    row, *naive = group
    main = "false alarms" if row["nothing"] else "coverage"
    own, earlier = _checks(row, now), _checks(row, before)
    line = {
        "Estimate": row["estimate"], "Setting": row["setting"], "Worlds": _worlds(row),
        "Coverage": marks.written(own.get("coverage")), "False alarms": marks.written(own.get("false alarms")),
        **({FULL: marks.written(earlier.get(main))} if before else {}),
        "Naive": "; ".join(_naive(other, now, main) for other in naive), "Bias": marks.written(own.get("bias")),
        "Above": _side(row, now, "above"), "Below": _side(row, now, "below"),
    }  # fmt: skip
    return line


def _claim(group: list[dict], now: Found, before: Found) -> dict[str, str]:
    row, *naive = group
    own, earlier = (_checks(row, found).get("claims") for found in (now, before))
    line = {
        "Estimate": row["estimate"], "What is said": row["says"], "Setting": row["setting"], "Worlds": _worlds(row),
        "Said in": marks.written(own), "Goal": marks.goal({**row, "measure": "claims"}),
        "Naive": "; ".join(_naive(other, now, "claims") for other in naive),
    }  # fmt: skip
    return line | ({FULL: marks.written(earlier)} if before else {})


def _naive(row: dict, now: Found, measure: str) -> str:
    """What the naive method did: its name and share, or that it refused."""
    check = _checks(row, now).get(measure)
    name = row["method"].removeprefix("naive: ")
    return f"{name}: {marks.value(check) if check else 'no result'}"


def _by_row(checks: pd.DataFrame) -> Found:
    found: Found = {}
    for check in checks.to_dict("records"):
        found.setdefault(tuple(check[key] for key in KEY), {})[check["measure"]] = check
    return found


def _checks(row: dict, found: Found) -> dict[str, dict]:
    return found.get(tuple(row[key] for key in KEY), {})


def _side(row: dict, now: Found, side: str) -> str:
    check = _checks(row, now).get(f"{side} the truth")
    if check:
        return marks.written(check)
    return numbers.percent(row[side]) if numbers.is_known(row[side]) else ""


def _worlds(row: dict) -> str:
    refused = f" ({numbers.count(row['refused'])} refused)" if row["refused"] else ""
    return numbers.count(row["worlds"]) + refused


def _refused(rows: pd.DataFrame) -> str | None:
    own = rows[(rows["method"] == "") & (rows["refused"] > 0)]
    reasons = [reason for reason in sorted(own["reason"].unique()) if reason]
    return (
        f"Refused: no interval is printed, and the world counts in no share ({'; '.join(reasons)})."
        if reasons
        else None
    )
