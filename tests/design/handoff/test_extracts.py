"""Results for programs that draw them: the same tables, the same ids, and no path of this machine."""

import json

import pandas as pd
import pytest

from analysis.design import formats
from analysis.design.handoff import shared

TABLE = pd.DataFrame({"customer_id": ["007", "张三"], "orders": [1, 2], "spend": [1.5, None], "arm": ["treated", None]})


def reading(asked):
    def read(name):
        asked.append(name)
        return TABLE

    return read


def test_power_bi_gets_a_folder_of_parquet_and_a_connection_without_a_path_of_this_machine(tmp_path):
    files = [
        file for room in formats.SHARED for file in shared(reading([]), tmp_path, wanted=["csv", "power-bi"], room=room)
    ]
    assert sorted(files) == sorted(f.relative_to(tmp_path).as_posix() for f in tmp_path.rglob("*") if f.is_file())
    assert {"power-bi/plan.parquet", "power-bi/campaign_results.parquet", "power-bi.pbids"} <= set(files)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "power-bi" / "plan.parquet"), TABLE)
    text = (tmp_path / "power-bi.pbids").read_text(encoding="utf-8")
    assert json.loads(text) == {
        "version": "0.1",
        "connections": [
            {
                "details": {"protocol": "folder", "address": {"path": "REPLACE-WITH-THE-FOLDER\\power-bi"}},
                "mode": "Import",
            }
        ],
    }
    assert str(tmp_path) not in text


def test_each_file_has_one_maker(tmp_path):
    shared(reading([]), tmp_path, wanted=["power-bi"], room="monitor")
    assert not (tmp_path / "power-bi.pbids").exists()  # the design room makes it


def test_nothing_is_read_for_a_study_that_wants_lists_only(tmp_path):
    asked = []
    assert shared(reading(asked), tmp_path / "handoff", wanted=["csv", "excel"], room="monitor") == []
    assert asked == [] and not (tmp_path / "handoff").exists()


def test_tableau_reads_back_what_was_written(tmp_path):
    pantab = pytest.importorskip("pantab", reason="the extra `tableau` is not installed")
    assert shared(reading([]), tmp_path, wanted=["tableau"], room="monitor") == ["tableau/monitor.hyper"]
    back = {key[1] if isinstance(key, tuple) else key: frame
            for key, frame in pantab.frames_from_hyper(tmp_path / "tableau" / "monitor.hyper").items()}  # fmt: skip
    assert {str(name).strip('"') for name in back} == set(formats.SHARED["monitor"])
    funnel = back["funnel"]
    assert funnel["customer_id"].tolist() == ["007", "张三"] and funnel["orders"].tolist() == [1, 2]
    assert funnel["spend"].isna().tolist() == [False, True] and funnel["arm"].isna().tolist() == [False, True]
    assert [file.name for file in (tmp_path / "tableau").iterdir()] == ["monitor.hyper"]


def test_tableau_without_its_extra_is_refused_with_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pantab", None)
    with pytest.raises(ImportError, match="^handoff=tableau needs the extra `tableau`: pip install pantab$"):
        shared(reading([]), tmp_path, wanted=["tableau"], room="design")
