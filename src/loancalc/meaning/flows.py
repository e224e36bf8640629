"""What changes hands, and when: the amounts that a rate is solved from, as exact whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby, repeat
from math import lcm
from operator import attrgetter, lt
from typing import Any, NamedTuple, Protocol, runtime_checkable

from loancalc.errors import (
    InvalidAmount,
    InvalidDate,
    InvalidTerms,
    LoanError,
    MissingContext,
    NoSolution,
    SeveralRates,
)
from loancalc.numbers.fixed_point import compound
from loancalc.numbers.solve import growths
from loancalc.time.frequency import Frequency
from loancalc.values.dates import DateLike, read_date
from loancalc.values.money import Amount, add, read_decimal

_NONE = Fraction(0)
_RANGE = 10**54
_SURE = 10**15  # two amounts of up to 15 digits are never the same float


class Flow(NamedTuple):
    """Money that changes hands on a day, as the lender sees it: paid out negative, received positive."""

    on: date
    amount: Decimal


class Repayment(Protocol):
    """One row of a plan: when it is due, and all that is to be paid then."""

    @property
    def due(self) -> date | None:
        """When it is due."""
        ...

    @property
    def payable(self) -> Decimal:
        """Principal, interest, agreed fee and tax, in units of the currency."""
        ...


@runtime_checkable
class Repayable(Protocol):
    """What has a cost: a loan, or anything that is paid out once and repaid by a plan."""

    @property
    def received(self) -> Decimal:
        """What the borrower has in hand at the start, after all that is charged then."""
        ...

    @property
    def start(self) -> date:
        """The day it is paid out."""
        ...

    @property
    def advances(self) -> Sequence[tuple[date, Decimal]]:
        """What the borrower has in hand of what is paid out later: each day and amount."""
        ...

    @property
    def every(self) -> Frequency | None:
        """The length of a period; None where dates were listed one by one."""
        ...

    def schedule(self) -> Iterable[Repayment]:
        """The plan, row by row."""
        ...


def flows_of(loan: Repayable) -> tuple[Flow, ...]:
    """What changes hands over the life of a loan if everything is paid as agreed, fees included; one flow for each day.

    >>> from loancalc import Loan
    >>> flows = flows_of(Loan(principal=12_000, rate="12%", start="2026-01-15", installments=12))
    >>> len(flows), str(flows[0].amount), str(flows[-1].amount)
    (13, '-12000.00', '1066.14')
    """
    flows = [Flow(loan.start, loan.received.copy_negate())]
    flows += [Flow(day, amount.copy_negate()) for day, amount in loan.advances]
    for row in loan.schedule():
        if row.due is None:
            raise MissingContext("schedule: has no due dates; a cost needs them")
        flows.append(Flow(row.due, row.payable))
    flows.sort(key=attrgetter("on"))
    return tuple(Flow(day, add(*(flow.amount for flow in same))) for day, same in groupby(flows, attrgetter("on")))


def listed(given: Any, field: str, expected: str, error: type[LoanError] = InvalidTerms) -> list[Any]:
    """The items of a list, or of anything that has an order: not of text, a mapping or a set.

    >>> listed("123", "amounts", "a list of amounts")
    Traceback (most recent call last):
        ...
    loancalc.errors.InvalidTerms: amounts: got '123'; expected a list of amounts
    """
    if type(given) is list:
        return given
    if isinstance(given, Iterable) and not isinstance(given, str | bytes | bytearray | Mapping | Set):
        try:
            return list(given)
        except TypeError:  # an array of no dimensions says that it is iterable
            pass
    raise error(f"{field}: got {given!r}; expected {expected}")


def whole_amounts(amounts: Iterable[Amount], field: str = "amounts") -> list[int]:
    """Amounts as whole multiples of one unit small enough for all of them, exactly.

    >>> whole_amounts([-1, 0.125, "0.5"])
    [-8, 1, 4]
    """
    given = listed(amounts, field, "a list of amounts", InvalidAmount)
    cents = _in_cents(given)
    if cents is not None:
        return cents
    exact = [read_decimal(amount, f"{field}[{k}]").as_integer_ratio() for k, amount in enumerate(given)]
    unit = lcm(*(bottom for _, bottom in exact))
    return [top * (unit // bottom) for top, bottom in exact]


def _in_cents(amounts: list[Any]) -> list[int] | None:
    """Whole numbers and floats of whole cents, in cents; None where there is anything else."""
    if set(map(type, amounts)) == {int}:
        return list(map((100).__mul__, amounts))
    cents = []
    for amount in amounts:
        if type(amount) is int:
            cents.append(100 * amount)
        elif type(amount) is float and -_SURE < amount * 100 < _SURE and (near := round(amount * 100)) / 100 == amount:
            cents.append(near)
        else:
            return None
    return cents


def dated_amounts(amounts: Iterable[Amount], dates: Iterable[DateLike]) -> tuple[list[int], list[date]]:
    """Amounts as whole numbers and their dates.

    Raises:
        InvalidTerms: If there are more amounts than dates, or fewer.
    """
    whole = whole_amounts(amounts)
    return whole, dates_of(dates, len(whole))


def dates_of(dates: Iterable[DateLike], count: int) -> list[date]:
    """The dates of so many amounts.

    Raises:
        InvalidDate: If one is not a date, or they are not a list; the message has the index.
        InvalidTerms: If there are fewer dates, or more.
    """
    on = listed(dates, "dates", "a list of dates", InvalidDate)
    if set(map(type, on)) != {date}:
        on = [read_date(day, f"dates[{k}]") for k, day in enumerate(on)]
    if len(on) != count:
        raise InvalidTerms(f"dates: got {len(on)} for {count} amounts; expected one for each amount")
    return on


def solved(amounts: Sequence[int], times: Sequence[int], fractions: Sequence[Fraction] = ()) -> list[int]:
    """Every growth factor per unit of time at which the amounts, in any order, are worth nothing; at least one.

    Raises:
        NoSolution: If there is none; the message says why.
    """
    try:
        found = growths(*netted(amounts, times, fractions))
    except OverflowError:
        raise NoSolution("amounts: the rate that solves them is beyond 1e65 per unit of time, or at -100 %") from None
    if not found:
        raise NoSolution("amounts: no rate exists: at none above -100 % is their present value 0")
    return found


def netted(
    amounts: Sequence[int], times: Sequence[int], fractions: Sequence[Fraction] = ()
) -> tuple[Sequence[int], Sequence[int], Sequence[Fraction]]:
    """The sum at each time, in order of time, without those that are 0.

    Raises:
        NoSolution: If nothing is left, or only amounts of one sign.
        InvalidAmount: If they differ in size by more than 54 orders of magnitude; fixed point has digits for so many.
    """
    if fractions or not all(amounts) or not all(map(lt, times, times[1:])):
        amounts, times, fractions = _added_up(amounts, times, fractions)
    if not amounts:
        raise NoSolution("amounts: nothing is left once those of one time are added up; every rate solves them")
    least, most = min(amounts), max(amounts)
    if least > 0 or most < 0:
        kind = "received" if amounts[0] > 0 else "paid out"
        raise NoSolution(f"amounts: all of them are {kind}; a rate needs amounts both paid out (negative) and received")
    largest = max(most, -least)
    if largest > _RANGE and largest > _RANGE * min(map(abs, amounts)):
        raise InvalidAmount(
            "amounts: they differ by more than 54 orders of magnitude; expected a range that a rate can be told from"
        )
    return amounts, times, fractions


def _added_up(
    amounts: Sequence[int], times: Sequence[int], fractions: Sequence[Fraction]
) -> tuple[Sequence[int], Sequence[int], Sequence[Fraction]]:
    sums: dict[tuple[int, Fraction], int] = {}
    for place, amount in zip(zip(times, fractions or repeat(_NONE), strict=False), amounts, strict=True):
        sums[place] = sums.get(place, 0) + amount
    kept = sorted(place for place, total in sums.items() if total)
    own = [fraction for _, fraction in kept]
    return [sums[place] for place in kept], [time for time, _ in kept], own if any(own) else []


def rate_of(growth: int, units: int) -> float:
    """The rate over `units` units of time of a growth factor per unit.

    Raises:
        NoSolution: If it is beyond a float; the message has the rate per unit.
    """
    try:
        return compound(growth, units)
    except OverflowError:
        raise beyond(compound(growth, 1), f"{units} units of time") from None


def only(rates: Sequence[float], what: str, field: str = "amounts") -> float:
    """The one rate there is.

    Raises:
        SeveralRates: If there are more.
    """
    if len(rates) > 1:
        listed = ", ".join(f"{100 * rate:.6g} %" for rate in rates)
        raise SeveralRates(
            f"{field}: {len(rates)} {what} solve them: {listed}; a single one is not defined", tuple(rates)
        )
    return rates[0]


def beyond(rate: float, over: str) -> NoSolution:
    """The error for a rate that compounds past the largest float."""
    return NoSolution(
        f"rate: {100 * rate:.6g} % for one of them, compounded over {over}, is beyond what a float can hold"
    )
