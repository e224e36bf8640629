"""The repayment methods: pure functions from a principal and period factors to columns of whole minor units.

A *factor* is the interest of one period per unit of principal, as an exact ratio `(numerator, denominator)`:
a month at 12 % a year is `(1, 100)`. One recurrence walks the real periods, so every method works with every
day count, stub and rounding; interest is multiplied first, divided last and rounded once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import gcd

from loancalc.counts import read_count
from loancalc.errors import NoSolution
from loancalc.money import format_minor, split_minor
from loancalc.rounding import Divide, Rounding
from loancalc.timeline import Factor


@dataclass(frozen=True, slots=True)
class Columns:
    """A plan as integer columns, one entry per installment, in minor units (or finer, where `places` are kept).

    `level` is the level installment where the method has one. `residue` is what rounding left in the last
    installment, where it is asked to stay visible. `ended_early` is the number of installments that rounding made
    superfluous.
    """

    principal: list[int]
    interest: list[int]
    balance: list[int]
    level: int | None = None
    residue: int = 0
    ended_early: int = 0

    def total(self, index: int) -> int:
        """Principal and interest of the installment at `index`."""
        return self.principal[index] + self.interest[index]


def level_payment(principal: int, factors: Sequence[Factor]) -> Factor:
    """The exact amount that brings the unrounded recurrence over these periods to zero, as a ratio.

    Source: P (1+i1)...(1+in) / sum over k of (1+i(k+1))...(1+in); for equal periods P i / (1 - (1+i)^-n).

    >>> numerator, denominator = level_payment(1_200_000, [(1, 100)] * 12)
    >>> round(numerator / denominator, 6)
    106618.546414
    """
    numerator, denominator = factors[0]
    if factors.count(factors[0]) == len(factors):
        return _level_of_equal_periods(principal, numerator, denominator, len(factors))
    growth, scale, annuity = 1, 1, 0
    for numerator, denominator in factors:
        common = gcd(numerator, denominator)
        denominator //= common
        grown = denominator + numerator // common
        scale *= denominator
        growth *= grown
        annuity = annuity * grown + scale
    return principal * growth, annuity


def _level_of_equal_periods(principal: int, numerator: int, denominator: int, periods: int) -> Factor:
    if numerator == 0:
        return principal, periods
    common = gcd(numerator, denominator)
    numerator, denominator = numerator // common, denominator // common
    growth = (denominator + numerator) ** periods
    return principal * numerator * growth, denominator * (growth - denominator**periods)


def annuity(
    principal: int, factors: Sequence[Factor], rounding: Rounding, *, payment: int | None = None, digits: int = 2
) -> Columns:
    """Level payments (等额本息): principal is the payment minus the rounded interest.

    Args:
        principal: What is lent, in units of the rounding (minor units, or finer).
        factors: Interest per unit of principal, period by period.
        rounding: Roundings of interest and installment, and who takes the residue.
        payment: The level payment, where the contract states it; solved over the real periods if None.
        digits: Decimals of the units, for error messages.

    Raises:
        NoSolution: If a payment cannot cover the interest of a period; the message names the interest.
    """
    level = rounding.divide("installment")(*level_payment(principal, factors)) if payment is None else payment
    divide = rounding.divide("interest")
    columns = _walk(principal, factors, divide, [level] * len(factors), digits)
    search = _RESIDUE_SEARCHES.get(rounding.residue)
    if search is not None and not (columns.ended_early and rounding.residue == "first"):
        own = rounding.named("installment")
        payments = search(principal, factors, divide, level, own.step * 10 ** (rounding.unit_places - own.places))
        columns = _walk(principal, factors, divide, payments, digits)
        if rounding.residue == "smooth":
            level = payments[0]
    if rounding.residue in ("last-interest", "visible") and not columns.ended_early:
        columns = _keep_last_payment(columns, level, rounding.residue, digits)
    return replace(columns, level=level)


def _walk(balance: int, factors: Sequence[Factor], divide: Divide, payments: Sequence[int], digits: int) -> Columns:
    """The recurrence: interest on what is still owed, the rest of each payment repays; the last one clears."""
    parts: list[int] = []
    interests: list[int] = []
    balances: list[int] = []
    last = len(factors) - 1
    for index, (numerator, denominator) in enumerate(factors):
        interest = divide(balance * numerator, denominator)
        part = payments[index] - interest
        interests.append(interest)
        if part >= balance or index == last:
            parts.append(balance)
            balances.append(0)
            return Columns(parts, interests, balances, ended_early=last - index)
        if part < 0:
            raise NoSolution(
                f"payment: got {format_minor(payments[index], digits)}; it does not cover the interest of installment "
                f"{index + 1}, {format_minor(interest, digits)}"
            )
        balance -= part
        parts.append(part)
        balances.append(balance)
    raise AssertionError("unreachable: the last installment returns")


def _keep_last_payment(columns: Columns, level: int, residue: str, digits: int) -> Columns:
    """The last payment stays level: its interest takes the residue, or the residue is shown apart."""
    left = columns.total(len(columns.principal) - 1) - level
    if residue == "visible":
        return Columns(columns.principal, columns.interest, columns.balance, level, left)
    interest = columns.interest[-1] - left
    if interest < 0:
        raise NoSolution(
            f"rounding.residue: got 'last-interest'; the last interest would be {format_minor(interest, digits)}; "
            "expected a residue that the last interest can take, or 'last'"
        )
    return Columns(columns.principal, [*columns.interest[:-1], interest], columns.balance, level)


def _last_over_level(principal: int, factors: Sequence[Factor], divide: Divide, payments: Sequence[int]) -> int:
    """What the last payment would be over the level one (below, if negative), repaying early not prevented."""
    balance = principal
    for (numerator, denominator), payment in zip(factors[:-1], payments, strict=False):
        balance += divide(balance * numerator, denominator) - payment
    numerator, denominator = factors[-1]
    return balance + divide(balance * numerator, denominator) - payments[-1]


def _nearest(candidate: Callable[[int], list[int]], over: Callable[[Sequence[int]], int], start: int) -> list[int]:
    """The payments whose last is nearest to the level one, searched from `start`; on a tie, the smallest shift."""

    def rank(shift: int) -> tuple[int, int]:
        return abs(over(candidate(shift))), abs(shift)

    shift, best = start, rank(start)
    for direction in (1, -1):
        while (other := rank(shift + direction)) < best:
            shift, best = shift + direction, other
    return candidate(shift)


def _residue_first(principal: int, factors: Sequence[Factor], divide: Divide, level: int, step: int) -> list[int]:
    rest = [level] * (len(factors) - 1)
    if not rest:
        return [level]

    def over(payments: Sequence[int]) -> int:
        return _last_over_level(principal, factors, divide, payments)

    growth = 1.0
    for numerator, denominator in factors[1:]:
        growth *= 1 + numerator / denominator
    guess = round(over([level, *rest]) / (growth * step))
    return _nearest(lambda shift: [level + shift * step, *rest], over, guess)


def _residue_smooth(principal: int, factors: Sequence[Factor], divide: Divide, level: int, step: int) -> list[int]:
    def over(payments: Sequence[int]) -> int:
        return _last_over_level(principal, factors, divide, payments)

    count = len(factors)
    guess = round(over([level] * count) / (_final_value_of_ones(factors) * step))
    return _nearest(lambda shift: [level + shift * step] * count, over, guess)


def _residue_spread(principal: int, factors: Sequence[Factor], divide: Divide, level: int, step: int) -> list[int]:
    """One step each on the earliest payments, as many as bring the last nearest to the level one."""
    count = len(factors)

    def over(payments: Sequence[int]) -> int:
        return _last_over_level(principal, factors, divide, payments) + payments[-1] - level

    def candidate(shifts: int) -> list[int]:
        each, more = divmod(shifts, count)
        return [level + step * (each + (index < more)) for index in range(count)]

    guess = round(count * over([level] * count) / (_final_value_of_ones(factors) * step))
    return _nearest(candidate, over, guess)


def _final_value_of_ones(factors: Sequence[Factor]) -> float:
    value = 0.0
    for numerator, denominator in factors:
        value = value * (1 + numerator / denominator) + 1
    return value


_RESIDUE_SEARCHES = {"first": _residue_first, "smooth": _residue_smooth, "spread": _residue_spread}


def equal_principal(principal: int, factors: Sequence[Factor], rounding: Rounding, *, digits: int = 2) -> Columns:
    """The same principal every period, interest on what is still owed (等额本金)."""
    parts = split_by(rounding, principal, len(factors), digits)
    return _on_declining_balance(principal, parts, factors, rounding)


def fixed_parts(principal: int, part: int, factors: Sequence[Factor], rounding: Rounding) -> Columns:
    """A stated principal part every period until the principal is repaid, interest on what is still owed."""
    whole, last = divmod(principal, part)
    parts = [part] * whole + [last] * (last > 0)
    if len(parts) > len(factors):
        parts = [part] * (len(factors) - 1) + [principal - part * (len(factors) - 1)]
    return _on_declining_balance(principal, parts, factors, rounding)


def interest_only(principal: int, factors: Sequence[Factor], rounding: Rounding) -> Columns:
    """Interest every period, the principal with the last (先息后本)."""
    parts = [0] * (len(factors) - 1) + [principal]
    return _on_declining_balance(principal, parts, factors, rounding)


def _on_declining_balance(principal: int, parts: list[int], factors: Sequence[Factor], rounding: Rounding) -> Columns:
    divide = rounding.divide("interest")
    balances = list(accumulate(parts, int.__sub__, initial=principal))
    interests = [
        divide(balance * numerator, denominator)
        for balance, (numerator, denominator) in zip(balances[:-1], factors, strict=False)
    ]
    return Columns(parts, interests, balances[1:], ended_early=len(factors) - len(parts))


def flat(
    principal: int, factors: Sequence[Factor], rounding: Rounding, *, level: bool = False, digits: int = 2
) -> Columns:
    """Interest on the original principal, add-on (等本等息).

    Equal periods: the total interest is rounded, then split like the principal. Periods that differ (an actual day
    count): each period's interest by its own length, rounded; with `level` the installment is (principal + interest)
    / n, rounded, and principal is what it leaves after interest.
    """
    count = len(factors)
    divide = rounding.divide("interest")
    numerator, denominator = factors[0]
    if factors.count(factors[0]) == count:
        total = divide(principal * numerator * count, denominator)
        interests = split_by(rounding, total, count, digits, ends_early=False)
    else:
        interests = [divide(principal * numerator, denominator) for numerator, denominator in factors]
    if level:
        installment = rounding.divide("installment")(principal + sum(interests), count)
        parts = [installment - interest for interest in interests[:-1]]
        parts.append(principal - sum(parts))
        if min(parts) < 0:
            index = next(index for index, part in enumerate(parts) if part < 0)
            raise NoSolution(
                f"level: an installment of {format_minor(installment, digits)} does not cover the interest of "
                f"installment {index + 1}, {format_minor(interests[index], digits)}, or repays early"
            )
    else:
        parts = split_by(rounding, principal, count, digits, ends_early=False)
        installment = parts[0] + interests[0]
    balances = list(accumulate(parts, int.__sub__, initial=principal))[1:]
    kept = max(index for index, part in enumerate(parts) if part or interests[index]) + 1
    return Columns(parts[:kept], interests[:kept], balances[:kept], installment, ended_early=count - kept)


def lump_sum(principal: int, factor: Factor, rounding: Rounding) -> Columns:
    """Principal and interest together at maturity (到期一次还本付息), simple interest, rounded once."""
    return Columns([principal], [rounding.divide("interest")(principal * factor[0], factor[1])], [0])


def split_by(rounding: Rounding, total: int, parts: int, digits: int, *, ends_early: bool = True) -> list[int]:
    """`total` in `parts` equal shares, rounded as installments are, the residue where the rounding says.

    Where rounding repays early there are fewer shares (`ends_early`), never a negative one.
    """
    if rounding.residue == "spread" and rounding.named("installment").step == 1:
        return split_minor(total, parts)
    share = rounding.divide("installment")(total, parts)
    rest = total - share * (parts - 1)
    if rest > 0 or (rest == 0 and not ends_early):
        return [rest] + [share] * (parts - 1) if rounding.residue == "first" else [share] * (parts - 1) + [rest]
    if share == 0:
        return [0] * (parts - 1) + [rest] if not total else [0] * parts
    whole, last = divmod(total, share)
    shares = [share] * whole + [last] * (last > 0)
    return shares if ends_early else shares + [0] * (parts - len(shares))


def check_installments(value: object, field: str = "installments") -> int:
    """A whole number of installments, 1 or more."""
    return read_count(value, field, 1)
