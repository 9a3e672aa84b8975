"""From CRM and shop exports to three reports and a plan: who gets which incentive, and what it was worth."""
