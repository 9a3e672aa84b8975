"""Each channel and each segment against the rest of its list: how often its contacts redeem."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.inference.corrections import HOLM, correction
from analysis.report.conversion.differences import rate_difference

if TYPE_CHECKING:
    import pandas as pd

COMPARED = ("channel", "segment")
COLUMNS = ["dimension", "group", "reached", "contacted", "rate", "low", "high", "rest", "difference", "difference_low",
           "difference_high", "p_adjusted", "verdict"]  # fmt: skip


def compared(grouped: pd.DataFrame, funnels: pd.DataFrame, *, many: str = HOLM) -> pd.DataFrame:
    """One row per channel and segment: its rate of redemption and interval, the rest's, the difference, adjusted p, verdict.

    `grouped` has one row per contact (`monitor.funnels.with_groups`), `funnels` the rates of its groups. Each group is held
    against all other contacts of its dimension whose group is known; the units are customers, who may be in several groups.
    P-values are adjusted for all groups together (see `corrections`). `verdict` is more often, less often or cannot tell; a group is not
    judged where it or its rest has too few customers or redemptions to be expected (`differences.rate_difference`). Highest rate first.
    """
    import pandas as pd

    rates = funnels[funnels["step"] == "redeemed"].set_index(["dimension", "group"])
    rows = []
    for dimension in COMPARED:
        known = grouped.dropna(subset=[dimension])
        names = sorted(known[dimension].astype(str).unique())
        rows += [_against_rest(known, rates, dimension, name) for name in names if len(names) > 1]
    table = pd.DataFrame(rows, columns=[*COLUMNS[:-2], "p_value"])
    table["p_adjusted"] = correction(many).adjust(table.pop("p_value").to_numpy(dtype=float))
    clear = (table["p_adjusted"] < 0.05).to_numpy(dtype=bool)
    above = (table["difference"] > 0).to_numpy(dtype=bool)
    table["verdict"] = np.where(clear, np.where(above, "more often", "less often"), "cannot tell")
    return table.sort_values(["dimension", "rate", "group"], ascending=[True, False, True], ignore_index=True)[COLUMNS]


def _against_rest(known: pd.DataFrame, rates: pd.DataFrame, dimension: str, name: str) -> dict[str, object]:
    inside = (known[dimension].astype(str) == name).to_numpy(dtype=bool)
    one, rest = known[inside], known[np.logical_not(inside)]
    found = rate_difference(one["redeemed"], one["customer_id"], rest["redeemed"], rest["customer_id"])
    row = rates.loc[(dimension, name)] if (dimension, name) in rates.index else {}
    kept = {column: row.get(column, np.nan) for column in ("reached", "contacted", "rate", "low", "high")}
    return {"dimension": dimension, "group": name, **kept, "rest": found.b, "difference": found.estimate,
            "difference_low": found.low, "difference_high": found.high, "p_value": found.p_value}  # fmt: skip
