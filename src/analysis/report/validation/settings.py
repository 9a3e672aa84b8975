"""One section per family of estimates: a row for each setting and method, red where the goal is missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.report import numbers, page, tables
from analysis.report.fragments import Fragment, join
from analysis.report.validation import marks
from analysis.report.words import plural

if TYPE_CHECKING:
    from collections.abc import Mapping

FAMILIES: Mapping[str, tuple[str, str]] = {
    "lots": ("Campaigns by lot", "Treated against held out. The naive methods beside: Welch's t-test of customers, and orders "
             "taken as customers."),
    "rules": ("Campaigns by rule", "Contacted against comparable customers, its placebo, and the word that is printed. The naive "
              "method beside: contacted against all others."),
    "plans": ("The planner", "The plan is made from one window, its smallest effect is then true in the next. How often is it "
              "shown?"),
    "loyalty": ("The loyalty report", "Means, shares, medians and ratios of customers, and what is said of changes."),
    "conversion": ("The conversion report", "Rates of contacts, several with the same customer, and their differences."),
    "weeks": ("Control charts", "A year in which nothing changes. The page says how often a chart then sets off."),
}  # fmt: skip
KEY = ["cell", "estimate", "method", "says"]


def section(family: str, results: pd.DataFrame, checks: pd.DataFrame, full: pd.DataFrame) -> Fragment:
    """Return the section of a family; `full` holds the checks of the committed full run, shown beside a quick one."""
    label, lead = FAMILIES[family]
    rows = results[results["family"] == family]
    intervals, claims = rows[rows["says"] == ""], rows[rows["says"] != ""]
    parts = []
    if len(intervals):
        parts.append(
            tables.table(_interval_rows(intervals, checks, full), caption="Intervals, by estimate and setting")
        )
    if len(claims):
        parts.append(
            tables.table(_claim_rows(claims, checks, full), caption="Words and tests, by estimate and setting")
        )
    return page.section(
        family, _title(label, rows), lead, label=label, table=join(parts), csv=tables.csv_link(rows, f"validation_{family}.csv"),
        how_to_read="Each number with its Monte-Carlo standard error. Red and “outside”: beyond the goal by more than two of them. "
        "Above: the interval lies wholly above the truth; below: wholly below. Bias is in standard errors of the estimate.",
        note=_refused(rows),
    )  # fmt: skip


def _title(label: str, rows: pd.DataFrame) -> str:
    own = rows[rows["method"] == ""]
    missed = own.loc[own["outside"] != "", "estimate"].nunique()
    return f"{label}: {numbers.count(missed)} of {plural(own['estimate'].nunique(), 'estimate')} outside the goal"


def _interval_rows(rows: pd.DataFrame, checks: pd.DataFrame, full: pd.DataFrame) -> pd.DataFrame:
    found, before = _by_row(checks), _by_row(full)
    table = []
    for row in rows.sort_values(["estimate", "cell", "method"]).to_dict("records"):
        own = found.get(tuple(row[key] for key in KEY), {})
        earlier = before.get(tuple(row[key] for key in KEY), {})
        main = "false alarms" if row["nothing"] else "coverage"
        line = {
            "estimate": _name(row), "setting": row["setting"], "worlds": _worlds(row), "bias": marks.marked(own.get("bias")),
            "coverage": marks.marked(own.get("coverage")), "false_alarms": marks.marked(own.get("false alarms")),
            "above": _side(row, own, "above"), "below": _side(row, own, "below"),
        }  # fmt: skip
        table.append(line | ({"full": marks.marked(earlier.get(main))} if before else {}))
    names = {
        "bias": "Bias",
        "false_alarms": "False alarms (nothing happened)",
        "full": "Full run: coverage or false alarms",
    }
    shown = pd.DataFrame(table)
    return shown.rename(columns={name: names.get(name, name.capitalize()) for name in shown.columns})


def _claim_rows(rows: pd.DataFrame, checks: pd.DataFrame, full: pd.DataFrame) -> pd.DataFrame:
    found, before = _by_row(checks), _by_row(full)
    table = []
    for row in rows.sort_values(["estimate", "says", "cell", "method"]).to_dict("records"):
        key = tuple(row[key] for key in KEY)
        own, earlier = found.get(key, {}).get("claims"), before.get(key, {}).get("claims")
        line = {
            "Estimate": _name(row), "What is said": row["says"], "Setting": row["setting"], "Worlds": _worlds(row),
            "Share of worlds": marks.marked(own), "Goal": marks.goal({**row, "measure": "claims"}),
        }  # fmt: skip
        table.append(line | ({"Full run": marks.marked(earlier)} if before else {}))
    return pd.DataFrame(table)


def _by_row(checks: pd.DataFrame) -> dict[tuple, dict[str, dict]]:
    found: dict[tuple, dict[str, dict]] = {}
    for check in checks.to_dict("records"):
        found.setdefault(tuple(check[key] for key in KEY), {})[check["measure"]] = check
    return found


def _side(row: dict, own: dict, side: str) -> object:
    check = own.get(f"{side} the truth")
    return marks.marked(check) if check else numbers.percent(row[side])


def _name(row: dict) -> str:
    return f"{row['estimate']}, {row['method']}" if row["method"] else row["estimate"]


def _worlds(row: dict) -> str:
    refused = f" ({numbers.count(row['refused'])} refused)" if row["refused"] else ""
    return numbers.count(row["worlds"]) + refused


def _refused(rows: pd.DataFrame) -> str | None:
    own = rows[(rows["method"] == "") & (rows["refused"] > 0)]
    reasons = [reason for reason in sorted(own["reason"].unique()) if reason]
    return (
        f"Refused means that no interval is printed, and counts in no share: {'; '.join(reasons)}." if reasons else None
    )
