"""Room 2: from raw tables to valid tables, a quarantine with reasons, and a quality table that reconciles."""
