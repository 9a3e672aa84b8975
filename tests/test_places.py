"""Files come to their final name whole or not at all."""

import pytest

from analysis import places


def test_a_file_has_its_final_name_only_when_it_is_whole(tmp_path):
    path = tmp_path / "deep" / "table.txt"
    with places.replacing(path) as unfinished:
        unfinished.write_text("half")
        assert not path.exists()
    assert path.read_text() == "half"
    assert [file.name for file in path.parent.iterdir()] == ["table.txt"]


def test_a_failure_leaves_the_old_file_and_no_remains(tmp_path):
    path = tmp_path / "table.txt"
    path.write_text("old")
    with pytest.raises(RuntimeError, match="disk full"), places.replacing(path) as unfinished:
        unfinished.write_text("new, but only ha")
        raise RuntimeError("disk full")
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["table.txt"]


def test_text_has_unix_line_ends_on_every_system(tmp_path):
    places.write_text(tmp_path / "a.txt", "one\ntwo\n")
    assert (tmp_path / "a.txt").read_bytes() == b"one\ntwo\n"


def test_what_is_written_goes_below_the_workspace_and_what_is_run_stays_with_the_project(workspace):
    assert places.raw("x") == workspace / "data" / "raw" / "x"
    assert places.reports("x") == workspace / "reports" / "x"
    assert (places.notebooks() / "1_collect.ipynb").exists()
