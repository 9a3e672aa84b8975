"""One column as it looks: what kind it may be, and the evidence for that."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, NamedTuple

from analysis.collect.describe import cells_seen
from analysis.collect.describe.dates_seen import dates
from analysis.collect.describe.evidence import OPEN, Evidence, of, settled
from analysis.collect.describe.numbers_seen import numbers

ID_WORDS = re.compile(
    r"(?:^|[^a-z])(?:id|ids|no|nr|number|code|sku|zip|phone|mobile|ean|gtin|guid|uuid|key|ref|reference|invoice)(?:$|[^a-z])|编号|单号|编码|手机|电话|货号"
)
CAMEL_ID = re.compile(r"[a-z](?:ID|Id|No|Nr|Code)$")  # CustomerID, InvoiceNo
MONEY_WORDS = re.compile(
    r"amount|price|total|cost|revenue|sales|subtotal|discount|tax|shipping|paid\b|refund|value|betrag|preis|umsatz|montant|prix|importe|金额|价|货款|邮费|税|折扣"
)
CURRENCY_WORDS = re.compile(r"currency|w.hrung|devise|moneda|币种|货币")
MAIL = re.compile(r"[^@\s]+@[^@\s]+[.][^@\s]+")


class Seen(NamedTuple):
    """How a column looks. `settings` are those of a contract that the evidence decides, questions among them."""

    header: str
    kind: str  # of the contract: id, text, whole, number, money, date, moment
    filled: int
    distinct: int
    evidence: tuple[Evidence, ...]
    settings: dict[str, Any]
    first: date | None = None
    last: date | None = None
    mails: bool = False  # its cells are e-mail addresses
    currencies: tuple[str, ...] = ()  # codes, where it is a column of currencies


def seen(header: str, cells: list[str], *, typed: bool = False) -> Seen:
    """Look at the cells of one column. `typed` cells have been written as ISO dates and plain numbers by their reader."""
    words = cells_seen.nothing_words(cells)
    values = [cell for cell in cells if cell.strip() and cell not in words]
    found: list[Evidence] = []
    if words and values:
        counts = ", ".join(f"{word!r} {number:,}" for word, number in words.most_common(4))
        found.append(
            Evidence(
                f"{of(words.total(), len(cells))} cells hold a word that may mean nothing: {counts}", "null_words", OPEN
            )
        )
    if not values:
        return Seen(header, "text", 0, 0, tuple(found), {})
    distinct = len(set(values))
    plain = [value.strip() for value in values]
    when = dates(plain)
    if when:
        settings = settled([*found, *when.evidence])
        if typed and settings.get("format", OPEN) != OPEN:
            settings.pop("format")
        kind = "moment" if when.moments else "date"
        return Seen(header, kind, len(values), distinct, (*found, *when.evidence), settings, when.first, when.last)
    found += cells_seen.oddities(values)
    named = header.casefold()
    like_id = bool(ID_WORDS.search(named) or CAMEL_ID.search(header)) or any(
        value.startswith("0") and value[1:].isdigit() for value in plain
    )
    amounts = numbers(plain, header=header)
    if amounts and not like_id and max(map(len, plain)) < 16:
        kind = _kind_of_number(named, amounts.whole, amounts.places, [one.setting for one in amounts.evidence])
        evidence = (*found, *amounts.evidence)
        return Seen(header, kind, len(values), distinct, evidence, _for_kind(kind, evidence))
    mails = sum(bool(MAIL.fullmatch(value)) for value in plain) >= 0.9 * len(plain)
    codes = tuple(sorted({value.upper() for value in plain}))
    is_currency = bool(CURRENCY_WORDS.search(named)) and all(re.fullmatch(r"[A-Z]{3}", code) for code in codes)
    if is_currency and len(codes) > 1:
        words_of = f"{len(codes)} currencies in one column: {', '.join(codes[:6])}; sums over them mean nothing, so one export for each"
        found.append(Evidence(words_of, "currency", OPEN))
    kind = "id" if like_id and not mails else "text"
    settings = {"null_words": OPEN} if kind == "id" and words else {}
    return Seen(
        header,
        kind,
        len(values),
        distinct,
        tuple(found),
        settings,
        mails=mails,
        currencies=codes if is_currency else (),
    )


def _kind_of_number(header: str, whole: bool, places: int, settings: list[str]) -> str:
    if "format" in settings:
        return "moment"
    if "currency_sign" in settings or "currency" in settings or MONEY_WORDS.search(header) or places == 2:
        return "money"
    return "whole" if whole else "number"


def _for_kind(kind: str, evidence: tuple[Evidence, ...]) -> dict[str, Any]:
    """Return what the evidence settles; the currency is a matter of the export, not of its column."""
    return {name: value for name, value in settled(evidence).items() if name != "currency"}
