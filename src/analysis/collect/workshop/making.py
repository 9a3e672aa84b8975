"""A company of any size, made part by part: in memory, or in files without holding more than one part."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analysis import engine
from analysis.collect import manifest
from analysis.collect.workshop import answer_key, dirt, effects, foreign, plans, source_documents, truth
from analysis.collect.workshop.campaigns import RUNS_DAYS
from analysis.collect.workshop.clock import Clock
from analysis.collect.workshop.company import PART, Catalogue, campaign_table, catalogue, part
from analysis.collect.workshop.scenario import DAYS, UTC_OFFSET_HOURS, customers_of, scenario_named
from analysis.randomness import generator
from analysis.tables import CANONICAL

NO_FAULTS = pd.DataFrame({name: pd.Series(dtype="str") for name in ("table", "fault", "fate", "key")})


class Made(NamedTuple):
    """A company, or one part of it: canonical tables, and the truth."""

    tables: dict[str, pd.DataFrame]  # every canonical table but campaigns, products, incentives and offers for one part
    customers: pd.DataFrame  # one row per customer: the truth
    sums: pd.DataFrame  # one row per campaign and group: sums of its truth
    faults: pd.DataFrame  # one row per faulty row
    sent: pd.Series  # messages by campaign
    documents: source_documents.Documents | None = None  # made from the first part alone, before it is soiled


def company(*, size: str, seed: int, scenario: str, dirt: bool, sample: float = 1.0) -> Made:
    """Make a whole company in memory, with all its canonical tables."""
    shelf = catalogue(seed=seed, scenario=scenario)
    made = list(_parts(size=size, seed=seed, scenario=scenario, dirty=dirt, sample=sample, shelf=shelf))
    sent = pd.concat([one.sent for one in made]).groupby(level=0).sum()
    tables = {name: pd.concat([one.tables[name] for one in made], ignore_index=True) for name in made[0].tables}
    whole = (
        pd.concat([getattr(one, name) for one in made], ignore_index=True) for name in ("customers", "sums", "faults")
    )
    return Made(tables | shelf.tables | {"campaigns": campaign_table(sent)}, *whole, sent, made[0].documents)


def write(folder: Path, *, size: str, seed: int, scenario: str, dirt: bool, sample: float) -> None:
    """Write the raw tables and the answer key to `folder`, one part in memory at a time; see the package."""
    trade = scenario_named(scenario)
    clock, shelf, parts = Clock(trade), catalogue(seed=seed, scenario=scenario), folder / ".parts"
    shutil.rmtree(parts, ignore_errors=True)
    kept: dict[str, list[Path]] = {}
    steps, small, files = [], [], {}

    def keep(name: str, table: pd.DataFrame, key: tuple[str, ...]) -> None:
        path = parts / f"{name}-{len(kept.setdefault(name, [])):03d}.parquet"
        engine.write(engine.lazy(table), path, sort_by=key)
        kept[name].append(path)

    for made in _parts(size=size, seed=seed, scenario=scenario, dirty=dirt, sample=sample, shelf=shelf):
        for name, table in made.tables.items():
            keep(name, table, CANONICAL[name].key)
        found = effects.every_effect(made.customers, begins=DAYS, days=RUNS_DAYS, clock=clock, scenario=trade)
        keep("truth_effects", found, answer_key.KEYS["truth_effects"])
        keep("truth_customers", made.customers, answer_key.KEYS["truth_customers"])
        steps.append(plans.steps_that_pay(found))
        if dirt and not files:
            files = foreign.copies(made.tables, utc_offset_hours=UTC_OFFSET_HOURS)
        small.append(made._replace(tables={}, customers=made.customers[[]]))
    sums, faults = (pd.concat([getattr(one, name) for one in small], ignore_index=True) for name in ("sums", "faults"))
    sent = pd.concat([one.sent for one in small]).groupby(level=0).sum()
    best = plans.in_order(pd.concat(steps, ignore_index=True))
    told = {
        "truth_campaigns": truth.campaigns(sums, scenario=trade), "truth_products": shelf.products,
        "truth_faults": faults, "truth_best_plan": best,
    }  # fmt: skip
    for name, table in told.items():
        keep(name, table, answer_key.KEYS[name])
    for name, table in (shelf.tables | {"campaigns": campaign_table(sent)}).items():
        keep(name, table, CANONICAL[name].key)
    manifest.write_raw({name: engine.scan(paths) for name, paths in kept.items() if name in CANONICAL}, folder=folder)
    customers = sum(len(one.customers) for one in small)
    written = small[0].documents
    key = answer_key.answer_key(
        seed=seed, size=size, trade=trade, customers=customers, dirt=dirt, sums=sums, faults=faults, steps=best,
        planted=written.faults,
    )  # fmt: skip
    beside = {f"files/{name}": content for name, content in files.items()}
    beside |= {f"source_documents/{name}.csv": content for name, content in written.files.items()}
    answer_key.write_key(key, {name: kept[name] for name in answer_key.KEYS}, folder, files=beside)
    shutil.rmtree(parts)


def _parts(*, size: str, seed: int, scenario: str, dirty: bool, sample: float, shelf: Catalogue) -> Iterator[Made]:
    customers = customers_of(size, sample=sample)
    ends = campaign_table(pd.Series(dtype=float)).set_index("campaign_id")["ends_on"]
    for number, first in enumerate(range(0, customers, PART)):
        one = part(number, min(PART, customers - first), seed=seed, scenario=scenario, shelf=shelf)
        tables, faults, written = one.tables, NO_FAULTS, None
        if number == 0:
            rng = generator(seed, f"workshop {scenario} source documents")
            written = source_documents.documents(tables | shelf.tables, rng=rng)
        sent = one.tables["contacts"]["campaign_id"].value_counts().sort_index()
        if dirty:
            rng = generator(seed, f"workshop {scenario} part {number} dirt")
            tables, faults = dirt.soiled(tables, campaign_ends=ends, rng=rng)
        yield Made(tables, one.customers, one.sums, faults, sent, written)
