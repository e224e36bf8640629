"""What can happen to a loan after it is paid out: a closed union of frozen values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import ClassVar, TypeAlias, Unpack

from loancalc.errors import InvalidEvent
from loancalc.plan.prepayment import EFFECTS
from loancalc.servicing.claim_events import (
    Acceleration,
    Charge,
    ChargeOff,
    Closing,
    DelinquencyPause,
    Transfer,
    WriteOff,
)
from loancalc.servicing.happening import (
    Happening,
    When,
    check_booking,
    id_of,
    number_of,
    positive,
    positive_or_all,
    put,
)
from loancalc.servicing.money_events import SOURCES, Chargeback, Recovery, Refund, Settlement
from loancalc.servicing.plan_events import Draw, InterestPause, RateChange
from loancalc.servicing.recovery_events import Deferral, Extension, Reaging, Reamortization, Restructuring
from loancalc.values.dates import DateLike, read_date
from loancalc.values.listed import components_of, yes_or_no
from loancalc.values.money import Amount
from loancalc.values.names import COMPONENT_NAMES, Component


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Payment(Happening):
    """Money received on the loan.

    Args:
        on: Value date, the day on which it counts.
        amount: In units of the loan's currency, more than 0.
        source: Who paid: "borrower", "guarantor", "assets" (handed over, 以资抵债), "insurer" or "lender" (a credit that
            the lender gives on the loan). It settles the same debt; credit bureaus mark it differently.
        installment: The number of the installment that it is meant for; what that one does not take goes the usual way.
        only: The component, or components, that it may settle; what is left of it is held.
        effect: What becomes of the plan where the payment is more than what is past due and due, so that it repays
            principal early (提前还款): `"keep"` (the next installments are covered first, 冲抵后续各期), `"lower"` (the
            same due dates with lower payments, 减少月供), `"shorten"` (the same payments until nothing is left,
            缩短期限) or `"last"` (the same principal parts, the last ones covered first). Without it, money that comes
            early does what the loan's `early` says.
        booked: The day on which the lender knew of it; the value date if not given.
        id: Name of the event; numbered in the order of the list if not given.
        sequence: Order of booking among events of one day; the order of the list if not given.

    >>> Payment("2026-02-15", "1066.19")
    Payment('2026-02-15', '1066.19')
    >>> Payment("2026-05-15", 400, installment=4, only="principal")
    Payment('2026-05-15', '400', installment=4, only=('principal',))
    >>> Payment("2026-02-15", 500, source="担保人代还").source
    'guarantor'
    >>> Payment("2026-07-15", 3000, effect="缩短期限")
    Payment('2026-07-15', '3000', effect='shorten')
    """

    _positional: ClassVar[tuple[str, ...]] = ("amount",)

    amount: Decimal
    source: str = "borrower"
    installment: int | None = None
    only: tuple[Component, ...] = ()
    effect: str | None = None

    def __init__(
        self,
        on: DateLike,
        amount: Amount,
        *,
        source: str = "borrower",
        installment: int | None = None,
        only: str | Iterable[str] = (),
        effect: str | None = None,
        **when: Unpack[When],
    ) -> None:
        self._happen(
            on,
            **when,
            amount=positive(amount, "payment.amount"),
            source=SOURCES.find(source),
            installment=None if installment is None else number_of(installment, "payment.installment"),
            only=components_of(only, "payment.only", InvalidEvent) if only else (),
            effect=None if effect is None else EFFECTS.find(effect, "payment.effect"),
        )
        if self.effect is not None and self.is_designated:
            raise InvalidEvent(f"{self!r}: got an effect with installment or only; expected one of them")

    @property
    def is_designated(self) -> bool:
        """Whether the borrower said what it is for."""
        return self.installment is not None or self.only != ()


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Waiver(Happening):
    """The lender lets go of part of a component that is owed, oldest due date first; of what the payments of the day have left.
    What ends the loan on that day, a `Payoff` or a payment of exactly the payoff that the waiver leaves, comes after it.

    Args:
        on: Value date.
        component: One of the seven components of a debt.
        amount: In units of the loan's currency, or "all" that is owed of it.
        undue: Instead of what is due: interest to date that is not due yet, which the running installment then does not
            ask for. Of interest only.

    >>> Waiver("2026-04-01", "late interest", "all").component
    'late_interest'
    >>> Waiver("2026-04-01", "interest", "all", undue=True)
    Waiver('2026-04-01', 'interest', 'all', undue=True)
    """

    _positional: ClassVar[tuple[str, ...]] = ("component", "amount")

    component: Component
    amount: Decimal | str
    undue: bool = False

    def __init__(
        self, on: DateLike, component: str, amount: Amount, *, undue: bool = False, **when: Unpack[When]
    ) -> None:
        name, value = COMPONENT_NAMES.find(component, "waiver.component"), positive_or_all(amount, "waiver.amount")
        if undue and name != "interest":
            raise InvalidEvent(
                f"waiver.undue: got {undue!r} of {name}; expected it of interest, which accrues by the night"
            )
        self._happen(on, **when, component=name, amount=value, undue=yes_or_no(undue, "waiver.undue"))


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Payoff(Happening):
    """The payoff quoted for the day is paid: nothing is owed after it.

    >>> Payoff("2026-07-01").on
    datetime.date(2026, 7, 1)
    """

    def __init__(self, on: DateLike, **when: Unpack[When]) -> None:
        self._happen(on, **when)


@dataclass(frozen=True, slots=True, init=False)
class Reversal:
    """An earlier event never happened, on any day; known from `booked`.

    Args:
        of: The id of the event, or the event itself if it has an id.
        booked: The day on which the reversal was known.

    >>> Reversal(of="e2", booked="2026-04-01")
    Reversal(of='e2', booked='2026-04-01')
    """

    of: str
    booked: date
    id: str | None
    sequence: int | None

    def __init__(
        self, of: str | Event, *, booked: DateLike, id: str | None = None, sequence: int | None = None
    ) -> None:
        check_booking(id, sequence)
        put(self, "of", id_of(of, "reversal.of", "an event"))
        put(self, "booked", read_date(booked, "reversal.booked"))
        put(self, "id", id)
        put(self, "sequence", sequence)

    @property
    def on(self) -> date:
        """The day on which the reversal was known: it has no value date of its own."""
        return self.booked

    def stated(self) -> dict[str, object]:
        """What it says beside the day on which it was known."""
        said = {"of": self.of, "id": self.id, "sequence": self.sequence}
        return {name: value for name, value in said.items() if value is not None}

    def __repr__(self) -> str:
        of, *named = (f"{name}={value!r}" for name, value in self.stated().items())
        said = [of, f"booked='{self.booked}'", *named]
        return f"Reversal({', '.join(said)})"


Event: TypeAlias = (
    Payment
    | Payoff
    | Draw
    | RateChange
    | InterestPause
    | Deferral
    | Extension
    | Reamortization
    | Reaging
    | Restructuring
    | Refund
    | Chargeback
    | Recovery
    | Settlement
    | Waiver
    | Charge
    | DelinquencyPause
    | Acceleration
    | ChargeOff
    | WriteOff
    | Transfer
    | Closing
    | Reversal
)

WAKE = 0  # nothing happens, but what accrues turns
NEW_TERMS = 3
PAID_OUT = 4
BECOMES_DUE = 5
BY_PLAN = -1_000_000  # with its number, an installment's place in that: before what is charged on the day
MONEY = 6
WAIVED = 7
PENALTIES = 8
ORDER_OF_DAY = MappingProxyType(
    {
        Reversal: 1,  # corrections: what is reversed never happened
        # 2: interest up to the start of the day
        **dict.fromkeys((RateChange, InterestPause), NEW_TERMS),  # 3: they price the night that begins on the day
        **dict.fromkeys((Deferral, Extension, Reamortization, Reaging, Restructuring, DelinquencyPause), NEW_TERMS),
        Draw: PAID_OUT,  # 4: and tranches that were agreed from the beginning
        Charge: BECOMES_DUE,  # 5: what falls due, by plan and by charge, and held credit that settles it
        **dict.fromkeys((Payment, Payoff, Refund, Chargeback, Recovery, Settlement), MONEY),  # 6
        Waiver: WAIVED,
        # 8: PENALTIES, assessed by rule: what was paid on the day is in time
        **dict.fromkeys((Acceleration, ChargeOff, WriteOff, Transfer, Closing), 9),  # the claim
    }
)
"""Order within a day; within a step, the sequence of booking. `docs/events.md` shows it to readers."""
