"""The hand-off: who is sent what, as files that a CRM takes as they are."""

from analysis.design.handoff.csv_file import write_csv
from analysis.design.handoff.extracts import shared
from analysis.design.handoff.harmless import restored, spreadsheet_safe
from analysis.design.handoff.lists import COLUMNS, KEPT, assignment, kept, screened, send
from analysis.design.handoff.parcel import Parcel, packed

__all__ = [
    "COLUMNS", "KEPT", "Parcel", "assignment", "kept", "packed", "restored", "screened", "send", "shared", "spreadsheet_safe", "write_csv",
]  # fmt: skip
