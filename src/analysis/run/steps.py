"""The steps of a study: which notebook reads which tables and makes which. dodo.py turns this list into the graph."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from analysis import places
from analysis.study import Study
from analysis.tables import CANONICAL

ROOMS = ("collect", "clean", "segment", "design", "monitor")


@dataclass(frozen=True)
class Step:
    """One notebook: `reads` and `makes` are tables of data/processed, `hands_off` further files below it."""

    name: str
    notebook: str  # path below notebooks/, without ending
    kind: Literal["walkthrough", "report"]
    label: str  # how links name its page
    rooms: tuple[str, ...]  # the packages whose code it runs
    reads: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()
    hands_off: tuple[str, ...] = ()

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
            return []
        if self.name == "clean":
            return [
                places.raw(study.name) / "manifest.json",
                *(places.raw(study.name) / f"{table}.parquet" for table in study.tables),
            ]
        return [study.file(table) for table in self.reads if table in study.tables or table not in CANONICAL]

    def outputs(self, study: Study) -> list[Path]:
        """Files that it makes, its pages included; they are removed before it runs."""
        made = [study.file(table) for table in self.makes]
        if self.name == "collect":
            made = [
                places.raw(study.name) / "manifest.json",
                *(places.raw(study.name) / f"{table}.parquet" for table in study.tables),
            ]
        if self.name == "clean":
            made += [study.file(table) for table in study.tables]
        made += [places.processed(study.name) / file for file in self.hands_off]
        return [*made, self.run_notebook(study.name), places.reports(study.name) / self.page]

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
            if file.suffix in (".py", ".j2", ".css")
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
    "funnel", "redemption_time", "conversion_by_group", "lots", "campaign_results", "event_time", "product_rankings", "weekly", "control",
)  # fmt: skip
_QUALITY = ("quality", "quality_reasons", "oddities", "orders_kept", "spellings", "lookalikes")

STEPS = (
    Step("collect", "1_collect", "walkthrough", "1 Collect", ("collect", "inference", "report")),
    Step("clean", "2_clean", "walkthrough", "2 Clean", ("clean", "inference", "report"), makes=(*_QUALITY, "quarantine")),
    Step(
        "segment", "3_segment", "walkthrough", "3 Segment", ("segment", "inference", "report"),
        reads=("customers", "products", "orders", "visits", "feedback", "referrals"), makes=_SEGMENT,
    ),
    Step(
        "design", "4_design", "walkthrough", "4 Design", ("segment", "design", "inference", "report"),
        reads=("customers", "products", "orders", "segments"), makes=_DESIGN, hands_off=("handoff/send.csv", "handoff/assignment.csv"),
    ),
    Step(
        "monitor", "5_monitor", "walkthrough", "5 Monitor", ("monitor", "inference", "report"),
        reads=("customers", "products", "orders", "campaigns", "contacts", "offers", "responses", "incentives", "feedback", "behaviour",
               "segments"),
        makes=_MONITOR,
    ),
    Step(
        "loyalty", "reports/loyalty", "report", "Loyalty", ("inference", "report"),
        reads=(*_SEGMENT, "promise", "strategies", "feedback", "referrals", *_QUALITY),
    ),
    Step(
        "conversion", "reports/conversion", "report", "Conversion", ("monitor", "inference", "report"),
        reads=("campaigns", "contacts", "offers", "responses", "orders", "feedback",
               "funnel", "redemption_time", "conversion_by_group", "weekly", "control", "quality"),
    ),
    Step(
        "campaign", "reports/campaign", "report", "Campaigns", ("inference", "report"),
        reads=("customers", "responses", "campaign_results", "lots", "event_time", "product_rankings", "control", *_DESIGN, "quality"),
    ),
)  # fmt: skip


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
    return sorted({found for table in step.reads if (found := maker(table))})
