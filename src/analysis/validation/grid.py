"""The settings in which every estimate is tried: sizes and shares as in life, chosen before any result was seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from math import inf

from analysis.validation import (
    chosen,
    contacted,
    customers,
    groups,
    households,
    looks,
    lot_outcomes,
    lots,
    mixes,
    months,
    opinions,
    plan_grid,
    redeemers,
    touches,
    walks,
    weeks,
    worth_grid,
)


@dataclass(frozen=True)
class Cell:
    """One setting. `trial` takes a generator and the options, and returns what was said in one world."""

    name: str  #: unique; the seed of each world comes from it
    family: str  #: which section of the report shows it
    setting: str  #: in words
    trial: Callable
    options: Mapping[str, object] = field(default_factory=dict)

    @property
    def quick(self) -> bool:
        """Whether a quick run tries it, too; the full run tries every cell."""
        return self.name not in FULL_ONLY


def _campaign(
    customers: int, holdout: float, silent: float, sigma: float, effect: float = 0.0, how: str = "spend"
) -> Cell:
    did = "" if not effect else f", {effect:+.0%} {'spend' if how == 'spend' else 'buyers'}".replace("%", " %")
    size = f"{customers:,} customers, {holdout:.0%} held out, {silent:.0%} without an order".replace("%", " %")
    name = f"lot {customers} {holdout} {silent} {sigma} {effect} {how}"
    options = {
        "customers": customers,
        "holdout": holdout,
        "silent": silent,
        "sigma": sigma,
        "effect": effect,
        "how": how,
    }
    return Cell(name, "lots", f"{size}, tail {sigma:g}{did}", lots.trial, options)


_lots = (
    _campaign(500, 0.5, 0.5, 1.0), _campaign(2_000, 0.1, 0.5, 1.5), _campaign(10_000, 0.05, 0.9, 1.5),
    _campaign(10_000, 0.1, 0.95, 1.5), _campaign(50_000, 0.1, 0.99, 1.5), _campaign(50_000, 0.05, 0.95, 1.5),
    _campaign(500, 0.5, 0.5, 1.0, 0.3), _campaign(2_000, 0.1, 0.5, 1.5, 0.3), _campaign(10_000, 0.1, 0.95, 1.5, 0.3),
    _campaign(50_000, 0.1, 0.99, 1.5, 0.3), _campaign(2_000, 0.1, 0.9, 1.5, 0.2, "buying"),
    _campaign(10_000, 0.05, 0.9, 1.5, 0.2, "buying"),
    Cell("company offer", "lots", "simulated company: 2,000 customers, 10 % held out, 50 % without an order, ten off", lots.company,
         {"customers": 2_000, "holdout": 0.1, "silent": 0.5, "incentive": "ten-off"}),
    Cell("company none", "lots", "simulated company: 10,000 customers, 5 % held out, 90 % without an order, no offer", lots.company,
         {"customers": 10_000, "holdout": 0.05, "silent": 0.9, "incentive": None}),
    Cell("lots together", "lots", "4 campaigns, each 2,000 customers, 10 % held out, 80 % without an order", lots.together,
         {"campaigns": 4, "customers": 2_000, "holdout": 0.1, "silent": 0.8}),
    Cell("outcomes 2000", "lots", "2,000 customers, 10 % held out, 50 % without an order, some order often", lot_outcomes.trial,
         {"customers": 2_000, "holdout": 0.1, "silent": 0.5, "sigma": 1.0}),
    Cell("outcomes 10000", "lots", "10,000 customers, 5 % held out, 90 % without an order, some order often", lot_outcomes.trial,
         {"customers": 10_000, "holdout": 0.05, "silent": 0.9, "sigma": 1.0}),
    Cell("outcomes orders", "lots", "2,000 customers, 10 % held out, 50 % without an order, +20 % orders", lot_outcomes.trial,
         {"customers": 2_000, "holdout": 0.1, "silent": 0.5, "sigma": 1.0, "effect": 0.2, "how": "orders"}),
    Cell("outcomes value", "lots", "10,000 customers, 10 % held out, 90 % without an order, +20 % value of an order", lot_outcomes.trial,
         {"customers": 10_000, "holdout": 0.1, "silent": 0.9, "sigma": 1.0, "effect": 0.2, "how": "value"}),
    *(Cell(name, "lots", *rest) for name, *rest in worth_grid.SETTINGS),
    *(Cell(name, "lots", setting, looks.trial, options) for name, setting, options in looks.SETTINGS),
    *(Cell(name, "lots", setting, redeemers.trial, options) for name, setting, options in redeemers.SETTINGS),
    Cell("split sound", "lots", "2,000 customers, 10 % held out by lot", lots.split, {"customers": 2_000, "holdout": 0.1, "lost": 0.0}),
    Cell("split broken", "lots", "2,000 customers, 10 % held out by lot, a third of the treated lost", lots.split,
         {"customers": 2_000, "holdout": 0.1, "lost": 0.33}),
)  # fmt: skip

_households = (
    Cell("households 800", "lots", "800 households, half held out, 50 % without an order, people of a household alike (0.6)",
         households.trial, {"households": 800, "holdout": 0.5, "silent": 0.5, "sigma": 1.0, "alike": 0.6}),
    Cell("households 1500", "lots", "1,500 households, 10 % held out, 70 % without an order, people of a household alike (0.8)",
         households.trial, {"households": 1_500, "holdout": 0.1, "silent": 0.7, "sigma": 1.5, "alike": 0.8}),
    Cell("households effect", "lots", "1,000 households, 20 % held out, 50 % without an order, people alike (0.6), +30 % spend",
         households.trial, {"households": 1_000, "holdout": 0.2, "silent": 0.5, "sigma": 1.0, "alike": 0.6, "effect": 0.3}),
    Cell("unit customers", "lots", "40 households of 1 to 4, customers drawn one by one, half held out", households.unit,
         {"households": 40, "holdout": 0.5, "whole": False}),
    Cell("unit households", "lots", "40 households of 1 to 4, whole households drawn, half held out", households.unit,
         {"households": 40, "holdout": 0.5, "whole": True}),
)  # fmt: skip

_rule = partial(Cell, family="rules", trial=chosen.trial)
_rules = (
    _rule("rule level", setting="2,000 customers, 50 % without an order, those who order often contacted more, no effect",
          options={"customers": 2_000, "silent": 0.5, "sigma": 1.0, "contacted": 0.3, "who": "level"}),
    _rule("rule level effect", setting="2,000 customers, 50 % without an order, those who order often contacted more, +30 % orders",
          options={"customers": 2_000, "silent": 0.5, "sigma": 1.0, "contacted": 0.3, "who": "level", "effect": 0.3}),
    _rule("rule lot", setting="5,000 customers, 90 % without an order, a tenth contacted by chance, no effect",
          options={"customers": 5_000, "silent": 0.9, "sigma": 1.5, "contacted": 0.1, "who": "lot"}),
    _rule("rule lot effect", setting="10,000 customers, 90 % without an order, a tenth contacted by chance, +30 % orders",
          options={"customers": 10_000, "silent": 0.9, "sigma": 1.5, "contacted": 0.1, "who": "lot", "effect": 0.3}),
    _rule("rule rise", setting="2,000 customers, those contacted who ordered most in the weeks before, no effect",
          options={"customers": 2_000, "silent": 0.5, "sigma": 1.0, "contacted": 0.3, "who": "rise"}),
    _rule("rule cause", setting="2,000 customers, those contacted order +50 % in the same weeks for another reason, no effect",
          options={"customers": 2_000, "silent": 0.5, "sigma": 1.0, "contacted": 0.3, "who": "cause"}),
    _rule("rule cause offered", setting="2,000 customers, as before, but the other reason raises only what the campaign offers",
          options={"customers": 2_000, "silent": 0.5, "sigma": 1.0, "contacted": 0.3, "who": "cause offered"}),
    _rule("rule cause used", setting="2,000 customers, as before, and the offers are used just on what the other reason brings",
          options={"customers": 2_000, "silent": 0.5, "sigma": 1.0, "contacted": 0.3, "who": "cause used"}),
)  # fmt: skip

_plans = (
    *(Cell(name, "plans", *rest) for name, *rest in plan_grid.SETTINGS),
)  # fmt: skip

_loyalty = (
    Cell("customers 500", "loyalty", "500 customers, 55 % without an order in a window", customers.trial,
         {"customers": 500, "silent": 0.55, "sigma": 1.0}),
    Cell("customers 5000", "loyalty", "5,000 customers, 90 % without an order in a window, 10 % more orders now", customers.trial,
         {"customers": 5_000, "silent": 0.9, "sigma": 1.5, "growth": 0.1}),
    Cell("customers 50000", "loyalty", "50,000 customers, 99 % without an order in a window", customers.trial,
         {"customers": 50_000, "silent": 0.99, "sigma": 1.5, "few": True}),
    Cell("months 500", "loyalty", "500 customers, 40 % order in a month", months.trial, {"customers": 500, "active": 0.4}),
    Cell("months 4000", "loyalty", "4,000 customers, 5 % order in a month", months.trial,
         {"customers": 4_000, "active": 0.05, "alike": 20.0, "few": True}),
    Cell("groups", "loyalty", "300 customers in four groups", groups.trial, {"customers": 300, "apart": 4.0}),
    Cell("no groups", "loyalty", "300 customers in no groups at all", groups.trial, {"customers": 300, "apart": 0.0}),
)  # fmt: skip

_conversion = (
    Cell("contacts 500", "conversion", "500 customers in half of 6 campaigns, 10 % redeem, the same ones each time", contacted.trial,
         {"customers": 500, "rate": 0.1, "alike": 2.0}),
    Cell("contacts 2000", "conversion", "2,000 customers in half of 6 campaigns, 2 % redeem, all alike", contacted.trial,
         {"customers": 2_000, "rate": 0.02, "alike": inf, "few": True}),
    Cell("contacts often", "conversion", "1,000 customers in half of 6 campaigns, 20 % redeem, all alike", contacted.trial,
         {"customers": 1_000, "rate": 0.2, "alike": inf, "few": True}),
    Cell("touches 500", "conversion", "500 customers, 10 % redeem", touches.contacts, {"customers": 500, "rate": 0.1, "alike": 2.0}),
    Cell("touches 2000", "conversion", "2,000 customers, 2 % redeem", touches.contacts, {"customers": 2_000, "rate": 0.02, "alike": inf}),
    Cell("walks 200", "conversion", "200 customers, one or two paths each, 3 channels", walks.credit, {"customers": 200}),
    Cell("walks 2000", "conversion", "2,000 customers, one or two paths each, 3 channels", walks.credit, {"customers": 2_000}),
    Cell("opinions 300", "conversion", "300 customers, 1 to 5 opinions", opinions.trial, {"customers": 300, "less": 0.0}),
    Cell("opinions 2000", "conversion", "2,000 customers, 10 points less", opinions.trial, {"customers": 2_000, "less": 0.1}),
)  # fmt: skip

_weeks = (
    Cell("weeks", "weeks", "26 + 52 weeks, normal, each by itself", weeks.trial),
    Cell("weeks alike", "weeks", "26 + 52 weeks, each like the one before (correlation 0.4)", weeks.trial, {"alike": 0.4, "beyond": 0.2}),
    Cell("weeks very alike", "weeks", "26 + 52 weeks, each like the one before (correlation 0.6)", weeks.trial,
         {"alike": 0.6, "beyond": 0.2}),
    Cell("weeks tail", "weeks", "26 + 52 weeks, one in twenty twice as large", weeks.trial, {"tail": 0.05}),
    Cell("weeks rare tail", "weeks", "26 + 52 weeks, one in a hundred twice as large", weeks.trial, {"tail": 0.01}),
    Cell("weeks heavy", "weeks", "26 + 52 weeks, each by itself, tails as of t with 4 degrees of freedom", weeks.trial,
         {"freedom": 4.0, "beyond": 0.2}),
    Cell("weeks orders", "weeks", "26 + 52 weeks, each 60 orders of very unequal size", weeks.trial, {"orders": 60}),
    Cell("weeks season", "weeks", "26 + 52 weeks, a season of 15 % up and down, 20 % growth", weeks.trial, {"season": 0.15, "growth": 0.2}),
    Cell("weeks strong season", "weeks", "26 + 52 weeks, a season of 30 % up and down", weeks.trial, {"season": 0.3}),
    Cell("weeks season alike", "weeks", "26 + 52 weeks, a season of 15 % up and down, each like the one before (correlation 0.4)",
         weeks.trial, {"season": 0.15, "alike": 0.4}),
    Cell("weeks years", "weeks", "three years with a season of 20 %, holidays of 80 %, 20 % growth", weeks.trial,
         {"season": 0.2, "holidays": 0.8, "growth": 0.2, "years": 3}),
    Cell("weeks growth", "weeks", "26 + 52 weeks, 60 % growth in a year", weeks.trial, {"growth": 0.6}),
    Cell("weeks beyond chance", "weeks", "26 + 52 weeks, redemption varies by 40 % beyond chance", weeks.trial, {"beyond": 0.4}),
    Cell("weeks sparse", "weeks", "26 + 52 weeks of 4 customers, 8 orders, 1 % redemption", weeks.trial,
         {"size": 4.0, "orders": 8, "rate": 0.01}),
    Cell("weeks none", "weeks", "26 + 52 weeks of half a customer and half an order, 0.1 % redemption", weeks.trial,
         {"size": 0.5, "orders": 0.5, "rate": 0.001}),
    Cell("weeks small fall", "weeks", "26 + 52 weeks, a lasting fall by 15 % from the 39th", weeks.trial, {"fall": 0.15}),
    Cell("weeks fall", "weeks", "26 + 52 weeks, a lasting fall by 30 % from the 39th", weeks.trial, {"fall": 0.3}),
    Cell("mix 300", "weeks", "300 customers who move between four segments, as many each way", mixes.trial, {"customers": 300}),
    Cell("mix 5000", "weeks", "5,000 customers, 2 % of all move from one segment to another in addition", mixes.trial,
         {"customers": 5_000, "more": 0.02}),
)  # fmt: skip

FULL_ONLY = {
    "lot 50000 0.05 0.95 1.5 0.0 spend", "lot 500 0.5 0.5 1.0 0.3 spend", "lot 50000 0.1 0.99 1.5 0.3 spend", "company none",
    "outcomes 10000", "outcomes value", "looks pocock", "looks buying",
    "rule lot effect", "rule level effect", "plan tenth", "plan zeros", "measures 10000",
    "customers 5000", "customers 50000", "months 4000", "no groups", "contacts often",
    "weeks years", "weeks very alike", "weeks rare tail", "weeks orders", "weeks growth", "weeks sparse", "weeks fall", "weeks none",
    "weeks small fall", "weeks season alike", "weeks strong season", "weeks beyond chance", "weeks alike",
    "worth 10000", "after 10000", "range 10000",
}  # fmt: skip
CELLS = {cell.name: cell for cell in (*_lots, *_households, *_rules, *_plans, *_loyalty, *_conversion, *_weeks)}
