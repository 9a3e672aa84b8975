"""Files are described: what they seem to be, the evidence for it on the terminal, and the draft of a study to start from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from analysis import places
from analysis.collect import known
from analysis.collect.describe.columns_seen import Seen, seen
from analysis.collect.describe.drafts import draft
from analysis.collect.describe.evidence import Evidence
from analysis.collect.describe.merging import together
from analysis.collect.describe.naming import named, pattern, study_name
from analysis.collect.describe.proposals import Proposal, open_questions, proposal
from analysis.collect.describe.sampling import Sample, sample
from analysis.collect.describe.trying import as_evidence, misfits
from analysis.refusals import StudyError


def describe(paths: Sequence[str], *, study: str = "") -> Iterator[str]:
    """Look at files and folders; give what was seen line by line, and write studies/<study>.yml at the end.

    Samples of text are given here and stand in no file. Raises StudyError for what is no table, and before anything is read
    where the study is there already or its name is none.
    """
    files = _files(paths)
    name = study or study_name(files[0].name)
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name):
        raise StudyError(
            f"STUDY={name}: a study is named with small letters, digits and hyphens, such as {study_name(name)}"
        )
    target = places.studies() / f"{name}.yml"
    if target.exists():
        raise StudyError(
            f"studies/{name}.yml is there already and is not overwritten; name another one: STUDY={name}-2"
        )
    groups: dict[tuple[str, ...], list[tuple[Path, Proposal]]] = {}
    for file in files:
        found = sample(file)
        columns = [seen(header, found.column(place), typed=found.typed) for place, header in enumerate(found.header)]
        fits = known.recognised(found.header)
        proposed = proposal(found, columns, fits=fits)
        if not found.whole:
            proposed = proposed._replace(first=None, last=None)  # later rows may hold later days
        yield from _told(found, columns, fits, proposed)
        groups.setdefault((*proposed.like, *found.header), []).append((file, proposed))
    exports: dict[str, tuple[Proposal, str]] = {}
    for held in groups.values():
        proposals = [proposed for _, proposed in held]
        usual = proposals[0].like[0] if len(proposals[0].like) == 1 else named(study_name(held[0][0].name), set())
        exports[named(usual, exports)] = (together(proposals), pattern([file.name for file, _ in held]))
    places.write_text(target, draft(name, exports))
    questions = target.read_text(encoding="utf-8").count(': "?"')
    yield f'studies/{name}.yml is a draft with {questions} questions, each a "?"; answer them, then: make report STUDY={name} FILES=folder'


def _files(paths: Sequence[str]) -> list[Path]:
    if not paths:
        raise StudyError('describe: no file is named; write it like make describe FILES="orders.csv customers.csv"')
    files: list[Path] = []
    for path in map(Path, paths):
        inside = (
            sorted(file for file in path.rglob("*") if file.is_file() and not file.name.startswith("."))
            if path.is_dir()
            else [path]
        )
        files += inside
    if not files:
        raise StudyError(f"describe: {paths[0]} holds no files")
    return files


def _told(found: Sample, columns: list[Seen], fits: tuple[known.Fit, ...], proposed: Proposal) -> Iterator[str]:
    looked = "all looked at" if found.whole else "the first that are looked at; there are more"
    yield f"{found.file.name}: {len(found.rows):,} rows, {len(found.header)} columns; {looked}"
    yield from (f"  {line}" for line in _recognition(found, fits))
    for one in found.evidence:
        yield from _shown(one)
    if empty := [column.header for column in columns if not column.filled]:
        yield f"  not filled in any row: {', '.join(empty)}"
    for column in columns:
        if column.filled and (column.evidence or column.first):
            span = f", {column.first} to {column.last}" if column.first else ""
            yield f"  column {column.header!r} ({column.kind}): {column.filled:,} filled, {column.distinct:,} different{span}"
            for one in column.evidence:
                yield from _shown(one, depth=2)
    yield from (f"  QUESTION {question}" for question in open_questions(proposed))


def _recognition(found: Sample, fits: tuple[known.Fit, ...]) -> Iterator[str]:
    if len(fits) > 1:
        yield f"it may be {' or '.join(fit.name for fit in fits)}; both fit equally"
    for fit in fits:
        export = known.load(fit.name)
        yield f"{fit.name} ({export.title}): {fit.found} of {fit.columns} columns that are known; {export.certain}"
        if fit.missing:
            yield f"missing, and needed: {', '.join(fit.missing)}"
        if fit.unused:
            yield f"not read: {', '.join(fit.unused)}"
        yield from (f"note: {note}" for note in export.notes)
        yield from (one.words for one in as_evidence(misfits(found, export), found, export))
    if not fits:
        near = known.nearest_fit(found.header)
        yield "no known export" + (
            f"; nearest is {near.name} with {near.found} of {near.columns} columns" if near else ""
        )
        if near:
            lacking = [name for name in known.load(near.name).signature if not _has(near.name, name, found.header)]
            headers = ", ".join(known.load(near.name).columns[name].header[0] for name in lacking)
            yield f"for {near.name} it lacks {headers}"


def _has(export: str, column: str, header: Sequence[str]) -> bool:
    return any(word in header for word in known.load(export).columns[column].header)


def _shown(one: Evidence, *, depth: int = 1) -> Iterator[str]:
    yield f"{'  ' * depth}{f'{one.setting}: ' if one.setting else ''}{one.words}"
    yield from (f"{'  ' * depth}  | {line}" for line in one.samples)
