"""An executed notebook without what differs from run to run: times, random ids, memory addresses, chunks of output."""

import copy
import re
from typing import Any

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
INJECTED = "injected-parameters"


def scrub(notebook: Any) -> Any:
    """Return a copy of an executed notebook that is equal for equal results. Code, prose, tags and outputs stay."""
    clean = copy.deepcopy(notebook)
    clean.metadata.pop("papermill", None)
    clean.metadata.get("language_info", {}).pop("version", None)
    for cell in clean.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if INJECTED in cell.metadata.get("tags", []):
            cell["id"] = INJECTED
        if cell.cell_type == "code":
            cell.outputs = _outputs(cell.outputs)
    return clean


def _outputs(outputs: list) -> list:
    """Drop what went to stderr (progress bars, notices with paths), join what was printed in pieces, cut addresses."""
    kept: list = []
    for output in outputs:
        if output.output_type == "stream":
            if output.name == "stderr":
                continue
            output["text"] = _ADDRESS.sub("", "".join(output.text))
            if kept and kept[-1].output_type == "stream":
                kept[-1]["text"] += output.text
                continue
        elif output.output_type == "error":
            output["traceback"] = [_ADDRESS.sub("", line) for line in output.traceback]
            output["evalue"] = _ADDRESS.sub("", output.evalue)
        else:
            for kind, content in output.get("data", {}).items():
                if isinstance(content, str) and kind in ("text/plain", "text/html"):
                    output["data"][kind] = _ADDRESS.sub("", content)
        kept.append(output)
    return kept
