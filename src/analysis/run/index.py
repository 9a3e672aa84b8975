"""The index of a study: its answers, the way to every page, what data, what dates, what quality, and what failed."""

from __future__ import annotations

import json

import pandas as pd

from analysis import places
from analysis.collect.manifest import loading, overview, read_manifest
from analysis.report import fragments, numbers, page, render, tables, wordings, words
from analysis.report import loading as read_files
from analysis.report.links import PageLink, link_section
from analysis.run.notebook import footer, masthead
from analysis.run.steps import Step, steps_of
from analysis.study import Study

QUESTIONS = {
    "collect": "What data do we have?",
    "clean": "Can the data be trusted?",
    "segment": "Who are the customers, and how loyal are they?",
    "design": "Who gets what, and who is held out?",
    "monitor": "What happened, and what did the campaigns cause?",
    "source_documents": "How do the steps of the source documents become ours? On small files, with exercises.",
}


def index(study: Study, outcomes: dict[str, dict]) -> str:
    """Return the index page. A page whose notebook failed or was not run is named with the reason and not linked."""
    steps = steps_of(study)
    failed = {step.name for step in steps if outcomes.get(step.name, {}).get("outcome") not in ("made", "unchanged")}
    read = not {"collect", "clean"} & failed
    parts = [_answer(study, failed, read=read)]
    if failed:
        parts.append(_failures(steps, outcomes, failed))
    parts += [_reports(study, failed), _walkthroughs(study, failed)]
    if read:
        told = loading(read_manifest(places.raw(study.name)))
        known = {name: told[name] for name in ("files", "kinds", "remarks") if told}
        parts += [read_files.section(**known, smallest=study.smallest_group)] if told else []
        parts += [_tables(study), _quality(study)]
    return render.page_html(
        fragments.join(parts),
        masthead=masthead(study, current="Overview"),
        footer=footer(steps[0], study) if "collect" not in failed else fragments.Fragment(""),
    )


def _answer(study: Study, failed: set[str], *, read: bool) -> fragments.Fragment:
    if failed:
        title = f"This run did not finish: {words.plural(len(failed), 'notebook')} of {len(steps_of(study))} without a result"
        return page.answer(
            title, "What is linked below is from this run; what is not linked has no result that could be trusted."
        )
    quality = study.read("quality").set_index("table")
    return page.answer(
        f"{study.title}: {study.about}, as of {numbers.day(study.as_of)}",
        f"{numbers.count(quality.rows_kept['customers'])} {study.customers} and {numbers.count(quality.rows_kept['orders'])} order lines "
        f"with sales of {numbers.money_short(quality.amount_kept['orders'], study.currency)}, "
        f"{numbers.period(study.starts_on, study.as_of)}.",
        "Three reports say how loyal they are, what turns a contact into an order, and what the campaigns were worth; "
        "five walk-throughs show every step from the raw rows to those numbers.",
    )


def _failures(steps: tuple[Step, ...], outcomes: dict[str, dict], failed: set[str]) -> fragments.Fragment:
    links = [
        PageLink(step.label, "", outcomes.get(step.name, {}).get("message", "not run"))
        for step in steps
        if step.name in failed
    ]
    return link_section("failed", "What failed", links)


def _reports(study: Study, failed: set[str]) -> fragments.Fragment:
    links = [_link(step, failed, _first_sentence(step, study)) for step in steps_of(study) if step.kind == "report"]
    return link_section("reports", "The three reports", links)


def _walkthroughs(study: Study, failed: set[str]) -> fragments.Fragment:
    links = [_link(step, failed, QUESTIONS[step.name]) for step in steps_of(study) if step.kind == "walkthrough"]
    title = f"The {words.in_words(len(links))} walk-throughs"
    return link_section("walkthroughs", title, links, lead="Each is a notebook as run, with its code.")


def _link(step: Step, failed: set[str], text: str) -> PageLink:
    return (
        PageLink(step.label, "", "no result in this run")
        if step.name in failed
        else PageLink(step.label, step.page, text)
    )


def _first_sentence(step: Step, study: Study) -> str:
    """Return the title of a report, from the output of its run notebook that is marked as the answer."""
    path = step.run_notebook(study.name)
    if not path.exists():
        return ""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            if output.get("metadata", {}).get("text/html", {}).get("part") == "answer":
                return "".join(output["data"]["text/plain"])
    return ""


def _tables(study: Study) -> fragments.Fragment:
    content = overview(read_manifest(places.raw(study.name)))
    shown = content.assign(note=content["note"].where(content["rows"].isna(), ""))
    shown = (
        shown.drop(columns="rows") if study.smallest_group else shown
    )  # less those kept they are those set aside: few
    return page.section(
        "data",
        "What data",
        f"Source: {study.source_note}. A table that the source lacks is said in the report that would need it.",
        table=tables.table(shown, caption="Tables of the study before cleaning", row_header="table"),
    )


def _quality(study: Study) -> fragments.Fragment:
    quality, reasons, kept = study.read("quality"), study.read("quality_reasons"), study.read("orders_kept").iloc[0]
    money = quality.set_index("table").loc["orders"]
    counts = pd.DataFrame(
        [
            {
                "what": "order lines",
                "in": money.rows_in,
                "kept": money.rows_kept,
                "set aside": money.rows_set_aside,
                "not yet seen": money.rows_not_yet_seen,
            },
            {
                "what": "orders",
                "in": kept.orders_in,
                "kept": kept.orders_kept,
                "set aside": kept.orders_without_goods,
                "not yet seen": kept.orders_not_yet_seen,
            },
        ]
    )
    names = {
        "amount": "sales",
        "discount": "card discount",
        "coupon_discount": "coupon discount",
        "coupon_match": "added to coupons",
    }
    sums = pd.DataFrame(
        [
            {
                "what": f"{said}, {study.currency}",
                "in": money[f"{name}_in"],
                "kept": money[f"{name}_kept"],
                "set aside": money[f"{name}_set_aside"],
                "not yet seen": money[f"{name}_not_yet_seen"],
            }
            for name, said in names.items()
        ]
    )
    if study.smallest_group:
        return _kept(counts, sums, reasons)
    share = reasons["rows"].sum() / quality["rows_in"].sum()
    exact = {column: lambda value: numbers.decimal(value, 2) for column in ("in", "kept", "set aside", "not yet seen")}
    return page.section(
        "quality",
        f"{numbers.percent(share, 2)} of all rows are set aside, and the money reconciles to the cent",
        " ".join(
            [
                "Rows in are rows kept, set aside and not yet seen; so is the money. Nothing after the day of the study is seen.",
                *wordings.lines(study.read("spellings"), study.read("lookalikes")),
            ]
        ),
        table=fragments.join(
            [
                tables.table(counts.astype(dict.fromkeys(exact, "int64")), caption="Rows", row_header="what"),
                tables.table(sums, caption="Money", row_header="what", formats=exact),
                *_why(reasons[["table", "reason", "rows", "because"]]),
            ]
        ),
        label="What quality",
    )


def _kept(counts: pd.DataFrame, sums: pd.DataFrame, reasons: pd.DataFrame) -> fragments.Fragment:
    """What is kept, and the reasons without their numbers: a row set aside can be a person, and so can its money."""
    return page.section(
        "quality", "What is set aside can be of few people, so only what is kept is counted",
        "Rows in are rows kept, set aside and not yet seen; so is the money. Nothing after the day of the study is seen.",
        table=fragments.join([
            tables.table(counts[["what", "kept"]].astype({"kept": "int64"}), caption="Rows", row_header="what"),
            tables.table(sums[["what", "kept"]], caption="Money", row_header="what", formats={"kept": numbers.decimal}),
            *_why(reasons[["table", "reason", "because"]]),
        ]),
        label="What quality",
    )  # fmt: skip


def _why(reasons: pd.DataFrame) -> list[fragments.Fragment]:
    """The table of reasons, none where no row is set aside."""
    return [tables.table(reasons, caption="Why rows are set aside", row_header="table")] if len(reasons) else []
