"""Pseudonyms at the door: past it no table holds a customer id as it came, and the same customer is the same in all of them.

A pseudonym is `<place>-<digest>`. The digest is the first 24 hexadecimal digits of HMAC-SHA-256 (RFC 2104) of the id under the
study's key: who lacks the key cannot compute it, and it stays the same when the data changes.

The place is there because rows are sorted and lots are drawn by customer: another key must change every pseudonym and no
number. So the place depends on the data and not on the key: customers stand in the order of an HMAC whose key is the digest of
all ids with the number and the money of their order lines. Who holds the raw data can work the places out, and so tell
which pseudonym is whom; the ids alone, or this code, do not suffice. A place changes whenever the data does, the digest never.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

import narwhals as nw

from analysis import engine, keys
from analysis.clean import rules
from analysis.identity import HOUSEHOLD, ids_in
from analysis.tables import CANONICAL

if TYPE_CHECKING:
    import pandas as pd

DIGITS = 24  # of the digest: 96 bits, so that no two customers share one


def at_the_door(typed: Mapping[str, nw.LazyFrame], *, study: str, setting: str, as_of: date) -> dict[str, nw.LazyFrame]:
    """Return the typed tables by name, with pseudonyms for customer ids where the study's setting is "keyed".

    The key never leaves this function; order lines never leave the engine.
    """
    if setting == "none":
        return dict(typed)
    key = keys.key(study)
    past = replaced(typed, pseudonyms(typed, key=key, as_of=as_of))
    return past | {"customers": households_replaced(past["customers"], key=key)} if "customers" in past else past


def pseudonyms(typed: Mapping[str, nw.LazyFrame], *, key: keys.Key, as_of: date) -> pd.DataFrame:
    """One row per customer id that any table names, by id: customer_id, pseudonym.

    Ids that are only named by rows later than `as_of` come after all others, so that what is seen does not depend on them.
    """
    known = _named(typed, as_of=as_of)
    order = keys.Key(_content(typed, as_of=as_of))
    known["lot"] = [order.digest(name) for name in known["customer_id"]]
    known = known.sort_values(["seen", "lot"], ascending=[False, True], ignore_index=True)
    width = len(str(len(known)))
    parts = enumerate(digests(known["customer_id"], key=key), start=1)
    known["pseudonym"] = [f"{place:0{width}d}-{part}" for place, part in parts]
    return known[["customer_id", "pseudonym"]].sort_values("customer_id", ignore_index=True)


def digests(customer_ids: Iterable[str], *, key: keys.Key) -> list[str]:
    """Return for each customer the part of the pseudonym that the key alone decides."""
    own = key.of("customers")
    return [own.digest(name)[:DIGITS] for name in customer_ids]


def replaced(tables: Mapping[str, nw.LazyFrame], mapping: pd.DataFrame) -> dict[str, nw.LazyFrame]:
    """Return the tables with each customer id replaced by its pseudonym; an empty id stays empty."""
    pairs, out = engine.lazy(mapping), {}
    for name, frame in tables.items():
        columns = frame.collect_schema().names()
        for column in ids_in(columns):
            frame = frame.join(pairs.rename({"customer_id": column}), on=column, how="left")
            frame = frame.with_columns(nw.col("pseudonym").alias(column)).drop("pseudonym")
        out[name] = frame.select(*columns)
    return out


def households_replaced(customers: nw.LazyFrame, *, key: keys.Key) -> nw.LazyFrame:
    """Return the customers, pseudonyms for their ids, with one for each household, too: `h<place>-<digest>`.

    The place is that of its first customer, so that another key changes no order in which households are drawn.
    """
    columns = customers.collect_schema().names()
    if HOUSEHOLD not in columns:
        return customers
    named = customers.filter(~nw.col(HOUSEHOLD).is_null(), nw.col(HOUSEHOLD) != "", ~nw.col("customer_id").is_null())
    known = named.group_by(HOUSEHOLD).agg(first=nw.col("customer_id").min())
    homes, own = engine.collect(known), key.of("households")
    homes["household"] = [
        f"h{first.partition('-')[0]}-{own.digest(name)[:DIGITS]}"
        for name, first in zip(homes[HOUSEHOLD], homes["first"], strict=True)
    ]
    if homes.empty:
        return customers.with_columns(nw.lit(None, dtype=nw.String).alias(HOUSEHOLD))
    joined = customers.join(engine.lazy(homes[[HOUSEHOLD, "household"]]), on=HOUSEHOLD, how="left")
    return joined.with_columns(nw.col("household").alias(HOUSEHOLD)).select(*columns)


def _named(typed: Mapping[str, nw.LazyFrame], *, as_of: date) -> pd.DataFrame:
    """One row per customer id that any table names: customer_id, seen (1 where a row of `as_of` or before names it)."""
    parts = []
    for name, frame in typed.items():
        for column in ids_in(frame.collect_schema().names()):
            for rows, seen in zip(rules.by_day(frame, CANONICAL[name], {}, as_of=as_of), (1, 0), strict=True):
                if rows is not None:
                    parts.append(rows.select(customer_id=nw.col(column), seen=nw.lit(seen)))
    named = nw.concat(parts).filter(~nw.col("customer_id").is_null())
    return engine.collect(named.group_by("customer_id").agg(seen=nw.col("seen").max()))


def _content(typed: Mapping[str, nw.LazyFrame], *, as_of: date) -> bytes:
    """Return a digest of who ordered how often for how much, which only the holder of the order lines can compute."""
    seen, _ = rules.by_day(typed["orders"], CANONICAL["orders"], {}, as_of=as_of)
    sums = engine.collect(seen.group_by("customer_id").agg(lines=nw.len(), amount=nw.col("amount").sum()))
    lines = (f"{row.customer_id}\t{row.lines}\t{row.amount:.2f}" for row in sums.itertuples(index=False))
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).digest()
