"""The index of a study: its answers, the way to every page, what data, what dates, what quality, and what failed."""

from __future__ import annotations

from html.parser import HTMLParser

from analysis import places
from analysis.run.notebook import footer, masthead
from analysis.run.steps import STEPS, Step
from analysis.study import Study


def index(study: Study, outcomes: dict[str, dict]) -> str:
    """Return the index page. A page whose notebook failed or was not run is named with the reason and not linked."""
    from analysis.report import fragments, page, render

    failed = [step for step in STEPS if outcomes.get(step.name, {}).get("outcome") not in ("made", "unchanged")]
    parts = [page.answer(*_answer(study, failed))]
    parts += [_failures(failed, outcomes)] if failed else []
    parts += [_reports(study, failed), _walkthroughs(failed)]
    if (places.raw(study.name) / "manifest.json").exists() and study.file("quality").exists():
        parts.append(_data(study))
    collect = STEPS[0]
    end = footer(collect, study) if (places.raw(study.name) / "manifest.json").exists() else fragments.Fragment("")
    return render.page_html(fragments.joined(parts), masthead=masthead(study, current="Overview"), footer=end)
