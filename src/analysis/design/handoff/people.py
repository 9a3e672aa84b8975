"""Who is behind a customer id: contact details that can be used, consent, and ids that belong to one person."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

import numpy as np
import pandas as pd

from analysis.design.handoff.harmless import split_safe

DETAILS = ("email", "phone", "first_name", "last_name")
AGREED = ("yes", "true", "1", "subscribed", "granted")  # what in the column consent means yes
# An address may begin with + or =, and hardly any does; as a cell it would be a formula, and made harmless another address.
_EMAIL = re.compile(r"\w[^\s@,;:<>()\[\]\"\\]*@[^\s@,;:<>()\[\]\"\\]+\.\w+")
_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{6,14}")  # ITU-T E.164: at most fifteen digits, the first no zero


def details(identities: pd.DataFrame) -> pd.DataFrame:
    """One row per customer, by customer_id: those of email, phone, first_name and last_name that the data has.

    Takes one row per customer_id with any of these columns. Outer spaces are taken off, line breaks become spaces, an
    e-mail that is none becomes missing. Raises ValueError for a customer in two rows.
    """
    if (twice := identities["customer_id"].duplicated()).any():
        raise ValueError(f"{int(twice.sum())} customers stand in two rows of the identities; one row each")
    table = identities[["customer_id"]].copy()
    for name in DETAILS:
        if name in identities:
            cells = [one_line(cell) for cell in identities[name].astype(object)]
            if name == "email":
                cells = [cell if cell and _EMAIL.fullmatch(cell) else None for cell in cells]
            elif name != "phone":
                cells = [cell and split_safe(cell) for cell in cells]
            table[name] = pd.Series(cells, index=table.index, dtype="str")
    return table.sort_values("customer_id", ignore_index=True)


def one_line(cell: object) -> str | None:
    """Return a cell as text without outer spaces, line breaks and control characters; None where nothing is left."""
    if not isinstance(cell, str) and (cell is None or pd.isna(cell)):
        return None
    shown = str(cell)
    if not shown.isprintable():
        shown = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in shown)
    return " ".join(shown.split()) or None


def e164(phone: str | None) -> str | None:
    """Return a phone number as + and digits (ITU-T E.164), or None where it does not say its country.

    `+49 (0)171 234-567` and `0049 171 234567` become +49171234567. A national number such as `0171 234567` is None: which
    country it is of is not in the data, and a guess would reach somebody else.
    """
    if not isinstance(phone, str):
        return None
    plain = unicodedata.normalize("NFKC", phone).removeprefix("'").replace("(0)", "")
    digits = re.sub(r"^00", "+", re.sub(r"[\s().\-/\u2010-\u2015]", "", plain))
    return digits if _INTERNATIONAL.fullmatch(digits) else None


def persons(known: pd.DataFrame) -> pd.Series:
    """One number per row of `details`: rows with the same number are one person.

    Two ids are one person when they share an e-mail (upper and lower case are alike) or a phone, or are linked by such
    ids in between. Numbers of one digit only, or of fewer than seven, are placeholders and link nobody.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    rows = np.arange(len(known))
    pairs, nodes = [], len(known)
    for name, key in (("email", _email_key), ("phone", _phone_key)):
        if name in known:
            codes, values = pd.factorize(pd.Series([key(cell) for cell in known[name].astype(object)], dtype="object"))
            pairs.append(np.stack([rows[codes >= 0], codes[codes >= 0] + nodes]))
            nodes += len(values)
    edges = np.concatenate(pairs, axis=1) if pairs else np.empty((2, 0), dtype=int)
    graph = coo_array((np.ones(edges.shape[1], dtype=np.int8), (edges[0], edges[1])), shape=(nodes, nodes))
    return pd.Series(connected_components(graph, directed=False)[1][: len(known)], index=known.index)


def consents(identities: pd.DataFrame, *, agreed: Collection[str] = AGREED) -> pd.DataFrame:
    """One row per customer_id: `given` says that consent is recorded, `refused` that something else is; neither where nothing is.

    Where the data has no column consent, it is taken as given: who may be contacted was decided elsewhere.
    """
    table = identities[["customer_id"]].copy()
    if "consent" not in identities:
        return table.assign(given=True, refused=False)
    said = identities["consent"].astype("string").str.strip().str.casefold().replace("", pd.NA)
    given = said.isin([word.casefold() for word in agreed]).fillna(False).astype(bool)
    return table.assign(given=given, refused=said.notna() & ~given)


def _email_key(cell: object) -> str | None:
    return None if not isinstance(cell, str) else unicodedata.normalize("NFC", cell).casefold()


def _phone_key(cell: object) -> str | None:
    if not isinstance(cell, str):
        return None
    number = e164(cell) or re.sub(r"\D", "", unicodedata.normalize("NFKC", cell))
    return number if len(number) >= 7 and len(set(number.removeprefix("+"))) > 1 else None
