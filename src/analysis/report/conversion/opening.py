"""The answer and the key figures: how many contacts redeem, and what goes with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from analysis.inference.proportions import wilson_interval
from analysis.report import numbers, page
from analysis.report.conversion import before, few_times, timing, weeks
from analysis.report.conversion.differences import Difference, rate_difference
from analysis.report.conversion.few import ALL_SHOWN, Few
from analysis.report.conversion.kinds import Leading
from analysis.report.conversion.phrases import contacts_of, one_in, short_day, whole_percent
from analysis.report.words import plural, sentence_case

if TYPE_CHECKING:
    from datetime import date

    from analysis.report.fragments import Fragment

NOBODY = "Nobody has been contacted yet"
TOO_FEW = "Too few redeemed to show anything"


def middle(starts_on: date, as_of: date) -> pd.Timestamp:
    """Return the day that halves the data: the first of the later half."""
    days = (pd.Timestamp(as_of) - pd.Timestamp(starts_on)).days + 1
    return pd.Timestamp(starts_on) + pd.Timedelta(days=days // 2)


def halves(outcomes: pd.DataFrame, *, on: pd.Timestamp) -> Difference:
    """Return the redemption rate of contacts from `on` minus that of earlier ones, of campaigns seen from start to end."""
    whole = outcomes[outcomes["window_closed"].astype(bool) & outcomes["seen_from_start"].astype(bool)]
    later, sooner = whole[whole["contacted_on"] >= on], whole[whole["contacted_on"] < on]
    return rate_difference(later["redeemed"], later["customer_id"], sooner["redeemed"], sooner["customer_id"])


def redeemers(outcomes: pd.DataFrame) -> tuple[int, int]:
    """Return how many customers redeemed at least once, and how many were contacted."""
    by_customer = outcomes.groupby("customer_id")["redeemed"].any()
    return int(by_customer.sum()), len(by_customer)


def title(outcomes: pd.DataFrame, changed: Mapping[str, Difference]) -> str:
    """Return the main finding: how many contacts redeem, and whether visits are more common than just before."""
    if outcomes.empty:
        return NOBODY
    first = sentence_case(f"about {one_in(outcomes['redeemed'].mean())} ends in a redemption")
    word = changed["visited"].word if "visited" in changed else "cannot tell"
    second = {
        "no clear change": "; visits are no more common than just before",
        "down": "; visits are less common than just before",
        "up": "; visits are more common than just before",
    }
    return first.replace("About hardly", "Hardly").replace("s in ten ends", "s in ten end") + second.get(word, "")


def answer(
    outcomes: pd.DataFrame, redeemed: pd.Series, changed: Mapping[str, Difference], found: Leading | None, again: Difference,
    *, customer: str, customers: str, period: str, few: Few = ALL_SHOWN,
) -> Fragment:  # fmt: skip
    """Return the opening; `redeemed` is the row of the funnel for all contacts."""
    done, of = redeemers(outcomes)
    if few.hides("kind", "all") or few.hides("people", "all", "contacted"):
        return page.answer(
            TOO_FEW, f"Fewer than {few.smallest} {customers} redeemed, did not, or were contacted at all."
        )
    sentences = [
        f"Of {contacts_of(len(outcomes), of, customer, customers)} ({period}), {numbers.count(redeemed['reached'])} ended with a coupon "
        f"handed in: {numbers.of_every_100(redeemed['low'], redeemed['high'])}."
    ]
    if "visited" in changed and changed["visited"].word != "cannot tell":
        visited = changed["visited"]
        sentences.append(
            f"{numbers.percent(visited.a)} visited in the campaign’s days, {numbers.percent(visited.b)} in as many days before, so a "
            "visit says little about a campaign."
            if visited.word != "up"
            else f"{numbers.percent(visited.a)} visited in the campaign’s days, {numbers.percent(visited.b)} in as many days before."
        )
    sentences += _goes_with(found, again, customers=customers)
    return page.answer(title(outcomes, changed), *sentences)


def _goes_with(found: Leading | None, again: Difference, *, customers: str) -> list[str]:
    parts = []
    if found is not None and found.clear:
        parts.append(
            f"the kind of campaign ({found.kind} {whole_percent(found.against.a)}, others {whole_percent(found.against.b)})"
        )
    if again.word == "up":
        parts.append(
            f"what {customers} did before (those that had redeemed {whole_percent(again.a)}, those that had not {whole_percent(again.b)})"
        )
    return (
        [f"Redemption goes with {' and '.join(parts)}; no lot decides that, so we cannot say what makes it."]
        if parts
        else []
    )


def key_figures(
    outcomes: pd.DataFrame, redeemed: pd.Series, kinds: pd.DataFrame, times: pd.DataFrame, control: pd.DataFrame,
    *, on: pd.Timestamp, customers: str, few: Few = ALL_SHOWN,
) -> Fragment:  # fmt: skip
    """Return four to six numbers; `on` is the first day of the later half, `kinds` has one row per kind, highest first."""
    if few.hides("kind", "all"):
        return page.key_figures(
            [page.KeyFigure("Conversion rate: contacts that redeemed", numbers.NOT_KNOWN, change="too few to show")]
        )
    rate, n = numbers.percent(redeemed["rate"], 2), int(redeemed["contacted"])
    interval = numbers.interval(redeemed["low"], redeemed["high"])
    moved = _against(_told(halves(outcomes, on=on), "all", few), on) + _of_those_over(outcomes)
    boxes = [page.KeyFigure("Conversion rate: contacts that redeemed", rate, interval, n, moved)]
    done, of = redeemers(outcomes)
    share, interval = numbers.percent(done / of), numbers.interval(*wilson_interval(done, of))
    each = f"{numbers.decimal(len(outcomes) / of, 1)} contacts each on average"
    if not few.hides("people", "all"):
        boxes.append(
            page.KeyFigure(f"{sentence_case(customers)} that redeemed at least once", share, interval, of, each)
        )
    largest = (
        kinds[kinds["contacted"] >= before.FEWEST].sort_values(["contacted", "kind"], ascending=[False, True]).head(2)
    )
    for row in largest.itertuples():
        rate, interval = numbers.percent(row.rate, 2), numbers.interval(row.low, row.high)
        of_kind = outcomes[outcomes["kind"] == row.kind]
        moved = _against(_told(halves(of_kind, on=on), row.kind, few), on) + _of_those_over(of_kind)
        boxes.append(page.KeyFigure(f"{row.kind} contacts that redeemed", rate, interval, int(row.contacted), moved))
    day = timing.day_by_which(times, share=0.5, smallest=few.smallest)
    if day is not None and not few.hides("seen", "all"):
        low, high = timing.middle_day_interval(times)
        n = int(times.loc[times["kind"] == "all", "redeemed_by"].max())
        late = timing.day_by_which(times, share=0.9, smallest=few.smallest)
        late = "" if late is None else f"nine in ten by day {late}"
        label = "Days until half of those who redeem have"
        boxes.append(page.KeyFigure(label, plural(day, "day"), f"{low} to {high} days", n, late))
    rows, every = weeks.redemption(few_times.weeks(control, smallest=few.smallest)), weeks.redemption(control)
    if len(rows) and rows["week_starts_on"].iloc[-1] == every["week_starts_on"].iloc[-1]:
        boxes.append(_last_week(rows))
    return page.key_figures(boxes)


def _told(found: Difference, kind: str, few: Few) -> Difference:
    hidden = any(few.hides(half, kind) for half in ("later", "sooner"))
    return Difference(*[float("nan")] * 6, found.customers) if hidden else found


def _against(found: Difference, on: pd.Timestamp) -> str:
    if found.word == "cannot tell":
        return "cannot tell against earlier contacts"
    word = found.word if found.word == "no clear change" else f"{found.word} from {numbers.percent(found.b)}"
    if word == found.word:
        return f"no clear change: {numbers.percent(found.b)} before {short_day(on)}, {numbers.percent(found.a)} since"
    return f"{word} before {short_day(on)} to {numbers.percent(found.a)} since"


def _of_those_over(outcomes: pd.DataFrame) -> str:
    """Return that the halves are of campaigns that are over, where the rate beside them counts contacts of some that run."""
    return (
        "" if outcomes["window_closed"].all() else "; both of campaigns that are over, the rate also of those that run"
    )


def _last_week(rows: pd.DataFrame) -> page.KeyFigure:
    last = rows.iloc[-1]
    value, lower, upper = (last[name] for name in ("value", "lower", "upper"))
    known = numbers.is_known(lower) and numbers.is_known(upper)
    word = "above its limits" if value > upper else "below its limits" if value < lower else "usual: inside its limits"
    label = f"Open contacts that redeemed in the week from {short_day(last['week_starts_on'])}"
    limits = f"limits {numbers.interval(lower, upper)}" if known else ""
    n = int(last["contacted_open"]) if numbers.is_known(last.get("contacted_open")) else ""
    return page.KeyFigure(label, numbers.percent(value), limits, n, word if known else "cannot tell what is usual")
