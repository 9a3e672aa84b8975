"""Room 3: from valid tables to one row per customer: behaviour, scores, loyalty, segment, value."""
