"""Run the benchmarks: `python benchmarks/run.py [subject ...] [--rounds N]`. See README.md for how to read them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

import accounts
import dates
import imports
import peers
import position
import schedule
import tvm

SUBJECTS = {
    "schedule": schedule.run,
    "position": position.run,
    "accounts": accounts.run,
    "time": dates.run,
    "tvm": tvm.run,
    "peers": peers.run,
    "import": imports.run,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("subject", nargs="*", help=f"some of: {', '.join(SUBJECTS)} (default: all)")
    parser.add_argument("--rounds", type=int, default=31, help="rounds A B A B ... (default: 31, at least 3)")
    given = parser.parse_args()
    unknown = [name for name in given.subject if name not in SUBJECTS]
    if unknown:
        parser.error(f"subject: got {', '.join(unknown)}; accepted: {', '.join(SUBJECTS)}")
    print(f"Python {sys.version.split()[0]}, {max(3, given.rounds)} rounds; times are medians, ratios are to the floor")
    for name in given.subject or SUBJECTS:
        SUBJECTS[name](max(3, given.rounds))


if __name__ == "__main__":
    main()
