"""One run of a study at a time, and only where its results can be written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis import places
from analysis.refusals import StudyError


@contextmanager
def alone(study: str) -> Iterator[None]:
    """Keep other runs of the study out until the block ends. Raises StudyError, in one line, where one is under way.

    The system gives the lock back also when the run is killed, so none is ever left behind. Windows has no such lock, and
    there runs are not kept apart. Raises OSError where a folder of results cannot be written, before anything changes.
    """
    for folder in (places.raw(study), places.processed(study), places.reports(study)):
        _try(folder)
    with _locked(_folder() / f"{study}.lock", f"study {study!r}"):
        yield


def refuse_running() -> None:
    """Raise StudyError where a run of any study is under way."""
    for lock in sorted(_folder().glob("*.lock")):
        with _locked(lock, f"study {lock.stem!r}"):
            pass


def _folder() -> Path:
    return places.workspace() / ".doit"


def _try(folder: Path) -> None:
    while not folder.exists():  # it will be made inside the first that there is
        folder = folder.parent
    tried = places.unfinished(folder / "can-be-written")
    try:
        tried.touch()
    finally:
        tried.unlink(missing_ok=True)


@contextmanager
def _locked(path: Path, name: str) -> Iterator[None]:
    if os.name == "nt":
        yield
        return
    import fcntl

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise StudyError(
                f"{name} is being run by process {lock.read().strip() or 'unknown'}; wait for its end, or end that process"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
