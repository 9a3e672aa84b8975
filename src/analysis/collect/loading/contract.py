"""The contract of an export: how its files are written, which columns they have, what a row is, and which tables it fills.

It stands in a study's YAML or, for exports that many have, in `collect/mappings/`. Nothing is guessed from a file: what the
contract does not say is refused with the place and the way out.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from analysis.collect.loading.answers import refuse_questions
from analysis.collect.loading.columns import Column, Part
from analysis.collect.loading.origins import refuse_unclear
from analysis.refusals import nearest
from analysis.tables import CANONICAL

Expression = Annotated[str, BeforeValidator(lambda said: str(said) if type(said) in (int, float) else said)]


class Rows(Part):
    """What a row is: the first kind whose `when` holds takes it; `left_out` says why rows of it fill no table."""

    name: str
    when: str = ""  # an expression over the columns; empty: all the rest
    left_out: str = ""


class Recipe(Part):
    """How rows become rows of one canonical table: an expression per column, of the rows of some kinds.

    `numbered` names a column of the table that numbers the rows of one order by their content. `one_per` makes one row per
    value of a column of the table: of the others it takes what the row with the greatest `latest` (an expression)
    says, else the greatest value. A column that a file may lack is empty in all its rows.
    """

    rows: tuple[str, ...] = ()  # kinds; all that are not left out, if none is named
    columns: dict[str, Expression]
    numbered: str = ""
    one_per: str = ""
    latest: str = ""


class Control(Part):
    """What must come out for all files together, where the sender says so: rows, and sums of columns as written."""

    rows: int | None = None
    totals: dict[str, str] = {}


class Export(Part):
    """One kind of file. `seen`, `certain` and `notes` say how we know a system's export; the rest is what holds for its files."""

    title: str = ""
    files: str = ""  # pattern below the folder of incoming files, such as orders*.csv
    table: str = ""  # of a database instead: a table, or
    query: str = ""  # a query
    url: str = ""  # its SQLAlchemy address without the password; a path of SQLite is one below the workspace
    password: str = ""  # name of the environment variable that holds it
    seen: str = ""
    certain: Literal["documented", "seen in files", "from memory", ""] = ""
    notes: tuple[str, ...] = ()
    refunds: str = ""  # the sign rule: how the export writes money that went back
    ask: dict[str, str] = {}  # setting, as in columns.date.format -> why each study must state it itself
    signature: tuple[str, ...] = ()  # columns (our names) whose headers tell this export from others

    encoding: str = "utf-8"
    separator: Literal[",", ";", "\t", "|"] = ","
    compressed: bool = False  # gzip
    skip_lines: int = Field(default=0, ge=0)  # lines before the header
    sheet: str = ""  # of a workbook; its only one where empty
    decimal_mark: Literal[".", ","] = "."
    thousands: Literal["", ",", ".", " ", "'"] = ""
    time_zone: str = "UTC"  # of moments that do not say their own; empty: the study's
    clock_change: Literal["", "earlier", "later"] = ""  # which of the two hours 01:30 is, when clocks go back
    currency: str = ""  # of all money in it; empty, and no column says it: the study's
    currency_column: str = ""  # or the column that says it: another currency stops the run
    null_words: tuple[str, ...] = ()
    duplicates: Literal["", "drop", "keep"] = ""  # rows equal in all columns; undeclared, they stop the run
    extra_columns: Literal["ignore", "refuse"] = "ignore"  # ignored ones are named and their content is not kept
    allow_empty: bool = False  # a file with a header alone is no error
    trust_lines: bool = False  # a broken quote costs its own line only
    daily: bool = False  # one file a day: days without one are named
    control: Control = Control()

    columns: dict[str, Column]
    # column -> columns that stand once for all its rows, on the first line of an order, say
    same_in: dict[str, tuple[str, ...]] = {}
    rows: tuple[Rows, ...] = ()
    tables: dict[str, Recipe]

    @model_validator(mode="before")
    @classmethod
    def _every_question_is_answered(cls, written: Any) -> Any:
        refuse_questions(written)
        return written

    @model_validator(mode="after")
    def _names_agree(self) -> Export:
        refuse_unclear(self)
        known = [*self.columns]
        for name in (*self.signature, *self.same_in, *(c for held in self.same_in.values() for c in held), *self.control.totals,
                     *filter(None, [self.currency_column, *(column.time_from for column in self.columns.values())])):  # fmt: skip
            if name not in known:
                raise ValueError(
                    f"export {self.title or self.files!r} names the column {name!r}; {nearest(name, known)}"
                )
        headers = [header for column in self.columns.values() for header in column.header]
        if twice := sorted({header for header in headers if headers.count(header) > 1}):
            raise ValueError(f"export {self.title or self.files!r}: two columns have the header {twice[0]!r}")
        kinds = [kind.name for kind in self.rows]
        for table, recipe in self.tables.items():
            if table not in CANONICAL:
                raise ValueError(f"export {self.title or self.files!r} fills {table!r}; {nearest(table, CANONICAL)}")
            for name in (*recipe.columns, *filter(None, [recipe.numbered, recipe.one_per])):
                if name not in CANONICAL[table].names:
                    raise ValueError(f"table {table!r} has no column {name!r}; {nearest(name, CANONICAL[table].names)}")
            for kind in recipe.rows:
                if kind not in kinds:
                    raise ValueError(f"table {table!r} takes rows {kind!r}; {nearest(kind, kinds)}")
        return self

    @model_validator(mode="after")
    def _expressions_can_be_read(self) -> Export:
        from analysis.collect import expressions, incoming

        if self.files:
            incoming.refuse_outside(self.files)
        texts = [kind.when for kind in self.rows if kind.when]
        texts += [text for recipe in self.tables.values() for text in (*recipe.columns.values(), recipe.latest) if text]
        for text in texts:
            expressions.check(text, self.columns)
        return self

    def refuse_gaps(self, called: str) -> None:
        """Raise ValueError for a recipe that leaves out a column without which no row of its table counts."""
        for name, recipe in self.tables.items():
            made = {*recipe.columns, recipe.numbered}
            for column in CANONICAL[name].columns:
                if column.needed and column.name not in made and not (column.day_of and column.day_of in made):
                    raise ValueError(
                        f"export {called!r} fills {name!r} and says nothing of {column.name!r}, {column.meaning}; "
                        "write an expression for it: a column, a number or a 'text'"
                    )

    def of_study(self, *, time_zone: str, currency: str) -> Export:
        """Return the export with the study's time zone and currency, where it leaves them to the study."""
        left = {"time_zone": self.time_zone or time_zone, "currency": self.currency or currency}
        return self.model_copy(update=left if not self.currency_column else {"time_zone": left["time_zone"]})

    @property
    def from_database(self) -> bool:
        """Whether the rows come from a database and not from files."""
        return bool(self.url or self.table or self.query)

    def decimal_mark_of(self, column: Column) -> str:
        """Return the decimal mark of a column."""
        return column.decimal_mark or self.decimal_mark

    def thousands_of(self, column: Column) -> str:
        """Return the sign between thousands of a column, empty for none."""
        return self.thousands if column.thousands is None else column.thousands

    def null_words_of(self, column: Column) -> tuple[str, ...]:
        """Return the words of a column that mean empty; the empty cell always does."""
        return self.null_words if column.null_words is None else column.null_words
