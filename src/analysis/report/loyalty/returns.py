"""Do customers come back: of each month's customers, how many order again in the next."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.report import blanks, charts, figures, numbers, page, tables
from analysis.report.loyalty.phrases import about_in_ten, months_and_year, whole_percent
from analysis.report.theme import light, text_colour
from analysis.report.words import change, sentence_case

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

FEWEST_MONTHS = 3  # earlier months without which "as before" would mean nothing
KEY, LABEL = "do-they-come-back", "Do they come back"


class Returns(NamedTuple):
    """The last full month against the months before it; rates are shares of the month before's customers, 0 to 1."""

    month: Any  # first day of the last full month
    month_before: Any
    back: int  # customers of the month before who ordered again
    of: int  # customers of the month before
    rate: float
    low: float  # Wilson, 95 %
    high: float
    earlier: float  # rate of all earlier months together; not known in the second full month
    least: float  # of the earlier months' rates
    most: float
    months: int  # number of earlier months with a rate
    word: str  # up, down, no clear change or cannot tell


def returns(monthly: pd.DataFrame) -> Returns | None:
    """Return what the last full month says, from one row per full month; None before two months are full.

    The rate is "up" or "down" only when its interval leaves out the rate of the earlier months together and the rate
    itself lies beyond every one of them: months differ in days and season, and the same customers make all of them.
    """
    known = monthly.sort_values("month").dropna(subset=["return_rate"])
    if known.empty:
        return None
    last, earlier = known.iloc[-1], known.iloc[:-1]
    of = float(earlier["previous_active"].sum())
    pooled = float(earlier["returned"].sum()) / of if of else float("nan")
    least, most = float(earlier["return_rate"].min()), float(earlier["return_rate"].max())
    rate = float(last["return_rate"])
    word = "cannot tell"
    if len(earlier) >= FEWEST_MONTHS:
        word = change(rate, pooled, (last["low"], last["high"]))
        beyond = rate > most or rate < least
        word = word if beyond or word == "cannot tell" else "no clear change"
    before = _before(last["month"])
    return Returns(
        last["month"], before, int(last["returned"]), int(last["previous_active"]), rate, float(last["low"]),
        float(last["high"]), pooled, least, most, len(earlier), word,
    )  # fmt: skip


def active_change(monthly: pd.DataFrame) -> tuple[float, str]:
    """Return customers active in the last full month minus the month before, and whether that is a change.

    A customer who went and one who came cancel out, so the interval is that of paired counts: 1.96 times the root of
    came + went - difference^2 / customers of the two months (McNemar; Newcombe 1998, Statistics in Medicine 17, 2635).
    """
    last = monthly.sort_values("month").iloc[-1] if len(monthly) else None
    if last is None or not numbers.is_known(last["returned"]):
        return float("nan"), "cannot tell"
    now, was, back = float(last["customers_active"]), float(last["previous_active"]), float(last["returned"])
    difference, moved = now - was, now + was - 2 * back
    reach = 1.96 * sqrt(max(moved - difference**2 / max(now + was - back, 1), 0))
    return difference, change(difference, 0, (difference - reach, difference + reach))


def title(found: Returns, *, customers: str) -> str:
    """Return the finding in one line, for the section and, shortened, for the page."""
    month = name_of(found.month)
    if found.word in ("up", "down"):
        who = "More" if found.word == "up" else "Fewer"
        rates = f"{whole_percent(found.rate)} in {month}, {whole_percent(found.earlier)} in the months before"
        return f"{who} {customers} come back the next month: {rates}"
    start = f"{sentence_case(about_in_ten(found.rate))} {customers}"
    if found.word == "cannot tell":
        return f"{start} came back in {month}; it is too early to say whether that changes"
    return f"{start} come back the next month, in {month} as before"


def sentence(found: Returns, *, customers: str) -> str:
    """Return the last month in one sentence with its uncertainty and the months before."""
    much = numbers.of_every_100(found.low, found.high)
    start = (
        f"Of the {numbers.count(found.of)} {customers} that ordered in {name_of(found.month_before)}, {much} "
        f"ordered again in {name_of(found.month)}"
    )
    if found.months == 0:
        return f"{start}; there is no earlier month to compare."
    earlier = f"{whole_percent(found.earlier)} in the {found.months} months before"
    earlier = earlier.replace("the 1 months", "the month")
    words = {"up": f", more than the {earlier}", "down": f", fewer than the {earlier}"}
    return f"{start}{words.get(found.word, f'; it was {earlier}')}."


def section(monthly: pd.DataFrame, *, customers: str, smallest: int = 0) -> Fragment:
    """Return the section with its figure, or one that says why there is none yet."""
    found = returns(monthly)
    if found is None and len(monthly) > 1 and smallest:
        return blanks.too_few(KEY, "whether they come back", smallest=smallest, customers=customers, label=LABEL)
    if found is None:
        needs = "It needs two full months of orders."
        what = f"Two full months have not passed: {len(monthly)} so far."
        return page.absent(KEY, "It is too early to say whether they come back", what, needs, label=LABEL)
    known = monthly.dropna(subset=["return_rate"]).sort_values("month", ignore_index=True)
    columns = ["month", "customers_active", "previous_active", "returned", "return_rate", "low", "high"]
    return page.section(
        KEY, title(found, customers=customers), [sentence(found, customers=customers), _reading(found)],
        label=LABEL,
        subtitle=f"Share of the {customers} of one month that ordered again in the next, by month, "
        f"{months_and_year(known['month'].tolist())}. "
        f"n = {_range(known['previous_active'])} {customers} per month. Band: 95 % interval.",
        figure=figures.svg(lambda ax: draw(known, ax, found=found), alt=_alt(known, found, customers=customers)),
        how_to_read=f"Each point stands at the month in which {customers} came back; the dashed line is all earlier months together. "
        "The scale does not start at zero, so small steps look large: compare them with the band.",
        table=tables.table(
            monthly[columns], caption=f"{sentence_case(customers)} by month, full months only",
            formats={"month": numbers.month, "return_rate": numbers.percent, "low": numbers.percent, "high": numbers.percent},
            names={"customers_active": "Ordered", "previous_active": "Ordered the month before", "returned": "Of these, back",
                   "return_rate": "Share back", "low": "95 % from", "high": "95 % to"},
            unknown=blanks.dash(smallest, customers=customers),
        ),
        csv=tables.csv_link(monthly, "months.csv"),
        estimates=("back the next month", "customers active"),
        note="Months have 28 to 31 days, and a longer month gives more time to come back."
        + blanks.note(monthly["return_rate"].iloc[1:], what="month", smallest=smallest, customers=customers), source="order lines",
    )  # fmt: skip


def draw(known: pd.DataFrame, ax: Any, *, found: Returns) -> Any:
    """Draw the rate by month with its band and the level of the earlier months; a clear change is marked."""
    charts.lines(known, ax, x="month", y="return_rate", low="low", high="high", fmt=whole_percent, from_zero=False)
    if numbers.is_known(found.earlier):
        ax.axhline(found.earlier, color=light("axis"), linewidth=1.2, linestyle=(0, (4, 3)), zorder=1.5)
    marked = found.word in ("up", "down")
    colour, shape = ("orange", "D") if marked else ("navy", "o")
    ax.plot([found.month], [found.rate], marker=shape, color=light(colour), markersize=8, linestyle="none", zorder=4)
    words = numbers.percent(found.rate)
    ax.annotate(words, (found.month, found.rate), xytext=(9, 0), textcoords="offset points", va="center",
                color=text_colour(colour), fontweight="bold", annotation_clip=False)  # fmt: skip
    return ax


def name_of(month: Any) -> str:
    """Return the month without its year: `December`."""
    return numbers.month(month).rsplit(" ", 1)[0]


def _before(month: Any) -> Any:
    import pandas as pd

    return month - pd.DateOffset(months=1)


def _reading(found: Returns) -> str:
    if found.word == "cannot tell":
        return f"With {found.months} earlier {'month' if found.months == 1 else 'months'} we cannot tell a change from chance."
    span = f"Rates of the earlier months run from {numbers.interval(found.least, found.most)}"
    if found.word == "no clear change":
        return f"{span}. The last month is what they lead us to expect: we see no clear change."
    return f"{span}; the last month, marked, lies outside them and outside what chance explains."


def _range(counts: pd.Series) -> str:
    least, most = counts.min(), counts.max()
    return numbers.count(least) if least == most else f"{numbers.count(least)} to {numbers.count(most)}"


def _alt(known: pd.DataFrame, found: Returns, *, customers: str) -> str:
    first = known.iloc[0]
    return (
        f"Line of the share of {customers} back the next month: {numbers.percent(first['return_rate'])} in "
        f"{name_of(first['month'])}, {numbers.percent(found.rate)} in {name_of(found.month)}; against the months before: {found.word}."
    )
