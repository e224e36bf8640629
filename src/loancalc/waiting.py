"""Rows that repay nothing at the beginning of a plan: what becomes of their interest, row by row and up to a day."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from loancalc.columns import Columns
from loancalc.planning import Moratorium
from loancalc.rounding import Divide
from loancalc.timeline import Factor


@dataclass(frozen=True, slots=True)
class Waiting:
    """The rows of a moratorium in a plan.

    Attributes:
        rows: Their indices, in order.
        interest: What becomes of their interest: "paid", "capitalized", "carried" or "forgiven".
        resumes: The index of the first row that repays.
        accrued: The interest of each of them, rounded, in units of the columns.

    >>> waiting = Waiting((0, 1), "carried", 2, (120, 120))
    >>> [waiting.carried_to(index) for index in range(4)]
    [0, 120, 240, 0]
    """

    rows: tuple[int, ...]
    interest: str
    resumes: int
    accrued: tuple[int, ...]

    def is_forgiven(self, index: int) -> bool:
        """Whether the interest of a row is let go."""
        return self.interest == "forgiven" and index in self.rows

    def carried_to(self, index: int) -> int:
        """The interest of earlier rows that is still to be asked for when a row begins."""
        if self.interest != "carried" or not index <= self.resumes:
            return 0
        return sum(amount for row, amount in zip(self.rows, self.accrued, strict=True) if row < index)

    def carries_on(self, index: int) -> bool:
        """Whether the interest of a row is asked for later."""
        return self.interest == "carried" and index in self.rows


def waiting_in(
    columns: Columns,
    moratorium: Moratorium | None,
    factors: Sequence[Factor],
    divide: Divide,
    *,
    repaid_at_once: Collection[int] = (),
    advances: Mapping[int, Sequence[tuple[int, str, Factor]]] = MappingProxyType({}),
) -> Waiting | None:
    """The rows of a moratorium in a plan; None without one.

    Args:
        columns: The plan.
        moratorium: What was agreed.
        factors: Interest per unit of principal of each row.
        divide: The rounding of the period's interest.
        repaid_at_once: The rows of down payments, which are not of the moratorium.
        advances: What is paid out on the way to a row: amount, time as text, interest per unit.
    """
    if moratorium is None:
        return None
    rows = [index for index in range(len(columns.principal)) if index not in repaid_at_once]
    chosen, accrued = tuple(rows[: moratorium.installments]), []
    for index in chosen:
        on_the_way = advances.get(index, ())
        opening = columns.balance[index] + columns.principal[index] - sum(amount for amount, _, _ in on_the_way)
        exact = opening * Fraction(*factors[index])
        exact += sum(amount * Fraction(*own) for amount, _, own in on_the_way)
        accrued.append(divide(*exact.as_integer_ratio()))
    return Waiting(chosen, moratorium.interest, rows[moratorium.installments], tuple(accrued))
