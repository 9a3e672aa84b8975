"""Satisfaction with needs, inquiries and feedback: the share satisfied, by product and channel."""

import pandas as pd

from analysis.monitor.conversion import conversion_rate


def satisfaction(feedback: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """One row per kind of opinion, `by` ("all", "product", "channel") and name: opinions, satisfied, rate, low, high.

    Satisfaction = opinions with `satisfied` 1 / opinions that say (source documents), with Wilson's interval.
    Opinions that do not say are in `unknown`, not in the rate; a row where none says has a rate of NaN. The interval
    takes opinions as independent, so it is too narrow where few customers give many. Opinions without product or
    channel count in "all".
    """
    rows = []
    for by, column in (("all", None), ("channel", "channel"), ("product", "product_id")):
        names = pd.Series("all", index=feedback.index) if column is None else feedback[column]
        for (kind, name), group in feedback.groupby([feedback["kind"], names], sort=True):
            said = group["satisfied"].dropna()
            found = conversion_rate(int((said == 1).sum()), len(said), confidence=confidence)
            rows.append({"kind": kind, "by": by, "name": name, "opinions": len(said), "satisfied": found.conversions,
                         "rate": found.rate, "low": found.low, "high": found.high,
                         "unknown": len(group) - len(said)})  # fmt: skip
    columns = ["kind", "by", "name", "opinions", "satisfied", "rate", "low", "high", "unknown"]
    return pd.DataFrame(rows, columns=columns).sort_values(["kind", "by", "name"]).reset_index(drop=True)
