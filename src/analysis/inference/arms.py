"""Is the lot that was drawn the lot that was meant? Checks on the two arms before any result is read."""

from typing import NamedTuple

import numpy as np

ALARM = 0.001  # below this chance a split is taken for broken: one in a thousand sound lots is refused


class Split(NamedTuple):
    """Customers by arm against the share that was meant to be treated, and the chance of a split as uneven as this."""

    treated: int
    holdout: int
    expected_treated: float  #: customers times the share meant
    p_value: float

    @property
    def broken(self) -> bool:
        """Whether lots of the share meant would hardly ever split so."""
        return bool(self.p_value < ALARM)


def sample_ratio(n_treated: int, n_holdout: int, *, share: float) -> Split:
    """Compare the split with the `share` of customers that the lot was to treat: exact, two-sided, binomial.

    The p-value adds up all splits that are no more likely than the one seen; NaN without customers. Raises ValueError for a
    share outside 0 to 1 and for counts below 0.
    Source: Fabijan et al. (2019), "Diagnosing Sample Ratio Mismatch", KDD; alarm at 0.001 as there is one check per campaign.
    """
    if not 0 < share < 1:
        raise ValueError(f"share {share:g} must lie between 0 and 1, for example 0.5")
    if min(n_treated, n_holdout) < 0:
        raise ValueError(f"{min(n_treated, n_holdout)} customers in an arm; the least is 0")
    n = int(n_treated + n_holdout)
    if not n:
        return Split(0, 0, 0.0, np.nan)
    from scipy.stats import binomtest

    return Split(int(n_treated), int(n_holdout), n * share, float(binomtest(int(n_treated), n, share).pvalue))


def baseline_difference(treated, holdout) -> float:
    """Difference of the means of an outcome from before the lot, in standard deviations of both arms together.

    One value per customer, zeros included. Between sound arms it is near 0, with a standard error of
    sqrt(1/n_treated + 1/n_holdout). NaN where an arm is empty or nobody differs.
    Source: standardised difference, Imbens and Rubin (2015), section 14.2, with one variance for both arms.
    """
    treated, holdout = (np.sort(np.asarray(values, dtype=float)) for values in (treated, holdout))
    if not (treated.size and holdout.size):
        return np.nan
    spread = np.concatenate([treated, holdout]).std()
    return float((treated.mean() - holdout.mean()) / spread) if spread > 0 else np.nan
