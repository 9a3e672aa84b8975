"""Every estimate that a report prints with an interval, a verdict or a promise: where, of what, and which code makes it."""

from __future__ import annotations

from typing import NamedTuple


class Estimate(NamedTuple):
    """One kind of number. `name` is the one in the results; `code` are the modules that make value and interval."""

    name: str
    page: str  #: loyalty, conversion, campaign; or the walk-through that prints it
    where: str  #: section of that page
    of: str  #: what it estimates
    code: tuple[str, ...]


_SHARES = "inference.proportions"
_MEANS = "inference.means"
_BY_RULE = ("monitor.comparison", "monitor.evidence", "monitor.past", "monitor.pseudo_campaigns")
_DRAWN_AGAIN = ("inference.permutation", "inference.reassignment", "inference.factors")
_BY_HOUSEHOLD = ("inference.clusters", "inference.linearised", *_DRAWN_AGAIN[1:])
_WEEKS = ("monitor.control_charts", "monitor.moving_centre", "monitor.false_alarms", "monitor.shewhart")
_BY_CUSTOMER = ("report.conversion.differences",)

INVENTORY = (
    Estimate("customer loyalty", "loyalty", "Measures of loyalty", "mean of repeat orders, of customers with an order",
             ("segment.measures", "inference.totals")),
    Estimate("repeat rate", "loyalty", "Measures of loyalty", "share with two orders or more", ("segment.measures", _SHARES)),
    Estimate("revenue per customer", "loyalty", "Measures of loyalty", "mean sales of who ordered in both windows",
             ("segment.lifetime", "inference.totals")),
    Estimate("churn rate", "loyalty", "Measures of loyalty", "share without an order in the next window", ("segment.lifetime", _SHARES)),
    Estimate("simple lifetime value", "loyalty", "Measures of loyalty", "revenue per customer over churn rate",
             ("segment.lifetime", "inference.totals")),
    Estimate("customer value, mean", "loyalty", "Measures of loyalty", "mean sales per 30 days",
             ("segment.measures", "inference.totals")),
    Estimate("customer value, median", "loyalty", "Measures of loyalty", "median sales per 30 days",
             ("segment.measures", "inference.resampling")),
    Estimate("purchase-count loyalty", "loyalty", "Measures of loyalty", "median orders in the window",
             ("report.loyalty.measures", "report.loyalty.medians")),
    Estimate("sales per customer", "loyalty", "Key figures", "mean sales in the window",
             ("report.loyalty.window", "inference.totals")),
    Estimate("change of sales per customer", "loyalty", "Key figures", "mean change against the window before",
             ("report.loyalty.window", _MEANS)),
    Estimate("change of orders per customer", "loyalty", "Key figures", "mean change against the window before",
             ("report.loyalty.window", _MEANS)),
    Estimate("customers active", "loyalty", "Key figures", "share with an order in the last month, and whether it moved",
             ("report.loyalty.opening", "report.loyalty.returns", _SHARES)),
    Estimate("back the next month", "loyalty", "Do they come back", "share of a month's customers with an order in the next",
             ("segment.cohorts", "report.loyalty.returns", _SHARES)),
    Estimate("retention of a cohort", "loyalty", "Newly seen", "share of a cohort active at an age", ("segment.cohorts", _SHARES)),
    Estimate("newly seen, back the next month", "loyalty", "Newly seen", "share active one month after the first",
             ("report.loyalty.newcomers", _SHARES)),
    Estimate("newly seen, later against earlier", "loyalty", "Newly seen", "difference of two groups of cohorts",
             ("report.loyalty.newcomers", _SHARES)),
    Estimate("top three tenths", "loyalty", "Who brings the sales", "their share of sales",
             ("report.loyalty.tenths", "inference.interval")),
    Estimate("segment, share of customers", "loyalty", "Segments", "share of all customers", ("report.loyalty.segments", _SHARES)),
    Estimate("segment, share of sales", "loyalty", "Segments", "share of all sales",
             ("report.loyalty.segments", "inference.totals")),
    Estimate("segment, orders of the middle customer", "loyalty", "What they are like", "median orders in 30 days",
             ("report.loyalty.segments", "report.loyalty.medians")),
    Estimate("segment kept", "loyalty", "Movement", "share in the same segment in both halves", ("report.loyalty.moves", _SHARES)),
    Estimate("stability of groups", "loyalty", "What they are like", "whether the groups of k-means are said to be stable",
             ("segment.clusters", "report.loyalty.portraits")),
    Estimate("age bands", "loyalty", "Age", "whether a band differs from the others",
             ("report.loyalty.ages", _MEANS, "inference.multiple")),
    Estimate("age known or not", "loyalty", "Age", "difference of mean scores", ("report.loyalty.ages", _MEANS)),
    Estimate("conversion rate, all contacts", "conversion", "Steps", "share of contacts that redeem", ("monitor.conversion", _SHARES)),
    Estimate("conversion rate, one campaign", "conversion", "Campaigns", "share of its contacts that redeem",
             ("monitor.conversion", _SHARES)),
    Estimate("customers that redeemed", "conversion", "Key figures", "share of the contacted that redeemed at least once",
             ("report.conversion.opening", _SHARES)),
    Estimate("redemption, later against earlier half", "conversion", "Key figures", "difference of two rates",
             ("report.conversion.opening", *_BY_CUSTOMER)),
    Estimate("visits against just before", "conversion", "Compared with just before", "difference of two rates",
             ("report.conversion.before", *_BY_CUSTOMER, "inference.multiple")),
    Estimate("leading kind of campaign", "conversion", "Campaigns", "whether a kind is redeemed more often than the rest",
             ("report.conversion.kinds", *_BY_CUSTOMER, "inference.multiple")),
    Estimate("redeemed before or not", "conversion", "Who redeemed before", "difference of two rates",
             ("report.conversion.history", *_BY_CUSTOMER)),
    Estimate("redemption by group", "conversion", "Who redeems", "whether a group differs from the rest",
             ("monitor.conversion", "report.conversion.groups", "inference.multiple")),
    Estimate("time to redemption, the curve", "conversion", "Time to redemption", "share redeemed by a day (Kaplan-Meier)",
             ("monitor.redemption_time",)),
    Estimate("time to redemption, the middle day", "conversion", "Time to redemption", "median days of those who redeem",
             ("report.conversion.timing",)),
    Estimate("satisfaction", "conversion", "Opinions", "share of opinions that are satisfied",
             ("monitor.satisfaction", "monitor.conversion", _SHARES)),
    Estimate("campaign by lot, per customer", "campaign", "What campaigns changed", "effect per treated customer",
             _DRAWN_AGAIN),
    Estimate("campaign by lot, lift", "campaign", "What else moved", "effect over the mean of the held out",
             _DRAWN_AGAIN),
    Estimate("campaign by lot, total", "campaign", "What campaigns changed", "what the campaign added among its treated",
             _DRAWN_AGAIN),
    Estimate("campaign by lot, log-hurdle", "campaign", "What else moved", "factor on buyers times factor on spend",
             ("inference.hurdle",)),
    Estimate("campaign by lot, share who ordered", "campaign", "What else moved", "share of the treated over that of the held out",
             ("inference.rates", "inference.proportions")),
    Estimate("campaign by lot, orders per customer", "campaign", "What else moved", "mean orders over those of the held out",
             _DRAWN_AGAIN),
    Estimate("campaign by lot, value of an order", "campaign", "What else moved", "spend per order over that of the held out",
             ("inference.linearised", *_DRAWN_AGAIN[1:])),
    Estimate("campaign by lot, adjusted spend", "campaign", "What else moved",
             "spend over that of the held out, less what spend before foretells",
             ("inference.linearised", *_DRAWN_AGAIN[1:], "inference.aggregates", "monitor.lot_outcomes", "monitor.experiment_table")),
    Estimate("campaign by household, per customer", "campaign", "What campaigns changed",
             "effect per treated customer, households drawn", _BY_HOUSEHOLD),
    Estimate("campaign by household, per household", "campaign", "Drawn by lot", "effect per treated household",
             (*_DRAWN_AGAIN, "monitor.household_lots")),
    Estimate("campaign by household, lift", "campaign", "What campaigns changed", "spend per customer over that of the held out",
             ("inference.linearised", *_DRAWN_AGAIN[1:])),
    Estimate("campaign by household, total", "campaign", "What campaigns changed", "what the campaign added among its treated",
             ("inference.linearised", *_DRAWN_AGAIN[1:])),
    Estimate("campaign by household, test", "campaign", "What campaigns changed", "whether there is an effect", _BY_HOUSEHOLD),
    Estimate("unit of the lot", "campaign", "Drawn by lot", "whether households were drawn, where nobody says it",
             ("monitor.drawn_units",)),
    Estimate("verdict of a lot", "campaign", "What campaigns changed", "the word that is printed",
             ("monitor.lot_effects", "monitor.effects", "inference.multiple")),
    Estimate("split of the lot", "campaign", "What campaigns changed", "whether customers of an arm are missing",
             ("monitor.lots", "inference.arms")),
    Estimate("campaign by lot, test", "campaign", "What campaigns changed", "whether there is an effect",
             _DRAWN_AGAIN),
    Estimate("campaign by rule, per week", "campaign", "What campaigns changed", "effect per contacted customer and week",
             (*_BY_RULE, "inference.observational", "inference.pseudo")),
    Estimate("campaign by rule, doubly robust", "campaign", "Three ways of looking", "effect per contacted customer and week",
             (*_BY_RULE, "inference.doubly_robust", "inference.observational", "inference.pseudo")),
    Estimate("placebo of a campaign by rule", "campaign", "What campaigns changed", "the same before it began: nothing",
             (*_BY_RULE, "inference.observational")),
    Estimate("verdict of a comparison", "campaign", "What campaigns changed", "the word that is printed",
             (*_BY_RULE, "monitor.estimates", "monitor.untouched", "inference.observational", "inference.pseudo",
              "inference.doubly_robust", "inference.sensitivity", "inference.wording", "inference.comparison_checks", "inference.multiple",
              "monitor.days_of_use")),
    Estimate("week by week around the start", "campaign", "Before and after", "step from the weeks before to one week",
             ("monitor.event_time", "monitor.past", "monitor.comparison", "inference.bands", "inference.observational")),
    Estimate("control chart, sales", "campaign", "Unusual weeks", "whether a week is a signal", _WEEKS),
    Estimate("control chart, customers active", "campaign", "Unusual weeks", "whether a week is a signal", _WEEKS),
    Estimate("control chart, redemption", "conversion", "Weeks that stand out", "whether a week is a signal", _WEEKS),
    Estimate("mix of segments, change", "5 Monitor", "Did the mix drift", "change of the share of customers in a segment",
             ("monitor.mix", _MEANS)),
    Estimate("mix of segments, drift", "5 Monitor", "Did the mix drift", "whether the mix is said to have drifted", ("monitor.mix",)),
    Estimate("promise of the plan", "campaign", "What we promise", "how often the smallest effect shown is shown",
             ("design.sizing", "design.promise", "design.baseline", "inference.lot_power", "inference.reassignment",
              "inference.experiments")),
    Estimate("balance of the arms", "4 Design", "Balance", "difference of the arms before the plan: nothing",
             ("design.balance", "inference.lot_power")),
)  # fmt: skip

BY_NAME = {estimate.name: estimate for estimate in INVENTORY}
