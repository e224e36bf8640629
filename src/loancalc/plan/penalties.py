"""Penalties (违约金, 滞纳金): what the contract charges for being late. Values only; `late_charges` applies them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from loancalc.errors import InvalidTerms
from loancalc.time.accrual_periods import Frequency
from loancalc.values.counts import read_days
from loancalc.values.listed import yes_or_no
from loancalc.values.money import Amount, read_decimal
from loancalc.values.names import Names
from loancalc.values.shares import Share, read_percent

BASES = Names(
    "late.penalties.of",
    {
        "principal": ["unpaid principal"],
        "interest": ["unpaid interest"],
        "installment": ["unpaid installment"],
        "outstanding-principal": ["outstanding balance", "剩余本金"],
    },
)


@dataclass(frozen=True, slots=True)
class Penalty:
    """A penalty (违约金, 滞纳金) for each installment that is late: once, or again and again while it is.

    Several of them are several rules: tiers by days late are one for each span of days.

    Args:
        amount: A flat amount, in units of the currency; or
        percent: a share such as "5%" of
        of: the unpaid `"principal"`, `"interest"`, `"installment"` (both) or `"outstanding-principal"`, as it stands at
            the end of the day.
        min, max: Bounds, in units of the currency; `max="installment"` is no more than is unpaid of the installment.
        from_day, to_day: The days late, both inside, on which it is charged: from the first day late (or the first one
            after the grace) without end, if not given.
        every: Charged again after each such span while the installment is late: "1 day", "30 days", "1 month"; once, if
            not given: an installment that is paid on that day and charged back later is charged when it is unpaid again.
        times, times_in_all: The most charges for one installment, and for the whole loan.
        repeat: Another flat amount, where it was charged for one of the `within` installments before.
        pyramiding: False: not charged where all that is short is what earlier penalties took from payments that were
            otherwise full and on time.

    >>> Penalty(percent="5%", of="installment", min="10.00").percent
    Fraction(1, 20)
    >>> print(Penalty(percent="0.1%", of="principal", every="1 day", to_day=90))
    0.1% of the unpaid principal, every 1 day, to day 90
    >>> print(Penalty(percent="1%", of="outstanding-principal"))
    1% of the outstanding principal
    """

    amount: Decimal | None = None
    percent: Fraction | None = None
    of: str | None = None
    min: Decimal | None = None
    max: Decimal | str | None = None
    from_day: int = 1
    to_day: int | None = None
    every: Frequency | None = None
    times: int | None = None
    times_in_all: int | None = None
    repeat: Decimal | None = None
    within: int | None = None
    pyramiding: bool = True

    def __init__(
        self,
        amount: Amount | None = None,
        *,
        percent: Share | None = None,
        of: str | None = None,
        min: Amount | None = None,
        max: Amount | None = None,
        from_day: int = 1,
        to_day: int | None = None,
        every: Frequency | str | None = None,
        times: int | None = None,
        times_in_all: int | None = None,
        repeat: Amount | None = None,
        within: int | None = None,
        pyramiding: bool = True,
    ) -> None:
        put = object.__setattr__
        if (amount is None) == (percent is None):
            raise InvalidTerms(
                f"late.penalties: got amount={amount!r}, percent={percent!r}; expected exactly one of them"
            )
        if amount is not None and not (of is None and min is None and max in (None, "installment")):
            raise InvalidTerms("late.penalties: of, min and max belong to percent; a flat amount takes none of them")
        if percent is not None and of is None:
            raise InvalidTerms(
                f"late.penalties.of: missing; percent {percent!r} of what? accepted: {', '.join(BASES.names)}"
            )
        put(self, "amount", not_negative(amount, "late.penalties.amount"))
        put(self, "percent", None if percent is None else read_percent(percent, "late.penalties.percent"))
        put(self, "of", None if of is None else BASES.find(of))
        put(self, "min", not_negative(min, "late.penalties.min"))
        put(self, "max", max if max == "installment" else not_negative(max, "late.penalties.max"))
        if self.min is not None and isinstance(self.max, Decimal) and self.min > self.max:
            raise InvalidTerms(f"late.penalties.min: got {min}; expected at most max, {max}")
        put(self, "from_day", read_days(from_day, "late.penalties.from_day", 1))
        put(self, "to_day", None if to_day is None else read_days(to_day, "late.penalties.to_day", 1))
        if self.to_day is not None and self.to_day < self.from_day:
            raise InvalidTerms(f"late.penalties.to_day: got {to_day}; expected from_day, {from_day}, or more")
        if every is not None and not isinstance(every, str | Frequency):
            raise InvalidTerms(f"late.penalties.every: got {every!r}; expected text such as '30 days' or '1 month'")
        put(self, "every", Frequency.parse(every, "late.penalties.every") if isinstance(every, str) else every)
        put(self, "times", None if times is None else _at_least_one(times, "times"))
        put(self, "times_in_all", None if times_in_all is None else _at_least_one(times_in_all, "times_in_all"))
        put(self, "repeat", not_negative(repeat, "late.penalties.repeat"))
        put(self, "within", None if within is None else _at_least_one(within, "within"))
        if (repeat is None) != (within is None) or (repeat is not None and amount is None):
            raise InvalidTerms(
                f"late.penalties.repeat: got repeat={repeat!r}, within={within!r}; expected both, with a flat amount"
            )
        put(self, "pyramiding", yes_or_no(pyramiding, "late.penalties.pyramiding"))

    def __str__(self) -> str:
        if self.percent is None:
            words = [f"{self.amount} for each late installment"]
        else:
            of = "outstanding principal" if self.of == "outstanding-principal" else f"unpaid {self.of}"
            words = [f"{float(self.percent * 100):g}% of the {of}"]
        words += [f"at least {self.min}"] if self.min is not None else []
        words += [f"at most {'the unpaid installment' if self.max == 'installment' else self.max}"] if self.max else []
        words += [f"{self.repeat} again within {self.within} installments"] if self.repeat is not None else []
        words += [f"every {self.every}"] if self.every else []
        words += [f"from day {self.from_day}"] if self.from_day > 1 else []
        words += [f"to day {self.to_day}"] if self.to_day else []
        words += [f"at most {self.times} times an installment"] if self.times else []
        words += [f"at most {self.times_in_all} times in all"] if self.times_in_all else []
        words += ["no pyramiding"] if not self.pyramiding else []
        return ", ".join(words)


def not_negative(value: Amount | None, field: str) -> Decimal | None:
    """An amount of 0 or more, or None."""
    if value is None:
        return None
    amount = read_decimal(value, field)
    if amount < 0:
        raise InvalidTerms(f"{field}: got {value}; expected 0 or more")
    return amount


def _at_least_one(value: int, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InvalidTerms(f"late.penalties.{name}: got {value!r}; expected a whole number of 1 or more")
    return value
