"""Room 1: from a source to canonical raw tables with a manifest. Raw is never edited."""
