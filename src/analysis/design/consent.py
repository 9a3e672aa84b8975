"""Who may be contacted: nobody without a stated consent, and nobody on the suppression list."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

NO = ("no", "false", "0", "unsubscribed", "withdrawn", "denied", "refused")  # words that are known to mean no
NO_CONSENT, SUPPRESSED = "no consent", "on the suppression list"
NOT_STATED = "(empty)"


def words(customers: pd.DataFrame, *, yes: Iterable[str]) -> pd.DataFrame | None:
    """One row per word in the column consent, most frequent first: word, customers, read_as. None without that column.

    Takes one row per customer. Upper and lower case and space around a word do not count. A word that means neither yes
    nor no is read as no consent, and so is an empty cell.
    """
    if "consent" not in customers:
        return None
    means = dict.fromkeys(NO, "no") | {word.strip().casefold(): "yes" for word in yes} | {NOT_STATED: "no: not stated"}
    counts = _plain(customers["consent"]).replace("", NOT_STATED).value_counts()
    table = counts.rename_axis("word").reset_index(name="customers")
    table["read_as"] = [means.get(word, "no: word not known") for word in table["word"]]
    return table.sort_values(["customers", "word"], ascending=[False, True], ignore_index=True)


def barred(
    members: pd.DataFrame,
    customers: pd.DataFrame,
    *,
    yes: Iterable[str],
    people: pd.DataFrame,
    listed: Iterable[str] = (),
) -> pd.Series:
    """Return for each row of `members` why the customer is never contacted, missing where there is no such reason.

    Parameters
    ----------
    members
        One row per customer to plan for: customer_id.
    customers
        The customers table. Where it has no column consent, consent is not known for anyone and bars nobody; where it
        has one, who is not in the table has given none.
    yes
        Words of that column that mean yes.
    people
        What `identities.identities` returns for `members`: customer_id, known_as and, where known, email.
    listed
        The suppression list: ids as the source knows them, or e-mails in upper or lower case. It goes before consent.
    """
    who = members["customer_id"]
    reason = pd.Series(None, index=members.index, dtype=object)
    if "consent" in customers:
        means_yes = {word.strip().casefold() for word in yes}
        given = _plain(customers.set_index("customer_id")["consent"]).isin(means_yes)
        reason = reason.mask(~who.map(given).fillna(False).astype(bool), NO_CONSENT)
    known = people.set_index("customer_id").loc[who].set_axis(members.index)
    never = {entry.strip().casefold() for entry in listed}
    on_list = np.logical_or.reduce(
        [_plain(known[column]).isin(never) for column in ("known_as", "email") if column in known]
    )
    return reason.mask(on_list, SUPPRESSED)


def suppressed(path: Path | None) -> list[str]:
    """Return the entries of a suppression list: the first field of each line of a text or CSV file in UTF-8.

    Empty lines and lines that begin with # say nothing. Without a list nobody is on it.
    """
    if path is None:
        return []
    fields = (line.split(",")[0].strip().strip('"').strip() for line in path.read_text("utf-8-sig").splitlines())
    return [field for field in fields if field and not field.startswith("#")]


def _plain(column: pd.Series) -> pd.Series:
    return column.astype("str").fillna("").str.strip().str.casefold()
