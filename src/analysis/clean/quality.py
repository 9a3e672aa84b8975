"""The quality table: rows in, kept, set aside and not yet seen, with their money, and the sentence that says so."""

from __future__ import annotations

import pandas as pd

from analysis.clean.quarantine import MONEY, because

_NOT_ASIDE = ("in", "kept", "not yet seen")


def quality(counts: pd.DataFrame) -> pd.DataFrame:
    """One row per canonical table: rows in, kept, set aside, not yet seen, and for orders the money of each.

    `counts` has one row per table and outcome. Raises ValueError when rows or money do not reconcile to the cent.
    """
    what = counts["outcome"].where(counts["outcome"].isin(_NOT_ASIDE), "set aside")
    measures = ["rows", *(name for name in MONEY if name in counts)]
    table = counts.assign(outcome=what).groupby(["table", "outcome"])[measures].sum(min_count=1).unstack("outcome")
    table.columns = [f"{measure}_{outcome.replace(' ', '_')}" for measure, outcome in table.columns]
    for measure in measures:
        for outcome in ("set_aside", "not_yet_seen"):
            column = f"{measure}_{outcome}"
            known = table[f"{measure}_in"].notna()
            table[column] = (table[column] if column in table else pd.Series(0.0, table.index)).fillna(0).where(known)
        gap = (
            table[f"{measure}_in"]
            - table[f"{measure}_kept"]
            - table[f"{measure}_set_aside"]
            - table[f"{measure}_not_yet_seen"]
        )
        if (bad := gap.abs() > 0.005).any():
            name = bad.idxmax()
            raise ValueError(
                f"{measure} of {name!r} do not reconcile: in minus kept, set aside and not yet seen is {gap[name]:.2f}, not 0"
            )
    table = table.round(2)
    return table.astype({name: "int64" for name in table if name.startswith("rows_")}).reset_index()


def reasons(counts: pd.DataFrame) -> pd.DataFrame:
    """One row per table and reason: rows set aside and their money, and why, in words."""
    aside = counts[~counts["outcome"].isin(_NOT_ASIDE)].rename(columns={"outcome": "reason"})
    words = [because(table, reason) for table, reason in zip(aside["table"], aside["reason"], strict=True)]
    return aside.assign(because=words).sort_values(["table", "reason"]).reset_index(drop=True)


def money(table: pd.DataFrame) -> pd.DataFrame:
    """One row per kind of money of the order lines: in, kept, set aside, not yet seen, in the study's currency."""
    orders = table.set_index("table").loc["orders"]
    outcomes = ("in", "kept", "set_aside", "not_yet_seen")
    return pd.DataFrame(
        [{"money": name, **{o: orders[f"{name}_{o}"] for o in outcomes}} for name in MONEY if f"{name}_in" in orders]
    )
