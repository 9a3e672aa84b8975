"""The funnel: of all contacts, who visited, bought a promoted product and redeemed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.report import blanks, charts, figures, numbers, page, tables
from analysis.report.conversion import nobody
from analysis.report.conversion.few import ALL_SHOWN, Few
from analysis.report.conversion.phrases import STEPS
from analysis.report.words import plural

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

KEY, LABEL = "funnel", "The funnel"
VERBS = {"visited": "visit", "bought_promoted": "buy a promoted product", "redeemed": "redeem"}


def overall(funnel: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of all contacts together, one per step, indexed by step, in the order of steps."""
    return funnel[funnel["scope"] == "all"].sort_values("step_no").set_index("step")


def title(funnel: pd.DataFrame) -> str:
    """Return the finding: how many of 100 contacts come to each step."""
    rate = overall(funnel)["rate"]
    done = [f"{numbers.count(100 * rate[step])} {verb}" for step, verb in VERBS.items()]
    return f"Of 100 contacts, {done[0]}, {done[1]} and {done[2]}"


def lead(funnel: pd.DataFrame, *, odd: int, customer: str) -> list[str]:
    """Return what the last step says; `odd` contacts redeemed without a promoted product, as the data has it."""
    redeemed = overall(funnel).loc["redeemed"]
    said = (
        f"{numbers.count(redeemed['reached'])} of {plural(redeemed['contacted'], 'contact')} ended with at least one coupon "
        f"handed in: {numbers.of_every_100(redeemed['low'], redeemed['high'])}. A {customer} that shops often "
        "comes to the first two steps whatever a campaign does; the next section measures that."
    )
    still = 1 - redeemed["window_closed"]
    running = (
        f"For {numbers.percent(still)} of contacts the campaign still runs, so their steps can grow."
        if still and numbers.is_known(still)
        else ""
    )
    strange = f"{plural(odd, 'contact')} redeemed with no promoted product among their purchases." if odd else ""
    rest = " ".join(filter(None, (running, strange)))
    return [said, rest] if rest else [said]


def table(funnel: pd.DataFrame) -> pd.DataFrame:
    """One row per kind of campaign ("All contacts" first) and step: reached, contacted, rate, low, high."""
    rows = funnel[funnel["scope"] != "campaign"].sort_values(["scope", "name", "step_no"])
    rows = rows.assign(name=rows["name"].where(rows["scope"] == "kind", "All contacts"), step=rows["step"].map(STEPS))
    return rows[["name", "step", "reached", "contacted", "rate", "low", "high"]].reset_index(drop=True)


def section(funnel: pd.DataFrame, *, odd: int, customer: str, period: str, few: Few = ALL_SHOWN) -> Fragment:
    """Return the part of the page; see `title`, `lead` and `table`."""
    if set(VERBS) - set(overall(funnel).index):
        return blanks.too_few(KEY, "how far contacts come", smallest=few.smallest, customers="contacts", label=LABEL)
    if not overall(funnel).loc["contacted", "contacted"]:
        return nobody.absent(KEY, "how far contacts come", label=LABEL)
    odd = 0 if few.hides("all", "all", "odd") else odd
    steps = overall(funnel).reset_index()
    steps["stage"] = steps["step"].map(STEPS)
    n = numbers.count(steps["contacted"].iloc[0])
    frame = table(funnel)
    return page.section(
        KEY, title(funnel), lead(funnel, odd=odd, customer=customer), label=LABEL,
        subtitle=f"Contacts that came to each step, and their share of all contacts, {period}. n = {n} contacts.",
        figure=figures.svg(lambda ax: charts.funnel_bars(steps, ax, stage="stage", value="reached"),
                           alt=f"{title(funnel)}; n = {n} contacts."),
        how_to_read=(
            f"A contact is one {customer} in one campaign. Visited: an order in the campaign’s days. Bought promoted: a product "
            "that a coupon of the campaign covers, with or without coupon. Redeemed: a coupon handed in."
        ),
        table=tables.table(
            frame, caption="Contacts at each step, by kind of campaign, with 95 % interval",
            formats=dict.fromkeys(("rate", "low", "high"), lambda share: numbers.percent(share, 2)),
            names={"name": "Kind of campaign", "reached": "Came to the step", "rate": "Share of contacted", "low": "From", "high": "To"},
        ),
        csv=tables.csv_link(frame, "funnel.csv"), source="contacts, order lines, coupons and redemptions",
        estimates=("conversion rate, all contacts", "customers that redeemed", "redemption, later against earlier half"),
    )  # fmt: skip
