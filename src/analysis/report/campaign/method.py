"""How the numbers of the campaign report are made, in words, and what they do not show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.inference.corrections import HOLM, correction
from analysis.report import numbers, page, validated
from analysis.report.campaign.closing import kept_line, quality_lines
from analysis.report.campaign.phrases import by_lot, verdicts
from analysis.report.words import plural
from analysis.small_groups import rule_in_words

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

MIND = "What would change our mind:"

METHOD = {
    "Sales minus coupons (marketing effect)": "All that the contacted bought in the campaign's days, minus the discounts of its redeemed "
    f"coupons as far as found: what went through the till, not what came in addition. {MIND} a record of who pays for a coupon.",
    "Estimated change": "Spend per week during the campaign minus that in as many days before, for the contacted; minus the same for "
    "{customers} not contacted, of the same fifth of earlier spend and equally contacted by other campaigns (difference in differences). "
    f"Total = change × weeks × {{customers}} compared. {MIND} a holdout drawn by lot.",
    "Interval of a comparison": "The error over {customers}, joined by how far the same comparison scatters beyond chance on dates before "
    "each campaign (pseudo-campaigns; Schuemie et al. 2018).",
    "Doubly robust": "Comparable {customers} are weighted by their chance of being contacted, given what was known before, and a "
    "linear model corrects what is left (five folds). Who had a chance of more than nine in ten is cut.",
    "Checks": "Hidden causes as in Cinelli and Hazlett (2020). A check that could have missed a bias as large as the estimate counts as "
    "not passed.",
    "Many comparisons": "A gain or loss is named only if it stands when all campaigns ({tested}) are looked at together, so that {kept} "
    "({correction}).",
    "Expected weeks": "An exponentially weighted mean of the weeks before (a moving centre line, weight 0.2 for the newest), on square "
    "roots; with two years of data, of the differences from the year before. Simulated quiet years set the limits so that false alarms "
    f"are as rare as is said. {MIND} a second year.",
    "Expected and largest cost": "Expected cost = cost of one use × share assumed to use it, summed over the treated. The largest cost "
    f"assumes that all do. {MIND} the first counts of use.",
    "Smallest rise shown": "The relative rise of spend that the comparison shows {power} times in 100 if it is there, at a false-alarm "
    "rate of one in twenty. The plan is rehearsed 2,000 times on the {days} days before the plan with the test that will judge it; the "
    f"rise is a little larger than that shows, because these days are one sample. {MIND} a campaign that moves a few.",
}

LOTS = {
    "Drawn by lot (intention to treat)": "All drawn to be treated against all held out, whoever used what. The lots are drawn again 1,999 "
    "times on paper; the interval holds every effect that would not leave the real difference at the edge of these (studentised "
    f"randomisation test). {MIND} a sign that customers knew which arm they were in.",
    "Checks of a lot": "Does the split fit the share meant (exact binomial; below one in a thousand the lot is not read), did both spend "
    "alike before, did any held out use the offer? Fewer than 20 buyers expected in the smaller group give no interval.",
}
NET = {
    "Net value and return on investment": "Net value = margin × additional sales − cost of redeemed incentives − contact cost; return on "
    f"investment = net value / these costs, not defined where they are 0. {MIND} margins by product.",
}
LIMITS = [
    "What a campaign caused: who was contacted was chosen, not drawn by lot.",
    "Profit: margin, the cost of printing and mailing, and who pays for coupons are not in the data.",
    "What comes after a campaign without a lot: purchases moved forward from later weeks count as a gain.",
    "The season of the plan: usual spend comes from the days before it.",
    "What the plan changes in single segments: the promise is for all together.",
]


LIMIT_LOTS = "What a campaign without a lot caused: who was contacted was chosen there."
LIMIT_NET = "Profit by product: one margin stands for all sales."


def trust(
    quality: pd.DataFrame | None,
    results: pd.DataFrame | None,
    *,
    customers: str,
    currency: str,
    days: int,
    power: float,
    smallest: int = 0,
    many: str = HOLM,
) -> Fragment:
    """Return the closing part: data quality, one paragraph of method per measure, and limits."""
    values = {"customers": customers, "days": days, "power": numbers.count(power * 100)} | _many(results, many)
    lots = results is not None and bool(by_lot(results).any())
    net = results is not None and bool(results["net_value"].notna().any())
    told = METHOD | (LOTS if lots else {}) | (NET if net else {})
    method = [(name, words.format(**values)) for name, words in told.items()]
    method.append(("Validation", validated.paragraph("campaign")))
    limits = [LIMIT_LOTS if lots else LIMITS[0], LIMIT_NET if net else LIMITS[1], *LIMITS[2:]]
    said = [kept_line(quality)] if smallest else quality_lines(quality, results, currency=currency)
    return page.trust(quality=[*said, rule_in_words(smallest, customers=customers)], method=method, limits=limits)


def _many(results: pd.DataFrame | None, many: str) -> dict[str, str]:
    """The words for how many comparisons were made and how they are corrected."""
    corrected = correction(many)
    return {
        "tested": plural(verdicts(results).tested, "comparison"),
        "kept": corrected.kept,
        "correction": corrected.name,
    }
