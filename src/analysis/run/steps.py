"""The steps of a study: which notebook reads which tables and makes which. dodo.py turns this list into the graph."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from analysis import places
from analysis.collect.workshop import FILES as DOCUMENTS
from analysis.design import formats
from analysis.study import Study
from analysis.tables import CANONICAL

ROOMS = ("collect", "clean", "segment", "design", "monitor")


@dataclass(frozen=True)
class Step:
    """One notebook: `reads` and `makes` are tables of data/processed, `hands_off` further files below it, besides
    those of the systems that a study names; `files` are files below data/raw that it needs, which few sources have. Two
    steps of one name make one page by two notebooks: for sources with and without campaigns."""

    name: str
    notebook: str  # path below notebooks/, without ending
    kind: Literal["walkthrough", "report"]
    label: str  # how links name its page
    rooms: tuple[str, ...]  # the packages whose code it runs
    reads: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()
    hands_off: tuple[str, ...] = ()
    meets_people: bool = False  # it reads customer ids and addresses as they came
    files: tuple[str, ...] = ()
    campaigns: bool | None = None  # True: only where the source has contacts of campaigns; False: only without

    @property
    def source(self) -> Path:
        """The notebook as written."""
        return places.notebooks() / f"{self.notebook}.ipynb"

    @property
    def page(self) -> str:
        """File name of the page made from it."""
        return f"{Path(self.notebook).name}.html"

    def run_notebook(self, study: str) -> Path:
        """The notebook as run."""
        return places.reports(study) / "notebooks" / f"{Path(self.notebook).name}.ipynb"

    def failed_notebook(self, study: str) -> Path:
        """The notebook as far as it ran before it failed."""
        return self.run_notebook(study).with_suffix(".failed.ipynb")

    def inputs(self, study: Study) -> list[Path]:
        """Files of data that it reads; a canonical table that the source lacks is none of them."""
        if self.name == "collect":
            loaded = [places.staged(study.name) / "loaded.json"] if study.exports else []
            return loaded + [file for file in [places.forgotten(study.name)] if file.exists()]
        if self.name == "clean":
            raw = places.raw(study.name)
            return [raw / "manifest.json", *(raw / f"{table}.parquet" for table in study.tables)]
        made = {*study.tables, *(table for step in steps_of(study) for table in step.makes)}
        tables = [study.file(table) for table in self.reads if table in made]
        if self.hands_off:
            tables += filter(None, [places.raw(study.name) / "manifest.json", study.suppression_file])
        return tables + [places.raw(study.name) / file for file in self.files]

    def outputs(self, study: Study) -> list[Path]:
        """Files that it makes, its pages included; they are removed before it runs."""
        made = [study.file(table) for table in self.makes]
        if self.name == "collect":
            made = [
                places.raw(study.name) / "manifest.json",
                *(places.raw(study.name) / f"{table}.parquet" for table in study.tables),
                *(places.raw(study.name) / file for file in study.files),
            ]
        if self.name == "clean":
            made += [study.file(table) for table in study.tables]
        made += self._handed_off(study)
        return [*made, self.run_notebook(study.name), places.reports(study.name) / self.page]

    def _handed_off(self, study: Study) -> list[Path]:
        """Files that it hands over: its own, those of the systems that the study names, and what lies there from before."""
        folder = places.processed(study.name)
        options = {"campaigns": self.campaigns is not False}
        named = [file for name in study.handoff for file in formats.files(name, self.name, **options)]
        files = [folder / file for file in (*self.hands_off, *(f"handoff/{file}" for file in named))]
        return files + [file for file in formats.lying(folder / "handoff", self.name) if file not in files]

    def parameters(self, study: Study) -> dict[str, object]:
        """Return the values for the notebook's parameters cell: the study's name and each study parameter that it declares."""
        values = study.values() | {"study_name": study.name}
        return {name: values[name] for name in declared(self.source) if name in values}

    def code(self) -> list[Path]:
        """Return the modules whose change makes the step stale: the shared ones and those of its rooms."""
        package = places.project_root() / "src" / "analysis"
        shared = sorted(package.glob("*.py"))
        return shared + [
            file
            for room in self.rooms
            for file in sorted((package / room).rglob("*"))
            if file.suffix in (".py", ".j2", ".css", ".yml", ".csv")
        ]


def declared(notebook: Path) -> tuple[str, ...]:
    """Return the names in the notebook's cell tagged `parameters`, in order."""
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if "parameters" in cell["metadata"].get("tags", []):
            statements = ast.parse("".join(cell["source"])).body
            return tuple(
                s.target.id for s in statements if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)
            )
    return ()


_SEGMENT = ("behaviour", "segments", "retention", "monthly", "movement", "loyalty_measures", "cluster_profile")
_DESIGN = ("plan", "promise", "strategies")
_MONITOR = (
    "funnel", "redemption_time", "conversion_by_group", "segments_before", "funnels", "department_contacts", "attribution", "touched",
    "lots", "lot_units", "campaign_results", "campaign_methods", "campaign_checks", "campaign_balance", "lot_afterwards", "lot_halo",
    "redeemed_anyway", "ledger", "lot_outcomes", "lot_looks", "lot_redeemers", "event_time", "product_rankings", "weekly", "control", "mix",
)  # fmt: skip
_SALES = ("second_order", "product_rankings", "weekly", "control", "mix")  # what can be known without campaigns
_QUALITY = ("quality", "quality_reasons", "oddities", "orders_kept", "spellings", "lookalikes")

STEPS = (
    Step("collect", "1_collect", "walkthrough", "1 Collect", ("collect", "inference", "report"), meets_people=True),
    Step("clean", "2_clean", "walkthrough", "2 Clean", ("clean", "inference", "report"), makes=(*_QUALITY, "quarantine"),
         meets_people=True),
    Step(
        "segment", "3_segment", "walkthrough", "3 Segment", ("segment", "inference", "report"),
        reads=("customers", "products", "orders", "refunds", "visits", "feedback", "referrals"), makes=(*_SEGMENT, "net_sales"),
    ),
    Step(
        "design", "4_design", "walkthrough", "4 Design", ("clean", "segment", "design", "inference", "report"),
        reads=("customers", "products", "orders", *_SEGMENT), makes=_DESIGN, hands_off=("handoff/assignment.csv",),
        meets_people=True,
    ),
    Step(
        "monitor", "5_monitor", "walkthrough", "5 Monitor", ("clean", "segment", "design", "monitor", "inference", "report"),
        reads=("customers", "products", "orders", "refunds", "campaigns", "contacts", "offers", "responses", "incentives", "feedback",
               "behaviour", "segments", "movement"),
        makes=_MONITOR, campaigns=True,
    ),
    Step(
        "monitor", "without_campaigns/5_monitor", "walkthrough", "5 Monitor",
        ("clean", "segment", "design", "monitor", "inference", "report"),
        reads=("customers", "products", "orders", "feedback", "movement"), makes=_SALES, campaigns=False,
    ),
    Step(
        "loyalty", "reports/loyalty", "report", "Loyalty", ("inference", "report"),
        reads=(*_SEGMENT, "net_sales", "promise", "strategies", "feedback", "referrals", *_QUALITY),
    ),
    Step(
        "conversion", "reports/conversion", "report", "Conversion", ("segment", "monitor", "inference", "report"), campaigns=True,
        reads=("campaigns", "contacts", "offers", "responses", "orders", "products", "feedback", "funnel", "funnels", "attribution",
               "touched", "segments_before", "department_contacts", "redemption_time", "conversion_by_group", "weekly", "control",
               "quality"),
    ),
    Step(
        "conversion", "without_campaigns/conversion", "report", "Conversion", ("segment", "monitor", "inference", "report"),
        reads=("orders", "products", "feedback", "second_order", "quality"), campaigns=False,
    ),
    Step(
        "campaign", "reports/campaign", "report", "Campaigns", ("inference", "report"),
        reads=("customers", "responses", "campaign_results", "campaign_methods", "campaign_checks", "lot_afterwards",
               "lot_halo", "ledger", "lots", "lot_units", "lot_outcomes", "lot_looks", "lot_redeemers", "event_time",
               "product_rankings", "control", "mix", *_DESIGN, "quality"),
    ),
    Step("source_documents", "source_documents", "walkthrough", "Source documents",
         ("clean", "segment", "design", "monitor", "inference", "report"), files=DOCUMENTS),
)  # fmt: skip


def steps_of(study: Study) -> tuple[Step, ...]:
    """Return the steps of a study: those whose files its source has, and of two of one name the one that fits its tables."""
    known = {"campaigns", "contacts", "offers", "responses"} <= set(study.tables)
    return tuple(step for step in STEPS if set(step.files) <= set(study.files) and step.campaigns in (None, known))


def maker(table: str) -> str | None:
    """Return the name of the step that makes a table of data/processed."""
    for step in STEPS:
        if table in step.makes or (step.name == "clean" and table in CANONICAL):
            return step.name
    return None


def before(step: Step) -> list[str]:
    """Return the names of the steps that make what `step` reads."""
    if step.name == "clean":
        return ["collect"]
    collected = {"collect"} if step.files else set()
    return sorted(collected | {found for table in step.reads if (found := maker(table))})
