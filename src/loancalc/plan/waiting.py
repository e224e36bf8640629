"""Rows that repay nothing at the beginning of a plan, and what becomes of their interest."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from loancalc.plan.planning import Moratorium


@dataclass(frozen=True, slots=True)
class Waiting:
    """The rows of a moratorium in a plan.

    Attributes:
        rows: Their indices, in order.
        interest: What becomes of their interest, as the moratorium says.
        resumes: The index of the first row that repays.

    >>> Waiting((0, 1), "carried", 2).carries_on(1)
    True
    """

    rows: tuple[int, ...]
    interest: str
    resumes: int

    def is_forgiven(self, index: int) -> bool:
        """Whether the interest of a row is let go."""
        return self.interest == "forgiven" and index in self.rows

    def carries_on(self, index: int) -> bool:
        """Whether the interest of a row is asked for later."""
        return self.interest not in ("paid", "capitalized", "forgiven") and index in self.rows


def waiting_in(count: int, moratorium: Moratorium | None, repaid_at_once: Collection[int] = ()) -> Waiting | None:
    """The rows of a moratorium in a plan of `count` rows; None without one.

    The rows of down payments, which are `repaid_at_once`, are not of the moratorium.
    """
    if moratorium is None:
        return None
    rows = [index for index in range(count) if index not in repaid_at_once]
    return Waiting(tuple(rows[: moratorium.installments]), moratorium.interest, rows[moratorium.installments])
