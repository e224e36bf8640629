"""Pieces of text that a plan, a statement and an audit share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from loancalc.account import Account
from loancalc.io.findings import Finding
from loancalc.io.layout import wrap, wrap_lines
from loancalc.position import Position
from loancalc.rates import RelativeRate


def words(name: str) -> str:
    """A name as people write it.

    >>> words("late_interest")
    'late interest'
    """
    return name.replace("_", " ")


def unit(currency: str | None) -> str:
    """What follows an amount: its currency, if one was given.

    >>> unit("CNY"), unit(None)
    (' CNY', '')
    """
    return f" {currency}" if currency else ""


def bullets(title: str, items: Sequence[str]) -> list[str]:
    """A list under its title; no section where there is nothing to list.

    >>> bullets("What else happened", [])
    []
    """
    return ["\n".join([title, *(wrap(item, first="  - ") for item in items)])] if items else []


def footing(assumptions: Sequence[str], notes: Sequence[Finding]) -> list[str]:
    """What the figures above rest on, and how the files were read."""
    read = [str(replace(note, is_note=False)) for note in notes]
    return [*bullets("What the figures rest on", assumptions), *bullets("How the files were read", read)]


def calculations(text: str) -> str:
    """Calculations, a line each, under their title."""
    return "How each figure was calculated\n" + wrap_lines("\n".join(f"  {line}" for line in text.splitlines()))


def _late_rate(account: Account) -> list[str]:
    """How the late rate comes from the contract rate, where it is a multiple of it or points over it."""
    loan = account.loan
    interest = loan.late.interest if loan.late else None
    if interest is None or not isinstance(interest.rate, RelativeRate) or interest.over != "contract":
        return []
    return [f"late rate: {interest.rate} of the contract rate {loan.rate} = {interest.rate.over(loan.rate)}"]


def calculations_of(account: Account, position: Position) -> str:
    """The calculations of a position, and those of the plan that it starts from; its assumptions stand elsewhere."""
    own = [line for line in position.explain().splitlines() if not line.startswith("assumed: ")]
    due = sum(state.due <= position.as_of for state in position.installments)
    plan = account.loan.schedule()
    agreed = [plan.explain(number) for number in range(1, min(due + 1, len(plan)) + 1)]
    lines = [*_late_rate(account), *own, "the plan, up to the running installment:", *(f"  {line}" for line in agreed)]
    return calculations("\n".join(lines))
