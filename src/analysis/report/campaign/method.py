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
    "Sales minus coupons (marketing effect)": "Marketing effect = sales − cost: all that the contacted bought in the "
    "campaign's days, minus the discounts of its redeemed coupons as far as found. A line that several coupons cover is "
    "split among them. It says what went through the till, not what came in addition. "
    f"{MIND} a record of who pays for a coupon.",
    "Estimated change": "Spend per week during the campaign minus spend per week in as many days before, for the "
    "contacted; minus the same for {customers} not contacted, of the same fifth of earlier spend and equally contacted by "
    f"other campaigns (difference in differences). Total = change × weeks × {{customers}} compared. {MIND} a holdout drawn by lot.",
    "Interval of a comparison": "Customers are the clusters: each has one change. Its error is joined by how far the same comparison, "
    "on dates before each campaign, scatters beyond chance (pseudo-campaigns; Schuemie et al. 2018). "
    f"{MIND} a past in which the groups never moved apart.",
    "Doubly robust": "Comparable {customers} are weighted by their chance of being contacted, given spend, order days, time since the "
    "last order and other contact from before; what the weights leave is corrected by a linear model. Nobody is predicted by a model that "
    f"saw them (five folds). Who had a chance of more than nine in ten is cut. {MIND} a trait that both miss.",
    "Checks": "On the weeks before, on earlier dates and on spend that the campaign did not offer, there should be nothing to find; "
    "most of a gain should come on days on which an offer was used; the two estimates should agree; enough comparable {customers} should "
    "be left and look like the contacted; a hidden cause as strong as the strongest known trait should not explain the difference (Cinelli "
    "and Hazlett 2020). A check that could have missed a bias as large as the estimate counts as not passed. What no check can exclude is "
    f"another cause of just what was offered, on just the days of use. {MIND} a holdout drawn by lot.",
    "Many comparisons": "The chance of a false find grows with every campaign looked at. A gain or loss is named only if "
    "it stands when all campaigns ({tested}) are looked at together, so that {kept} ({correction}).",
    "Expected weeks": "What the weeks before lead to expect is their exponentially weighted mean (a moving centre line, weight "
    "0.2 for the newest), on the scale of square roots; with two years of data, of the differences from the year before. The first "
    "weeks say how large a surprise is usual; simulated quiet years, of weeks with heavy tails that resemble their "
    f"neighbours or follow a season, set the limits so that false alarms are as rare as is said. {MIND} a second year.",
    "Expected and largest cost": "Expected cost = cost of one use × share assumed to use it, summed over the treated. "
    f"The largest cost assumes that all do. {MIND} the first counts of use.",
    "Smallest rise shown": "The relative rise of spend that the comparison of treated and held out shows {power} times in 100 "
    "if it is there, at a false-alarm rate of one in twenty. The plan is rehearsed 2,000 times on what {customers} spent in the "
    "{days} days before the plan: lots are drawn, the treated spend more, each by the same share, and the test that will judge the plan "
    "judges. The rise named is a little larger, because these days are one sample and others could have been more uneven. "
    f"Where too few buyers are expected nothing is promised. {MIND} a plan in another season, or a campaign that moves a few.",
}

LOTS = {
    "Drawn by lot (intention to treat)": "Spend of all drawn to be treated minus spend of all held out, whoever opened or used "
    "what. The lots are drawn again 1,999 times on paper; the interval holds every effect that would not leave the real "
    "difference at the edge of these (studentised randomisation test). Only here may a word say caused. "
    f"{MIND} a sign that customers knew which arm they were in.",
    "Checks of a lot": "Does the split fit the share that was meant (exact binomial; below one in a thousand the lot is called "
    "broken and not read)? Did both spend alike before? Did any held out use the offer all the same? Fewer than 20 buyers "
    f"expected in the smaller group, counted on both together, give no interval. {MIND} the record of how the lot was drawn.",
}
NET = {
    "Net value and return on investment": "Net value = margin × additional sales − cost of redeemed incentives − contact cost, with "
    "the interval of the additional sales; return on investment = net value / these costs, not defined where they are 0. "
    f"{MIND} margins by product, and sales after the campaign's last day.",
}
LIMITS = [
    "What a campaign caused: who was contacted was chosen, not drawn by lot.",
    "Profit: margin, the cost of printing and mailing, and who pays for coupons are not in the data.",
    "What comes after a campaign: purchases moved forward from later weeks count as a gain, sales after its last day are "
    "not seen.",
    "The season of the plan: usual spend comes from the days before it.",
    "What the plan changes in single segments: most are too small to show it, so the promise is for all together.",
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
