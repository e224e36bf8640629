"""Principal parts that stay as they are when a plan is made anew: money that came early covers the last ones, and the end comes
sooner.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from loancalc.plan.amortization import on_declining_balance
from loancalc.plan.columns import Columns, Problem
from loancalc.plan.methods import Method, Plain, find_method

if TYPE_CHECKING:
    from loancalc.plan.loan import Loan


def has_stated_parts(method: Method) -> bool:
    """Whether principal parts are what was agreed, and interest comes on top: another rate changes the interest alone."""
    return method.name in ("equal_principal", "given_principal")


def keeps_parts(loan: Loan) -> bool:
    """Whether a plan that is only put off keeps its principal parts: equal ones, or those that were left by a prepayment."""
    return loan.repayment.name == "equal_principal" or (loan.repayment.is_solved and loan.columns.level is None)


def with_its_parts(loan: Loan, row: int) -> Method:
    """The principal parts that a plan has, from a row on."""
    done, parts = rows_done(loan, row), loan.columns.principal[row:]
    return Plain(find_method(loan.method).name, partial(_same_parts, done, parts))


def rows_done(loan: Loan, row: int) -> int:
    """How many rows the method has made before a row, in this plan and in those that it continues: all but down payments."""
    apart = loan.timeline.inserted_rows if loan.down_payments else ()
    return (loan.continues.rows if loan.continues else 0) + row - sum(index < row for index in apart)


def rows_waited(loan: Loan, row: int) -> int:
    """How many of those rows repaid nothing, being of a moratorium."""
    before = loan.continues.waited if loan.continues else 0
    return before + (sum(index < row for index in loan.waiting.rows) if loan.waiting else 0)


def level_ahead(loan: Loan, row: int) -> int | None:
    """The level payment of the rows from a row on, as the plan shows it; None where the method has none."""
    columns, waiting = loan.columns, loan.waiting
    first = max(row, waiting.resumes) if waiting else row
    if columns.level is None or first >= len(columns.principal) - 1:
        return columns.level
    return columns.payment(first)


def _same_parts(done: int, parts: Sequence[int], problem: Problem) -> Columns:
    """The principal parts after so many rows stay, the last ones being covered first; interest follows what is still owed."""
    left = list(parts[problem.done - done :][: len(problem)])
    beyond = sum(left) - problem.principal
    while beyond > 0:
        covered = min(beyond, max(0, left[-1]))
        left[-1] -= covered
        beyond -= covered
        if not left[-1] or beyond:
            left.pop()
    left[-1] -= beyond
    return on_declining_balance(problem, left)
