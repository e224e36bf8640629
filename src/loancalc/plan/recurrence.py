"""The one recurrence behind methods that state what is paid: interest on what is owed, the rest of the payment repays.

Payments follow a *pattern*: payment k is `x * weight(k) + constant(k)`, where x is solved so that the unrounded
recurrence over the real periods ends at zero. A level payment has equal weights, a graduated one growing ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from math import gcd, isfinite
from typing import NamedTuple

from loancalc.errors import NoSolution
from loancalc.plan.columns import Columns, Problem
from loancalc.plan.timeline import Factor
from loancalc.values.money import format_minor
from loancalc.values.rounding import Divide, half_up

Payments = Sequence[int | None]
"""What each installment asks for; None where it asks for the interest, whatever that is."""


class Pattern(NamedTuple):
    """How payments follow from one unknown.

    Attributes:
        weights: How many units of the unknown each payment holds, times `unit`; None pays the interest alone. Without
            weights every payment is the unknown itself.
        unit: What the weights are counted in: 100 for weights in hundredths.
        constants: What is added to each payment, in units of the columns.
        first_rounded: Whether the first payment is rounded and the others are made from it.
    """

    weights: Sequence[int | None] | None = None
    unit: int = 1
    constants: Sequence[int] | None = None
    first_rounded: bool = False

    @property
    def is_level(self) -> bool:
        """Whether every payment is the unknown itself."""
        weights = self.weights
        if weights is None:
            return True
        return self.unit == 1 and not any(self.constants or ()) and weights.count(1) == len(weights)

    def solve(self, principal: int, factors: Sequence[Factor]) -> Factor:
        """The exact unknown that brings the unrounded recurrence to zero, as a ratio.

        >>> top, bottom = LEVEL.solve(1_200_000, [(1, 100)] * 12)
        >>> round(top / bottom, 6)
        106618.546414
        """
        if self.is_level and factors.count(factors[0]) == len(factors):
            top, bottom = _level_over_equal_periods(*factors[0], len(factors))
            return principal * top, bottom
        growth, scale, annuity, constant = 1, 1, 0, 0
        weights, constants = self.weights or [1] * len(factors), self.constants or [0] * len(factors)
        for (numerator, denominator), weight, added in zip(factors, weights, constants, strict=True):
            common = gcd(numerator, denominator)
            denominator //= common
            grown = denominator if weight is None else denominator + numerator // common
            scale *= denominator
            growth *= grown
            annuity = annuity * grown + (weight or 0) * scale
            constant = constant * grown + added * scale
        if not annuity:
            raise NoSolution("method: no payment is left to solve; expected one that repays")
        return (principal * growth - constant) * self.unit, annuity

    def payments(self, unknown: Factor, divide: Divide, count: int) -> list[int | None]:
        """Every payment, rounded once."""
        (top, bottom), weights = unknown, self.weights
        if weights is None or self.is_level:
            return [divide(top, bottom)] * count
        if self.first_rounded and weights[0]:
            top, bottom = divide(top * weights[0], bottom * self.unit) * self.unit, weights[0]
        bottom *= self.unit
        return [
            None if weight is None else divide(top * weight + added * bottom, bottom)
            for weight, added in zip(weights, self.constants or [0] * count, strict=True)
        ]


LEVEL = Pattern()
"""Payments that are all the same."""


def level_payment(principal: int, factors: Sequence[Factor]) -> Factor:
    """The exact amount that brings the unrounded recurrence over these periods to zero, as a ratio.

    Source: P (1+i1)...(1+in) / sum over k of (1+i(k+1))...(1+in); for equal periods P i / (1 - (1+i)^-n).

    >>> numerator, denominator = level_payment(1_200_000, [(1, 100)] * 12)
    >>> round(numerator / denominator, 6)
    106618.546414
    """
    return LEVEL.solve(principal, factors)


@lru_cache(maxsize=256)
def _level_over_equal_periods(numerator: int, denominator: int, periods: int) -> Factor:
    """The level payment of each unit of principal; a portfolio has few different ones, and their powers are long."""
    if numerator == 0:
        return 1, periods
    common = gcd(numerator, denominator)
    numerator, denominator = numerator // common, denominator // common
    growth = (denominator + numerator) ** periods
    return numerator * growth, denominator * (growth - denominator**periods)


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
    if residue in _SEARCHES and not meant_to_end:
        level, last = columns.level, columns.asked
        moved = _SEARCHES[residue](problem, pattern if solved else None, unknown, asked)
        if problem.most is not None or _covers(problem, moved):
            asked, columns = moved, walk(problem, moved)
        if residue != "smooth":
            columns = columns._replace(level=level, asked=last)
    if residue in ("last-interest", "visible") and not columns.ended_early:
        return _keep_last_payment(columns, asked[-1], problem)
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


def _keep_last_payment(columns: Columns, asked: int | None, problem: Problem) -> Columns:
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


# Who takes the residue


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


def _covers(problem: Problem, payments: Payments) -> bool:
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
