"""Groups by k-means, in worlds that have groups and in one that has none: what stability says."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.report.loyalty.stability import stability_words, tighter
from analysis.segment.clusters import clusters
from analysis.validation.outcomes import FAMILY, Outcome, claim

GROUPS, DRAWS = 4, 6  # a study draws 50, which moves the mean little


def trial(rng: np.random.Generator, *, customers: int, apart: float) -> list[Outcome]:
    """Make customers in four groups whose centres lie `apart` standard deviations from another; 0 makes one group."""
    centre = apart * np.eye(4)[rng.integers(GROUPS, size=customers)]
    points = np.exp(centre + rng.standard_normal((customers, 4)))
    behaviour = pd.DataFrame(points, columns=["recency_days", "order_frequency", "order_amount", "discount_share"])
    behaviour = behaviour.assign(
        customer_id=np.arange(customers), frequency=1, monetary=points[:, 2], discount_share=np.log(points[:, 3])
    )
    found = clusters(behaviour, k=GROUPS, draws=DRAWS, rng=rng).profile
    words = [stability_words(value) if tighter(found) else "a way to cut" for value in found["stability"]]
    if apart:
        return [claim("stability of groups", "all groups at least stable, where there are groups",
                      all("stable" in word for word in words))]  # fmt: skip
    return [claim("stability of groups", "a group at least stable, where there are none",
                  any("stable" in word for word in words), FAMILY)]  # fmt: skip
