"""From files and databases as they came to typed columns: what fits its contract is kept, all else is set aside or stops the run."""
