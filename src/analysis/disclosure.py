"""No small cells: which counts of people a page leaves blank, so that none can be read nor got by subtraction."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from analysis import companions
from analysis.subtraction import Sum, same_counts

if TYPE_CHECKING:
    import pandas as pd

_TOLERANCE = 1e-6


class Rest(NamedTuple):
    """The key of what is left of a whole without its printed parts; it is never printed and protected all the same."""

    whole: Hashable
    parts: tuple[Hashable, ...]


@dataclass
class Release:
    """The counts of people of one page, how they add up, and which of them stay blank.

    A count from 1 to `smallest` - 1 is blank, and so is a part k of n where n - k is as small. Where a sum with a
    printed total would give a small one away, the smallest other count of it is blank too, until no small one is pinned
    to an interval narrower than `smallest`. Zero stays: nobody is counted in it. With `smallest` 0 nothing is blank.
    """

    smallest: int
    _counts: dict[Hashable, float] = field(default_factory=dict)
    _sums: list[Sum] = field(default_factory=list)
    _unprinted: set[Hashable] = field(default_factory=set)
    _guarded: set[Hashable] = field(default_factory=set)
    _kept: set[Hashable] = field(default_factory=set)
    _hidden: frozenset[Hashable] | None = None

    def count(
        self, key: Hashable, value: float, *, printed: bool = True, guarded: bool = False, kept: bool = False
    ) -> None:
        """Add a count of people; `guarded` is blank whatever its size, such as one whose sum is dominated.

        One to be `kept` is blank beside another only where nothing else helps: the numbers that a page is about.
        """
        if value != value:  # not known, so nothing of it is printed
            return
        self._counts[key] = float(value)
        self._hidden = None
        if not printed:
            self._unprinted.add(key)
        if kept:
            self._kept.add(key)
        if guarded or 0 < value < self.smallest:
            self._guarded.add(key)

    def total(self, key: Hashable, parts: Iterable[Hashable]) -> None:
        """Say that `key` is the sum of `parts` and of a rest that is not printed, which may be nobody.

        Raises ValueError when the parts are more than the total.
        """
        parts = tuple(part for part in parts if part in self._counts)
        if key not in self._counts or not parts:
            return
        left = self._counts[key] - sum(self._counts[part] for part in parts)
        if left < -_TOLERANCE:
            raise ValueError(f"the parts of {key!r} are {-left:g} more than it; a sum has to hold")
        if left > _TOLERANCE:
            rest = Rest(key, parts)
            self.count(rest, left, printed=False)
            parts = (*parts, rest)
        self._sums.append(Sum(key, parts))
        self._hidden = None

    def table(
        self, name: str, frame: pd.DataFrame, *, people: Sequence[str], part_of: Mapping[str, str] | None = None
    ) -> None:
        """Add the columns `people` of a table, one key (name, column, index) each; `part_of` names k and its n by column."""
        for column in people:
            for row, value in frame[column].items():
                self.count((name, column, row), value)
        for part, whole in (part_of or {}).items():
            for row in frame.index:
                self.total((name, whole, row), [(name, part, row)])

    def keys(self, name: str, column: str, rows: Iterable[Hashable]) -> list[Hashable]:
        """Return the keys of some rows of a column."""
        return [(name, column, row) for row in rows]

    def value(self, key: Hashable) -> float:
        """Return a count as it was added."""
        return self._counts[key]

    def hides(self, key: Hashable) -> bool:
        """Return whether a count stays blank."""
        return bool(self.smallest) and key in self.hidden

    @property
    def hidden(self) -> frozenset[Hashable]:
        """All keys that stay blank."""
        if self._hidden is None:
            same = same_counts(self._counts, self._sums, unprinted=self._unprinted)
            of = same.of
            printed = {of[key] for key in self._counts if key not in self._unprinted}
            blank = companions.hidden(
                {of[key]: value for key, value in self._counts.items()}, same.sums, {of[key] for key in self._guarded},
                {of[key] for key in self._unprinted} - printed, {of[key] for key in self._kept}, smallest=self.smallest,
            )  # fmt: skip
            self._hidden = frozenset(key for key in self._counts if of[key] in blank and key not in self._unprinted)
        return self._hidden

    def masked(self, name: str, frame: pd.DataFrame, *, dependents: Mapping[str, Sequence[str]]) -> pd.DataFrame:
        """Return the table with blanks: of each column of people in `dependents`, and of the columns named beside it."""
        if not self.smallest:
            return frame
        made = frame.copy()
        for column, others in dependents.items():
            rows = [row for row in frame.index if (name, column, row) in self.hidden]
            for blank in (column, *others):
                if rows:
                    whole = made[blank].astype("Int64") if made[blank].dtype.kind == "i" else made[blank]
                    made[blank] = whole.where(~made.index.isin(rows))
        return made


def suppress(
    table: pd.DataFrame, *, people: Sequence[str], dependents: Mapping[str, Sequence[str]], smallest: int,
    part_of: Mapping[str, str] | None = None, within: str | None = None, total: bool = False,
) -> pd.DataFrame:  # fmt: skip
    """Return one table with its small counts of people blank, and all that rests on them.

    `people` are columns of counts, `part_of` says which of them is k of which n, `dependents` which other columns (a
    mean, a rate, its interval) are blank with a count. With `total` each column adds up to a printed total, over all
    rows or those alike in `within`.
    """
    release = Release(smallest)
    plain = table.reset_index(drop=True)
    release.table("table", plain, people=people, part_of=part_of)
    if total:
        groups = [plain.index] if within is None else list(plain.groupby(within, dropna=False).groups.values())
        for column in people:
            for number, rows in enumerate(groups):
                release.count(("total", column, number), plain.loc[rows, column].sum())
                release.total(("total", column, number), release.keys("table", column, rows))
                release._guarded.discard(("total", column, number))
    made = release.masked("table", plain, dependents={column: dependents.get(column, ()) for column in people})
    return made.set_axis(table.index)
