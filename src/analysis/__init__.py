"""From CRM and shop exports to three reports and a plan: who gets which incentive, and what it was worth."""

__version__ = "0.1.0"
