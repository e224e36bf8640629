"""Real input that nobody here wrote: whole loan stories of a large open servicing system, run through `loancalc`.

From the checkout, with the package installed (or with PYTHONPATH=src):

    python -m tests.fineract                 # the table by kind, what is missing, and why figures differ
    python -m tests.fineract --summary       # the same with the stories of each reason counted, as docs/other-systems.md has it
    python -m tests.fineract STORY [...]     # every figure of these stories that differs

The stories have a license of their own and stay outside: `cases/fineract.json` in `../shared` beside the checkout, or
in the directory that the environment variable LOANCALC_SHARED names.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from .compare import differences
from .stories import missing, read_stories
from .table import report, run, summary

CHECKOUT = Path(__file__).resolve().parent.parent.parent


def main(wanted: list[str]) -> int:
    """Print the table, or what differs in the stories that are named."""
    path = Path(os.environ.get("LOANCALC_SHARED", CHECKOUT.parent / "shared")) / "cases" / "fineract.json"
    if not path.exists():
        print(f"{path} is not there; set LOANCALC_SHARED to where the reference data lies")
        return 2
    stories = read_stories(path)
    if not wanted or wanted == ["--summary"]:
        print((summary if wanted else report)([run(story) for story in stories]))
        return 0
    for story in stories:
        if story["id"] in wanted:
            print(f"{story['id']}: {', '.join(missing(story)) or 'can be run'}")
            print(*([] if missing(story) else differences(story)), sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
