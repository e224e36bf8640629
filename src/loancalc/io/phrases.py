"""Pieces of text that a plan, a statement and an audit share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from loancalc.io.findings import Finding
from loancalc.io.layout import wrap, wrap_lines
from loancalc.servicing.account import Account
from loancalc.servicing.position import Position
from loancalc.values.base_rates import BaseRate
from loancalc.values.rates import RelativeRate


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


def _late_rate(account: Account, position: Position) -> list[str]:
    """How the late rate comes from the contract rate or a base rate, where it is a multiple of it or points over it: the
    rates that held between the first due date and the day.
    """
    loan = account.loan
    interest = loan.late.interest if loan.late else None
    if interest is None or not isinstance(interest.rate, RelativeRate):
        return []
    steps = [(day, rate) for day, rate, _ in position.figures.rates.late if day <= position.as_of]
    first = max((place for place, (day, _) in enumerate(steps) if day <= loan.dates[1]), default=0)
    word, moves = "over" if interest.rate.points else "of", len(steps) > 1
    over = "the contract rate" if moves else f"the contract rate {loan.rate}"
    base = str(interest.over) if isinstance(interest.over, BaseRate) else over
    shown = [f"{rate} from {day}" if moves else str(rate) for day, rate in steps[first:]]
    return [f"late rate: {interest.rate} {word} {base} = {', then '.join(shown)}"]


def calculations_of(account: Account, position: Position) -> str:
    """The calculations of a position, and those of the plan that it starts from; its assumptions stand elsewhere."""
    own = [line for line in position.explain().splitlines() if not line.startswith("assumed: ")]
    due = sum(state.due <= position.as_of for state in position.installments)
    plan = account.loan.schedule()
    agreed = [plan.explain(number) for number in range(1, min(due + 1, len(plan)) + 1)]
    lines = [
        *_late_rate(account, position),
        *own,
        "the plan, up to the running installment:",
        *(f"  {line}" for line in agreed),
    ]
    return calculations("\n".join(lines))
