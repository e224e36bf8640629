"""A schedule without dates: the repayment methods on numbered periods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import partial

from loancalc.errors import InvalidTerms
from loancalc.plan import terms
from loancalc.plan.amortization import whole_factor
from loancalc.plan.assumptions import PACED, of_plan
from loancalc.plan.basis import Basis, Stated
from loancalc.plan.charges import Agreement, Charges, no_charges
from loancalc.plan.columns import Columns, Problem
from loancalc.plan.fees import Fee
from loancalc.plan.growing_balances import GrowthLimit, largest_balance, read_limit
from loancalc.plan.methods import MethodLike, find_method
from loancalc.plan.numbered_periods import read_periods
from loancalc.plan.plan_proof import equal_in
from loancalc.plan.planning import plan
from loancalc.plan.schedule import Schedule
from loancalc.plan.stated_methods import LumpSum, RuleOf78
from loancalc.plan.timeline import Factor
from loancalc.plan.waiting import Moratorium, waiting_in
from loancalc.time.accrual_periods import Frequency
from loancalc.values.listed import one
from loancalc.values.money import Amount, currency_digits, to_minor
from loancalc.values.rates import Rate
from loancalc.values.rounding import Rounding


def amortize(
    principal: Amount,
    *,
    rate: Rate | Amount | Fraction,
    periods: int | Sequence[Fraction],
    method: MethodLike = "annuity",
    rounding: Rounding | str | None = None,
    currency: str | None = None,
    every: Frequency | str | None = None,
    payment: Amount | None = None,
    level: bool = False,
    moratorium: Moratorium | None = None,
    negative_amortization: GrowthLimit | None = None,
    fees: Iterable[Fee] | Fee = (),
) -> Schedule:
    """A plan over numbered periods, without dates.

    Args:
        principal: Amount lent, in units of the currency.
        rate: A number is the rate of one period (0.01 is 1 % a period) where `periods` is a count, and yearly where
            `periods` are shares of a year. Text carries its unit ("12%", "1%/month") and needs `every` or shares.
        periods: Number of equal periods, or the length of each as a share of a year.
        method: A repayment method, as in `Loan`: a name, a value such as `Balloon(8_000)`, or a function.
        rounding: A `Rounding`, the name of its mode, or "none" for unrounded work.
        currency: ISO 4217 code; fixes the minor unit.
        every: Length of a period, where the rate is text.
        payment: The level payment of an annuity, where it is given.
        level: For "flat" over periods that differ: keep the installment equal.
        moratorium: Installments at the beginning that repay no principal.
        negative_amortization: How far payments that do not cover the interest may let the balance grow: a share of the
            principal such as "115%", or an amount; without it such a payment is an error.
        fees: Fees of each installment; others fall on a day and need a `Loan`.

    Raises:
        InvalidRate: If the rate cannot be read as the rate of a period.
        InvalidTerms: If the terms do not describe a plan.

    Examples:
        >>> from decimal import Decimal
        >>> plan = amortize(12_000, rate=Decimal("0.01"), periods=12)
        >>> plan.payment, plan[-1].total
        (Decimal('1066.19'), Decimal('1066.14'))
        >>> round(amortize(12_000, rate="12%", every="1 month", periods=12, rounding="none")[0].principal, 10)
        Decimal('946.1854641401')
    """
    chosen = find_method(method)
    if moratorium is not None:
        one(moratorium, Moratorium, "moratorium")
    rule = Rounding.of(rounding)
    digits = currency_digits(currency) + rule.unit_places
    lent = to_minor(principal, digits, "principal")
    if lent <= 0:
        raise InvalidTerms(f"principal: got {principal}; expected more than 0")
    time = read_periods(rate, periods, every)
    factors, shares = time.factors, time.shares
    if chosen.in_advance:
        factors, shares = [(0, 1), *factors[:-1]], ["0", *shares[:-1]]
    stated = None if payment is None else to_minor(payment, digits, "payment")
    if stated is not None and (chosen.name not in ("annuity", "annuity_in_advance") or stated <= 0):
        raise InvalidTerms(f"payment: got {payment} with method {chosen.name!r}; expected more than 0, for 'annuity'")
    limit = read_limit(negative_amortization, "scheduled", lent, digits)
    problem = Problem(
        principal=lent,
        factors=factors,
        rounding=rule,
        digits=digits,
        payment=stated,
        level=level,
        most=largest_balance(limit, lent, digits),
        ahead=partial(_continued, factors),
        year=lambda: time.year,
    )
    columns = plan(chosen, problem, moratorium=moratorium)
    if chosen.name == "lump_sum":
        waits = moratorium.installments if moratorium else 0
        factors, shares = _at_once(factors, shares, waits, compound=isinstance(chosen, LumpSum) and chosen.compound)
    return Schedule(
        columns=columns,
        principal_lent=lent,
        digits=digits,
        dates=None,
        charges=_charges(terms.fees(fees, digits), columns, lent, rule, digits),
        origin=Stated(
            Basis(
                factors,
                time.rate,
                shares,
                rule,
                lent if chosen.on_original else None,
                chosen.name,
                waiting_in(len(columns.principal), moratorium),
                charge=chosen.charge_in(digits) if isinstance(chosen, RuleOf78) else None,
                equal=equal_in(chosen, moratorium, level=level) if problem.most is None else None,
            ),
            tuple(of_plan(columns, rule, digits, len(problem), stated=stated is not None or chosen.name in PACED)),
        ),
        currency=currency,
    )


def _charges(fees: Sequence[Fee], columns: Columns, lent: int, rounding: Rounding, digits: int) -> Charges:
    """The agreed fees of each installment."""
    for fee in fees:
        if fee.each != "installment":
            raise InvalidTerms(f"fees: got {fee!r} in a plan without dates; expected each='installment', or a Loan")
    if not fees:
        return no_charges(len(columns.principal))
    return Agreement(fees, (), columns, (), (), lent, (), None, rounding, digits).charges()


def _at_once(
    factors: Sequence[Factor], shares: Sequence[str], waits: int, *, compound: bool
) -> tuple[list[Factor], list[str]]:
    """The periods after those that wait as the one of a lump sum: what they are worth together, and as text."""
    whole, periods = whole_factor(factors[waits:], compound=compound).as_integer_ratio(), shares[waits:]
    alike = periods.count(periods[0]) == len(periods) > 1
    text = f"{len(periods)} x {periods[0]}" if alike else " + ".join(periods)
    text = f"({text})" if " + " in text else text
    return [*factors[:waits], whole], [*shares[:waits], f"{text}, compounding" if compound else text]


def _continued(factors: Sequence[Factor], more: int) -> Sequence[Factor]:
    """Factors beyond the last one, where all are equal."""
    if len(set(factors)) > 1:
        raise InvalidTerms(f"method: got a term longer by {more} periods than those given; expected equal periods")
    return [factors[-1]] * more
