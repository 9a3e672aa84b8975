"""Intervals, tests and effects, worked out from aggregates and small arrays. Knows no customers and reads no files."""
