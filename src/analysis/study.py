"""A study: all that differs between two runs, read from studies/<name>.yml and checked before anything runs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, ValidationError, model_validator

from analysis import engine, places, small_groups
from analysis.collect.loading.contract import Export
from analysis.collect.sources import SOURCE_SETTINGS
from analysis.declared_looks import Looks
from analysis.inference.corrections import HOLM, correction
from analysis.refusals import StudyError, in_one_line, nearest
from analysis.study_file import Below, Incentive, Part, SegmentRule, Spellings, Strategy, Zone, refuse_unclear, written

if TYPE_CHECKING:
    import narwhals as nw
    import pandas as pd

CONSENT_WORDS = ("yes", "true", "1", "subscribed", "granted")


class Study(Part):
    """One study. The plain values among the fields are its parameters: notebooks declare those they use, SET changes them."""

    name: str
    title: str
    about: str
    source: Literal["complete_journey", "workshop", "files"]
    source_note: str = ""
    size: Literal["S", "M", "L"] = "S"  # of a simulated company: 2,000, 50,000 or 1,000,000 customers
    scenario: Literal["ecommerce", "travel", "finance"] = "ecommerce"  # what a simulated company trades in
    dirt: bool = False  # faults seeded into the data of a simulated company
    customer: str = "customer"  # the word for one customer in pages, e.g. household
    customers: str = "customers"
    unit: Literal["customer", "household"] = "customer"  # what lots are drawn for: households have a household_id
    time_zone: Zone  # the shops' business day, an IANA name
    currency: str
    pseudonyms: Literal["none", "keyed"] = "keyed"  # keyed: no customer id past clean, see clean.pseudonyms
    consent_words: tuple[str, ...] = CONSENT_WORDS  # what in the column consent means yes, in upper or lower case
    suppression: Below | None = None  # file below the workspace, of ids or e-mails never to be contacted, one a line
    public_data: bool = False  # anyone can read the rows elsewhere, or nobody is behind them
    smallest_group: int = Field(default=10, ge=0)  # people; of fewer no page speaks; 0 is off, for public data only
    margin: float | None = Field(default=None, gt=0, le=1)  # share of sales left after the goods; unknown if absent
    starts_on: date  # first business day in the data
    ends_on: date  # last business day in the data
    as_of: date
    seed: int = Field(ge=0)
    sample: float = Field(default=1.0, gt=0, le=1)  # share of customers kept, by a hash of their id
    window_days: int = Field(default=91, ge=7, le=366)  # days back from as_of in which loyalty is measured
    rfm_bins: int = Field(default=5, ge=2, le=10)
    clusters: int = Field(default=4, ge=2, le=8)
    stability_draws: int = Field(default=50, ge=10, le=1000)
    budget: float = Field(ge=0)  # in the study's currency, for all incentives of the plan
    plan_days: int = Field(default=56, ge=7, le=366)  # days the planned campaign runs
    effect: float = Field(default=0.10, gt=0, le=1)  # relative change of spend that the holdout shall be able to show
    power: float = Field(default=0.80, ge=0.5, lt=1)
    max_holdout: float = Field(default=0.5, gt=0, le=0.5)
    many_comparisons: str = HOLM  # or benjamini-hochberg: of campaigns, kinds, groups and spans looked at together
    baseline_weeks: int = Field(default=26, ge=8, le=104)  # full weeks from which control limits are computed
    touch_days: int = Field(default=60, ge=1, le=366)  # days before an order in which a contact is on its path
    again_days: int = Field(default=91, ge=7, le=366)  # days after an opinion in which an order counts as coming again
    looks: Looks | None = None  # at campaigns by lot before their end; without any, one decision at the end

    handoff: tuple[str, ...] = ("csv",)  # systems that take the list to send, names of design/systems
    handoff_campaign: str = ""  # what the campaign is called there; the study and its day where it is empty
    loyalty_weights: dict[str, float]
    segments: tuple[SegmentRule, ...]
    otherwise: str  # the segment of everyone whom no rule took
    incentives: tuple[Incentive, ...]
    strategies: tuple[Strategy, ...]
    spellings: Spellings = {}  # what is read as one word; see clean.spellings
    exports: dict[str, Export] = {}  # of the source "files": what its files or databases hold, which tables they fill

    @model_validator(mode="after")
    def _names_agree(self) -> Study:
        from analysis.collect import sources
        from analysis.design import formats

        sources.refuse_disagreeing(self)
        refuse_unclear(self.spellings)
        correction(self.many_comparisons)
        segments = [rule.name for rule in self.segments] + [self.otherwise]
        kinds = [kind.incentive_id for kind in self.incentives]
        for strategy in self.strategies:
            if strategy.segment not in segments:
                raise ValueError(
                    f"strategy for {strategy.segment!r}: no such segment; {nearest(strategy.segment, segments)}"
                )
            for kind in filter(None, (strategy.gift, strategy.incentive)):
                if kind not in kinds:
                    raise ValueError(
                        f"strategy for {strategy.segment!r}: no incentive {kind!r}; {nearest(kind, kinds)}"
                    )
        given = [strategy.segment for strategy in self.strategies]
        for what, names in {"segment": segments, "incentive": kinds, "strategy": given}.items():
            if twice := sorted({name for name in names if names.count(name) > 1}):
                raise ValueError(f"{what} {twice[0]!r} is defined twice; give each its own name")
        formats.check(self.handoff, self.handoff_campaign)
        if not self.starts_on <= self.as_of <= self.ends_on:
            span = f"{self.starts_on} to {self.ends_on}"
            raise ValueError(f"as_of={self.as_of} is outside the data; the nearest valid dates are {span}")
        small_groups.checked(self.smallest_group, public=self.public_data)
        return self

    @classmethod
    def load(cls, name: str, /, **changes: Any) -> Study:
        """Read studies/<name>.yml and apply `changes` to its parameters.

        Raises StudyError for an unknown study, parameter or value, naming the nearest valid ones.
        """
        for parameter in changes:
            if parameter not in cls.parameters():
                raise StudyError(f"no parameter {parameter!r}; {nearest(parameter, cls.parameters())}")
        stands = written(name)
        if "scenario" in changes and changes["scenario"] != stands.get("scenario"):
            stands["margin"] = None  # what stands there is the margin of another trade
        try:
            return cls.model_validate({"name": name, **stands, **changes})
        except ValidationError as error:
            raise StudyError(f"study {name!r}: {in_one_line(error, cls)}") from None

    @classmethod
    def parameters(cls) -> tuple[str, ...]:
        """Return the names that SET may change: the fields that hold one number or date, and the settings of a source."""
        plain = (name for name, field in cls.model_fields.items() if field.annotation in (int, float, date))
        return (*(name for name in plain if name not in ("starts_on", "ends_on", "smallest_group")), *SOURCE_SETTINGS)

    def values(self) -> dict[str, int | float | str | bool]:
        """Return the parameters as plain values, dates as YYYY-MM-DD; without the settings that the source does not have."""
        there = (name for name in self.parameters() if name not in SOURCE_SETTINGS or self.depends_on(name))
        return {name: str(value) if isinstance(value := getattr(self, name), date) else value for name in there}

    def depends_on(self, setting: str) -> bool:
        """Say whether the source has the setting."""
        from analysis.collect import sources

        return setting in sources.source(self).SETTINGS

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the canonical tables that the source has."""
        from analysis.collect import sources

        return sources.source(self).TABLES

    @property
    def suppression_file(self) -> places.Path | None:
        """The list of those never to be contacted. Raises StudyError where the study names one that is not there."""
        path = places.workspace() / self.suppression if self.suppression else None
        if path and not path.is_file():
            raise StudyError(f"study {self.name!r}: the suppression list {path} is not there; nobody is planned")
        return path

    @property
    def files(self) -> tuple[str, ...]:
        """Files of data/raw that the source has besides tables."""
        from analysis.collect import sources

        return sources.source(self).FILES

    @property
    def campaign_name(self) -> str:
        """How the planned campaign is called in the files that are handed over."""
        return self.handoff_campaign or f"{self.name} {self.as_of}"

    def has(self, table: str) -> bool:
        """Say whether the table is there; a source need not have them all."""
        return self.file(table).exists()

    def file(self, table: str) -> places.Path:
        """Return where a processed table is."""
        return places.processed(self.name) / f"{table}.parquet"

    def scan(self, table: str) -> nw.LazyFrame:
        """Return a processed table unread, for what touches every order line."""
        return engine.scan(self._existing(table))

    def read(self, table: str) -> pd.DataFrame:
        """Return a processed table of one row per customer or smaller as pandas."""
        import pandas as pd

        return pd.read_parquet(self._existing(table))

    def write(self, table: str, frame: pd.DataFrame, *, key: str | list[str]) -> None:
        """Write a small table sorted by its key, whole or not at all. Raises ValueError when the key is not unique."""
        keys = [key] if isinstance(key, str) else list(key)
        if frame.duplicated(keys).any():
            row = frame.loc[frame.duplicated(keys), keys].iloc[0].to_dict()
            raise ValueError(f"table {table!r} has two rows with the key {row}")
        with places.replacing(self.file(table)) as unfinished:
            frame.sort_values(keys, kind="stable").reset_index(drop=True).to_parquet(unfinished, compression="zstd")

    def _existing(self, table: str) -> places.Path:
        if not self.has(table):
            there = sorted(file.stem for file in places.processed(self.name).glob("*.parquet"))
            raise FileNotFoundError(f"study {self.name!r} has no table {table!r}; {nearest(table, there)}")
        return self.file(table)
