"""One way through: the steps of a study, how one notebook is run, the index and the record of what was made from what."""
