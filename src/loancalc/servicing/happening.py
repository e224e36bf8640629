"""What every event has: the day from which it counts, the day on which it was known, a name and a place in the books."""

from __future__ import annotations

import re
from dataclasses import MISSING, dataclass, fields
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar, TypedDict

from loancalc.errors import InvalidAmount, InvalidEvent
from loancalc.values.dates import DateLike, read_date
from loancalc.values.money import Amount, read_decimal


class When(TypedDict, total=False):
    """What any event may be given beside what it is about.

    Attributes:
        booked: The day on which the lender knew of it; the value date if not given.
        id: Name of the event; numbered in the order of the list if not given.
        sequence: Order of booking among events of one day; the order of the list if not given.
    """

    booked: DateLike | None
    id: str | None
    sequence: int | None


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Happening:
    """Something that happened on a day; the events are its kinds."""

    _positional: ClassVar[tuple[str, ...]] = ()

    on: date
    booked: date
    id: str | None
    sequence: int | None

    def _happen(
        self,
        on: DateLike,
        booked: DateLike | None = None,
        id: str | None = None,
        sequence: int | None = None,
        **about: object,
    ) -> None:
        on_field, booked_field = _fields_of(type(self).__name__)
        day = read_date(on, on_field)
        put(self, "on", day)
        put(self, "booked", day if booked is None else read_date(booked, booked_field))
        put(self, "id", id)
        put(self, "sequence", sequence)
        if id is not None or sequence is not None:
            check_booking(id, sequence)
        for field, value in about.items():
            try:
                put(self, field, value)
            except AttributeError:  # `When` is spread into `about`: a name that no event has comes as far as this
                raise TypeError(f"{type(self).__name__}() got an unexpected keyword argument {field!r}") from None

    def stated(self) -> dict[str, object]:
        """What it says beside its day: what it is about first, then what is not the default."""
        said = {name: getattr(self, name) for name in self._positional}
        if self.booked != self.on:
            said["booked"] = self.booked
        for field in fields(self):
            value = getattr(self, field.name)
            is_default = value is None if field.default is MISSING else value == field.default
            if field.name not in ("on", "booked") and not is_default:
                said.setdefault(field.name, value)
        return said

    def __repr__(self) -> str:
        said = [
            _literal(value) if name in self._positional else f"{name}={_literal(value)}"
            for name, value in self.stated().items()
        ]
        return f"{type(self).__name__}({', '.join([_literal(self.on), *said])})"


@cache
def _fields_of(kind: str) -> tuple[str, str]:
    """What messages call the two days of a kind of event."""
    return f"{kind_name(kind)}.on", f"{kind_name(kind)}.booked"


def kind_name(kind: str) -> str:
    """What messages and files call a kind of event, from the name of its class.

    >>> kind_name("RateChange"), kind_name("Payoff")
    ('rate_change', 'payoff')
    """
    return re.sub("(?<=[a-z])(?=[A-Z])", "_", kind).lower()


def check_booking(id: object, sequence: object) -> None:
    """Refuse a name that is no text, and a place in the books that is no whole number.

    Raises:
        InvalidEvent: If one of them is given so.
    """
    if id is not None and not (isinstance(id, str) and id):
        raise InvalidEvent(f"id: got {id!r}; expected text that names the event")
    if sequence is not None and (isinstance(sequence, bool) or not isinstance(sequence, int)):
        raise InvalidEvent(f"sequence: got {sequence!r}; expected a whole number, in the order of booking")


def id_of(event: object, field: str, what: str) -> str:
    """The id that another event names, by itself or by the event that has it.

    >>> id_of("e1", "reversal.of", "an event")
    'e1'
    """
    name = event if isinstance(event, str) else getattr(event, "id", None)
    if not isinstance(name, str) or not name:
        raise InvalidEvent(f"{field}: got {event!r}; expected the id of {what}, or one that has an id")
    return name


def _literal(value: Any) -> str:
    return f"'{value}'" if isinstance(value, Decimal | date) else repr(value)


def positive(amount: Amount, field: str) -> Decimal:
    """An amount of more than nothing."""
    value = read_decimal(amount, field)
    if value <= 0:
        raise InvalidEvent(f"{field}: got {amount}; expected more than 0")
    return value


def positive_or_all(amount: Amount, field: str) -> Decimal | str:
    """An amount of more than nothing, or the word "all"."""
    if isinstance(amount, str) and amount.strip().casefold() == "all":
        return "all"
    try:
        return positive(amount, field)
    except InvalidAmount as error:
        raise InvalidAmount(f"{error}, or 'all'") from None


def number_of(installment: int, field: str) -> int:
    """The number of an installment."""
    if isinstance(installment, bool) or not isinstance(installment, int) or installment < 1:
        raise InvalidEvent(f"{field}: got {installment!r}; expected the number of an installment, 1 or more")
    return installment


put = object.__setattr__
"""Sets a field of a frozen value while it is made."""
