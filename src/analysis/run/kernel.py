"""One notebook in one fresh kernel, by papermill: no port that others could reach, no history, no output but the notebook."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis import places

# nbformat checks notebooks with jsonschema, which compiles a grammar of international web addresses for 2.4 seconds when it
# finds this package. No notebook has such an address to check; jsonschema does without where the package is not there.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def execute(source: Path, target: Path, *, parameters: dict[str, object]):
    """Run a notebook with parameters and return it as run; `target` has what was run also when a cell fails.

    Raises papermill's PapermillExecutionError when a cell fails.
    """
    import papermill

    with _private_sockets() as config:
        return papermill.execute_notebook(
            str(source),
            str(target),
            parameters=parameters,
            kernel_name="python3",
            language="python",
            cwd=str(places.project_root()),
            progress_bar=False,
            log_output=False,
            request_save_on_cell_execute=False,
            config=config,
            shutdown_kernel="immediate",  # all is written by then; taking leave in order costs up to three seconds
            start_timeout=180,  # on a busy machine, where packages have no bytecode, a kernel takes its time
            extra_arguments=["--HistoryManager.enabled=False", "--log-level=CRITICAL"],
        )


def seconds(notebook, total: float) -> dict[str, float]:
    """Split the seconds of a run into start of the kernel, imports (cells that begin with one) and work."""
    cells = [
        (cell, cell.metadata.get("papermill", {}).get("duration") or 0.0)
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]
    all_cells = sum(duration for _, duration in cells)
    imports = sum(duration for cell, duration in cells if cell.source.lstrip().startswith(("import ", "from ")))
    return {"start": total - all_cells, "imports": imports, "work": all_cells - imports}


@contextmanager
def _private_sockets() -> Iterator:
    """Give a kernel sockets in a folder that only its owner can enter; on Windows, which has none, ports as usual.

    Left to itself, jupyter_client gives every kernel of a process the same socket names in the working directory, so
    that two notebooks side by side would talk to each other's kernels.
    """
    from traitlets.config import Config

    config = Config()
    if sys.platform == "win32":
        yield config
        return
    with tempfile.TemporaryDirectory(prefix="k-") as folder:  # short, because a socket's path has about 100 characters
        config.KernelManager.transport = "ipc"
        config.KernelManager.ip = f"{folder}/k"
        yield config
