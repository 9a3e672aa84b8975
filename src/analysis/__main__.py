"""`python -m analysis`: what Make calls, for machines without Make."""

import sys

from analysis.run.command import main

if __name__ == "__main__":
    sys.exit(main())
