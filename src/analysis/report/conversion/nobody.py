"""The page on conversion where nobody was contacted: it says so and goes on with what can be known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.report import page

if TYPE_CHECKING:
    from analysis.report.fragments import Fragment

TITLE = "Nobody has been contacted yet"
NEXT = (
    "Draw by lot who is contacted first and who is held out, and keep a list of who was sent what, when and by which channel: then the "
    "next run can say what contacts turn into."
)


def answer(*, customers: str, period: str) -> Fragment:
    """Return the opening of the page."""
    return page.answer(
        TITLE, f"The data lists campaigns, but no {customers} that were contacted ({period}), so nothing can have converted.",
        "What does not need contacts stands below.",
    )  # fmt: skip


def absent(key: str, what: str, *, label: str) -> Fragment:
    """Return a section that needs contacts; `what` it would show."""
    return page.absent(
        key,
        TITLE,
        f"Without a contact there is no way to say {what}.",
        "With contacts in the data, this section appears.",
        label=label,
    )
