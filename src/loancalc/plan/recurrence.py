"""The one recurrence behind methods that state what is paid: interest on what is owed, the rest of the payment repays."""

from __future__ import annotations

from collections.abc import Sequence

from loancalc.errors import NoSolution
from loancalc.plan import residues
from loancalc.plan.columns import Columns, Problem
from loancalc.plan.patterns import Pattern, Payments
from loancalc.plan.timeline import Factor
from loancalc.values.money import format_minor
from loancalc.values.rounding import half_up


def walk(problem: Problem, payments: Payments) -> Columns:
    """Interest on what is still owed, the rest of each payment repays; the last one clears.

    Args:
        problem: What is to be repaid.
        payments: What each installment asks for; the last one is meant to be as much, and what it differs by is the residue.

    Raises:
        NoSolution: If a payment is negative, or does not cover the interest of its period where the problem does not allow
            that.
    """
    factors, asked = problem.factors, payments[-1]
    regular = factors.count(factors[0]) == len(factors) and problem.rounding.divide("interest") is half_up
    if regular and asked is not None and asked >= 0 and payments.count(asked) == len(payments):
        columns = _regular(problem.principal, factors, asked)
        if columns is not None:
            return columns
    _refuse_negative(problem, payments)
    return _row_by_row(problem, payments, _level_of(payments), asked)


def _level_of(payments: Payments) -> int | None:
    """What all but the last ask for, where that is one amount."""
    first = payments[0]
    others = payments.count(first) - (payments[-1] == first)
    return first if others == len(payments) - 1 else None


def _regular(principal: int, factors: Sequence[Factor], payment: int) -> Columns | None:
    """The rows of one payment over periods that bear the same, interest rounded half up to whole units; None where the
    payment does not cover the first interest, or repays before the last row.

    As the balance falls interest never grows: a payment that covers the first covers all, so that no row is looked at on
    the way.
    """
    numerator, denominator = factors[0]
    half = denominator // 2
    parts: list[int] = []
    interests: list[int] = []
    balances: list[int] = []
    balance = principal
    for _ in factors[:-1]:
        interest = (balance * numerator + half) // denominator
        part = payment - interest
        balance -= part
        parts.append(part)
        interests.append(interest)
        balances.append(balance)
    if balance <= 0 or (parts and parts[0] < 0):
        return None
    parts.append(balance)
    interests.append((balance * numerator + half) // denominator)
    balances.append(0)
    return Columns(parts, interests, balances, payment, payment)


def _row_by_row(problem: Problem, payments: Payments, level: int | None, asked: int | None) -> Columns:
    """The rows of any payments over any periods."""
    parts: list[int] = []
    interests: list[int] = []
    balances: list[int] = []
    factors, divide, balance = problem.factors, problem.rounding.divide("interest"), problem.principal
    for (numerator, denominator), payment in zip(factors[:-1], payments, strict=False):
        interest = divide(balance * numerator, denominator)
        part = 0 if payment is None else payment - interest
        if part >= balance:
            break
        if part < 0:
            if problem.most is None:
                raise NoSolution(_not_covered(problem, len(parts), interest + part, interest))
            if balance - part > problem.most:
                return Columns(parts, interests, balances, level, asked, stopped_at=len(parts))
        balance -= part
        interests.append(interest)
        parts.append(part)
        balances.append(balance)
    else:
        numerator, denominator = factors[-1]
        interest = divide(balance * numerator, denominator)
    interests.append(interest)
    parts.append(balance)
    balances.append(0)
    return Columns(parts, interests, balances, level, asked, ended_early=len(factors) - len(parts))


def _not_covered(problem: Problem, index: int, payment: int, interest: int) -> str:
    return (
        f"payment: got {format_minor(payment, problem.digits)}; it does not cover the interest of installment "
        f"{problem.done + index + 1}, {format_minor(interest, problem.digits)}; expected payments that do, or "
        "negative_amortization with the limit of the balance that unpaid interest may make"
    )


def paid_by(problem: Problem, pattern: Pattern, *, payments: Payments | None = None) -> Columns:
    """The plan whose payments follow a pattern, rounded as asked, with the residue where it is asked for.

    Args:
        problem: What is to be repaid.
        pattern: How the payments follow from one unknown; solved over the real periods.
        payments: The payments, where they are stated and nothing is to be solved.
    """
    divide, residue = problem.rounding.divide("installment"), problem.rounding.residue
    solved = payments is None
    unknown = pattern.solve(problem.principal, problem.factors) if solved else (0, 1)
    asked = pattern.payments(unknown, divide, len(problem.factors)) if payments is None else payments
    columns = walk(problem, asked)
    if residue == "last" or columns.stopped_at is not None:
        return columns
    meant_to_end = columns.ended_early and (residue == "first" or not solved)
    if residue in residues.MOVES and not meant_to_end:
        level, last = columns.level, columns.asked
        others = residues.moved(problem, pattern if solved else None, unknown, asked)
        if problem.most is not None or residues.covers(problem, others):
            asked, columns = others, walk(problem, others)
        if residue != "smooth":
            columns = columns._replace(level=level, asked=last)
    if residue in ("last-interest", "visible") and not columns.ended_early:
        return residues.keep_last_payment(columns, asked[-1], problem)
    return columns


def as_stated(problem: Problem, payments: Payments) -> Columns:
    """The plan of payments that are stated: rounding leaves them as they are, and the last one is what is left."""
    return walk(problem, payments)._replace(asked=None)


def _refuse_negative(problem: Problem, asked: Payments) -> None:
    """No installment asks for less than nothing, whatever growth or negative amortization was agreed."""
    negative = [payment for payment in set(asked) if payment is not None and payment < 0]
    if negative:
        index = min(map(asked.index, negative))
        payment = format_minor(asked[index] or 0, problem.digits)
        raise NoSolution(
            f"payment: solved as {payment} for installment {problem.done + index + 1}; "
            "expected a method whose payments are 0 or more"
        )
