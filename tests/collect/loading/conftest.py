"""What these tests share: the referee for text files, and a PostgreSQL server of their own on a free local port."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

import pytest


class Server(NamedTuple):
    """Where it listens, and the passwords of its owner and of a role that may read what it is given."""

    port: int
    owner: str = "owner-7f3a"
    reader: str = "hunter2:@/%?"  # every sign that an address would have to escape

    def url(self, user="reader", database="shop"):
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def run(self, *statements):
        """Run statements as the owner of the database."""
        import psycopg

        with psycopg.connect(
            host="127.0.0.1", port=self.port, user="owner", password=self.owner, dbname="shop", autocommit=True
        ) as connection:
            for statement in statements:
                connection.execute(statement)


@pytest.fixture(scope="module")
def postgres():
    """A server with the database `shop` and the role `reader`, which may read the tables that the owner makes."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [Path(shutil.which("initdb") or "")]
    if not programs[-1].is_file():
        pytest.skip("PostgreSQL's initdb is not installed (Debian: postgresql)")
    as_root = os.geteuid() == 0
    if as_root and not shutil.which("runuser"):
        pytest.skip("PostgreSQL does not run as root and there is no runuser to be another user")
    user = ["runuser", "-u", "postgres", "--"] if as_root else []
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server = Server(free.getsockname()[1])
    (folder / "password").write_text(server.owner + "\n", encoding="utf-8")
    if as_root:
        for path in (folder, folder / "password"):
            shutil.chown(path, "postgres")
    here = {"cwd": folder, "check": True, "stdout": subprocess.DEVNULL}
    control = [*user, str(programs[-1].with_name("pg_ctl")), "-D", str(folder / "data")]
    options = f"-p {server.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    subprocess.run(
        [*user, str(programs[-1]), "-D", str(folder / "data"), "-U", "owner", "-A", "scram-sha-256", "-E", "UTF8",
         "--locale=C", "--no-sync", f"--pwfile={folder / 'password'}"], **here,
    )  # fmt: skip
    subprocess.run([*control, "-w", "-o", options, "-l", str(folder / "log"), "start"], **here)
    try:
        import psycopg

        owner = {
            "host": "127.0.0.1",
            "port": server.port,
            "user": "owner",
            "password": server.owner,
            "autocommit": True,
        }
        with psycopg.connect(dbname="postgres", **owner) as connection:
            connection.execute("create database shop")
        server.run(
            f"create role reader login password '{server.reader}'",
            "alter default privileges grant select on tables to reader",
        )
        yield server
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **{**here, "check": False})
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def strict():
    """The slow strict reader of RFC 4180, the referee of what a text file says."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("strict", Path(__file__).with_name("strict.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.read
