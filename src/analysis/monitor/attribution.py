"""Attribution: to which channels the conversions are credited by first, last and all touches, and by a Markov chain.

Descriptive: a rule that shares out orders among the contacts before them. None of these rules knows which orders would have
come without any contact.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

METHODS = ("first touch", "last touch", "linear", "Markov")
FEWEST = 20  # customers with a conversion after a touch; below that no interval is to be trusted
FEWEST_OF_CHANNEL = 10  # customers whose conversions a rule credits to the channel, and as many for the others
DRAWS = 999
ROUNDING = 1e-9  # of a sum of parts of conversions


class Walks(NamedTuple):
    """What a set of paths says: counts by customer, one row each, whose sums give every method's credits."""

    channels: tuple[str, ...]
    counts: np.ndarray  #: customers x (3 credits per channel, then the transitions row by row)
    touched: np.ndarray  #: customers x channels: conversions with a touch by the channel


def walks(touches: pd.DataFrame) -> Walks:
    """Return the counts by customer of `touch_paths.Paths.touches`: one row per touch, each path of one customer.

    A transition goes from the start or a channel to a channel, to the conversion or to nothing.
    """
    table = touches.sort_values(["path", "place"]).reset_index(drop=True)
    channels = tuple(sorted(table["channel"].unique()))
    k = len(channels)
    code = (
        np.searchsorted(np.array(channels, dtype=object), table["channel"].to_numpy(dtype=object))
        if k
        else np.empty(0, int)
    )
    who, customers = pd.factorize(table["customer_id"])
    path, converted = table["path"].to_numpy(), table["converted"].to_numpy(dtype=bool)
    first = np.r_[True, path[1:] != path[:-1]] if len(table) else np.empty(0, bool)
    last = np.r_[first[1:], True] if len(table) else np.empty(0, bool)
    length = table.groupby("path")["place"].transform("size").to_numpy()
    counts = np.zeros((len(customers), 3 * k + (k + 1) * (k + 2)))
    for place, (rows, worth) in enumerate(((first, 1.0), (last, 1.0), (np.ones(len(table), bool), 1 / length))):
        of = rows & converted
        np.add.at(counts, (who[of], place * k + code[of]), np.broadcast_to(worth, len(table))[of])
    came_from = np.where(first, 0, np.r_[0, code[:-1] + 1] if len(table) else 0)
    np.add.at(counts, (who, 3 * k + came_from * (k + 2) + code), 1.0)
    ends = np.where(converted, k, k + 1)
    np.add.at(counts, (who[last], 3 * k + (code[last] + 1) * (k + 2) + ends[last]), 1.0)
    once = table.assign(code=code, who=who)[converted].drop_duplicates(["path", "code"])
    touched = np.zeros((len(customers), k))
    np.add.at(touched, (once["who"].to_numpy(), once["code"].to_numpy()), 1.0)
    return Walks(channels, counts, touched)


def removal_effects(transitions: np.ndarray) -> np.ndarray:
    """Return per channel 1 - P(conversion without it) / P(conversion), NaN where nothing converts.

    `transitions` has one or more (leading axes) matrices of counts: from the start and k channels, in rows, to k channels,
    conversion and nothing, in columns. With p the row shares, the chance of conversion from each state solves
    x = Q x + r, Q the part of p among channels and r its column of conversions (an absorbing chain of order 1); x of the start
    is P(conversion). Without a channel all that goes to it goes to nothing: its row and column are struck out.
    Source: Anderl, Becker, von Wangenheim and Schumann (2016), International Journal of Research in Marketing 33,
    457-474, section 3.3; the solution by Kemeny and Snell (1976), Finite Markov Chains, theorem 3.3.7.
    """
    made = np.asarray(transitions, dtype=float)
    k = made.shape[-1] - 2
    total = made.sum(axis=-1, keepdims=True)
    share = np.divide(made, total, out=np.zeros_like(made), where=total > 0)
    whole = _conversion(share, np.arange(k))
    without = np.stack([_conversion(share, np.delete(np.arange(k), j)) for j in range(k)], axis=-1)
    positive = whole > 0
    return np.where(positive[..., None], 1 - without / np.where(positive, whole, 1.0)[..., None], np.nan)


def _conversion(share: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Chance of conversion from the start with only these channels."""
    k = share.shape[-1] - 2
    among = share[..., kept + 1, :][..., :, kept]
    to_conversion = share[..., kept + 1, k]
    x = np.linalg.solve(np.eye(len(kept)) - among, to_conversion[..., None])[..., 0]
    return (share[..., 0, kept] * x).sum(axis=-1)


def shares(sums: np.ndarray, channels: int) -> np.ndarray:
    """Return the share of each channel (last axis) by each of `METHODS`, from sums of `Walks.counts` (last axis).

    First touch: conversions whose first touch it was, over all with a touch; last touch alike; linear: each touch of a
    conversion counts 1 / touches. Markov: its removal effect over the sum of all removal effects. NaN without conversion.
    """
    k = channels
    simple = sums[..., : 3 * k].reshape(*sums.shape[:-1], 3, k)
    effects = removal_effects(sums[..., 3 * k :].reshape(*sums.shape[:-1], k + 1, k + 2))
    credits = np.concatenate([simple, effects[..., None, :]], axis=-2)
    total = credits.sum(axis=-1, keepdims=True)
    return np.divide(credits, total, out=np.full_like(credits, np.nan), where=total > 0)


def attribution(
    found: Walks, *, rng: np.random.Generator, draws: int = DRAWS, confidence: float = 0.95
) -> pd.DataFrame:
    """One row per channel and method: touched (conversions with a touch by it), people (their customers),
    credited (conversions), share, low, high.

    The percentile interval of a bootstrap in which whole customers are drawn. Customers who are alike are drawn
    together, by how many of them there are, which is the same. NaN where fewer than 20 customers converted after a
    touch, and where a method credits the channel with conversions of fewer than 10 customers, or the others (Markov: where
    so few were touched by them): it would seem sure of all or nothing. Empty with fewer than two channels: there is nothing to share out.
    Source: Efron and Tibshirani (1993), chapter 13.
    """
    columns = ["channel", "method", "touched", "people", "credited", "share", "low", "high"]
    k = len(found.channels)
    conversions = found.counts[:, :k].sum()
    if k < 2 or conversions == 0:
        return pd.DataFrame(columns=columns)
    value = shares(found.counts.sum(axis=0), k)
    low, high = _limits(found.counts, k, rng=rng, draws=draws, confidence=confidence)
    did = found.counts[:, :k].sum(axis=1) > 0
    mine, of_others = _credited(found)
    told = (did.sum() >= FEWEST) & (np.minimum(mine, of_others) >= FEWEST_OF_CHANNEL)
    told &= high - low > ROUNDING  # all walk alike: no spread is seen, which is not to say that there is none
    low, high = np.where(told, low, np.nan), np.where(told, high, np.nan)
    rows = [
        {"channel": name, "method": method, "touched": int(found.touched[:, j].sum()), "people": int(mine[-1, j]),
         "credited": conversions * value[m, j], "share": value[m, j], "low": low[m, j], "high": high[m, j]}
        for j, name in enumerate(found.channels)
        for m, method in enumerate(METHODS)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _credited(found: Walks) -> tuple[np.ndarray, np.ndarray]:
    """Customers with a conversion that each method (rows) credits to each channel, and to another one, at least in part.

    The last row, for Markov, counts those touched by the channel before a conversion.
    """
    k = len(found.channels)
    credits = [*np.moveaxis(found.counts[:, : 3 * k].reshape(-1, 3, k), 1, 0), found.touched]
    mine = [(one > 0).sum(axis=0) for one in credits]
    of_others = [(one.sum(axis=1, keepdims=True) - one > ROUNDING).sum(axis=0) for one in credits]
    return np.array(mine), np.array(of_others)


def _limits(counts: np.ndarray, k: int, *, rng, draws: int, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    patterns, alike = np.unique(counts.round(12), axis=0, return_counts=True)
    weights = rng.multinomial(alike.sum(), alike / alike.sum(), size=draws)
    drawn = np.sort(shares(weights @ patterns, k), axis=0)
    place = int(np.floor((draws + 1) * (1 - confidence) / 2 + 1e-9))
    return drawn[place - 1], drawn[draws - place]
