"""Four planned customers: one as a system likes them, one with a name that is a formula, one with an e-mail alone, one held out."""

from datetime import date

import pandas as pd
import pytest

ASSIGNED = pd.DataFrame(
    [("003000000000001AAA", "champions", "thank-you", "double-points", "gift + points", "treated"),
     ("00Q000000000002", "new", None, "ten-off", "coupon", "treated"),
     ("17", "big, calm", None, "ten-off", "coupon", "treated"),
     ("18", "new", None, None, None, "holdout")],
    columns=["customer_id", "segment", "gift", "incentive", "forms", "arm"],
).assign(propensity=0.75)  # fmt: skip
IDENTITIES = pd.DataFrame(
    [("003000000000001AAA", "anna@shop.example ", "+49 (0)171 234-5678", "Anna", "Müller", "yes"),
     ("00Q000000000002", None, "0171 9999999", "=1+1", 'O"Neil', "yes"),
     ("17", "Li@shop.example", None, "丽\n丽", None, "Yes"),
     ("18", "held@shop.example", "+4930123456", "Hal", "Held", "yes")],
    columns=["customer_id", "email", "phone", "first_name", "last_name", "consent"],
)  # fmt: skip
SENT = {"campaign": "701AAAAAAAAAAAA", "planned_on": date(2024, 12, 31)}


@pytest.fixture
def assigned():
    return ASSIGNED.copy()


@pytest.fixture
def identities():
    return IDENTITIES.copy()
