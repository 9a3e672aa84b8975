"""Faults seeded into the raw tables, each written down: what a clean room must find, and what it must leave alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.collect.workshop.scenario import ENDS_ON
from analysis.tables import CANONICAL

NOT_YET_SEEN, KEPT = "not yet seen", "kept"  # the fate of a row that no rule sets aside
LATE = "row from after the last day"
SHARE = 0.001  # of the rows of a table, for each fault
_WRITTEN = {
    "gender": {
        "female": ("F", "Female", "weiblich"),
        "male": ("M", " male", "MALE"),
        "other": ("Other", "x", "other "),
    },
    "channel": {
        "web": ("WEB", "Web"),
        "app": ("App", "APP"),
        "shop": ("Shop", "shop "),
        "referral": ("Referral", "referal"),
    },
}


def soiled(
    tables: dict[str, pd.DataFrame], *, campaign_ends: pd.Series, rng: np.random.Generator
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Return the tables with faults, and one row per faulty row: table, fault, fate (as the clean room names it), key.

    `campaign_ends` is the last day of each campaign (index campaign_id). A key stands as often as rows with it are faulty.
    """
    found: list[pd.DataFrame] = []
    out = dict(tables)

    def note(table: str, fault: str, fate: str, rows: pd.DataFrame) -> pd.DataFrame:
        key = rows[list(CANONICAL[table].key)].astype("str").agg(" / ".join, axis=1)
        found.append(pd.DataFrame({"table": table, "fault": fault, "fate": fate, "key": key}))
        return rows

    out["orders"] = _orders(tables["orders"], note, rng=rng)
    out["customers"] = _customers(tables["customers"], note, rng=rng)
    strangers = tables["customers"].loc[tables["customers"]["consent"].ne("yes"), "customer_id"]
    for name in ("contacts", "visits"):
        copies = note(name, "exact copy", "exact copy", tables[name].iloc[_some(tables[name], rng=rng)])
        out[name] = pd.concat([tables[name], copies], ignore_index=True)
    for name in ("visits", "feedback", "referrals"):
        later = tables[name].iloc[_some(tables[name], rng=rng)]
        moment = next((name for name in ("visited_at", "given_at") if name in later), None)
        after = _after_the_last_day(len(later), rng=rng)
        if moment is None:  # another customer came, or the row would have the key of the one it was made from
            after = after.astype("datetime64[D]").astype("datetime64[s]")
            later = later.assign(referred_customer_id="L" + later["referred_customer_id"].str[1:])
        later = later.assign(**{moment or "referred_on": after})
        note(name, LATE, NOT_YET_SEEN, later)
        out[name] = pd.concat([out[name], later], ignore_index=True)
    unknown = tables["contacts"].iloc[_some(tables["contacts"], rng=rng)]
    unknown = unknown.assign(customer_id="X" + unknown["customer_id"].str[1:])
    note("contacts", "customer who does not exist", "unknown customer_id", unknown)
    out["contacts"] = pd.concat([out["contacts"], unknown], ignore_index=True)
    answers = tables["responses"]
    not_sent = answers.iloc[_some(answers, rng=rng, most=len(strangers))]
    not_sent = not_sent.assign(customer_id=rng.choice(strangers.to_numpy(), len(not_sent), replace=False))
    late = answers.iloc[_some(answers, rng=rng)]
    late = late.assign(responded_on=late["campaign_id"].map(campaign_ends) + pd.Timedelta(days=3))
    note("responses", "answer of somebody who was not contacted", "not contacted", not_sent)
    note("responses", "answer after the campaign", "outside the campaign", late)
    out["responses"] = pd.concat([answers, not_sent, late], ignore_index=True)
    return out, pd.concat(found, ignore_index=True)


def _orders(orders: pd.DataFrame, note: Callable, *, rng: np.random.Generator) -> pd.DataFrame:
    """Order lines with seven faults, no line with two of them."""
    sold = np.flatnonzero(orders["amount"] > 0)
    n = max(3, round(SHARE * len(orders)))
    picked = rng.choice(sold, 6 * n, replace=False).reshape(6, n)
    copy, twice, negative, empty, nobody, late = (np.sort(rows) for rows in picked)
    out = orders.copy()
    amount, quantity = orders["amount"].to_numpy().copy(), orders["quantity"].to_numpy().copy()
    amount[negative], quantity[empty] = -amount[negative], 0
    out["amount"], out["quantity"] = amount, quantity
    out["customer_id"] = out["customer_id"].mask(np.isin(np.arange(len(out)), nobody))
    note("orders", "refund as a negative sale", "negative amount", out.iloc[negative])
    note("orders", "sales without a quantity", "money without goods", out.iloc[empty])
    note("orders", "customer not written down", "no customer_id", out.iloc[nobody])
    copies = note("orders", "exact copy", "exact copy", out.iloc[copy])
    changed = out.iloc[twice].assign(amount=(out["amount"].iloc[twice] + 1).round(2))
    note("orders", "same key, another amount", "same key", pd.concat([out.iloc[twice], changed]))
    after = _after_the_last_day(n, rng=rng)
    later = out.iloc[late].assign(ordered_at=after, order_id="L" + out["order_id"].iloc[late].str[1:])
    note("orders", LATE, NOT_YET_SEEN, later)
    return pd.concat([out, copies, changed, later], ignore_index=True)


def _customers(customers: pd.DataFrame, note: Callable, *, rng: np.random.Generator) -> pd.DataFrame:
    """Customers with words written in several ways, and some twice; a copy is of a row as it is then written."""
    out, truly = customers.copy(), customers
    for column, ways in _WRITTEN.items():
        rows = _some(out, rng=rng, share=0.05)
        values = out[column].to_numpy(dtype=object).copy()
        values[rows] = [ways[value][k % len(ways[value])] for k, value in enumerate(values[rows])]
        out[column] = pd.Series(values, dtype="str")
    picked = _some(out, rng=rng)
    note("customers", "exact copy", "exact copy", out.iloc[picked])
    out, truly = (pd.concat([one, one.iloc[picked]], ignore_index=True) for one in (out, truly))
    for column in _WRITTEN:
        for (written, meant), rows in out[out[column].ne(truly[column])].groupby([out[column], truly[column]]):
            note("customers", written_for(column, written, meant), KEPT, rows)
    return out


def written_for(column: str, written: str, meant: str) -> str:
    """Return the name of the fault of a word that is written in another way than it should be."""
    return f"{column} written as {written!r} for {meant}"


def _after_the_last_day(n: int, *, rng: np.random.Generator) -> np.ndarray:
    """As many moments in UTC of the two weeks after the last day; the shops stand further east."""
    seconds = rng.integers(1, 15, n) * 86_400 + rng.integers(0, 40_000, n)
    return np.datetime64(ENDS_ON, "s") + seconds.astype("timedelta64[s]")


def _some(
    table: pd.DataFrame, *, rng: np.random.Generator, share: float = SHARE, most: int | None = None
) -> np.ndarray:
    """Positions of a few rows, at least three, in order, no row twice."""
    n = min(max(3, round(share * len(table))), len(table) if most is None else most)
    return np.sort(rng.choice(len(table), n, replace=False))
