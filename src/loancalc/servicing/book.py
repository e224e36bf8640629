"""The book of an account: its events in their order of replay, each with the name by which others call it and its amount."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from functools import partial
from operator import itemgetter
from typing import NamedTuple, get_args

from loancalc.errors import InvalidEvent
from loancalc.servicing.events import ORDER_OF_DAY, Event, Reversal
from loancalc.servicing.happening import kind_name, put
from loancalc.values.listed import several
from loancalc.values.money import to_minor


class Booked(NamedTuple):
    """An event where it stands in the book: by value date, order within the day and booking sequence; the id settles what is
    left. `minor` is its amount in minor units, 0 where it has none of its own. The event itself is as it was given: `named`
    is the same under the id and the sequence of the entry.
    """

    on: date
    order: int
    sequence: int
    id: str
    event: Event
    minor: int

    @property
    def named(self) -> Event:
        """The event with an id and a booking sequence."""
        event = self.event
        if event.id is None or event.sequence is None:
            return replace_event(event, self.id, self.sequence)
        return event


def enter(events: Iterable[Event] | Event, digits: int) -> tuple[Booked, ...]:
    """The book of events: those without an id are numbered, those without a sequence are taken as booked in the order given.

    Args:
        events: One, or several in any order.
        digits: Decimals of the currency's minor unit.

    Raises:
        InvalidEvent: If something else is given, two events share an id, or a reversal cannot stand.
        InvalidAmount: If an amount has more decimals than the currency.

    >>> from loancalc import Payment
    >>> [(entry.id, str(entry.on), entry.minor) for entry in enter([Payment("2026-03-15", 5), Payment("2026-02-15", 7)], 2)]
    [('e2', '2026-02-15', 700), ('e1', '2026-03-15', 500)]
    """
    entries: list[Booked] = []
    for index, event in enumerate(several(events, _EVENTS, f"an event ({_KINDS})", "events", InvalidEvent)):
        known = _ENTERED.get(type(event))
        if known is None:
            raise not_an_event(event, index)
        order, amount_field = known
        name = f"e{index + 1}" if event.id is None else event.id
        sequence = index if event.sequence is None else event.sequence
        amount = getattr(event, "amount", None)
        minor = to_minor(amount, digits, amount_field) if type(amount) is Decimal else 0
        entries.append(_booked((event.on, order, sequence, name, event, minor)))
    names = {entry.id for entry in entries}
    if len(names) < len(entries):
        twice = next(name for name, count in Counter(entry.id for entry in entries).items() if count > 1)
        raise InvalidEvent(f"id: got {twice!r} twice; expected a different one for each event")
    entries.sort()  # by day, order, sequence and id: no two share the id, so that events are never compared
    if _has_reversals(entries):
        for reversal, problem in refused_reversals([entry.named for entry in entries]):
            raise InvalidEvent(f"reversal.of: got {reversal.of!r}; {problem}")
    return tuple(entries)


def booked_in_force(book: Sequence[Booked], known_on: date | None = None) -> Sequence[Booked]:
    """The entries of a book that count, as known on a day; see `in_force`."""
    known = book if known_on is None else [entry for entry in book if entry.event.booked <= known_on]
    if not _has_reversals(known):
        return known
    counted = {event.id for event in in_force([entry.named for entry in known])}
    return [entry for entry in known if entry.id in counted]


def _has_reversals(entries: Iterable[Booked]) -> bool:
    return ORDER_OF_DAY[Reversal] in map(itemgetter(1), entries)


def in_force(events: Iterable[Event], known_on: date | None = None) -> list[Event]:
    """The events that count, as known on a day: booked by then and not reversed by then; reversals left out."""
    known = list(events) if known_on is None else [event for event in events if event.booked <= known_on]
    gone = _gone(_in_order_of_booking(known))
    return [event for event in known if type(event) is not Reversal and event.id not in gone] if gone else known


def not_an_event(value: object, index: int) -> InvalidEvent:
    """The error for something else in a list of events."""
    return InvalidEvent(f"events[{index}]: got {value!r}; expected {_KINDS}")


def refused_reversals(
    events: Sequence[Event], called: Callable[[Event], str] = lambda event: repr(event.id)
) -> Iterator[tuple[Reversal, str]]:
    """The reversals of identified events that cannot stand: they name nothing that was booked when they were, or what
    another one has taken back. Each with what is wrong, in which an event is `called` by its id or otherwise.
    """
    reversals = _in_order_of_booking(events)
    named = {event.id: event for event in events} if reversals else {}
    earlier: dict[str, Reversal] = {}
    for place, reversal in enumerate(reversals):
        of = reversal.of
        target = named.get(of)
        if target is None:
            others = sorted(str(name) for name in named if name != reversal.id)
            yield reversal, f"accepted: {', '.join(others) or 'none'}"
        elif target.booked > reversal.booked or (type(target) is Reversal and target not in reversals[:place]):
            yield reversal, f"{called(target)} was booked {target.booked}, the reversal before; expected a later day"
        elif of in earlier and of in _gone(reversals[:place]):
            yield reversal, f"{called(earlier[of])} takes it back already; expected one reversal of an event"
        else:
            earlier[of] = reversal


def _in_order_of_booking(events: Iterable[Event]) -> list[Reversal]:
    kinds = list(events)
    if Reversal not in map(type, kinds):
        return []
    reversals = [event for event in kinds if type(event) is Reversal]
    return sorted(reversals, key=lambda event: (event.booked, event.sequence or 0, event.id or ""))


def _gone(reversals: Iterable[Reversal]) -> set[str | None]:
    """The ids of what reversals, in order of their booking, take back; a reversal may be taken back itself."""
    gone: set[str | None] = set()
    for reversal in reversed(list(reversals)):
        if reversal.id not in gone:
            gone.add(reversal.of)
    return gone


def replace_event(event: Event, id: str, sequence: int) -> Event:
    """The same event under an id and a booking sequence."""
    kind = type(event)
    copy: Event = object.__new__(kind)
    for name in _FIELDS[kind]:
        put(copy, name, getattr(event, name))
    put(copy, "id", id)
    put(copy, "sequence", sequence)
    return copy


_booked = partial(tuple.__new__, Booked)
"""`Booked._make`, without counting the fields of every event."""

_EVENTS = get_args(Event)
_KINDS = ", ".join(kind.__name__ for kind in _EVENTS)
_FIELDS = {
    kind: tuple(field.name for field in fields(kind) if field.name not in ("id", "sequence")) for kind in _EVENTS
}
_ENTERED = {kind: (order, f"{kind_name(kind.__name__)}.amount") for kind, order in ORDER_OF_DAY.items()}
"""For each kind of event its order within the day, and what messages call its amount."""
