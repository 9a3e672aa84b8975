"""A file in which columns are missing: the refusal says what the file itself shows, such as another separator or lines above."""

from __future__ import annotations

import re
import unicodedata

from analysis.collect.loading.contract import Export
from analysis.collect.loading.loaded import FileError, shape
from analysis.refusals import nearest

NAMED = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a vertical bar"}


def plain(name: str) -> str:
    """Return a name of a column without what does not count: blanks of any kind around, several inside, upper and lower case."""
    return " ".join(unicodedata.normalize("NFKC", name).replace("\u200b", "").replace("\ufeff", "").split()).casefold()


def split(record: bytes, separator: str) -> list[str] | None:
    """Return the cells of one record by the strict grammar, None where it breaks it."""
    text = record.decode("utf-8").rstrip("\r\n")
    cell = rf'(?:"((?:[^"]|"")*)"|([^"{re.escape(separator)}\r\n]*))'
    cells, at = [], 0
    pattern = re.compile(cell + rf"({re.escape(separator)}|\Z)")
    while found := pattern.match(text, at):
        quoted, bare, end = found.groups()
        cells.append(bare if quoted is None else quoted.replace('""', '"'))
        if not end:
            return cells
        at = found.end()
    return None


def match(cells: list[str], export: Export) -> list[str | None]:
    """Return our name for each header of a file: an exact one first, then one that differs in blanks and case alone."""
    exact = {header: name for name, column in export.columns.items() for header in column.header}
    loose = {plain(header): name for header, name in exact.items()}
    taken = {exact[cell] for cell in cells if cell in exact}
    found = []
    for cell in cells:
        name = exact.get(cell) or loose.get(plain(cell))
        found.append(name if cell in exact or name not in taken else None)
    return found


def refusal(
    missing: list[str],
    cells: list[str],
    found: list[str | None],
    export: Export,
    *,
    file: str,
    line: int,
    lines: list[bytes],
) -> FileError:
    """Return the refusal for columns that are not there, with the reason that the file itself shows."""
    headers = [export.columns[name].header[0] for name in missing]
    for other in NAMED:
        cut = _try(lines[line - 1], other) if other != export.separator else None
        if cut and len(cut) > 1 and _fits(cut, export):
            words = f"{NAMED[other]} separates its header, and {NAMED[export.separator]} is declared"
            return FileError(file, words, f"declare separator: {other!r}", line=line)
    for later in range(line, len(lines)):
        cut = _try(lines[later], export.separator)
        if cut and _fits(cut, export):
            return FileError(file, f"the header stands on line {later + 1}", f"declare skip_lines: {later}", line=line)
    if not any(found) and any(re.fullmatch(r"[\W\d]*\d[\W\d]*", cell) for cell in cells):
        words = f"its first line looks like data ({shape(' '.join(cells))!r}), not like a header"
        return FileError(file, words, f"export it with a header; the first column would be {headers[0]!r}", line=line)
    if not any(found):
        words = f"none of its {len(cells)} columns has a known name; it should have {listed(headers)}"
        return FileError(
            file, words, "add its names to header in the contract, or look whether it is the right file", line=line
        )
    free = [cell for cell, name in zip(cells, found, strict=True) if name is None and cell.strip()]
    return FileError(
        file,
        f"there is no column {listed(headers)}",
        f"{nearest(headers[0], free)}; add its name to header in the contract",
        line=line,
    )


def _try(record: bytes, separator: str) -> list[str] | None:
    try:
        return split(record, separator)
    except UnicodeDecodeError:
        return None


def _fits(cells: list[str], export: Export) -> bool:
    found = set(match(cells, export))
    return all(name in found for name, column in export.columns.items() if column.needed)


def listed(names: list[str]) -> str:
    shown = ", ".join(repr(name[:40]) for name in names[:5])
    return shown + (f" and {len(names) - 5} more" if len(names) > 5 else "")
