"""Receipts: what each payment settled, of which installment and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from loancalc.servicing.events import Payment
from loancalc.servicing.parts import Parts
from loancalc.servicing.record import Receipt as Recorded
from loancalc.values.money import to_decimal
from loancalc.values.names import COMPONENTS, Component
from loancalc.values.tables import html_table


class Settled(NamedTuple):
    """One line of a receipt: what was settled of which installment, and when."""

    installment: int
    component: Component
    amount: Decimal
    on: date


@dataclass(frozen=True)
class Receipt:
    """What one payment settled.

    `parts` adds up what it settled by component; `lines` say of which installment and when (money that came early is
    held and applied later); `credit` is what of it is still held, `returned` what went back to the payer or was charged back
    (the parts stay as they were paid); `source` says who paid. `small_balance` is what the small-balance rule of the loan made
    of it: what the lender kept, or (less than nothing) what was waived because it was so little.

    >>> from loancalc import Account, Loan, Payment
    >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
    >>> account = Account(loan, [Payment("2026-02-15", "106.62")])
    >>> receipt = account.receipts[0]
    >>> receipt.parts.interest, receipt.parts.principal, receipt.lines[0].installment
    (Decimal('12.00'), Decimal('94.62'), 1)
    """

    id: str
    on: date
    amount: Decimal
    parts: Parts
    lines: tuple[Settled, ...]
    credit: Decimal
    is_payoff: bool
    returned: Decimal
    source: str
    small_balance: Decimal

    def __str__(self) -> str:
        held = f"; held as credit {self.credit}" if self.credit else ""
        back = f"; went back {self.returned}" if self.returned else ""
        held += f"; small balance {self.small_balance}" if self.small_balance else ""
        kind = "payoff" if self.is_payoff else "payment"
        kind += f" by {self.source}" if self.source != "borrower" else ""
        return f"{self.on} {kind} {self.amount}: {self.parts}{held}{back}"

    def _repr_html_(self) -> str:
        head = ["on", "installment", "component", "amount"]
        return html_table(
            head, [[str(on), str(number), name.replace("_", " "), str(paid)] for number, name, paid, on in self.lines]
        )


def receipt_of(recorded: Recorded, digits: int) -> Receipt:
    """A receipt from what a replay recorded."""
    sums = [0] * len(COMPONENTS)
    for _, component, paid, _ in recorded.parts:
        sums[component] += paid
    event = recorded.event
    return Receipt(
        id=recorded.id or "",
        on=event.on,
        amount=to_decimal(recorded.amount, digits),
        parts=Parts(sums, digits),
        lines=tuple(
            Settled(number, COMPONENTS[component], to_decimal(paid, digits), on)
            for number, component, paid, on in recorded.parts
        ),
        credit=to_decimal(recorded.amount - sum(sums) - recorded.returned + recorded.unsettled - recorded.kept, digits),
        returned=to_decimal(recorded.returned, digits),
        is_payoff=recorded.is_payoff,
        source=event.source if isinstance(event, Payment) else "borrower",
        small_balance=to_decimal(recorded.kept - _let_go(recorded), digits),
    )


def _let_go(recorded: Recorded) -> int:
    """What was waived because it was so little."""
    return sum(part[2] for part in recorded.let_go) if isinstance(recorded.event, Payment) else 0
