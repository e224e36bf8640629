"""Tranches: principal that is paid out after the start, on days agreed from the beginning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from loancalc.errors import InvalidDate, InvalidTerms
from loancalc.values.dates import DateLike, read_date
from loancalc.values.listed import listed
from loancalc.values.money import Amount, read_decimal, to_minor
from loancalc.values.rounding import Rounding
from loancalc.values.shares import read_percent

_NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Tranche:
    """A further part of the principal (分次放款), paid out on a day agreed from the beginning.

    It bears interest from that day; the installments from the next due date on are solved again, but for a payment that the
    contract states.

    Args:
        on: The day of the pay-out.
        amount: In units of the loan's currency.
        down_payment: What of it is paid back on the same day: a share such as "25%".

    >>> Tranche("2026-03-10", 5_000, down_payment="25%").down_payment
    Fraction(1, 4)
    """

    on: date
    amount: Decimal
    down_payment: Fraction

    def __init__(self, on: DateLike, amount: Amount, *, down_payment: str | Fraction | Decimal | None = None) -> None:
        object.__setattr__(self, "on", read_date(on, "tranches.on"))
        value = read_decimal(amount, "tranches.amount")
        if value <= 0:
            raise InvalidTerms(f"tranches.amount: got {amount}; expected more than 0")
        object.__setattr__(self, "amount", value)
        object.__setattr__(self, "down_payment", read_down_payment(down_payment, "tranches.down_payment"))

    def minor(self, digits: int) -> int:
        """The amount in units of `digits` decimals."""
        return to_minor(self.amount, digits, "tranches.amount")

    def net(self, digits: int, rounding: Rounding) -> int:
        """What is left of it after its down payment, which is rounded as installments are, in minor units."""
        amount = self.minor(digits)
        return amount - rounding.divide_whole("installment")(*(amount * self.down_payment).as_integer_ratio())


def read_down_payment(value: str | Fraction | Decimal | None, field: str = "down_payment") -> Fraction:
    """The share of a pay-out that is paid back on the same day; none where it is not given."""
    if value is None:
        return _NOTHING
    share = read_percent(value, field)
    if share >= 1:
        raise InvalidTerms(f"{field}: got {value!r}; expected less than 100%")
    return share


def read_tranches(tranches: Iterable[Tranche] | Tranche, start: date, digits: int) -> tuple[Tranche, ...]:
    """The tranches in order of their days.

    Raises:
        InvalidDate: If one is paid out on or before the start.
        InvalidTerms: If one is no Tranche, or has more decimals than the currency.
    """
    items = listed(tranches, Tranche, "tranches")
    for tranche in items:
        if tranche.on <= start:
            raise InvalidDate(f"tranches.on: got {tranche.on}; expected a day after start, {start}")
        tranche.minor(digits)
    return tuple(sorted(items, key=lambda tranche: tranche.on)) if items else ()
