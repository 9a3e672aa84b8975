"""`python -m analysis`: what Make calls, for machines without Make."""

import sys

from analysis.run.command import main

if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # a word that the terminal cannot show stops no run
    sys.exit(main())
