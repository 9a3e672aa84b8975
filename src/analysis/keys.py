"""The key of a study: made on first use, kept away from data and reports, used by purpose and never shown.

It comes from ANALYSIS_KEY or from keys/<study>.key below the workspace, as 64 hexadecimal digits. What it is used for gets a key
of its own, derived from it, so that a digest made for one purpose says nothing about another.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import string
from pathlib import Path

from analysis import places
from analysis.refusals import StudyError

VARIABLE = "ANALYSIS_KEY"
DIGITS = 64  # hexadecimal: 32 bytes, as long as the digest (RFC 2104, section 3)


class Key:
    """A secret that makes digests. It shows its fingerprint, never itself, and refuses to be pickled."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def digest(self, text: str) -> str:
        """Return HMAC-SHA-256 (RFC 2104) of the text in UTF-8, as 64 hexadecimal digits."""
        return hmac.digest(self._secret, text.encode("utf-8", "surrogatepass"), "sha256").hex()

    def of(self, purpose: str) -> Key:
        """Return the key for one purpose, such as "customers"."""
        return Key(bytes.fromhex(self.digest(f"purpose: {purpose}")))

    @property
    def fingerprint(self) -> str:
        """Sixteen digits that tell one key from another and say nothing about either."""
        return hashlib.sha256(self.of("fingerprint")._secret).hexdigest()[:16]

    def __repr__(self) -> str:
        return f"Key({self.fingerprint})"

    def __reduce__(self):
        raise TypeError("a key is not pickled")


def key(study: str) -> Key:
    """Return the key of a study; make one, readable by its owner only, where there is none.

    Raises StudyError, in one line without the key, for one of the wrong size and for a file that others can read.
    """
    if written := os.environ.get(VARIABLE):
        return Key(_bytes(written, where=VARIABLE))
    path = file(study)
    if not path.exists():
        _make(path)
    if os.name == "posix" and (mode := path.stat().st_mode & 0o777) & 0o077:
        raise StudyError(
            f"the key {path} can be read by others (mode {mode:03o}); make it yours alone: chmod 600 {path}"
        )
    return Key(_bytes(path.read_text(encoding="utf-8", errors="replace").strip(), where=f"the key {path}"))


def file(study: str) -> Path:
    """Return where the key of a study is kept when ANALYSIS_KEY is not set."""
    return places.keys() / f"{study}.key"


def _bytes(written: str, *, where: str) -> bytes:
    if len(written) != DIGITS or set(written) - set(string.hexdigits):
        raise StudyError(f"{where} has {len(written)} characters; it needs {DIGITS} hexadecimal digits")
    return bytes.fromhex(written)


def _make(path: Path) -> None:
    """Make a key. Of two runs that make one at once, one wins and both use it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.parent.chmod(0o700)
    temporary = places.unfinished(path)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as unfinished:
            unfinished.write(secrets.token_hex(DIGITS // 2) + "\n")
        os.link(temporary, path)
    except FileExistsError:
        pass  # the other run was first
    finally:
        temporary.unlink(missing_ok=True)
