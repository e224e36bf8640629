"""Money that goes back, and money that comes after the claim was given up."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Unpack

from loancalc.servicing.happening import Happening, When, id_of, positive, positive_or_all
from loancalc.values.dates import DateLike
from loancalc.values.money import Amount
from loancalc.values.names import Names

SOURCES = Names(
    "payment.source",
    {
        "borrower": ["借款人"],
        "guarantor": ["担保人代还", "担保人"],
        "assets": ["collateral", "以资抵债"],
        "insurer": ["保险代偿", "保险"],
        "lender": ["goodwill", "credit"],
    },
)
"""Who pays. What the lender pays is a credit given on the loan: it settles debt as money does, and no money came."""

LET_GO = Names("rest", {"waive": ["waived", "免除"], "write off": ["written off", "核销"]})
"""What becomes of a debt that is not collected: it ceases (waive), or leaves the lender's books only (write off)."""


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Refund(Happening):
    """Held credit goes back to the borrower (退款).

    Args:
        on: Value date.
        amount: In units of the loan's currency, at most the credit held that day; or "all" of it.

    >>> Refund("2026-03-01", "33.81")
    Refund('2026-03-01', '33.81')
    """

    _positional: ClassVar[tuple[str, ...]] = ("amount",)

    amount: Decimal | str

    def __init__(self, on: DateLike, amount: Amount = "all", **when: Unpack[When]) -> None:
        self._happen(on, **when, amount=positive_or_all(amount, "refund.amount"))


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Chargeback(Happening):
    """The bank took a payment back (退票, a returned direct debit): what it had settled is owed again.

    The last thing settled comes back first, on the installment it was settled of, so the loan is as late as if that had
    not been paid; but what stood before the day of the chargeback stays as it was, and nights in between bear nothing.
    Credit of other payments that is held pays at once what is past due by it.
    Principal that a prepayment had repaid is asked for with the installment that was running then, and is past due where
    that fell due; where the plan's interest stands, it bears none until another plan is made, which is one of all that is
    outstanding. To say that a payment never happened on any day, nor the plan that followed it, is a `Reversal`; so is that a
    payoff, a settlement or a recovery was not paid after all.

    Args:
        on: The day on which the money went back.
        of: The id of the payment, or the payment itself if it has an id.
        amount: What went back of it, in units of the currency; all of it if not given.

    >>> Chargeback("2026-03-01", "e1")
    Chargeback('2026-03-01', 'e1')
    """

    _positional: ClassVar[tuple[str, ...]] = ("of",)

    of: str
    amount: Decimal | None

    def __init__(self, on: DateLike, of: str | Happening, amount: Amount | None = None, **when: Unpack[When]) -> None:
        target = id_of(of, "chargeback.of", "a payment")
        value = None if amount is None else positive(amount, "chargeback.amount")
        self._happen(on, **when, of=target, amount=value)


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Recovery(Happening):
    """Money for a debt that was written off (收回已核销贷款), in the order of allocation, oldest installment first.

    Args:
        on: Value date.
        amount: In units of the currency, at most what is written off and not yet recovered.

    >>> Recovery("2027-05-01", 500).amount
    Decimal('500')
    """

    _positional: ClassVar[tuple[str, ...]] = ("amount",)

    amount: Decimal

    def __init__(self, on: DateLike, amount: Amount, **when: Unpack[When]) -> None:
        self._happen(on, **when, amount=positive(amount, "recovery.amount"))


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Settlement(Happening):
    """The lender takes less than the payoff for the whole debt, and the loan ends.

    Args:
        on: Value date.
        amount: What is paid, in units of the currency; it goes by the order of a payoff.
        rest: What becomes of the rest: "waive" (the borrower owes it no more) or "write off".

    >>> Settlement("2026-06-01", 8000, rest="waive")
    Settlement('2026-06-01', '8000', rest='waive')
    """

    _positional: ClassVar[tuple[str, ...]] = ("amount",)

    amount: Decimal
    rest: str

    def __init__(self, on: DateLike, amount: Amount, *, rest: str, **when: Unpack[When]) -> None:
        value = positive(amount, "settlement.amount")
        self._happen(on, **when, amount=value, rest=LET_GO.find(rest, "settlement.rest"))
