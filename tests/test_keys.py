"""A key is made once, is its owner's alone, and never shows itself."""

import hashlib
import hmac
import os
import pickle

import pytest

from analysis import keys
from analysis.refusals import StudyError

HEX = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("secret", "text", "digest"),
    [
        (b"\x0b" * 20, "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        (b"Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        (
            b"\xaa" * 131,
            "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
    ],
    ids=["case 1", "case 2", "case 6"],
)
def test_the_digest_is_that_of_rfc_4231(secret, text, digest):
    assert keys.Key(secret).digest(text) == digest


def test_each_purpose_has_a_key_of_its_own():
    key = keys.Key(bytes.fromhex(HEX))
    derived = hmac.new(bytes.fromhex(HEX), b"purpose: customers", hashlib.sha256).digest()
    assert key.of("customers").digest("Ann") == hmac.new(derived, b"Ann", hashlib.sha256).hexdigest()
    assert len({key.digest("Ann"), key.of("customers").digest("Ann"), key.of("forgotten").digest("Ann")}) == 3


def test_a_key_is_made_on_first_use_for_its_owner_alone_and_stays(workspace, monkeypatch):
    monkeypatch.delenv(keys.VARIABLE, raising=False)
    made = keys.key("shop")
    path = workspace / "keys" / "shop.key"
    assert keys.key("shop").fingerprint == made.fingerprint != keys.key("other").fingerprint
    assert len(path.read_text().strip()) == 64
    assert [file.name for file in (workspace / "keys").iterdir() if file.name.startswith(".")] == []
    if os.name == "posix":
        assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_the_environment_goes_before_the_file(workspace, monkeypatch):
    monkeypatch.setenv(keys.VARIABLE, HEX)
    assert keys.key("shop").digest("Ann") == keys.Key(bytes.fromhex(HEX)).digest("Ann")
    assert not (workspace / "keys").exists()


@pytest.mark.parametrize("wrong", ["abc", HEX + "00", "g" * 64])
def test_a_key_of_the_wrong_size_is_refused_in_one_line_that_does_not_show_it(workspace, monkeypatch, wrong):
    monkeypatch.setenv(keys.VARIABLE, wrong)
    with pytest.raises(StudyError) as refused:
        keys.key("shop")
    assert str(refused.value) == f"ANALYSIS_KEY has {len(wrong)} characters; it needs 64 hexadecimal digits"
    monkeypatch.delenv(keys.VARIABLE)
    (workspace / "keys").mkdir()
    keys.file("shop").write_text(wrong)
    keys.file("shop").chmod(0o600)
    with pytest.raises(StudyError, match="64 hexadecimal digits") as refused:
        keys.key("shop")
    assert wrong not in str(refused.value).replace(str(workspace), "") and "\n" not in str(refused.value)


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has modes of files")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_that_others_can_read_is_refused_with_the_way_out(workspace, monkeypatch, mode):
    monkeypatch.delenv(keys.VARIABLE, raising=False)
    keys.key("shop")
    keys.file("shop").chmod(mode)
    with pytest.raises(StudyError, match=f"can be read by others \\(mode {mode:03o}\\).*chmod 600"):
        keys.key("shop")


def test_a_key_shows_its_fingerprint_and_never_itself():
    key = keys.Key(bytes.fromhex(HEX))
    shown = f"{key} {key!r} {key.fingerprint}"
    assert HEX[:16] not in shown and "x01\\x23" not in shown
    derived = keys.Key(bytes.fromhex(key.of("fingerprint").digest(""))).fingerprint
    assert len(key.fingerprint) == 16 != derived
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(key)
