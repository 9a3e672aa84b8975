"""Where the rows of an export come from: files or a database, and what is refused of an address before anything is opened."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from analysis.collect.loading.contract import Export

TYPED = (".xlsx", ".xls", ".xlsb", ".ods", ".parquet")  # files whose cells have types, so that a date needs no format
_SECRET = re.compile(r"pass(word|wd|code)?$|pwd|secret|token", re.IGNORECASE)


def refuse_unclear(export: Export) -> None:
    """Raise ValueError for an export with no origin that can be read, with a password in its address, or dates without a format.

    An export without any origin is allowed: one that many have leaves the files to the study.
    """
    name = f"export {export.title or export.files or export.table or 'of a query'!r}"
    if export.from_database:
        _refuse_address(export, name)
        if export.query:
            refuse_commands(export.query, name)
        return
    if export.password:
        raise ValueError(f"{name} names a password and no url; write the address of the database as url")
    for column in export.columns.values():
        if column.kind in ("date", "moment") and not column.format and not export.files.endswith(TYPED):
            raise ValueError(
                f"column {column.header[0]!r} is a {column.kind} and has no format; write it like format: '%Y-%m-%d'"
            )


def _refuse_address(export: Export, name: str) -> None:
    if not export.url:
        raise ValueError(f"{name} has a table or a query and no url; write it like url: postgresql://reader@host/shop")
    if export.files:
        raise ValueError(f"{name} has both files and a url; make it two exports")
    if bool(export.table) == bool(export.query):
        raise ValueError(f"{name} needs either a table or a query")
    try:
        address = urlsplit(export.url)
        held = address.password is not None or any(_SECRET.search(key) for key, _ in parse_qsl(address.query))
    except ValueError:
        raise ValueError(f"{name}: its url is no address; write it like postgresql://reader@host:5432/shop") from None
    if held:
        raise ValueError(
            f"{name}: its url holds a password; take it out, put it into an environment variable and write that "
            "variable's name as password: SHOP_DATABASE_PASSWORD"
        )


def refuse_commands(query: str, name: str) -> None:
    """Raise ValueError for a query that is not one statement beginning with select or with; comments do not count."""
    bare = re.sub(r"--[^\n]*|/\*.*?\*/", " ", query, flags=re.DOTALL)
    without_text = re.sub(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"", "''", bare).strip().rstrip("; \n\t")
    if not re.match(r"(select|with)\b", without_text, flags=re.IGNORECASE) or ";" in without_text:
        raise ValueError(f"{name}: its query must be one select and nothing else")
