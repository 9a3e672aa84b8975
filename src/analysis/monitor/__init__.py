"""Room 5: from contacts, responses and orders to what happened, what it was worth and what to look at."""
