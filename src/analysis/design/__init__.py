"""Room 4: from segments to a plan: who gets what, who is held out, what we expect and what it may cost."""
