"""What can happen to a loan after it is paid out: a closed union of frozen values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import TypeAlias

from loancalc.dates import DateLike, read_date
from loancalc.errors import InvalidEvent
from loancalc.money import Amount, read_decimal
from loancalc.names import COMPONENT_NAMES, COMPONENTS, Component


@dataclass(frozen=True, slots=True, init=False)
class Payment:
    """Money received from the borrower.

    Args:
        on: Value date, the day on which it counts.
        amount: In units of the loan's currency, more than 0.
        installment: The number of the installment that it is meant for; what that one does not take goes the usual way.
        only: The component, or components, that it may settle; what is left of it is held.
        booked: The day on which the lender knew of it; the value date if not given.
        id: Name of the event; numbered in the order of the list if not given.
        sequence: Order of booking among events of one day; the order of the list if not given.

    >>> Payment("2026-02-15", "1066.19")
    Payment('2026-02-15', '1066.19')
    >>> Payment("2026-05-15", 400, installment=4, only="principal")
    Payment('2026-05-15', '400', installment=4, only=('principal',))
    """

    on: date
    amount: Decimal
    installment: int | None
    only: tuple[Component, ...]
    booked: date
    id: str | None
    sequence: int | None

    def __init__(
        self,
        on: DateLike,
        amount: Amount,
        *,
        installment: int | None = None,
        only: str | Iterable[str] = (),
        booked: DateLike | None = None,
        id: str | None = None,
        sequence: int | None = None,
    ) -> None:
        _when(self, on, booked, id, sequence)
        object.__setattr__(self, "amount", _positive(amount, "payment.amount"))
        object.__setattr__(self, "installment", None if installment is None else _number(installment))
        object.__setattr__(self, "only", _components(only, "payment.only") if only else ())

    @property
    def is_designated(self) -> bool:
        """Whether the borrower said what it is for."""
        return self.installment is not None or self.only != ()

    def __repr__(self) -> str:
        meant = "" if self.installment is None else f", installment={self.installment}"
        return _show(self, f"'{self.on}', '{self.amount}'{meant}{f', only={self.only!r}' if self.only else ''}")


@dataclass(frozen=True, slots=True, init=False)
class Waiver:
    """The lender lets go of part of a component that is owed, oldest due date first.

    Args:
        on: Value date.
        component: One of the seven components of a debt.
        amount: In units of the loan's currency, or "all" that is owed of it.

    >>> Waiver("2026-04-01", "late interest", "all").component
    'late_interest'
    """

    on: date
    component: Component
    amount: Decimal | str
    booked: date
    id: str | None
    sequence: int | None

    def __init__(
        self,
        on: DateLike,
        component: str,
        amount: Amount,
        *,
        booked: DateLike | None = None,
        id: str | None = None,
        sequence: int | None = None,
    ) -> None:
        _when(self, on, booked, id, sequence)
        object.__setattr__(self, "component", COMPONENT_NAMES.find(component, "waiver.component"))
        everything = isinstance(amount, str) and amount.strip().casefold() == "all"
        object.__setattr__(self, "amount", "all" if everything else _positive(amount, "waiver.amount"))

    def __repr__(self) -> str:
        return _show(self, f"'{self.on}', {self.component!r}, '{self.amount}'")


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
        target = of if isinstance(of, str) else of.id
        if not target:
            raise InvalidEvent(f"reversal.of: got {of!r}; expected the id of an event")
        object.__setattr__(self, "of", target)
        object.__setattr__(self, "booked", read_date(booked, "reversal.booked"))
        object.__setattr__(self, "id", id)
        object.__setattr__(self, "sequence", sequence)

    @property
    def on(self) -> date:
        """The day on which the reversal was known: it has no value date of its own."""
        return self.booked

    def __repr__(self) -> str:
        return _show(self, f"of={self.of!r}, booked='{self.booked}'", booked=False)


@dataclass(frozen=True, slots=True, init=False)
class Payoff:
    """The payoff quoted for the day is paid: nothing is owed after it.

    >>> Payoff("2026-07-01").on
    datetime.date(2026, 7, 1)
    """

    on: date
    booked: date
    id: str | None
    sequence: int | None

    def __init__(
        self, on: DateLike, *, booked: DateLike | None = None, id: str | None = None, sequence: int | None = None
    ) -> None:
        _when(self, on, booked, id, sequence)

    def __repr__(self) -> str:
        return _show(self, f"'{self.on}'")


Event: TypeAlias = Payment | Waiver | Reversal | Payoff

_SAYS = {
    kind: tuple(name for name in kind.__slots__ if name not in ("id", "sequence"))
    for kind in (Payment, Waiver, Reversal, Payoff)
}
"""What an event of each kind says, beside its id and its sequence."""

ORDER_OF_DAY = {Payment: 6, Payoff: 6, Waiver: 7, Reversal: 1}
"""Order within a day; installments fall due and held credit is applied before payments, penalties come after."""

BECOMES_DUE = 5
PENALTIES = 8


def identify(events: Iterable[Event]) -> tuple[Event, ...]:
    """The events with an id and a booking sequence each, in their order of replay: value date, order within the day,
    booking sequence; the id settles what is left.

    Raises:
        InvalidEvent: If two events share an id, or a reversal names none of the events.
    """
    replayed: list[tuple[date, int, int, str, Event]] = []
    for index, event in enumerate(events):
        order = ORDER_OF_DAY.get(type(event))
        if order is None:
            raise InvalidEvent(f"events[{index}]: got {event!r}; expected Payment, Waiver, Reversal or Payoff")
        name = f"e{index + 1}" if event.id is None else event.id
        sequence = index if event.sequence is None else event.sequence
        if event.id is None or event.sequence is None:
            event = replace_event(event, name, sequence)
        replayed.append((event.on, order, sequence, name, event))
    replayed.sort(key=itemgetter(0, 1, 2, 3))
    names = {name for _, _, _, name, _ in replayed}
    if len(names) < len(replayed):
        twice = next(name for name, count in Counter(name for _, _, _, name, _ in replayed).items() if count > 1)
        raise InvalidEvent(f"id: got {twice!r} twice; expected a different one for each event")
    ordered = tuple(event for *_, event in replayed)
    for event in ordered:
        if type(event) is Reversal and event.of not in names:
            raise InvalidEvent(f"reversal.of: got {event.of!r}; accepted: {', '.join(sorted(names))}")
    return ordered


def replace_event(event: Event, id: str, sequence: int) -> Event:
    """The same event under an id and a booking sequence."""
    kind = type(event)
    copy: Event = object.__new__(kind)
    for name in _SAYS[kind]:
        _put(copy, name, getattr(event, name))
    _put(copy, "id", id)
    _put(copy, "sequence", sequence)
    return copy


_put = object.__setattr__


def in_force(events: Iterable[Event], known_on: date | None = None) -> list[Event]:
    """The events that count, as known on a day: booked by then and not reversed by then; reversals left out."""
    known = [event for event in events if known_on is None or event.booked <= known_on]
    reversals = [event for event in known if isinstance(event, Reversal)]
    gone: set[str | None] = set()
    for reversal in sorted(reversals, key=lambda event: (event.booked, event.sequence or 0), reverse=True):
        if reversal.id not in gone:
            gone.add(reversal.of)
    return [event for event in known if not isinstance(event, Reversal) and event.id not in gone]


def _when(
    event: Payment | Waiver | Payoff, on: DateLike, booked: DateLike | None, id: str | None, sequence: int | None
) -> None:
    name = type(event).__name__.lower()
    day = read_date(on, f"{name}.on")
    object.__setattr__(event, "on", day)
    object.__setattr__(event, "booked", day if booked is None else read_date(booked, f"{name}.booked"))
    object.__setattr__(event, "id", id)
    object.__setattr__(event, "sequence", sequence)


def _positive(amount: Amount, field: str) -> Decimal:
    value = read_decimal(amount, field)
    if value <= 0:
        raise InvalidEvent(f"{field}: got {amount}; expected more than 0")
    return value


def _number(installment: int) -> int:
    if isinstance(installment, bool) or not isinstance(installment, int) or installment < 1:
        raise InvalidEvent(
            f"payment.installment: got {installment!r}; expected the number of an installment, 1 or more"
        )
    return installment


def _components(names: str | Iterable[str], field: str) -> tuple[Component, ...]:
    found = {COMPONENT_NAMES.find(name, field) for name in ([names] if isinstance(names, str) else names)}
    return tuple(component for component in COMPONENTS if component in found)


def _show(event: Event, main: str, *, booked: bool = True) -> str:
    extra = f", booked='{event.booked}'" if booked and event.booked != event.on else ""
    extra += f", id={event.id!r}" if event.id is not None else ""
    extra += f", sequence={event.sequence}" if event.sequence is not None else ""
    return f"{type(event).__name__}({main}{extra})"
