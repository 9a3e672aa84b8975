"""The answer key: what is true of a simulated company, written beside its data in a folder that no room reads."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import engine, places
from analysis.collect.workshop import incentives, plans, scenario, truth
from analysis.collect.workshop.campaigns import CAMPAIGNS, EVERY_DAYS, LEAKED_SHARE, LOST_SHARE, RUNS_DAYS

FOLDER = "answer_key"
FILE = "answer_key.json"
KEYS = {
    "truth_customers": ("customer_id",),
    "truth_effects": ("customer_id", "incentive_id"),
    "truth_campaigns": ("campaign_id",),
    "truth_products": ("product_id",),
    "truth_faults": ("table", "fault", "fate", "key"),
    "truth_best_plan": ("step",),
}
FILES_BESIDE = {
    "customers_gb18030.csv": "GB18030, Chinese headers and words, dates in four formats by turns",
    "orders_gb18030.csv": "GB18030, Chinese headers, every third amount with a comma for thousands, every fifth with a currency sign",
}


def answer_key(
    *, seed: int, size: str, trade: scenario.Scenario, customers: int, dirt: bool, sums: pd.DataFrame, faults: pd.DataFrame,
    steps: pd.DataFrame, planted: pd.DataFrame,
) -> dict:  # fmt: skip
    """Return the key as plain values: the rules with their parameters, the truth of each campaign, the best plans, every fault,
    and every one planted in the files of the source documents (`planted`).

    The best plans are for budgets of a tenth, a quarter, a half and all of what pays; `plans.best_of` has them for any other,
    from the table truth_best_plan. Consent is not asked for there.
    """
    told = truth.campaigns(sums, scenario=trade)
    dates = {name: told[name].dt.strftime("%Y-%m-%d") for name in ("starts_on", "ends_on")}
    counts = faults.groupby(["table", "fault", "fate"]).size().reset_index(name="rows")
    return {
        "seed": seed, "size": size, "customers": customers, "dirt": dirt,
        "scenario": asdict(trade),
        "sources": {
            "orders and leaving": "BG/NBD: Fader, Hardie and Lee 2005; monthly accounts: beta-geometric, Fader and Hardie 2007",
            "value of orders": "Gamma-Gamma: Fader and Hardie 2013",
            "incentives": "chosen, not measured: see analysis.collect.workshop.incentives",
        },
        "offers": {
            "days": RUNS_DAYS, "every_days": EVERY_DAYS, "contact_cost": incentives.CONTACT_COST,
            "lost_share_of_silent_treated": LOST_SHARE, "leaked_share_of_holdout": LEAKED_SHARE,
        },
        "incentives": incentives.INCENTIVES.to_dict("records"),
        "planted": {one.campaign_id: one.fault or one.kind for one in CAMPAIGNS},
        "campaigns": _plain(told.assign(**dates)),
        "best_plans": {
            "begins": str(scenario.day(scenario.DAYS)), "days": RUNS_DAYS,
            "by_budget": [_best(steps, share) for share in (0.1, 0.25, 0.5, 1.0)],
        },
        "faults": _plain(counts),
        "files": FILES_BESIDE if dirt else {},
        "source_documents": _plain(planted),
    }  # fmt: skip


def write_key(key: dict, tables: dict[str, list[Path]], folder: Path, *, files: dict[str, bytes]) -> None:
    """Write the key, its tables (from Parquet parts) to `folder`/answer_key, and files by their path below `folder`."""
    places.write_text(folder / FOLDER / FILE, json.dumps(key, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
    for name, parts in tables.items():
        engine.write(engine.scan(parts), folder / FOLDER / f"{name}.parquet", sort_by=KEYS[name])
    for name, content in files.items():
        with places.replacing(folder / name) as unfinished:
            unfinished.write_bytes(content)


def read_key(folder: Path) -> dict:
    """Read the key of a folder of raw tables."""
    return json.loads((folder / FOLDER / FILE).read_text(encoding="utf-8"))


def _best(steps: pd.DataFrame, share: float) -> dict:
    budget = float(np.ceil(share * steps["more_cost"].sum()))
    best = plans.best_of(steps, budget=budget)
    return {
        "budget": budget,
        "profit": best.profit,
        "cost": best.cost,
        "bound": best.bound,
        "customers": len(best.plan),
    }


def _plain(table: pd.DataFrame) -> list[dict]:
    """Return the rows as plain values, None where nothing is known."""
    return [
        {name: None if pd.isna(value) else value for name, value in row.items()}
        for row in table.astype(object).to_dict("records")
    ]
