"""The tables of the page on lateness and allocation, row by row."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import loancalc as lc

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "lateness.md").read_text("utf-8")
TERMS = {"principal": 12_000, "rate": "12%", "start": "2026-01-15", "installments": 12}
AMOUNT = r"([\d.]+)"


def rows(title: str, pattern: str) -> list[tuple[str, ...]]:
    section = PAGE.partition(f"\n## {title}")[2].partition("\n## ")[0]
    return re.findall(f"^{pattern}", section, re.M)


def value(arguments: str, kind: str) -> Any:
    return eval(f"lc.{kind}({arguments})", {"lc": lc})


INTEREST = rows("Late interest", rf"\| `(.+)` \| {AMOUNT} \| {AMOUNT} \| ")
PENALTIES = rows("Penalties", rf"\| `(.+)` \| {AMOUNT} \| ")
GRACE = rows("Grace", rf"\| (none|`.+`) \| {AMOUNT} \| {AMOUNT} \| {AMOUNT} \| (\d+) \|$")
FIVE = r" \| ".join([AMOUNT] * 5)
ORDERS = rows("Which part", rf'\| `"(.+)"` \| {FIVE} \| (\d+) \|$')


@pytest.mark.parametrize(("arguments", "late_interest", "compound"), INTEREST, ids=[row[0] for row in INTEREST])
def test_late_interest(arguments: str, late_interest: str, compound: str) -> None:
    late = lc.LateTerms(interest=value(arguments, "LateInterest"))
    past_due = lc.Account(lc.Loan(**TERMS, late=late)).as_of("2026-04-16").past_due
    assert [str(past_due.late_interest), str(past_due.compound_interest)] == [late_interest, compound]


@pytest.mark.parametrize(("arguments", "penalties"), PENALTIES, ids=[row[0] for row in PENALTIES])
def test_penalties(arguments: str, penalties: str) -> None:
    late = lc.LateTerms(penalties=[value(arguments, "Penalty")])
    assert str(lc.Account(lc.Loan(**TERMS, late=late)).as_of("2026-04-16").past_due.penalty) == penalties


@pytest.mark.parametrize(("arguments", "third", "fourth", "tenth", "days"), GRACE, ids=[row[0] for row in GRACE])
def test_grace(arguments: str, third: str, fourth: str, tenth: str, days: str) -> None:
    grace = None if arguments == "none" else value(arguments.strip("`"), "Grace")
    late = lc.LateTerms(interest=lc.LateInterest("18%", day_count="ACT/360"), grace=grace)
    positions = lc.Account(lc.Loan(**TERMS, late=late)).on_days(["2026-02-18", "2026-02-19", "2026-02-25"])
    assert [str(position.past_due.late_interest) for position in positions] == [third, fourth, tenth]
    assert (positions[-1].days_past_due, positions[-1].delinquent_days) == (10, int(days))


@pytest.mark.parametrize("row", ORDERS, ids=[row[0] for row in ORDERS])
def test_orders_of_allocation(row: tuple[str, ...]) -> None:
    name, *parts, days = row
    late = lc.LateTerms(
        interest=lc.LateInterest("18%", day_count="ACT/360", compound="interest"), penalties=[lc.Penalty(20)]
    )
    loan = lc.Loan(**TERMS, late=late, fees=lc.Fee(10, each="installment"), allocation=name)
    account = lc.Account(loan, [lc.Payment("2026-04-10", 1_200)])
    paid, position = account.receipts[0].parts, account.as_of("2026-04-10")
    charged = paid.late_interest + paid.compound_interest
    assert [str(part) for part in (paid.fee, paid.penalty, charged, paid.interest, paid.principal)] == parts
    assert position.days_past_due == int(days)
    assert str(position.past_due.total + 1_200) == "2235.03"


def test_the_tables_have_all_their_rows() -> None:
    assert [len(table) for table in (INTEREST, PENALTIES, GRACE, ORDERS)] == [14, 8, 5, 8]
