"""Who takes the residue of rounding, where it is not the last payment: the others are moved until the last is nearest to what it was
meant to be, or it stays and its interest takes the residue.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import isfinite

from loancalc.errors import NoSolution
from loancalc.plan.columns import Columns, Problem
from loancalc.plan.patterns import Pattern, Payments
from loancalc.plan.timeline import Factor
from loancalc.values.money import format_minor


def moved(problem: Problem, pattern: Pattern | None, unknown: Factor, payments: Payments) -> Payments:
    """The payments, moved as the residue is to be taken; they follow a pattern of an unknown, or (None) were stated."""
    return _SEARCHES[problem.rounding.residue](problem, pattern, unknown, payments)


def keep_last_payment(columns: Columns, asked: int | None, problem: Problem) -> Columns:
    """The last payment stays as asked: its interest takes the residue, or the residue is shown apart."""
    if asked is None:
        return columns
    left = columns.total(len(columns.principal) - 1) - asked
    if problem.rounding.residue == "visible":
        return columns._replace(residue=left)
    interest = columns.interest[-1] - left
    if interest < 0:
        raise NoSolution(
            f"rounding.residue: got 'last-interest'; the last interest would be "
            f"{format_minor(interest, problem.digits)}; expected a residue that the last interest can take, or 'last'"
        )
    return columns._replace(interest=[*columns.interest[:-1], interest])


def _last_over(problem: Problem, payments: Payments) -> int:
    """What the last payment would be over what is asked (below, if negative), repaying early not prevented."""
    balance, divide = problem.principal, problem.rounding.divide("interest")
    for (numerator, denominator), payment in zip(problem.factors[:-1], payments, strict=False):
        if payment is not None:
            balance += divide(balance * numerator, denominator) - payment
    numerator, denominator = problem.factors[-1]
    interest = divide(balance * numerator, denominator)
    return balance if payments[-1] is None else balance + interest - payments[-1]


def _nearest(
    candidate: Callable[[int], Payments], over: Callable[[Payments], int], start: int, *, flat: int = 0
) -> Payments:
    """The payments whose last is nearest to what is asked, searched from `start`; on a tie, the smallest shift.

    What is over never grows with the shift, as less is owed and rounded interest follows what is owed; so nothing nearer
    lies behind a shift that is further off. Only where shifts may change nothing, up to `flat` of them, the search looks
    behind them.
    """

    def rank(shift: int) -> tuple[int, int]:
        return abs(over(candidate(shift))), abs(shift)

    shift, best = start, rank(start)
    for direction in (1, -1):
        place, patience = shift, flat + 1
        while patience:
            place += direction
            if (other := rank(place)) < best:
                shift, best, patience = place, other, flat + 1
            else:
                patience -= 1
    return candidate(shift)


def _shifted(payment: int | None, amount: int) -> int | None:
    """A payment that is moved, but not below nothing: no installment pays out."""
    return None if payment is None else max(0, payment + amount)


def _residue_first(problem: Problem, pattern: Pattern | None, unknown: Factor, payments: Payments) -> Payments:
    """The first payment brings the last nearest to what is asked."""
    if len(payments) == 1 or payments[0] is None:
        return payments
    step, growth = problem.installment_step, 1.0
    for numerator, denominator in problem.factors[1:]:
        growth *= 1 + numerator / denominator
    guess = _about(_last_over(problem, payments), growth * step)
    return _nearest(
        lambda shift: [_shifted(payments[0], shift * step), *payments[1:]],
        lambda candidate: _last_over(problem, candidate),
        guess,
    )


def _residue_smooth(problem: Problem, pattern: Pattern | None, unknown: Factor, payments: Payments) -> Payments:
    """The unknown is moved until the last payment is nearest to what is asked: each time so far that the largest payment moves
    by a step, or the first, where the others are made from it.
    """
    if pattern is None:
        return payments
    step, divide = problem.installment_step, problem.rounding.divide("installment")
    weights = [weight or 0 for weight in pattern.weights or [1] * len(payments)]
    moved = (pattern.first_rounded and weights[0]) or max(weights)
    top, bottom = (divide(*unknown), 1) if pattern.is_level else unknown

    def candidate(shift: int) -> Payments:
        shifted = top * moved + shift * step * pattern.unit * bottom, bottom * moved
        return pattern.payments(shifted, divide, len(payments))

    final = _final_value(problem.factors, [weight / moved for weight in weights])
    guess = _about(_last_over(problem, payments), final * step)
    return _nearest(candidate, lambda shifted: _last_over(problem, shifted), guess)


def covers(problem: Problem, payments: Payments) -> bool:
    """Whether every payment before the last covers the interest of its period."""
    balance, divide = problem.principal, problem.rounding.divide("interest")
    for (numerator, denominator), payment in zip(problem.factors[:-1], payments, strict=False):
        interest = divide(balance * numerator, denominator)
        if payment is not None and payment < interest:
            return False
        balance -= 0 if payment is None else min(balance, payment - interest)
    return True


def _residue_spread(problem: Problem, pattern: Pattern | None, unknown: Factor, payments: Payments) -> Payments:
    """One step each on the earliest payments, as many as bring the last nearest to what was asked."""
    count, step = len(payments), problem.installment_step
    if count == 1:
        return payments
    asked = payments[-1] or 0

    def candidate(shifts: int) -> Payments:
        each, more = divmod(shifts, count)
        return [_shifted(payment, step * (each + (index < more))) for index, payment in enumerate(payments)]

    def over(moved: Payments) -> int:
        return _last_over(problem, moved) + (moved[-1] or 0) - asked

    grown = _final_value(problem.factors, [1.0] * (count - 1) + [0.0])
    guess = _about(count * over(payments), grown * step)
    return _nearest(candidate, over, guess, flat=1 + payments.count(None))  # the last is cleared, whatever it is to be


def _about(over: int, each: float) -> int:
    """How many steps an amount is that is `each` a step; only a start for a search, and none where no float is so large."""
    return round(over / Fraction(each)) if isfinite(each) else 0


def _final_value(factors: Sequence[Factor], weights: Sequence[float]) -> float:
    """What payments in proportion to the weights come to at the end; only a start for a search."""
    value = 0.0
    for (numerator, denominator), weight in zip(factors, weights, strict=True):
        value = value * (1 + numerator / denominator) + weight
    return value


_SEARCHES: dict[str, Callable[[Problem, Pattern | None, Factor, Payments], Payments]] = {
    "first": _residue_first,
    "smooth": _residue_smooth,
    "spread": _residue_spread,
}

MOVES = frozenset(_SEARCHES)
"""The residues for which payments are moved."""
