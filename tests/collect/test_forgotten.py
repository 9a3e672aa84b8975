"""Who was forgotten stays out when the next export names them again."""

import pandas as pd
import pytest

from analysis import keys, places
from analysis.collect import forgotten
from analysis.refusals import StudyError


@pytest.fixture
def export(workspace, monkeypatch):
    """A function that lays an export of three customers below data/raw, as if it had come again."""
    monkeypatch.delenv(keys.VARIABLE, raising=False)

    def comes():
        folder = places.raw("shop")
        folder.mkdir(parents=True, exist_ok=True)
        people = pd.DataFrame({"customer_id": ["7", "77", "8"], "email": ["ann@x.yz", "bo@x.yz", "cy@x.yz"]})
        people.to_parquet(folder / "customers.parquet")
        pd.DataFrame({"order_id": ["o1", "o2"], "line_id": ["1", "1"], "customer_id": ["7", "77"]}).to_parquet(
            folder / "orders.parquet"
        )
        return folder

    return comes


def test_a_forgotten_customer_who_comes_again_is_taken_out_and_counted(export):
    forgotten.remember("7", study="shop")
    for _ in range(2):  # each export brings them again
        folder = export()
        removed = forgotten.keep_out(folder, study="shop")
        assert {file.name: rows for file, rows in removed.items()} == {"customers.parquet": 1, "orders.parquet": 1}
        assert sorted(pd.read_parquet(folder / "customers.parquet")["customer_id"]) == ["77", "8"]
        assert pd.read_parquet(folder / "orders.parquet")["customer_id"].tolist() == ["77"]
    noted = places.forgotten("shop").read_text()
    assert '"7"' not in noted and "ann@x.yz" not in noted  # a digest, no id


def test_nobody_is_taken_out_where_nobody_was_forgotten(export):
    assert forgotten.keep_out(export(), study="shop") == {}


def test_with_another_key_the_forgotten_would_come_in_again_so_the_run_is_refused(export):
    forgotten.remember("7", study="shop")
    keys.file("shop").write_text("ab" * 32)
    with pytest.raises(StudyError, match="was noted with the key .* put the old one back"):
        forgotten.keep_out(export(), study="shop")
