"""The hand-off: who is sent what, as files that a CRM takes as they are."""

from analysis.design.handoff.csv_file import write_csv
from analysis.design.handoff.harmless import restored, spreadsheet_safe
from analysis.design.handoff.lists import COLUMNS, assignment, send

__all__ = ["COLUMNS", "assignment", "restored", "send", "spreadsheet_safe", "write_csv"]
