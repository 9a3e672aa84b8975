"""Every known export recognises a small made-up file in its system's own writing, and no other one's."""

import csv
import io
from pathlib import Path

import pytest

from analysis.collect import known

FILES = Path(__file__).parent


def header(name):
    """Return the header of a made-up file, read as its known export says."""
    export = known.load(name)
    text = (FILES / f"{name}.csv").read_bytes().decode(export.encoding)
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=export.separator))


def test_every_known_export_has_a_made_up_file():
    assert {file.stem for file in FILES.glob("*.csv")} == set(known.names())


@pytest.mark.parametrize("name", known.names())
def test_a_known_export_recognises_its_file_and_no_other_one_does(name):
    (fit,) = known.recognised(header(name))
    assert (fit.name, fit.missing) == (name, ())
    assert [other.name for other in known.fits(header(name))] == [name]


@pytest.mark.parametrize("name", known.names())
def test_every_known_export_says_where_it_was_seen_and_how_certain_that_is(name):
    export = known.load(name)
    assert export.title and export.seen and export.certain and export.notes and export.signature
    assert export.duplicates, "whether equal rows are one must be said"
    assert ("refunds" in export.tables) == bool(export.refunds), "the sign rule belongs to what fills refunds"
    assert export.rows == () or all(kind.when for kind in export.rows[:-1])


@pytest.mark.parametrize("name", known.names())
def test_every_table_of_a_known_export_has_the_columns_that_must_not_be_empty(name):
    from analysis.tables import CANONICAL

    for table, recipe in known.load(name).tables.items():
        derived = {column.name: column.day_of for column in CANONICAL[table].columns if column.day_of}
        has = {*recipe.columns, *filter(None, [recipe.numbered])}
        needed = {column.name for column in CANONICAL[table].columns if column.needed}
        assert {column for column in needed if column not in has and derived.get(column) not in has} == set()


@pytest.mark.parametrize("name", known.names())
def test_a_header_without_one_column_of_the_signature_is_not_recognised(name):
    export = known.load(name)
    for column in export.signature:
        there = [word for word in header(name) if word.strip("\ufeff ") not in export.columns[column].header]
        assert name not in [fit.name for fit in known.fits(there)]


def test_taobao_is_written_in_gb18030_and_is_no_utf_8():
    with pytest.raises(UnicodeDecodeError):
        (FILES / "taobao_orders.csv").read_bytes().decode("utf-8")
