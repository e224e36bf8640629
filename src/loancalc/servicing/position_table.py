"""How a position shows in a notebook: what is past due by component, and what would end it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Protocol

from loancalc.servicing.parts import Parts


class ShownPosition(Protocol):
    """What is shown of a position."""

    @property
    def as_of(self) -> date:
        """The day at whose end it stands so."""

    @property
    def currency(self) -> str | None:
        """The currency of the amounts."""

    @property
    def oldest_unpaid_due(self) -> date | None:
        """The due date from which days past due count."""

    @property
    def days_past_due(self) -> int:
        """Days from it."""

    @property
    def past_due(self) -> Parts:
        """What is past due by component."""

    @property
    def due(self) -> Parts:
        """What is due on the day."""

    @property
    def outstanding_principal(self) -> Decimal:
        """All principal that is not repaid."""

    @property
    def credit(self) -> Decimal:
        """Money held."""

    @property
    def payoff(self) -> Decimal:
        """What ends the loan."""

    @property
    def ending(self) -> str | None:
        """How it ended for the lender."""

    @property
    def holder(self) -> str | None:
        """To whom the claim went."""

    @property
    def written_off(self) -> Parts:
        """What is written off."""

    @property
    def next_due(self) -> tuple[date, Decimal] | None:
        """The next installment."""


def position_cells(position: ShownPosition) -> list[list[str]]:
    """Names and figures, under a head that names the day and the currency. What is nothing is left out.

    >>> from loancalc import Account, Loan
    >>> loan = Loan(12_000, "12%", "2026-01-15", installments=12, currency="CNY")
    >>> for name, figure in position_cells(Account(loan).as_of("2026-02-20")):
    ...     print(f"{name:28}{figure:>10}")
    at the end of 2026-02-20           CNY
    days past due                        5
    oldest unpaid due date      2026-02-15
    past due: interest              120.00
    past due: principal             946.19
    past due                       1066.19
    outstanding principal         12000.00
    payoff                        12139.74
    next due on 2026-03-15         1066.19
    """
    rows: list[tuple[str, object]] = [("days past due", position.days_past_due)]
    if position.oldest_unpaid_due:
        rows.append(("oldest unpaid due date", position.oldest_unpaid_due))
    for title, parts in (("past due", position.past_due), ("due today", position.due)):
        if any(parts.minor):
            rows += [(f"{title}: {name.replace('_', ' ')}", amount) for name, amount in parts.items() if amount]
            rows.append((title, parts.total))
    rows.append(("outstanding principal", position.outstanding_principal))
    if position.credit:
        rows.append(("held as credit", position.credit))
    rows.append(("payoff", position.payoff))
    if position.ending not in (None, "repaid"):
        rows.append(("ended for the lender", position.ending))
        rows += [("written off", amount)] if (amount := position.written_off.total) else []
    if position.holder:
        rows.append(("owed to", position.holder))
    if position.next_due:
        day, amount = position.next_due
        rows.append((f"next due on {day}", amount))
    head = [f"at the end of {position.as_of}", position.currency or ""]
    return [head, *([name, str(figure)] for name, figure in rows)]
