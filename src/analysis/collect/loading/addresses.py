"""How a database is reached: its driver, the password from the environment, reading only, and failures told without secrets."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote, quote_plus

from analysis import places
from analysis.collect.loading.loaded import FileError

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

    from analysis.collect.loading.contract import Export

Answer = TypeVar("Answer")
DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql",
           "mariadb": "mariadb+pymysql"}  # fmt: skip
SECONDS_TO_ANSWER = 10
_LONGEST = 200  # characters of a driver's words
# Words of a driver about tables, rights and connections. What it says of values (PostgreSQL's class 22, say) would quote a cell.
_OF_NO_VALUE_STATES = ("08", "0A", "25", "28", "3D", "3F", "42", "53", "55", "57", "58")  # classes of SQLSTATE
_OF_NO_VALUE_CODES = {
    1044,
    1045,
    1049,
    1054,
    1064,
    1142,
    1143,
    1146,
    1205,
    1290,
    1792,
    2002,
    2003,
    2006,
    2013,
}  # of MySQL
_OF_NO_VALUE_BEGINS = ("no such ", "near ", "unable to open ", "file is not a ", "database is locked", "attempt to write ",
                       "database disk image ", "disk I/O ")  # of SQLite  # fmt: skip


def place(export: Export, name: str) -> str:
    """Return how messages name the origin of an export: its name, then host, database and table; no user, no options."""
    from sqlalchemy import make_url

    url = make_url(export.url)
    host = f"{url.host}:{url.port}/" if url.port else f"{url.host}/" if url.host else ""
    return f"{name} ({host}{url.database or ''}, {f'table {export.table}' if export.table else 'query'})"


def asked(export: Export, name: str, work: Callable[[Connection], Answer]) -> Answer:
    """Return what `work` makes of a connection that can only read. What the database refuses is told without secret and value.

    Raises FileError. The error of the driver is neither its cause nor its context: it may hold the password, and a
    notebook would show it.
    """
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    secret = _secret(export, name)
    engine = _engine(export, name, secret)
    try:
        with engine.connect() as connection:
            if connection.dialect.name in ("mysql", "mariadb"):
                connection.exec_driver_sql("set session transaction read only")
                connection.rollback()
            return work(connection.execution_options(postgresql_readonly=True))
    except DBAPIError as error:
        failed = reason(error.orig, secret)
    except SQLAlchemyError as error:
        failed = type(error).__name__
    raise FileError(place(export, name), f"the database says: {failed}", "put that right and run again")


def reason(error: BaseException | None, secret: str) -> str:
    """Return what a driver says in one line, if it speaks of tables, rights or connections; else only the kind of its error."""
    said = " ".join(str(error).split())
    state, first = getattr(error, "sqlstate", None), error.args[0] if error and error.args else None
    if isinstance(first, int):  # MySQL: (code, words)
        said, told = " ".join(str(error.args[-1]).split()), first in _OF_NO_VALUE_CODES
    elif isinstance(error, sqlite3.Error):
        told = said.startswith(_OF_NO_VALUE_BEGINS)
    else:  # psycopg: no state is a connection that was not made, or a value that Python has no room for
        told = state.startswith(_OF_NO_VALUE_STATES) if state else type(error).__name__ == "OperationalError"
    kind = type(error).__name__ + (f" {state}" if state else f" {first}" if isinstance(first, int) else "")
    if not told:
        return f"{kind} (its words could show a value and are left out)"
    said = said.split(" LINE 1:")[0]
    for form in sorted({secret, quote(secret), quote_plus(secret)} - {""}, key=len, reverse=True):
        said = said.replace(form, "***")
    return said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"


def _secret(export: Export, name: str) -> str:
    if not export.password:
        return ""
    if not (secret := os.environ.get(export.password, "")):
        raise FileError(
            place(export, name),
            f"the environment variable {export.password}, which holds the password, is not set",
            f"set it where the study is run, in a shell by: read -rs {export.password} && export {export.password}",
        )
    return secret


def _engine(export: Export, name: str, secret: str) -> Engine:
    from sqlalchemy import create_engine, make_url
    from sqlalchemy.pool import NullPool

    url = make_url(export.url)
    if url.get_backend_name() == "sqlite":
        file = _sqlite_file(url, export, name)
        read_only = f"{file.as_uri()}?mode=ro"
        return create_engine("sqlite://", creator=lambda: sqlite3.connect(read_only, uri=True), poolclass=NullPool)
    url = url.set(drivername=DRIVERS.get(url.drivername, url.drivername))
    patience = {} if "connect_timeout" in url.query else {"connect_timeout": SECONDS_TO_ANSWER}
    known = url.drivername in DRIVERS.values()
    try:
        return create_engine(
            url.set(password=secret) if secret else url,
            poolclass=NullPool,
            hide_parameters=True,
            connect_args=patience if known else {},
        )
    except Exception as error:  # no such dialect, or its driver is not installed
        unknown = type(error).__name__
    raise FileError(
        place(export, name),
        f"no driver for {url.drivername} ({unknown})",
        f"the drivers here are sqlite, {', '.join(sorted(set(DRIVERS.values())))}",
    )


def _sqlite_file(url: URL, export: Export, name: str) -> Path:
    file = places.workspace() / (url.database or "")
    if not url.database or url.database == ":memory:" or not file.is_file():
        raise FileError(
            place(export, name), f"there is no file {url.database or ':memory:'!r} below the workspace",
            "write the path as url: sqlite:///data/incoming/shop.db",
        )  # fmt: skip
    return file.resolve()
