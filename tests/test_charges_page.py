"""The table of the page on fees and taxes, row by row."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import loancalc as lc

PAGE = Path(__file__).resolve().parent.parent / "docs" / "fees.md"
ROWS = re.findall(
    r"^\| [^|]+ \| [^|]+ \| `(.+)` \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) % \|$", PAGE.read_text("utf-8"), re.M
)


@pytest.mark.parametrize(("terms", "in_hand", "first", "cost", "yearly"), ROWS, ids=[row[0] for row in ROWS])
def test_a_row_of_the_table(terms: str, in_hand: str, first: str, cost: str, yearly: str) -> None:
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12, **eval(terms, {"lc": lc}))
    plan = loan.schedule()
    assert [str(loan.received), str(plan[0].payable)] == [in_hand, first]
    assert str(sum(row.payable for row in plan) - loan.received) == cost
    assert f"{100 * lc.irr(loan).effective:.2f}" == yearly


def test_the_table_has_all_its_rows() -> None:
    assert len(ROWS) == 9
