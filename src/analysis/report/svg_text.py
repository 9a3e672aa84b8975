"""From matplotlib's SVG file to SVG inside a page, in the page's colours and font."""

import hashlib
import re
import xml.etree.ElementTree as ElementTree

from analysis.report.fragments import Fragment, cleaned, text
from analysis.report.theme import COLOURS

_VARIABLES = {colour.light.lower(): f"var(--{name},{colour.light})" for name, colour in COLOURS.items()}
_REFERENCE = re.compile(r"#([A-Za-z_][\w.-]*)\)?$")
_NUMBER = re.compile(r"-?\d+\.\d{2,}")


def inline(written: str, *, alt: str) -> Fragment:
    """Return the drawing of an SVG file that matplotlib wrote, with `alt` as its text alternative."""
    written = cleaned(written)
    root = ElementTree.fromstring(written)
    _simplify(root)
    prefix = "f" + hashlib.sha256((alt + written).encode()).hexdigest()[:8]
    _rename(root, prefix)
    inside = "".join(ElementTree.tostring(child, encoding="unicode") for child in root)
    opening = '<svg viewBox="{}" role="img" aria-label="{}" stroke-linejoin="round" stroke-linecap="butt">'
    return Fragment(opening).format(root.get("viewBox"), text(alt)) + Fragment(inside + "</svg>")


def _simplify(element: ElementTree.Element) -> None:
    """Drop metadata, styles that would reach the whole page, empty groups and digits that no screen shows."""
    element.tag = element.tag.rpartition("}")[2]
    for key in list(element.attrib):
        value = element.attrib.pop(key)
        name = key.rpartition("}")[2]
        value = (
            _style(value)
            if name == "style"
            else _rounded(value)
            if name in ("d", "x", "y", "width", "height")
            else value
        )
        if name == "transform":
            value = "" if value.startswith("rotate(-0 ") else _rounded(value)
        if value:
            element.attrib[name] = value
    if element.tag != "text":
        element.text = None
    kept = []
    for child in element:
        _simplify(child)
        child.tail = None
        empty = child.tag in ("g", "defs") and len(child) == 0
        if empty or child.tag in ("metadata", "style") or child.get("style") == "fill:none":
            continue
        kept += list(child) if child.tag == "g" and not set(child.attrib) - {"id"} else [child]
    element[:] = kept


def _rename(root: ElementTree.Element, prefix: str) -> None:
    """Keep the ids that are referred to, under names of this figure, and drop the others."""
    names: dict[str, str] = {}
    for element in root.iter():
        for key in ("href", "clip-path"):
            match = _REFERENCE.search(element.get(key, ""))
            if match:
                names.setdefault(match[1], f"{prefix}-{len(names)}")
                element.set(key, element.get(key).replace("#" + match[1], "#" + names[match[1]]))
    for element in root.iter():
        name = element.attrib.pop("id", None)
        if name in names:
            element.set("id", names[name])


def _style(style: str) -> str:
    kept = [part.strip() for part in style.split(";") if part.strip() and not part.strip().startswith("font-family")]
    shortened = [re.sub(r"^font: (?:(\d+) )?([\d.]+px) .*", r"font-size: \2; font-weight: \1", part) for part in kept]
    shortened = [part.removesuffix("; font-weight: ") for part in shortened]
    coloured = [re.sub("#[0-9a-fA-F]{6}", _as_variable, part) for part in shortened]
    return ";".join(coloured).replace(": ", ":")


def _as_variable(match: re.Match[str]) -> str:
    return _VARIABLES.get(match[0].lower(), match[0])


def _rounded(numbers: str) -> str:
    shorter = _NUMBER.sub(lambda match: f"{float(match[0]):.1f}".removesuffix(".0"), numbers)
    return " ".join(shorter.split()).replace("-0 ", "0 ")
