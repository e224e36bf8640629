"""The table of the page on repayment methods, row by row."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import loancalc as lc

PAGE = Path(__file__).resolve().parent.parent / "docs" / "repayment-methods.md"
ROWS = re.findall(
    r"^\| [^|]+\| ([^|]*)\| `([^`]+)` \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$", PAGE.read_text(encoding="utf-8"), re.M
)


@pytest.mark.parametrize(("chinese", "method", "first", "last", "interest"), ROWS, ids=[row[1] for row in ROWS])
def test_a_row_of_the_table(chinese: str, method: str, first: str, last: str, interest: str) -> None:
    chosen = eval(method, {"lc": lc})
    plan = lc.Loan(12_000, "12%", "2026-01-15", installments=12, method=chosen).schedule()
    assert [str(plan[0].total), str(plan[-1].total), str(plan.total_interest)] == [first, last, interest]
    if isinstance(chosen, str):
        named = lc.Loan(12_000, "12%", "2026-01-15", installments=12, method=chinese.strip())
        assert named.repayment.name == chosen


def test_the_table_has_all_its_rows() -> None:
    assert len(ROWS) == 13
