"""Gross-up: the principal whose net pay-out is given, found in whole minor units and verified by substitution."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from math import ceil
from typing import Any, Literal, NamedTuple

from loancalc.errors import InvalidTerms, NoSolution
from loancalc.plan.charges import agreement_on
from loancalc.plan.disbursement import deducted_minor, financed_minor, tax_by_days
from loancalc.plan.fees import Fee
from loancalc.plan.loan import Loan
from loancalc.plan.methods import METHOD_NAMES
from loancalc.plan.taxes import Tax
from loancalc.plan.terms import fees as read_fees
from loancalc.time.accrual_periods import Periods
from loancalc.values.dates import read_date
from loancalc.values.listed import listed
from loancalc.values.money import Amount, currency_digits, format_minor, to_decimal, to_minor
from loancalc.values.rounding import Rounding

_MOST_TIMES = 10_000
_MOST_OTHERS = 1_000
_REFUSED_PARTS = 32

Range = tuple[int, int]
Between = Callable[[int, int], Range]
"""The least and the most that is deducted of principals from one to another."""


@dataclass(frozen=True)
class GrossUp:
    """A loan that pays out a given net amount.

    Attributes:
        net: What the borrower is paid.
        loan: The loan with the smallest principal that does it.
        others: The other principals that pay out the same, in rising order and a thousand at most; several do where the
            rounding of a charge leaves a choice.

    >>> from loancalc import Fee, gross_up
    >>> fee = Fee(percent="2%", of="original-principal", at="disbursement", settled="deducted")
    >>> found = gross_up(9_800, rate="12%", start="2026-01-15", installments=12, fees=fee)
    >>> found.principal, found.loan.received
    (Decimal('10000.00'), Decimal('9800.00'))
    """

    net: Decimal
    loan: Loan
    others: tuple[Decimal, ...]

    @property
    def principal(self) -> Decimal:
        """The smallest principal that does it, before charges that are financed."""
        return self.loan.principal

    def __str__(self) -> str:
        would = f"; so would {', '.join(map(str, self.others))}" if self.others else ""
        return f"principal {self.principal} pays out {self.net}{would}"


def gross_up(net: Amount, **terms: Any) -> GrossUp:
    """The loan whose net pay-out is `net`: its principal is solved, so that what is deducted comes on top.

    Every principal is found, not one that a search happens to meet. Only where a tax by days meets a method of one's own or
    a balance that may grow does it rest on this: that the parts of the plan follow the principal, but for their rounding. One
    that has a plan while those around it have none, as where all parts are stated, may be passed over.

    Args:
        net: What the borrower is to be paid, in units of the currency.
        terms: Every term of `Loan` but the principal.

    Raises:
        InvalidTerms: If the net amount is not more than 0.
        NoSolution: If no principal pays out exactly that: deductions that take everything, or a tax by days that skips it as
            the rounding of the installments moves; the message has the nearest amounts below and above.

    Examples:
        >>> from loancalc import Fee
        >>> fee = Fee(percent="3%", of="original-principal", at="disbursement", settled="deducted")
        >>> print(gross_up(10_000, rate="12%", start="2026-01-15", installments=12, fees=fee))
        principal 10309.28 pays out 10000.00
        >>> fee = Fee(percent="50%", of="original-principal", at="disbursement", settled="deducted")
        >>> print(gross_up(100, rate="12%", start="2026-01-15", installments=12, fees=fee))
        principal 200.00 pays out 100.00; so would 200.01
    """
    terms = {name: tuple(value) if isinstance(value, Iterator) else value for name, value in terms.items()}
    digits = currency_digits(terms.get("currency"))
    target = to_minor(net, digits, "net")
    if target <= 0:
        raise InvalidTerms(f"net: got {net}; expected more than 0")
    deductions = _Deductions(terms, digits)
    search = _Search(deductions.between, *deductions.reach(target))
    found = list(islice(search.paying_out(target, target), 1 + _MOST_OTHERS))
    if not found:
        raise deductions.refusal or _none_pays_out(search, target, digits)
    principals = [to_decimal(principal, digits) for principal in found]
    return GrossUp(to_decimal(target, digits), Loan(principals[0], **terms), tuple(principals[1:]))


class _Search(NamedTuple):
    """Principals from one to another, and what is deducted of them."""

    between: Between
    least: int
    most: int

    def paying_out(self, least: int, most: int) -> Iterator[int]:
        """Every principal that pays out from one amount to another, in rising order.

        A principal is what it pays out and what is deducted of it. So those of a stretch lie between the least of both and
        the most of both: it is cut to that, or in two, until it is one principal or none.
        """
        stretches = [(self.least, self.most)]
        while stretches:
            low, high = stretches.pop()
            fewest, greatest = self.between(low, high)
            first, last = max(low, least + fewest), min(high, most + greatest)
            if first > last:
                continue
            if low == high:
                yield low
            elif 2 * (last - first) < high - low:
                stretches.append((first, last))
            else:
                middle = (first + last) // 2
                stretches += [(middle + 1, last), (first, middle)]

    def nearest(self, target: int, side: int) -> int | None:
        """The amount nearest to a target that some principal pays out, below it (-1) or above it (1); None if there is none."""

        def some_within(gap: int) -> bool:
            near, far = target + side, max(1, target + side * gap)
            return any(self.paying_out(min(near, far), max(near, far)))

        none, some = 0, 1
        while not some_within(some):
            none, some = some, 2 * some
            if some > 2 * self.most:
                return None
        while some - none > 1:
            middle = (none + some) // 2
            none, some = (none, middle) if some_within(middle) else (middle, some)
        return target + side * some


def _none_pays_out(search: _Search, target: int, digits: int) -> NoSolution:
    """Why no principal pays out the target."""
    less, more = search.nearest(target, -1), search.nearest(target, 1)
    if more is None:
        return _too_much_is_deducted(target, search.most, digits)
    return NoSolution(
        f"net: got {format_minor(target, digits)}; the rounding of what is deducted skips it; the nearest are "
        f"{format_minor(less or 0, digits)} and {format_minor(more, digits)}"
    )


def _too_much_is_deducted(target: int, most: int, digits: int) -> NoSolution:
    return NoSolution(
        f"net: got {format_minor(target, digits)}; no principal up to {format_minor(most, digits)} pays out as much after "
        "what is deducted"
    )


class _Charging(NamedTuple):
    """What is charged when money is paid out, before the principal is known."""

    fees: tuple[Fee, ...]
    taxes: tuple[Tax, ...]
    rounding: Rounding
    digits: int
    start: date

    @property
    def most_rounded(self) -> int:
        """By how much the rounding of what is deducted may change it: a step for each line, and for what is taxed of it."""
        fees = [fee for fee in self.fees if fee.at_pay_out and fee.settled != "paid"]
        taxes = [tax for tax in self.taxes if tax.on == "principal" and tax.settled != "paid"]
        on_fees = [tax.rate_on(self.start) for tax in self.taxes if tax.on != "principal"] if fees else []
        return ceil(self.step * (len(taxes) + len(fees) * (1 + len(on_fees) + sum(on_fees))))

    @property
    def step(self) -> int:
        """The step of what is charged, in minor units."""
        own = self.rounding.named("fee")
        return max(1, int(own.step // 10**own.places))


class _Deducted(NamedTuple):
    """What is deducted of a principal, and the plan by which a tax by days is built, where there is one."""

    amount: int
    plan: Loan | None = None


class _Deductions:
    """What is deducted of a principal. Fees and taxes never fall as the principal rises, however they are rounded; but a tax
    by days follows the parts of a plan, which move with the rounding of an installment.
    """

    def __init__(self, terms: dict[str, Any], digits: int) -> None:
        periods, taxes = terms.get("periods"), listed(terms.get("taxes", ()), Tax, "taxes")
        start = periods.bounds[0] if isinstance(periods, Periods) else read_date(terms.get("start") or "", "start")
        fees, rounding = read_fees(terms.get("fees", ()), digits), Rounding.of(terms.get("rounding"))
        self._charging = _Charging(fees, taxes, rounding, digits, start)
        self._by_days = [tax for tax in taxes if tax.each == "day" and tax.settled == "deducted"]
        self._terms = {**terms, "fees": (), "taxes": ()}
        self._known: dict[int, _Deducted | None] = {}
        self._moves = 0
        self.refusal: InvalidTerms | NoSolution | None = None

    def reach(self, target: int) -> Range:
        """Principals beyond which none pays out the target: none pays out more than itself, and where the deductions have left
        so much more than the target that no rounding takes it away again, they go on to do so.

        Raises:
            NoSolution: If even the largest that is tried leaves less than that.
        """
        most = target
        largest = _MOST_TIMES * (target + self._beside(target))
        while True:
            deducted = self._of(most)
            if deducted is not None and deducted.plan is not None:
                self._moves = max(self._moves, self._moved_by_rounding(deducted.plan))
            rounded = 2 * self._charging.most_rounded + self._moves
            if deducted is not None and most - deducted.amount > target + rounded:
                return target, most
            if most > largest:
                if deducted is not None and most - deducted.amount < target - rounded:
                    raise _too_much_is_deducted(target, most, self._charging.digits)
                return target, most
            most *= 2

    def between(self, least: int, most: int) -> Range:
        """The least and the most that is deducted of principals from one to another; all of it where they have no plan."""
        one, other = self._of(least), self._of(most)
        if one is None or other is None:
            if least == most or (one is other and _REFUSED_PARTS * (most - least) < most):
                return most, most
            return self._beside(least), most if other is None else other.amount + self._moves
        if one is other or _is_steady(one.plan, other.plan):
            return one.amount, other.amount
        return max(self._beside(least), one.amount - self._moves), other.amount + self._moves

    def _of(self, principal: int) -> _Deducted | None:
        """What is deducted of a principal; None where it has no plan, and needs one."""
        if principal not in self._known:
            try:
                self._known[principal] = self._deducted(principal)
            except (InvalidTerms, NoSolution) as refusal:
                self._known[principal], self.refusal = None, self.refusal or refusal
        return self._known[principal]

    def _deducted(self, principal: int) -> _Deducted:
        beside = self._beside(principal)
        if not self._by_days:
            return _Deducted(beside)
        lent = principal + financed_minor(self._charging, principal)
        plan = Loan(to_decimal(lent, self._charging.digits), **self._terms)
        agreed = agreement_on(plan, plan.columns)
        by_days = sum(tax_by_days(tax, agreed, self._charging).amount for tax in self._by_days)
        return _Deducted(beside + by_days, plan)

    def _beside(self, principal: int) -> int:
        """What is deducted beside a tax by days."""
        return deducted_minor(self._charging, principal + financed_minor(self._charging, principal))

    def _moved_by_rounding(self, plan: Loan) -> int:
        """By how much the rounding of a plan may change a tax by days from one principal to another.

        What is outstanding differs from what it would be without rounding by that of each installment and interest so far,
        with the interest on it; a residue is no more than what was rounded.
        """
        rounding, nights = plan.rounding, [(due - plan.start).days for due in plan.dates]
        each = sum(_twice_rounded_by(rounding, purpose) for purpose in ("installment", "interest"))
        rows = len(plan.columns.principal)
        at_once = (rows + 1) * each if rounding.residue == "first" or "payment" in plan.keeps else 0
        each *= 3 if rounding.residue in ("spread", "smooth") else 1
        moved = 0
        for tax in self._by_days:
            counted = [min(count, tax.most_days or count) for count in nights]
            weighted, off = 0, at_once
            for row, (numerator, denominator) in zip(range(rows), plan.timeline.factors, strict=False):
                weighted += off * (counted[row + 1] - counted[row])
                off += each + -(-off * numerator // denominator)
            share = tax.rate_on(plan.start) / 10**rounding.unit_places
            moved += self._charging.step + ceil(weighted * share)  # up and down: both halves
        return moved


def _twice_rounded_by(rounding: Rounding, purpose: Literal["installment", "interest"]) -> int:
    """Twice the most by which a rounding changes an amount."""
    return rounding.step_of(purpose) * (1 if rounding.named(purpose).mode.startswith("half") else 2)


def _is_steady(one: Loan | None, other: Loan | None) -> bool:
    """Whether a tax by days never falls from one principal to another: whether all of them are repaid by the same payments, or
    the same parts, but in one row. Those of a method rise with the principal; and where they stay, all that is more principal
    is outstanding longer.
    """
    if one is None or other is None:  # there is no such tax
        return True
    ours, others, name = one.columns, other.columns, one.repayment.name
    if (
        len(ours.principal) != len(others.principal)
        or name not in METHOD_NAMES
        or one.negative_amortization is not None
    ):
        return False
    moves_residue = one.rounding.residue not in ("last", "last-interest", "visible")
    if moves_residue and (one.rate_path is not None or not name.startswith("annuity")):
        return False
    if ours.principal[:-1] == others.principal[:-1]:
        return not moves_residue
    before_the_last = range(len(ours.principal) - 1)
    return ours.asked == others.asked and all(ours.total(row) == others.total(row) for row in before_the_last)
