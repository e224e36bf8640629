"""`python -m loancalc`: see `loancalc.cli`."""

from __future__ import annotations

import sys

from loancalc.cli import main

if __name__ == "__main__":
    sys.exit(main())
