"""The table and the picture of the page on day counts say what the library says."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from loancalc.time.accrual_periods import periods
from loancalc.time.daycount import DayCount

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE = DOCS / "day-counts.md"
SCRIPT = DOCS / "pictures" / "day_counts.py"


def rows_of_the_table() -> list[str]:
    """One row for each convention: two half-years that meet on 29 February 2028, as days over the year."""
    halves = periods("2027-08-31", every="6 months", count=2, calendar="WEEKENDS", adjust="none", reading="exact")
    rows = []
    for convention in DayCount:
        ratios = [convention.ratio(half.start, half.end, half.context) for half in halves]
        into, out_of = (f"{days}/{year}" for days, year in ratios)
        rows.append(f"| `{convention}` | {convention.rule} | {convention.used} | {into} | {out_of} |")
    return rows


def test_the_table_of_day_counts_has_a_row_for_each_of_them_as_the_library_counts() -> None:
    shown = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert shown == rows_of_the_table()


def test_the_picture_shows_the_shares_that_the_library_counts() -> None:
    """Drawn again by its script when a figure changes: python docs/pictures/day_counts.py."""
    spec = importlib.util.spec_from_file_location("day_counts_picture", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    drawn = SCRIPT.with_suffix(".svg").read_text(encoding="utf-8")
    shares = list(script.shares())
    assert [row.name for row in shares] == [str(convention) for convention in DayCount]
    for row in shares:
        assert f">{row.name}</text>" in drawn
        assert f">{row.label}</text>" in drawn
