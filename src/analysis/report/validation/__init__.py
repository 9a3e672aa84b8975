"""The validation report: whether what the other reports print is true, as far as simulated worlds can say."""

from analysis.report.validation import closing, opening, settings

__all__ = ["closing", "opening", "settings"]
