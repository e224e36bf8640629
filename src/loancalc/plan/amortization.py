"""The repayment methods: pure functions from a problem (a principal over periods) to columns of whole minor units.

A *factor* is the interest of one period per unit of principal, as an exact ratio `(numerator, denominator)`:
a month at 12 % a year is `(1, 100)`. One recurrence walks the real periods, so every method works with every
day count, stub and rounding; interest is multiplied first, divided last and rounded once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate, pairwise

from loancalc.errors import InvalidTerms, NoSolution
from loancalc.plan.columns import Columns, Problem
from loancalc.plan.patterns import LEVEL, Pattern, Payments, level_payment
from loancalc.plan.recurrence import as_stated, paid_by
from loancalc.plan.timeline import Factor, all_alike
from loancalc.values.counts import read_count
from loancalc.values.money import format_minor, split_minor
from loancalc.values.rounding import Rounding

# Methods that state what is paid


def annuity(problem: Problem) -> Columns:
    """Level payments (等额本息): principal is the payment minus the rounded interest.

    Raises:
        NoSolution: If a stated payment cannot cover the interest of a period; the message names the interest.

    >>> plan = annuity(Problem(1_200_000, [(1, 100)] * 12, Rounding()))
    >>> plan.level, plan.total(-1)
    (106619, 106614)
    """
    payment = _nominal_payment(problem) if problem.nominal and problem.payment is None else problem.payment
    stated = None if payment is None else [payment] * len(problem)
    return paid_by(problem, LEVEL, payments=stated)


def annuity_in_advance(problem: Problem) -> Columns:
    """Level payments at the start of each period (先付年金): the first row of the plan bears no interest.

    >>> plan = annuity_in_advance(Problem(1_200_000, [(0, 1)] + [(1, 100)] * 11, Rounding()))
    >>> plan.level, plan.interest[:2]
    (105563, [0, 10944])
    """
    if not problem.nominal or problem.payment is not None:
        return annuity(problem)
    return annuity(replace(problem, payment=_nominal_payment(problem, starts=not problem.done)))


def _nominal_payment(problem: Problem, *, starts: bool = False) -> int:
    """The payment over as many equal periods at the rate; `starts` where the first row falls on the day of the pay-out."""
    rate, share = problem.year() or (None, Fraction(0))
    assert rate is not None, "the terms of a loan know the share of a year"
    regular = [rate.factor(share.as_integer_ratio(), 0)] * len(problem)
    exact = level_payment(problem.principal, [(0, 1), *regular[1:]] if starts else regular)
    return problem.rounding.divide("installment")(*exact)


def by_pattern(problem: Problem, pattern: Pattern) -> Columns:
    """Payments that follow a pattern of their own: graduated, seasonal, with a balloon."""
    return paid_by(problem, pattern)


def given_payments(problem: Problem, payments: Payments) -> Columns:
    """Payments that are stated, one by one; none of them moves, and the last one clears what is left."""
    return as_stated(problem, payments)


def with_extra(problem: Problem, extra: int) -> Columns:
    """The level payment and the same amount more with every installment; the plan ends sooner (每期多还)."""
    level = problem.rounding.divide("installment")(*level_payment(problem.principal, problem.factors))
    return given_payments(problem, [level + extra] * len(problem))


def accelerated(problem: Problem) -> Columns:
    """Half of the monthly payment every two weeks, or a quarter every week: 13 of them a year (双周供). The plan ends
    sooner than its periods, over which the monthly payment is solved.

    Raises:
        InvalidTerms: If the periods are not one, two or four weeks, or together no whole number of months.

    Source: the frequency of payment that Canadian lenders call accelerated; e.g. efunda, "Accelerated Mortgage Payments".
    """
    rate, share = problem.year() or (None, Fraction(0))
    part, months = 13 * share, 12 * share * len(problem)
    if rate is None or rate.per == "day" or part not in _OF_FOUR_WEEKS or months.denominator > 1:
        raise InvalidTerms(
            f"installments: got {len(problem)} with method 'accelerated', which takes monthly payments; expected a rate per "
            "year, and periods of 1, 2 or 4 weeks that make whole months, such as 26 of two weeks for a year"
        )
    top, bottom = level_payment(problem.principal, [rate.factor((1, 12), 0)] * int(months))
    payment = problem.rounding.divide("installment")(top * part.numerator, bottom * part.denominator)
    return given_payments(problem, [payment] * len(problem))


_OF_FOUR_WEEKS = (Fraction(1, 4), Fraction(1, 2), Fraction(1))
"""The parts of a monthly payment that are paid each week, every two weeks and every four."""


def balloon_over_longer_term(problem: Problem, term: int) -> Columns:
    """Payments as for a longer term; the last one clears the balance (气球贷)."""
    longer = [*problem.factors, *problem.ahead(term - problem.done - len(problem))]
    level = problem.rounding.divide("installment")(*level_payment(problem.principal, longer))
    return given_payments(problem, [*[level] * (len(problem) - 1), None])


# Methods that state the principal parts


def equal_principal(problem: Problem) -> Columns:
    """The same principal every period, interest on what is still owed (等额本金)."""
    parts = split_by(problem.rounding, problem.principal, len(problem))
    return on_declining_balance(problem, parts)


def interest_only(problem: Problem) -> Columns:
    """Interest every period, the principal with the last (先息后本)."""
    return on_declining_balance(problem, [0] * (len(problem) - 1) + [problem.principal])


def on_declining_balance(problem: Problem, parts: list[int]) -> Columns:
    """Stated principal parts that sum to what is lent; interest on what is still owed."""
    divide = problem.rounding.divide("interest")
    balances = list(accumulate(parts, int.__sub__, initial=problem.principal))
    interests = [
        divide(balance * numerator, denominator)
        for balance, (numerator, denominator) in zip(balances[:-1], problem.factors, strict=False)
    ]
    return Columns(parts, interests, balances[1:], ended_early=len(problem) - len(parts))


# Methods whose interest follows what was lent


def flat(problem: Problem) -> Columns:
    """Interest on the original principal, add-on (等本等息).

    Equal periods: the total interest is rounded, then split like the principal. Periods that differ (an actual day
    count): each period's interest by its own length, rounded; with `level` the installment is (principal + interest)
    / n, rounded, and principal is what it leaves after interest.
    """
    rounding, factors = problem.rounding, problem.factors
    divide, count, lent = rounding.divide("interest"), len(problem), problem.original or problem.principal
    numerator, denominator = factors[0]
    alike = all_alike(factors)
    if alike:
        total = divide(lent * numerator * count, denominator)
        interests = split_by(rounding, total, count, ends_early=False)
    else:
        interests = [divide(lent * numerator, denominator) for numerator, denominator in factors]
    if problem.level:
        return _level_installments(problem, interests)
    parts = split_by(rounding, problem.principal, count, ends_early=False)
    usual = 1 if rounding.residue == "first" and count > 1 else 0
    level = parts[usual] + interests[usual]
    return _without_empty_end(problem, parts, interests, level if alike else None, None if alike else parts[usual])


def rule_of_78(problem: Problem, charge: int | None) -> Columns:
    """Level installments whose interest falls with the number of the installments left (sum of the digits).

    The whole charge is stated, or that of flat interest. The installments earn it in proportion to n, n - 1, ..., 1:
    what is earned after k of them is rounded once, so that the rebate of a payoff is the rounded formula.

    Source: 15 USC 1615 (which bars it for rebates on consumer loans over 61 months); also called sum of the digits.

    >>> rule_of_78(Problem(100_000, [(1, 100)] * 12, Rounding()), 120_00).interest[:3]
    [1846, 1692, 1539]
    """
    divide, count = problem.rounding.divide("interest"), len(problem)
    if charge is None:
        whole = sum((Fraction(*factor) for factor in problem.factors), Fraction(0)) * problem.principal
        charge = divide(*whole.as_integer_ratio())
    earned = accumulate(range(count, 0, -1), initial=0)
    rounded = [divide(charge * digits, count * (count + 1) // 2) for digits in earned]
    interests = [later - before for before, later in pairwise(rounded)]
    return _level_installments(problem, interests)


def _level_installments(problem: Problem, interests: list[int]) -> Columns:
    """Installments that are equal, the principal being what the interest leaves of them."""
    installment = problem.rounding.divide("installment")(problem.principal + sum(interests), len(problem))
    parts = [installment - interest for interest in interests[:-1]]
    parts.append(problem.principal - sum(parts))
    if min(parts) < 0:
        index = next(index for index, part in enumerate(parts) if part < 0)
        raise NoSolution(
            f"level: an installment of {format_minor(installment, problem.digits)} does not cover the interest of "
            f"installment {index + 1}, {format_minor(interests[index], problem.digits)}, or repays early"
        )
    return _without_empty_end(problem, parts, interests, installment)


def _without_empty_end(
    problem: Problem, parts: list[int], interests: list[int], level: int | None, part: int | None = None
) -> Columns:
    """The rows that ask for something. The last one is meant to be the level installment, or to repay a part beside its interest."""
    balances = list(accumulate(parts, int.__sub__, initial=problem.principal))[1:]
    kept = max(index for index, part in enumerate(parts) if part or interests[index]) + 1
    asked = level if part is None else part + interests[kept - 1]
    return Columns(parts[:kept], interests[:kept], balances[:kept], level, asked, ended_early=len(problem) - kept)


def lump_sum(problem: Problem, *, compound: bool = False) -> Columns:
    """Principal and interest together at maturity (到期一次还本付息), rounded once.

    Interest is simple over all periods, or, with `compound`, joins the principal at the end of each.
    """
    whole = whole_factor(problem.factors, compound=compound)
    interest = problem.rounding.divide("interest")(problem.principal * whole.numerator, whole.denominator)
    return Columns([problem.principal], [interest], [0])


def whole_factor(factors: Sequence[Factor], *, compound: bool) -> Fraction:
    """Interest per unit of principal over all periods: their sum, or, compounding, what they grow to.

    >>> whole_factor([(1, 10), (1, 10)], compound=True)
    Fraction(21, 100)
    """
    whole = Fraction(0)
    for factor in factors:
        own = Fraction(*factor)
        whole += own * (1 + whole) if compound else own
    return whole


def split_by(rounding: Rounding, total: int, parts: int, *, ends_early: bool = True) -> list[int]:
    """`total` in `parts` equal shares, rounded as installments are, the residue where the rounding says.

    Where rounding repays early there are fewer shares (`ends_early`), never a negative one.
    """
    shares = _shares(rounding, total, parts)
    while ends_early and len(shares) > 1 and not shares[-1]:
        shares.pop()
    return shares


def _shares(rounding: Rounding, total: int, parts: int) -> list[int]:
    if rounding.residue == "spread":
        whole, rest = divmod(total, rounding.step_of("installment"))
        shares = [share * rounding.step_of("installment") for share in split_minor(whole, parts)]
        return [*shares[:-1], shares[-1] + rest]
    share = rounding.divide("installment")(total, parts)
    rest = total - share * (parts - 1)
    if rest >= 0:
        return [rest] + [share] * (parts - 1) if rounding.residue == "first" else [share] * (parts - 1) + [rest]
    whole, last = divmod(total, share)
    return [*[share] * whole, last, *[0] * (parts - whole - 1)]


MOST_INSTALLMENTS = 1_000_000


def check_installments(value: object, field: str = "installments") -> int:
    """A whole number of installments, 1 or more, and no more than a million.

    >>> check_installments(10**7)
    Traceback (most recent call last):
    loancalc.errors.InvalidTerms: installments: got 10000000; expected at most 1000000
    """
    count = read_count(value, field, 1)
    if count > MOST_INSTALLMENTS:
        got = count if count < 10**20 else "a number of more than 20 digits"
        raise InvalidTerms(f"{field}: got {got}; expected at most {MOST_INSTALLMENTS}")
    return count
