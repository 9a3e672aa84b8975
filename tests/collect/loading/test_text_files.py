"""Text files come to typed Parquet whole or not at all, in small memory, and two readers must agree on every cell."""

import csv
import gzip
import hashlib
import io
import os
import stat

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import places
from analysis.collect.loading import cutting, opening, structure
from analysis.collect.loading.contract import Export
from analysis.collect.loading.loaded import FileError
from analysis.collect.loading.text_files import load

PLAIN = Export(columns={"a": {"header": "a"}, "b": {"header": "b"}}, tables={})
MULTILINE = Export(
    columns={"a": {"header": "a", "multiline": True}, "b": {"header": "b", "multiline": True}}, tables={}
)
BROKEN = places.project_root().parent / "shared" / "data" / "broken_csv"


def put(folder, content, name="f.csv"):
    (folder / name).write_bytes(content)
    return folder / name


def rows_of(folder):
    return [(row["a"], row["b"]) for row in pq.read_table(folder / "f.parquet").to_pylist()]


def test_two_readers_that_cut_a_line_differently_stop_the_file():
    text = b'1,"x, y"\n2,z\n'
    records = structure.scan(text, separator=b",", columns=2, line=2, multiline=False)
    cut = cutting.cut(text, records.lengths, records.lines, separator=b",", multiline=False, file="f.csv")
    assert [column.to_pylist() for column in cut] == [["1", "2"], ["x, y", "z"]]
    shorter = records.lengths - np.array([[0, 0], [0, 1]], dtype=np.int32)
    for expected, line in ((shorter, 3), (records.lengths[:1], 2)):
        with pytest.raises(FileError, match=f"line {line}: two readers cut these lines into different cells"):
            cutting.cut(text, expected, records.lines, separator=b",", multiline=False, file="f.csv")
    with pytest.raises(FileError, match="two readers"):  # pyarrow takes this quote for an open one and swallows the end
        cutting.cut(b'1,"x\n2,z\n', records.lengths, records.lines, separator=b",", multiline=False, file="f.csv")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(
    st.lists(st.tuples(*[st.text(st.characters(exclude_categories=["C"]) | st.sampled_from(',"\n;\t'), max_size=9)] * 2), min_size=1),
    st.sampled_from([32, 100, 10**6]),
    st.sampled_from(["\n", "\r\n"]),
)  # fmt: skip
def test_what_python_writes_comes_back_sign_by_sign(tmp_path, monkeypatch, rows, chunk, end):
    held = io.StringIO(newline="")
    csv.writer(held, lineterminator=end).writerows([("a", "b"), *rows])
    monkeypatch.setattr(opening, "CHUNK", chunk)
    loaded = load(put(tmp_path, held.getvalue().encode()), MULTILINE, into=tmp_path / "f.parquet")
    lost = [row for row in rows if any(sign in cell for cell in row for sign in "\ufffd")]
    assert rows_of(tmp_path) == [tuple(cell or None for cell in row) for row in rows if row not in lost]
    assert len(loaded.aside) == len(lost)


def test_the_lines_of_records_are_physical_ones(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "CHUNK", 20)
    load(put(tmp_path, b'a,b\n1,"x\ny"\n\n2,"x"\n3,"\n\n"\n4,z\n'), MULTILINE, into=tmp_path / "f.parquet")
    assert pq.read_table(tmp_path / "f.parquet")["_line"].to_pylist() == [2, 5, 6, 9]


def test_the_block_size_changes_nothing(tmp_path, monkeypatch):
    content = (
        b"a,b\n" + b"".join(b'%d,"x ""%d"""\n' % (n, n) for n in range(200)) + b'7\n8,x\n9,5" y\n' + b"5,e\n" * 200
    )
    found = []
    for chunk in (16, 50, 333, 10**6):
        monkeypatch.setattr(opening, "CHUNK", chunk)
        loaded = load(put(tmp_path, content), PLAIN, into=tmp_path / "f.parquet")
        found.append((rows_of(tmp_path), loaded.aside, loaded.sha256))
    assert all(one == found[0] for one in found)
    assert [row.line for row in found[0][1]] == [201, 202, 203, 204]
    assert found[0][2] == hashlib.sha256(content).hexdigest()


def test_a_refused_file_leaves_what_was_there(tmp_path):
    load(put(tmp_path, b"a,b\n1,2\n"), PLAIN, into=tmp_path / "f.parquet")
    before = (tmp_path / "f.parquet").read_bytes()
    with pytest.raises(FileError):
        load(put(tmp_path, b"a,b\n1,2,3\n"), PLAIN, into=tmp_path / "f.parquet")
    assert (tmp_path / "f.parquet").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["f.csv", "f.parquet"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_the_rows_can_be_read_by_their_owner_alone(tmp_path):
    load(put(tmp_path, b"a,b\n1,2\n"), PLAIN, into=tmp_path / "f.parquet")
    assert stat.S_IMODE((tmp_path / "f.parquet").stat().st_mode) == 0o600


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path, monkeypatch):
    file = put(tmp_path, b"a,b\n" + b"1,2\n" * 500)
    monkeypatch.setattr(opening, "CHUNK", 64)
    opened = opening.Opened(file, PLAIN)
    with pytest.raises(FileError, match="it changed while it was read; it is still being written"):
        for number, _ in enumerate(opened.chunks()):
            if number == 1:
                with file.open("ab") as further:
                    further.write(b"3,4\n")


def test_a_checksum_beside_the_file_must_agree(tmp_path):
    content = b"a,b\n1,2\n"
    file = put(tmp_path, content)
    put(tmp_path, hashlib.sha256(content).hexdigest().encode() + b"  f.csv\n", "f.csv.sha256")
    assert load(file, PLAIN, into=tmp_path / "f.parquet").kept == 1
    put(tmp_path, content[:-2] + b"\n")
    with pytest.raises(FileError, match="its content is not the one of f.csv.sha256"):
        load(file, PLAIN, into=tmp_path / "f.parquet")


def test_a_packed_file_may_not_unpack_without_end(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "FREE", 10**5)
    monkeypatch.setattr(opening, "CHUNK", 10**4)
    export = PLAIN.model_copy(update={"compressed": True})
    with pytest.raises(FileError, match="more than 200 times as large"):
        load(put(tmp_path, gzip.compress(b"a,b\n" + b"1,2\n" * 10**6)), export, into=tmp_path / "f.parquet")


@pytest.mark.parametrize("name", ["a b.csv", "it's.csv", "*.csv", "-rf.csv", "\u8ba2\u5355.csv", "a[1].csv"])
def test_any_name_of_a_file_is_a_name(tmp_path, name):
    put(tmp_path, b"a,b\nwrong,1\n", "other.csv")
    assert load(put(tmp_path, b"a,b\n1,2\n", name), PLAIN, into=tmp_path / "f.parquet").file == name
    assert rows_of(tmp_path) == [("1", "2")]


def test_a_link_out_of_the_folder_and_a_device_are_refused(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "f.csv").symlink_to(put(tmp_path, b"a,b\n1,2\n"))
    with pytest.raises(FileError, match="a link out of its folder"):
        load(tmp_path / "in" / "f.csv", PLAIN, into=tmp_path / "f.parquet")
    os.mkfifo(tmp_path / "in" / "pipe.csv")
    with pytest.raises(FileError, match="no regular file"):
        load(tmp_path / "in" / "pipe.csv", PLAIN, into=tmp_path / "f.parquet")


def test_a_quote_out_of_place_stops_a_file_whose_cells_may_have_line_ends(tmp_path):
    for content, line in ((b'a,b\n1,x\n2,5" y\n', 3), (b'a,b\n1,x\n2,"y\n3,z\n', 3), (b'a,b\n1,"x\ny" z\n', 2)):
        with pytest.raises(FileError, match=f"line {line}: a quote"):
            load(put(tmp_path, content), MULTILINE, into=tmp_path / "f.parquet")


def test_no_message_tells_what_stands_in_a_cell(tmp_path):
    export = Export(columns={"a": {"header": "a", "pattern": "x"}, "b": {"header": "b"}}, tables={})
    with pytest.raises(FileError) as refused:
        load(put(tmp_path, b"a,b\n" + b"Ann Smith,secret\n" * 9), export, into=tmp_path / "f.parquet")
    assert "Smith" not in str(refused.value) and "'aaa aaaaa'" in str(refused.value)


def _examples():
    places_ = [BROKEN / "csv-spectrum", BROKEN / "rvl" / "corpus"]
    return [file for folder in places_ for file in sorted(folder.rglob("*.csv"))] or [None]


@pytest.mark.parametrize("multiline", [False, True])
@pytest.mark.parametrize("file", _examples(), ids=lambda file: file.stem if file else "none")
def test_no_file_of_public_collections_is_silently_wrong(file, multiline, tmp_path, strict):
    if file is None:
        pytest.skip("the public collections are not there")
    content = file.read_bytes().removeprefix(b"\xef\xbb\xbf")
    first = content.split(b"\n")[0]
    separator = max(",;\t|", key=lambda sign: first.count(sign.encode()))
    try:
        header = next(csv.reader(io.StringIO(first.decode()), delimiter=separator))
        columns = {f"c{at}": {"header": name, "multiline": multiline} for at, name in enumerate(header)}
        export = Export(columns=columns, tables={}, separator=separator, allow_empty=True)
        loaded = load(file, export, into=tmp_path / "f.parquet")
    except (ValueError, StopIteration):
        return  # told
    alone = b"\r" in content and b"\n" not in content
    truth = strict(content.replace(b"\r", b"\n") if alone else content, separator=separator, columns=len(header))
    kept = [tuple(row[name] or "" for name in columns) for row in pq.read_table(tmp_path / "f.parquet").to_pylist()]
    assert all(row in truth.rows for row in kept) or loaded.aside
    assert loaded.aside or (truth.sound and kept == truth.rows)
