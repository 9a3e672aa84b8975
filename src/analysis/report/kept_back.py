"""What a run notebook keeps to itself where pages speak of no small group: every output that is not known to be safe."""

import copy
from typing import Any

from analysis.report.fragments import Fragment, tag

SAFE = "no-small-groups"  # tag of a cell whose output counts no people, or has its small groups blank already


def kept_back(notebook: Any, *, smallest: int) -> Any:
    """Return a copy of a run notebook in which cells without the tag `no-small-groups` show a line instead of a result.

    With `smallest` 0 the rule is off and the notebook comes back as it is. Of an error its name and words stay, what
    led to it goes: it can quote rows.
    """
    if not smallest:
        return notebook
    made = copy.deepcopy(notebook)
    for cell in made.cells:
        if cell.cell_type == "code" and cell.outputs and SAFE not in cell.metadata.get("tags", []):
            errors = [output for output in cell.outputs if output.output_type == "error"]
            for error in errors:
                error["traceback"] = []
            cell.outputs = errors or [_notice(smallest)]
    return made


def notice(smallest: int) -> Fragment:
    """Return the line that stands where a result is kept back."""
    words = f"Not shown: this result can speak of fewer than {smallest} people."
    return tag("p", words, attributes={"class": "absent"}).named("kept_back", words)


def _notice(smallest: int) -> Any:
    from nbformat.v4 import new_output

    said = notice(smallest)
    data, metadata = said._repr_mimebundle_()
    return new_output("display_data", data={**data, "text/plain": said.plain}, metadata=metadata)
