"""Campaigns whose lot drew whole households: how many of both, how that is known, and what the campaign did per household."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.report import numbers
from analysis.report.campaign.few import of_few
from analysis.report.campaign.phrases import named
from analysis.report.words import in_words, join_and, plural, sentence_case

if TYPE_CHECKING:
    import pandas as pd

ESTIMATES = (
    "campaign by household, per customer", "campaign by household, per household", "campaign by household, lift",
    "campaign by household, total", "campaign by household, test", "unit of the lot",
)  # fmt: skip


def shown(units: pd.DataFrame | None, lots: pd.DataFrame | None, *, smallest: int) -> pd.DataFrame | None:
    """Return the campaigns that drew households and may be shown, `split` blank where it would count few; None where none is.

    `units` has one row per campaign that drew households (monitor's lot_units), `lots` those that the page shows.
    """
    if units is None or lots is None or units.empty:
        return None
    made = units[units["campaign_id"].isin(lots["campaign_id"])].reset_index(drop=True)
    made = made.assign(split=made["split"].astype("Int64").mask(of_few(made["split"], smallest)))
    return made if len(made) else None


def leads(units: pd.DataFrame, *, customers: str, currency: str) -> list[str]:
    """Return for each campaign what was drawn and how that is known, what it did per household, and households in both arms."""
    return [
        line
        for row in units.itertuples()
        for line in (_drawn(row, customers, currency), _split(row, customers))
        if line
    ]


def title(headline: str, units: pd.DataFrame | None) -> str:
    """Return the title of the section: in how many campaigns households stand in both arms, instead of that every lot fits."""
    split = 0 if units is None else int((units["split"].isna() | units["split"].gt(0)).sum())
    told = f"; in {in_words(split)} households stand in both arms"
    return headline.replace(", and every lot fits what was meant", "") + told if split else headline


def note(units: pd.DataFrame) -> str:
    """Return what the counts of these campaigns count."""
    return f" Of {join_and([named(name) for name in units['campaign_id']])} all counts are of households."


def _drawn(row, customers: str, currency: str) -> str:
    everyone = row.customers_treated + row.customers_holdout
    split = not numbers.is_known(row.split) or row.split > 0
    both = plural(row.units_treated + row.units_holdout, "household") + " or parts of them" * split
    both += f" with {numbers.count(everyone)} {customers}"
    sides = (
        f"{numbers.count(row.units_treated)} with {numbers.count(row.customers_treated)} treated, "
        f"{numbers.count(row.units_holdout)} with {numbers.count(row.customers_holdout)} held out"
    )
    how = "" if row.declared else (
        f" The study does not say so, but none of {numbers.count(row.several)} households of several was split, which a lot among "
        f"{customers} would do with a chance of {_chance(row.split_chance)} only."
    )  # fmt: skip
    drew = f"{sentence_case(named(row.campaign_id))} {'was to draw' if split else 'drew'} whole households"
    told = f"{drew}: {both} ({sides}).{how} They are what is compared"
    if not numbers.is_known(row.effect_per_household):
        return f"{told}."
    amount = numbers.end(lambda value: numbers.signed(value, 1))
    return (
        f"{told}; per household and week spend changed by {amount(row.effect_per_household)} {currency} "
        f"(95 % interval {numbers.span(row.low, row.high, lambda value: numbers.signed(value, 1))})."
    )


def _split(row, customers: str) -> str:
    """The alarm where households stand on both sides; nothing where none does."""
    if numbers.is_known(row.split) and not row.split:
        return ""
    some = (
        f"{numbers.count(row.split)} of {plural(row.several, 'household')} of several"
        if numbers.is_known(row.split)
        else "some households"
    )
    return (
        f"In {named(row.campaign_id)} households were to be drawn, and {some} have {customers} in both arms: those held out there may "
        "have used the offer of the others, so what it does may lie farther from zero. Were households put together after the lot, or "
        "did it draw single people? Each part counts by itself."
    )


def _chance(chance: float) -> str:
    return "less than one in a million" if chance < 1e-6 else numbers.decimal(chance, 6)
