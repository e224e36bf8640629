"""Disbursement: what is charged when a loan is paid out, and what the borrower has of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from operator import mul
from typing import TYPE_CHECKING, NamedTuple, Protocol

from loancalc.errors import InvalidTerms
from loancalc.plan.charges import Agreement, ChargeLine, fee_line, tax_line
from loancalc.plan.fees import Fee
from loancalc.plan.taxes import Tax
from loancalc.values.money import to_decimal, to_decimals, to_minor
from loancalc.values.rounding import Rounding

if TYPE_CHECKING:
    from loancalc.plan.loan import Loan


class NothingToPayOut(InvalidTerms):
    """What is deducted at disbursement leaves nothing of the principal."""


class Charging(Protocol):
    """What says which charges a pay-out bears: a loan, or its terms before its principal is known."""

    @property
    def fees(self) -> tuple[Fee, ...]:
        """The agreed fees."""

    @property
    def taxes(self) -> tuple[Tax, ...]:
        """The taxes."""

    @property
    def rounding(self) -> Rounding:
        """How they are rounded."""

    @property
    def digits(self) -> int:
        """Decimals of the minor unit."""

    @property
    def start(self) -> date:
        """The day of disbursement."""


class ChargeAtPayOut(NamedTuple):
    """One line of what is charged at a pay-out, in units of the currency: its name, whether it is "fee", "tax" or "interest", and
    whether it is "paid", "deducted" or "financed".
    """

    name: str
    component: str
    settled: str
    amount: Decimal


@dataclass(frozen=True)
class Disbursement:
    """What changes hands when a loan, or a tranche of it, is paid out.

    Attributes:
        on: The day.
        original: The principal that is lent that day, financed charges included, in minor units.
        charged: What is charged, with its arithmetic, in minor units; `lines` show it.
        digits: Decimals of the minor unit.

    Examples:
        >>> from loancalc import Fee, Loan
        >>> fees = [
        ...     Fee("150", at="disbursement", settled="financed", name="insurance"),
        ...     Fee(percent="2%", of="original-principal", at="disbursement", settled="deducted"),
        ... ]
        >>> print(Loan(principal=10_000, rate="12%", start="2026-01-15", installments=12, fees=fees).disbursement)
        principal 10150.00 (150.00 financed); 203.00 deducted: pays out 9797.00
          insurance 150.00, financed
          fee 2% x 10150.00 = 203.00 -> 203.00, deducted
        >>> Loan(principal=10_000, rate="12%", start="2026-01-15", installments=12, fees=fees).disbursement.lines[0]
        ChargeAtPayOut(name='insurance', component='fee', settled='financed', amount=Decimal('150.00'))
    """

    on: date
    original: int
    charged: tuple[ChargeLine, ...]
    digits: int

    def _settled(self, how: str) -> int:
        return sum(line.amount for line in self.charged if line.settled == how)

    @property
    def principal(self) -> Decimal:
        """The principal that bears interest and is repaid: what was asked for, and what is financed."""
        return to_decimal(self.original, self.digits)

    @property
    def financed(self) -> Decimal:
        """Charges that were added to the principal."""
        return to_decimal(self._settled("financed"), self.digits)

    @property
    def deducted(self) -> Decimal:
        """Charges that were taken out of the pay-out."""
        return to_decimal(self._settled("deducted"), self.digits)

    @property
    def paid(self) -> Decimal:
        """Charges that the borrower pays beside the pay-out."""
        return to_decimal(self._settled("paid"), self.digits)

    @property
    def lines(self) -> tuple[ChargeAtPayOut, ...]:
        """What is charged, line by line."""
        amounts = to_decimals((line.amount for line in self.charged), self.digits)
        return tuple(
            ChargeAtPayOut(line.name, line.component, line.settled, amount)
            for line, amount in zip(self.charged, amounts, strict=True)
        )

    @property
    def net_payout(self) -> Decimal:
        """What the borrower is paid: the principal less what is financed and deducted."""
        return to_decimal(self.net_payout_minor, self.digits)

    @property
    def net_payout_minor(self) -> int:
        """What the borrower is paid, in minor units."""
        return self.original - self._settled("financed") - self._settled("deducted")

    @property
    def received(self) -> Decimal:
        """What the borrower has in hand that day: the pay-out less what is paid beside it."""
        return to_decimal(self.net_payout_minor - self._settled("paid"), self.digits)

    def __str__(self) -> str:
        financed = f" ({self.financed} financed)" if self.financed else ""
        parts = [f"principal {self.principal}{financed}"]
        parts += [f"{amount} {how}" for how in ("deducted", "paid") if (amount := getattr(self, how))]
        first = f"{'; '.join(parts)}: pays out {self.net_payout}"
        return "\n".join([first, *(f"  {line.show(self.digits)}, {line.settled}" for line in self.charged)])


def disbursement_of(loan: Loan, agreed: Agreement) -> Disbursement:
    """What is charged when a loan is paid out, by its agreement on its plan."""
    if not loan.fees and not loan.taxes:
        return Disbursement(loan.start, loan.principal_minor, (), loan.digits)
    lines = [
        *_lines(loan, to_minor(loan.principal, loan.digits), financed=True),
        *_lines(loan, loan.principal_minor, financed=False),
    ]
    lines += [tax_by_days(tax, agreed, loan) for tax in loan.taxes if tax.each == "day"]
    return Disbursement(loan.start, loan.principal_minor, tuple(lines), loan.digits)


def later_disbursements(loan: Loan) -> tuple[Disbursement, ...]:
    """What is charged when the tranches of a loan are paid out, in order of their days."""
    every_time = [fee for fee in loan.fees if fee.each == "pay-out"]
    return tuple(
        Disbursement(
            tranche.on,
            tranche.minor(loan.digits),
            tuple(_lines(loan, tranche.minor(loan.digits), financed=False, on=tranche.on, fees=every_time)),
            loan.digits,
        )
        for tranche in loan.tranches
    )


def rebated(loan: Loan) -> list[tuple[str, int]]:
    """The rule and the amount, in minor units, of each fee at disbursement of which a part is given back."""
    divide, asked = loan.rounding.divide_whole("fee"), to_minor(loan.principal, loan.digits)
    return [
        (fee.rebate, fee.amount_of(asked if fee.settled == "financed" else loan.principal_minor, loan.digits, divide))
        for fee in loan.fees
        if fee.rebate is not None
    ]


def financed_minor(loan: Charging, principal: int) -> int:
    """What is added to a principal of a loan, in minor units; percentages are of the principal before it."""
    if not loan.fees and not loan.taxes:
        return 0
    return sum(line.amount for line in _lines(loan, principal, financed=True))


def deducted_minor(loan: Charging, principal: int) -> int:
    """What is taken out of a pay-out, what is financed included in its principal; but taxes by days, which need a plan."""
    return sum(line.amount for line in _lines(loan, principal, financed=False) if line.settled == "deducted")


def check_charges(loan: Loan) -> None:
    """Refuse charges that this loan cannot have.

    Raises:
        InvalidTerms: If a fee falls on a day on which the loan does not run.
        NothingToPayOut: If what is deducted leaves nothing.
    """
    if not loan.fees and not loan.taxes:
        return
    for fee in loan.fees:
        if fee.on is not None and not loan.start < fee.on <= loan.dates[-1]:
            raise InvalidTerms(
                f"fees.on: got {fee.on}; expected a day after the start, {loan.start}, up to the last due date, "
                f"{loan.dates[-1]}; a fee on the day of the start is one at='disbursement'"
            )
    if loan.tranches:
        _refuse_with_tranches(loan)
    if "deducted" in {*(fee.settled for fee in loan.fees), *(tax.settled for tax in loan.taxes)}:
        for paid_out in loan.disbursements:
            if paid_out.net_payout_minor <= 0:
                raise NothingToPayOut(
                    f"fees: got {paid_out.deducted} deducted on {paid_out.on}; expected less than the principal that is "
                    f"paid out, {paid_out.principal}"
                )


def _refuse_with_tranches(loan: Loan) -> None:
    """What would change a tranche, or cannot be said of one."""
    for fee in loan.fees:
        if fee.each == "pay-out" and fee.settled == "financed":
            raise InvalidTerms(
                "fees.settled: got 'financed' for each pay-out of a loan with tranches; expected 'paid' or 'deducted', and "
                "tranches that hold what is financed"
            )
    for tax in loan.taxes:
        if tax.on == "principal" and (tax.each == "day" or tax.settled == "financed"):
            raise InvalidTerms(
                f"taxes: got {tax!r} with tranches; expected a tax on the principal that is 'paid' or 'deducted', and not "
                "by days, with each pay-out"
            )


def _lines(
    loan: Charging, base: int, *, financed: bool, on: date | None = None, fees: Iterable[Fee] | None = None
) -> list[ChargeLine]:
    """What is charged of a principal that is paid out, in minor units: what is financed, or the rest.

    Args:
        loan: The loan.
        base: What is paid out.
        financed: Which of the two.
        on: The day, where it is not the start.
        fees: The fees of that day, where they are not those of the start.
    """
    lines: list[ChargeLine] = []
    divide = loan.rounding.divide_whole("fee")
    tax = partial(tax_line, on=on or loan.start, divide=divide)
    for fee in (fee for fee in loan.fees if fee.at_pay_out) if fees is None else fees:
        if (fee.settled == "financed") is financed:
            line = fee_line(fee, base, loan.digits, divide)
            taxed = "fees" if fee.kind == "fee" else fee.kind
            own = [tax(rule, line.amount, settled=line.settled) for rule in loan.taxes if rule.on == taxed]
            lines += [line, *own]
    for rule in loan.taxes:
        if rule.on == "principal" and rule.each is None and (rule.settled == "financed") is financed:
            lines.append(tax(rule, base, settled=rule.settled))
    return lines


def tax_by_days(tax: Tax, agreed: Agreement, loan: Charging) -> ChargeLine:
    """A tax of each part of the principal for the days until it is due, rounded once."""
    share, unit = tax.rate_on(loan.start), 10**loan.rounding.unit_places
    days = [(due - loan.start).days for due in agreed.dates[1:]]
    most = max(days) if tax.most_days is None else tax.most_days
    days = [min(count, most) for count in days]
    weighted = sum(map(mul, agreed.columns.principal, days))
    bound = "" if tax.most_days is None else f", at most {tax.most_days}"
    amount = loan.rounding.divide_whole("fee")(weighted * share.numerator, share.denominator * unit)
    said = f" (principal parts x days{bound})"
    return ChargeLine(tax.name, "tax", tax.settled or "", amount, share, (weighted, unit), said)
