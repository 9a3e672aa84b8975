"""Strategies: what customers of each segment get, in which forms, and what that costs for one customer."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal
from difflib import get_close_matches

import pandas as pd

NOTHING = "nothing"  # the form of a strategy without gift and incentive


def strategies(rows: pd.DataFrame, incentives: pd.DataFrame, *, segments: Sequence[str]) -> pd.DataFrame:
    """One row per segment, by priority: what a customer of the segment gets and what that costs.

    Parameters
    ----------
    rows
        One row per strategy, the most important first: segment, gift, incentive (an incentive_id or missing), why.
    incentives
        One row per incentive: incentive_id, form, cost (of one use, in currency), uptake (share of receivers who use
        it).
    segments
        Every segment there is. Those without a strategy come last and get nothing.

    Returns
    -------
    segment, priority (1 first; missing where nothing is given), gift, incentive, forms (such as "gift + coupon"),
    expected_cost (sum of cost x uptake) and largest_cost (sum of cost), both per customer in currency, and why.
    The expected cost is a whole number of cents, rounded up, so that a plan never understates what it costs.

    Raises ValueError for a segment with two strategies, for a segment or incentive that does not exist, and for an
    incentive whose cost or uptake is not known.
    """
    if twice := rows.loc[rows["segment"].duplicated(), "segment"].tolist():
        raise ValueError(f"segment {twice[0]!r} has two strategies; give it one")
    for segment in rows["segment"]:
        _must_be_known("segment", segment, segments)
    kinds = {kind["incentive_id"]: kind for kind in incentives.to_dict("records")}
    written = {row["segment"]: row for row in rows.to_dict("records")}
    order = [*written, *(segment for segment in segments if segment not in written)]
    costed = [_costed(segment, written.get(segment, {}), kinds) for segment in order]
    gives = [row["forms"] != NOTHING for row in costed]
    costed = [row for row, given in zip(costed, gives, strict=True) if given] + [
        row for row, given in zip(costed, gives, strict=True) if not given
    ]
    table = pd.DataFrame(costed).astype({"gift": "str", "incentive": "str"})  # text also where nobody gets one
    table.insert(1, "priority", pd.array([*range(1, sum(gives) + 1), *[pd.NA] * (len(gives) - sum(gives))], "Int64"))
    return table


def cents(value: float | Decimal, *, rounding: str) -> int:
    """Return an amount of money in whole cents; a float counts as the decimal number that it is written as."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    return int((exact * 100).to_integral_value(rounding=rounding))


def _costed(segment: str, row: dict, kinds: dict[str, dict]) -> dict:
    given = [None if pd.isna(one := row.get(slot)) else one for slot in ("gift", "incentive")]
    for one in filter(None, given):
        _must_be_known("incentive", one, kinds)
    chosen = [kinds[one] for one in given if one is not None]
    for kind in chosen:
        for number in ("cost", "uptake"):
            if pd.isna(kind[number]):
                raise ValueError(f"incentive {kind['incentive_id']!r} has no {number}; a budget cannot be kept without")
    expected = sum((_exact(kind["cost"]) * _exact(kind["uptake"]) for kind in chosen), Decimal(0))
    largest = sum((_exact(kind["cost"]) for kind in chosen), Decimal(0))
    why = row.get("why")
    return {
        "segment": segment,
        "gift": given[0],
        "incentive": given[1],
        "forms": " + ".join(kind["form"] for kind in chosen) or NOTHING,
        "expected_cost": cents(expected, rounding=ROUND_CEILING) / 100,
        "largest_cost": cents(largest, rounding=ROUND_CEILING) / 100,
        "why": why if isinstance(why, str) and why else "" if chosen else "no strategy: this segment gets nothing",
    }


def _exact(value: float) -> Decimal:
    return Decimal(repr(float(value)))


def _must_be_known(what: str, name: str, known: Sequence[str] | dict) -> None:
    if name not in known:
        close = get_close_matches(str(name), list(known), n=3, cutoff=0.4) or sorted(known)[:8]
        raise ValueError(f"no {what} {name!r}; the nearest are {', '.join(close)}")
