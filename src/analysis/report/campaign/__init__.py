"""What the campaign report says: each module turns tables of monitor and design into one part of the page, words included."""

from analysis.report.campaign import (
    around,
    closing,
    lots,
    method,
    money,
    opening,
    plan,
    products,
    promise,
    weeks,
    worth,
)

__all__ = ["around", "closing", "lots", "method", "money", "opening", "plan", "products", "promise", "weeks", "worth"]
