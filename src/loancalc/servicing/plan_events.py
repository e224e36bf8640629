"""Events that change the plan ahead: a new rate, nights without interest, more money paid out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Unpack

from loancalc.servicing.happening import Happening, When, positive
from loancalc.values.dates import DateLike, in_order, read_date
from loancalc.values.listed import yes_or_no
from loancalc.values.money import Amount
from loancalc.values.names import Names
from loancalc.values.rates import Rate, RateLike

KEEPS = Names("keep", {"term": ["new payment", "期限不变"], "payment": ["new term", "月供不变"]})


@dataclass(frozen=True, slots=True, init=False, repr=False)
class RateChange(Happening):
    """Another contract rate, from the night of the day on.

    Args:
        on: The first day whose night bears it.
        rate: The new rate, with its unit in text.
        keep: What stays of a plan whose payments are solved: `"term"` (new payments from the running installment on) or
            `"payment"` (the one that the plan shows, also where the next installments wait; the plan ends sooner or later, with
            a last payment that takes what rounding leaves). Principal parts that are stated stay as they are either way, and
            interest follows; parts that stayed after `effect="last"` are kept by `"payment"`.

    >>> RateChange("2027-01-01", "3.95%", keep="term").rate
    Rate.parse('3.95%/year')
    """

    _positional: ClassVar[tuple[str, ...]] = ("rate",)

    rate: Rate
    keep: str

    def __init__(self, on: DateLike, rate: RateLike, *, keep: str, **when: Unpack[When]) -> None:
        self._happen(on, **when, rate=Rate.parse(rate, "rate_change.rate"), keep=KEEPS.find(keep, "rate_change.keep"))


@dataclass(frozen=True, slots=True, init=False, repr=False)
class InterestPause(Happening):
    """Nights that bear no contract interest (停息); with `late_interest`, no interest of any kind (停息挂账).

    Without it late interest goes on, and a multiple of the contract rate is of the rate that was agreed. What has accrued
    before stays owed either way, and penalties are assessed as agreed. After the last due date only late interest can rest.

    Args:
        on: The first day whose night bears none.
        until: The day whose night bears interest again.
        keep: What stays of a plan whose payments are solved: `"payment"` (what is not interest repays, and the plan ends
            sooner) or `"term"` (the payments are solved again).
        late_interest: Whether late interest and interest on unpaid interest rest too.

    >>> InterestPause("2026-05-01", "2026-06-01", keep="payment").until
    datetime.date(2026, 6, 1)
    """

    _positional: ClassVar[tuple[str, ...]] = ("until",)

    until: date
    keep: str
    late_interest: bool = False

    def __init__(
        self, on: DateLike, until: DateLike, *, keep: str, late_interest: bool = False, **when: Unpack[When]
    ) -> None:
        first, last = read_date(on, "interest_pause.on"), read_date(until, "interest_pause.until")
        in_order(first, last, "interest_pause.on", "interest_pause.until", strictly=True)
        rests = yes_or_no(late_interest, "interest_pause.late_interest")
        self._happen(on, **when, until=last, keep=KEEPS.find(keep, "interest_pause.keep"), late_interest=rests)


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Draw(Happening):
    """More principal is paid out; the installments from the next due date on are solved again.

    Args:
        on: The day of the pay-out, the first whose night bears interest on it.
        amount: In units of the loan's currency.

    >>> Draw("2026-05-10", 3_000).amount
    Decimal('3000')
    """

    _positional: ClassVar[tuple[str, ...]] = ("amount",)

    amount: Decimal

    def __init__(self, on: DateLike, amount: Amount, **when: Unpack[When]) -> None:
        self._happen(on, **when, amount=positive(amount, "draw.amount"))
