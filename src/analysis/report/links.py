"""Lists of links to other pages of the study, each with its answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from analysis.report.fragments import Fragment, tag
from analysis.report.page import section


class PageLink(NamedTuple):
    """A page of the study: its short name, its address (empty where it was not made), its answer or what is wrong."""

    label: str
    href: str
    words: str = ""


def link_section(key: str, title: str, links: Sequence[PageLink], *, lead: str = "") -> Fragment:
    """Return a section that lists pages. A page without an address is named and not linked."""
    entries = []
    for link in links:
        name = tag("a", link.label, attributes={"href": link.href}) if link.href else tag("b", link.label)
        words = tag("span", link.words, attributes={"class": "words"}) if link.words else Fragment("")
        entries.append(tag("li", name, " ", words))
    listed = tag("ul", *entries, attributes={"class": "links"})
    return section(key, title, lead, table=listed)
