"""The workshop: a simulated company whose truth is written down, as a source like any other.

Its customers, orders, visits, opinions, referrals, campaigns and answers follow stated rules (see `scenario`, `people`, `buying`,
`incentives`, `campaigns`, `behaviour`); what is true of each customer, incentive and campaign stands in an answer key beside
the data (`answer_key`). A company of any size is made in parts of 50,000 customers, each from its own random numbers. `play` lets the
company go on under a plan, `light` makes small worlds for trying estimates.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import narwhals as nw

TABLES = (
    "customers", "products", "orders", "visits", "feedback", "referrals", "incentives", "campaigns", "contacts", "offers", "responses",
)  # fmt: skip
NOT_USED: dict[str, str] = {}
ABSENT = {"refunds": "the simulated company takes nothing back"}
FILES = tuple(
    f"source_documents/{name}.csv"
    for name in (
        "customers", "purchase_weights", "purchases", "feedback", "incentives", "customer_need", "customer_attribute", "customer_inquiry",
        "customer_feedback", "customer_behavior", "customer_marketing",
    )
)  # fmt: skip
SETTINGS = ("sample", "seed", "size", "scenario", "dirt")
STORY = {
    "files": "There are no files: a simulated company is made here, from the study's seed.",
    "becomes": "The company writes our tables directly, so nothing is renamed. What is true of it stands in a folder beside the data, "
    "answer_key, which no other notebook reads.",
    "clock": "The moments are written in UTC, the shops stand eight hours further east. If the hours below were local, the shops "
    "would be busy at night and quiet in the evening.",
    "limits": "Who answers how to an incentive is a rule that somebody chose. A method that works here need not work in life; one that "
    "fails here will hardly work there.",
}


def source_files() -> dict[str, Path]:
    """Return the files of the source: none, because it is made."""
    return {}


def tables(
    *, size: str = "S", seed: int, scenario: str = "ecommerce", dirt: bool = False, sample: float = 1.0
) -> dict[str, nw.LazyFrame]:
    """Return the canonical raw tables, lazily, by name; for companies that fit into memory. `write` makes any size."""
    from analysis import engine
    from analysis.collect.workshop import making

    made = making.company(size=size, seed=seed, scenario=scenario, dirt=dirt, sample=sample)
    return {name: engine.lazy(made.tables[name]) for name in TABLES}


def write(folder: Path, *, size: str, seed: int, scenario: str, dirt: bool, sample: float) -> None:
    """Write the canonical raw tables to `folder`, and the answer key to its folder answer_key. Same arguments, same bytes."""
    from analysis.collect.workshop import making

    making.write(folder, size=size, seed=seed, scenario=scenario, dirt=dirt, sample=sample)
