"""The door of validation: its tables in data/processed, and the small table of the last full run that is committed."""

from __future__ import annotations

import pandas as pd

from analysis import places
from analysis.report import validated
from analysis.validation.inventory import BY_NAME

NAME = "validation"  # of the folders of data and reports
KEPT = [
    "family", "cell", "setting", "estimate", "method", "says", "nothing", "worlds", "refused", "reason", "bias_of_error",
    "coverage", "above", "below", "claimed", "goal_low", "goal_high", "of", "outside", "untold",
]  # fmt: skip
SHARES = ["bias_of_error", "coverage", "above", "below", "claimed", "goal_low", "goal_high"]


def write(results: pd.DataFrame, checks: pd.DataFrame) -> None:
    """Write both tables of a run to data/processed/validation."""
    for name, table in (("results", results), ("checks", checks)):
        with places.replacing(places.processed(NAME) / f"{name}.parquet") as unfinished:
            table.to_parquet(unfinished, index=False)


def read(name: str) -> pd.DataFrame:
    """Return a table of the last run: results or checks."""
    return pd.read_parquet(places.processed(NAME) / f"{name}.parquet")


def keep(results: pd.DataFrame) -> None:
    """Replace the committed table of the full run: rounded, sorted, and with a hash of the code of each estimate."""
    places.write_text(
        places.project_root() / "src" / "analysis" / "report" / validated.FILE, kept(results).to_csv(index=False)
    )


def kept(results: pd.DataFrame) -> pd.DataFrame:
    """One row per setting, estimate, method and claim, as it is committed."""
    table = results[KEPT].copy()
    table[SHARES] = table[SHARES].round(4)
    table["page"] = [BY_NAME[name].page for name in table["estimate"]]
    table["nothing"] = table["nothing"].map({True: "yes", False: "no"})
    code = {name: BY_NAME[name].code for name in table["estimate"].unique()}
    table["modules"] = [" ".join(sorted(code[name])) for name in table["estimate"]]
    hashed = {name: validated.digest(modules) for name, modules in code.items()}
    table["code"] = table["estimate"].map(hashed)
    return table.sort_values(["estimate", "cell", "says", "method"], ignore_index=True)


def committed() -> pd.DataFrame:
    """Return the committed table with numbers as numbers; empty before the first full run. Bias is kept in errors alone."""
    table = pd.DataFrame(validated.committed(), columns=[*KEPT, "page", "modules", "code"])
    for column in (*SHARES, "worlds", "refused"):
        table[column] = pd.to_numeric(table[column])
    return table.assign(nothing=table["nothing"] == "yes", bias=float("nan"), bias_error=float("nan"))
