"""Payoff quotes: what pays a loan off on each of several days, and what it is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from loancalc.servicing.position import Position
from loancalc.values.money import to_decimal
from loancalc.values.tables import align, html_table


class PayoffQuote(NamedTuple):
    """What leaves exactly nothing if it is paid on a day: the sum of its parts, less held credit.

    Attributes:
        on: The day.
        owed: What is past due and due, less a penalty that a payment of the day would still avoid.
        interest: Contract interest that is not due yet, as much of it as repaying early asks for.
        fee: What repaying early costs by agreement, less what is given back of fees at disbursement.
        charged_ahead: Charges that belong to installments not due yet.
        principal: Principal that is not due yet.
        credit: Money received and not yet applied.
        payoff: What is to be paid.

    >>> from loancalc import Account, Loan, Payment
    >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
    >>> account = Account(loan, [Payment("2026-02-15", "106.62")])
    >>> quote = account.payoff("2026-03-20", days=10).quotes[0]
    >>> quote.owed, quote.interest, quote.principal, quote.payoff
    (Decimal('106.62'), Decimal('1.63'), Decimal('1009.81'), Decimal('1118.06'))
    """

    on: date
    owed: Decimal
    interest: Decimal
    fee: Decimal
    charged_ahead: Decimal
    principal: Decimal
    credit: Decimal
    payoff: Decimal


@dataclass(frozen=True, eq=False, repr=False)
class PayoffQuotes(Mapping[date, Decimal]):
    """The payoffs of several days by their day, if nothing else happens; prints as a table.

    >>> from loancalc import Account, Loan
    >>> loan = Loan(1200, "12%", "2026-01-15", installments=12)
    >>> print(Account(loan).payoff("2026-02-14", days=2))
            on    owed  interest  principal   payoff
    2026-02-14    0.00     11.61    1200.00  1211.61
    2026-02-15  106.62      0.00    1105.38  1212.00
    2026-02-16  106.62      0.39    1105.38  1212.39
    """

    quotes: tuple[PayoffQuote, ...]

    def __getitem__(self, day: date) -> Decimal:
        return {quote.on: quote.payoff for quote in self.quotes}[day]

    def __iter__(self) -> Iterator[date]:
        return (quote.on for quote in self.quotes)

    def __len__(self) -> int:
        return len(self.quotes)

    def __hash__(self) -> int:
        return hash(self.quotes)

    def to_dict(self) -> dict[str, list[Any]]:
        """The quotes as plain columns, ready for any data-frame library."""
        return {name: [getattr(quote, name) for quote in self.quotes] for name in PayoffQuote._fields}

    def _cells(self) -> list[list[str]]:
        used = [n for n in PayoffQuote._fields if n not in _OPTIONAL or any(getattr(q, n) for q in self.quotes)]
        rows = [[str(getattr(quote, name)) for name in used] for quote in self.quotes]
        return [[name.replace("_", " ") for name in used], *rows]

    def __str__(self) -> str:
        return align(self._cells())

    def __repr__(self) -> str:
        return f"<PayoffQuotes of {len(self)} days from {self.quotes[0].on} on>"

    def _repr_html_(self) -> str:
        head, *body = self._cells()
        return html_table(head, body)


_OPTIONAL = ("fee", "charged_ahead", "credit")


def quotes_of(positions: Sequence[Position]) -> PayoffQuotes:
    """The payoffs on the days of positions."""
    return PayoffQuotes(tuple(map(_quote, positions)))


def _quote(position: Position) -> PayoffQuote:
    figures = position.figures
    owed = sum(figures.past_due) + sum(figures.due) - figures.assessed_today
    return PayoffQuote(
        on=position.as_of,
        owed=to_decimal(owed, figures.digits),
        interest=position.payoff_interest,
        fee=position.payoff_fee,
        charged_ahead=position.charged_ahead,
        principal=to_decimal(figures.undue, figures.digits),
        credit=position.credit,
        payoff=position.payoff,
    )
