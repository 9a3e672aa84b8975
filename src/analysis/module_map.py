"""The map of the README: every folder of modules, what it is for, and its modules. `python -m analysis.module_map` writes it there."""

from __future__ import annotations

import ast
from pathlib import Path

from analysis import places

BEGIN, END = "<!-- map -->", "<!-- end of map -->"  # around it in the README


def module_map() -> str:
    """Return one row per folder of modules as Markdown: its path, the first line that it says of itself, its modules by name."""
    package = places.project_root() / "src" / "analysis"
    lines = ["| folder | what it is for | modules |", "|---|---|---|"]
    for start in sorted(package.rglob("__init__.py")):
        folder = start.parent
        names = sorted(file.stem for file in folder.glob("*.py") if not file.stem.startswith("__"))
        shown = folder.relative_to(package.parent).as_posix()
        lines.append(f"| {shown} | {_says(start)} | {', '.join(f'`{name}`' for name in names)} |")
    return "\n".join(lines)


def _says(start: Path) -> str:
    said = ast.get_docstring(ast.parse(start.read_text(encoding="utf-8"))) or ""
    return said.split("\n")[0]


def write() -> None:
    """Replace the map between its marks in the README."""
    readme = places.project_root() / "README.md"
    text = readme.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    places.write_text(readme, f"{before}{BEGIN}\n{module_map()}\n{END}{after}")


if __name__ == "__main__":
    write()
