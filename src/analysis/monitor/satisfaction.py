"""Satisfaction with needs, inquiries and feedback: the share satisfied, by product and channel."""

import pandas as pd

from analysis.monitor.conversion import rate_of


def satisfaction(feedback: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """One row per kind of opinion, `by` ("all", "product", "channel") and name: opinions, satisfied, rate, low, high.

    Satisfaction = opinions with `satisfied` 1 / opinions that say (source documents), with Wilson's interval on the
    effective number of opinions: those of one customer are alike (`conversion.effective_contacts`). Opinions that do not
    say are in `unknown`, not in the rate; a row where none says has a rate of NaN. Opinions without product or channel
    count in "all".
    """
    rows = []
    for by, column in (("all", None), ("channel", "channel"), ("product", "product_id")):
        names = pd.Series("all", index=feedback.index) if column is None else feedback[column]
        for (kind, name), group in feedback.groupby([feedback["kind"], names], sort=True):
            said = group.dropna(subset="satisfied")
            found = rate_of((said["satisfied"] == 1).to_numpy(), said["customer_id"], confidence=confidence)
            rows.append({"kind": kind, "by": by, "name": name, "opinions": len(said), "satisfied": found["reached"],
                         **{limit: found[limit] for limit in ("rate", "low", "high")},
                         "unknown": len(group) - len(said)})  # fmt: skip
    columns = ["kind", "by", "name", "opinions", "satisfied", "rate", "low", "high", "unknown"]
    return pd.DataFrame(rows, columns=columns).sort_values(["kind", "by", "name"]).reset_index(drop=True)
