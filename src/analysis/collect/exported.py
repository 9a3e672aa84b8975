"""The exports of a study as a source: its own files and databases, each read by its contract, become canonical raw tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis import places
from analysis.refusals import StudyError

if TYPE_CHECKING:
    import narwhals as nw
    import pandas as pd

    from analysis.collect.loading.contract import Export
    from analysis.collect.staged import Staged
    from analysis.collect.suspicions.telling import Remarks

DONE = {"drop": "dropped", "keep": "kept"}  # with copies, by what the contract says of duplicates
REPORTED = (
    "files",
    "set_aside",
    "kinds",
    "remarks",
)  # tables of what loading did, in the folder loading beside the raw tables


class Prepared(NamedTuple):
    """The rows of every export with their kinds, how many of each, and what must be known about them."""

    rows: dict[str, nw.LazyFrame]
    kinds: pd.DataFrame
    remarks: list[tuple[str, str, str]]


class Exported:
    """The source of a study with `source: files`; it has the interface that `sources` describes."""

    SETTINGS: tuple[str, ...] = ()
    FILES = tuple(f"loading/{name}.parquet" for name in REPORTED)

    def __init__(
        self, study: str, exports: Mapping[str, Export], *, currency: str, time_zone: str, ends_on: date, smallest: int
    ) -> None:
        self._study, self._exports, self._currency, self._time_zone = study, exports, currency, time_zone
        self._ends_on, self._smallest = ends_on, smallest

    @property
    def TABLES(self) -> tuple[str, ...]:  # noqa: N802  the name that all sources have
        """Names of the canonical tables that the exports fill."""
        from analysis.collect import recipes

        return recipes.filled_by(self._exports)

    @property
    def ABSENT(self) -> dict[str, str]:  # noqa: N802
        """Why each other table is missing."""
        from analysis.tables import CANONICAL

        return {name: "no export of this study fills it" for name in CANONICAL if name not in self.TABLES}

    @property
    def NOT_USED(self) -> dict[str, str]:  # noqa: N802
        """Files that lie there and that no export reads."""
        found = self._incoming()
        return {found.shown(file): "no export of the study reads it" for file in found.unread}

    @property
    def STORY(self) -> dict[str, str]:  # noqa: N802
        """Sentences about the files, what becomes of them, their clock and their limits."""
        titles = ", ".join(export.title or name for name, export in self._exports.items())
        zones = sorted({export.time_zone for export in self._exports.values()})
        refunds = " ".join(
            f"{export.title or name}: {export.refunds}." for name, export in self._exports.items() if export.refunds
        )
        return {
            "files": f"The study reads {titles}. A file that its contract does not fit stops the run with its line and column.",
            "becomes": "Every row is of one kind, which the contract names; the kinds say which table a row fills, or why it fills none. "
            f"A row that stands in several files is read once. {refunds}".strip(),
            "clock": f"The exports write their moments in {' and '.join(zones)}; they are kept in UTC, and the shops' day is that of "
            f"{self._time_zone}.",
            "limits": "An export holds what its system wrote down on the day it was made. What was deleted there before, changed since, or "
            "never entered, nobody can see here.",
        }

    def source_files(self) -> dict[str, Path]:
        """Return the files by name, those that are not used as well."""
        found = self._incoming()
        every = sorted({*(file for files in found.of_export.values() for file in files), *found.unread})
        return {found.shown(file): file for file in every}

    def check(self) -> list[str]:
        """Load what is new and try every row, so that what does not fit is told before any notebook runs.

        Return a line for each file and each warning. Raises StudyError.
        """
        from analysis.collect import staged

        brought = staged.bring(self._study, self._exports)
        stamp, done = places.staged(self._study) / "checked.json", self._state()
        if not stamp.exists() or json.loads(stamp.read_text(encoding="utf-8")) != done:
            self._prepared(brought)
            places.write_text(stamp, json.dumps(done), private=True)
        every = [one.loaded for files in brought.values() for one in files]
        lines = [f"  read       {one.file}: {one.rows:,} rows, {len(one.aside):,} set aside" for one in every]
        return lines + [
            f"  WARNING    {r.file}: {r.words}" for one in every for r in one.remarks if r.kind == "warning"
        ]

    def write(self, folder: Path, **_: Any) -> None:
        """Write the canonical raw tables to `folder`, and what loading did to its folder loading."""
        import pandas as pd

        from analysis import engine
        from analysis.collect import manifest, recipes, staged

        brought = staged.bring(self._study, self._exports, ask=False)  # the rows that were checked
        prepared = self._prepared(brought)
        tables = recipes.tables(self._exports, prepared.rows)
        if "orders" not in tables:
            raise StudyError(f"study {self._study!r}: no export fills the table orders; a study needs order lines")
        manifest.write_raw(tables, folder=folder)
        every = [(name, one.loaded) for name, files in brought.items() for one in files]
        files = pd.DataFrame(
            [(name, one.file, one.rows, one.kept, len(one.aside), one.sha256) for name, one in every],
            columns=["export", "file", "rows", "kept", "set_aside", "sha256"],
        )
        aside = pd.DataFrame(
            [one for _, loaded in every for one in loaded.aside], columns=["file", "line", "column", "rule", "shape"]
        )
        remarks = [(one.file, one.kind, one.words) for _, loaded in every for one in loaded.remarks] + prepared.remarks
        remarks += self._suspicions(
            {name: engine.scan(folder / f"{name}.parquet") for name in tables}, prepared, brought
        )
        made = {
            "files": files, "set_aside": aside.astype({"line": "int64"}), "kinds": prepared.kinds,
            "remarks": pd.DataFrame(remarks, columns=["file", "kind", "words"]),
        }  # fmt: skip
        for name, table in made.items():
            words = {column: "str" for column in table if column not in ("rows", "kept", "set_aside", "line")}
            with places.replacing(folder / "loading" / f"{name}.parquet") as unfinished:
                table.astype(words).to_parquet(unfinished, index=False, compression="zstd")

    def _prepared(self, brought: Mapping[str, list[Staged]]) -> Prepared:
        import pandas as pd

        from analysis.collect import rows

        made, tables, remarks = {}, [], []
        for name, export in self._exports.items():
            parts = [one.rows for one in brought[name] if one.rows is not None]
            together = rows.together(parts, export, name=name)
            rows.refuse_other_currencies(together.rows, export, name=name, currency=self._currency)
            made[name] = rows.of_kinds(rows.filled(together.rows, export), export)
            tables.append(rows.kinds(made[name], export, name=name))
            if together.copies:
                remarks.append(
                    (name, "note", f"{together.copies:,} exact copies of other rows were dropped, as the contract says")
                )
            if together.overlapping:
                remarks.append(
                    (name, "note", f"{together.overlapping:,} rows stand in several files and are read once")
                )
        return Prepared(made, pd.concat(tables, ignore_index=True), remarks)

    def _suspicions(
        self, tables: Mapping[str, nw.LazyFrame], prepared: Prepared, brought: Mapping[str, list[Staged]]
    ) -> Remarks:
        from analysis.collect.suspicions import days, drift, suspicions

        said: Remarks = []
        for name, export in self._exports.items():
            if export.daily:
                said += days.without_file(name, [one.loaded.file for one in brought[name]])
        said += suspicions(tables, self._exports, prepared.rows, ends_on=self._ends_on, smallest=self._smallest)
        content = sorted(one.loaded.sha256 for files in brought.values() for one in files)
        kept = places.staged(self._study) / "before.json"
        return said + drift.since_before(tables, content, kept=kept, smallest=self._smallest)

    def _state(self) -> str:
        contracts = json.dumps(
            {name: export.model_dump(mode="json") for name, export in self._exports.items()}, sort_keys=True
        )
        loaded = (places.staged(self._study) / "loaded.json").read_bytes()
        return hashlib.sha256(contracts.encode() + loaded).hexdigest()

    def _incoming(self):
        from analysis.collect.incoming import incoming

        return incoming(self._study, self._exports)
