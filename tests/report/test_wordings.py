"""A page says how many cells were read as another word, and which values only look alike."""

import pandas as pd

from analysis.report import wordings

NOTHING = pd.DataFrame(columns=["table", "column", "written", "read_as", "looks_like", "rows"])


def alike(*written):
    return pd.DataFrame(
        {
            "table": "customers",
            "column": "channel",
            "written": written,
            "looks_like": "web",
            "rows": 2,
            "rows_alike": 90,
        }
    )


def test_cells_read_as_declared_are_counted_by_column():
    spelled = pd.DataFrame(
        [("customers", "gender", "F", "female", 1200), ("customers", "channel", "WEB", "web", 3), ("customers", "gender", "M", "male", 4)],
        columns=["table", "column", "written", "read_as", "rows"],
    )  # fmt: skip
    assert wordings.lines(spelled, NOTHING) == [
        "1,207 cells held a word in another way of writing that the study declares (3 in customers.channel and 1,204 in "
        "customers.gender); each was read as the word meant."
    ]


def test_values_that_look_alike_are_named_up_to_three():
    assert wordings.lines(NOTHING, alike("Web")) == [
        "1 value of 2 rows looks like a common one and was left as written: “Web” in customers.channel (like “web”)."
    ]
    (line,) = wordings.lines(NOTHING, alike("WEB", "Web", "wEb", "weB", "web "))
    assert line.startswith("5 values of 10 rows look like a common one and were left as written: “WEB”")
    assert line.endswith("“wEb” in customers.channel (like “web”), and 2 more.")


def test_nothing_is_said_of_nothing():
    assert wordings.lines(NOTHING, NOTHING) == []
