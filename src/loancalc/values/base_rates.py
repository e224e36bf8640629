"""Base rates as they were set, date by date: the rate that a late rate or a cap stands over."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache

from loancalc.errors import InvalidDate, InvalidRate, unknown_name
from loancalc.values.dates import DateLike, read_date
from loancalc.values.listed import pairs_of
from loancalc.values.money import read_decimal
from loancalc.values.names import fold_name
from loancalc.values.quotations import percent
from loancalc.values.rates import Rate, RelativeRate
from loancalc.values.rule_tables import Provenance, rules_of


@dataclass(frozen=True, repr=False)
class BaseRate:
    """A base rate as it was set from one date to the next, such as Germany's Basiszinssatz or China's LPR.

    Args:
        name: What it is called.
        steps: Each date from which a rate holds, with the rate: yearly text such as "3.62%" or "-0.88%" (a base rate may
            be negative), or a yearly fraction. The last one goes on.
        provenance: Where it was read, for a path that comes with the library.

    Raises:
        InvalidRate: If there is no step, or a rate has no percent sign.

    >>> path = BaseRate("house rate", {"2026-01-01": "3%", "2026-07-01": "2.5%"})
    >>> path.on("2026-06-30"), path.on("2026-07-01")
    (Fraction(3, 100), Fraction(1, 40))
    """

    name: str
    steps: tuple[tuple[date, Fraction], ...]
    provenance: Provenance | None = None

    def __init__(
        self, name: str, steps: Mapping[DateLike, str | Fraction], provenance: Provenance | None = None
    ) -> None:
        if not steps:
            raise InvalidRate(f"base rate {name!r}: got no steps; expected dates with their rates")
        read = {
            read_date(day, "base rate"): _yearly(rate, name)
            for day, rate in pairs_of(steps, "rates by date", f"base rate {name!r}", InvalidRate)
        }
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "steps", tuple(sorted(read.items())))
        object.__setattr__(self, "provenance", provenance)

    @classmethod
    def of(cls, value: BaseRate | str, field: str = "over", *, also: Iterable[str] = ()) -> BaseRate:
        """A path from itself or from the name of one that comes with the library; `also` are other words that the field takes.

        Raises:
            UnknownName: If there is none of that name.

        >>> BaseRate.of("de base rate").on("2024-01-01")
        Fraction(181, 5000)
        """
        if isinstance(value, BaseRate):
            return value
        if isinstance(value, str):
            folded = fold_name(value)
            for path in base_rates().values():
                assert path.provenance is not None
                if folded in (fold_name(path.name), *path.provenance.folded_aliases):
                    return path
        raise unknown_name(field, value, [*base_rates(), *also, "a BaseRate"])

    def on(self, day: DateLike) -> Fraction:
        """The yearly rate that holds on a day.

        Raises:
            InvalidDate: If the day is before the first step.
        """
        when = read_date(day, "base rate")
        place = bisect_right(self.steps, (when, Fraction(1000)))
        if not place:
            raise InvalidDate(f"{self.name}: got {when}; expected {self.steps[0][0]}, its first date, or later")
        return self.steps[place - 1][1]

    def between(self, first: DateLike, last: DateLike) -> tuple[tuple[date, Fraction], ...]:
        """The steps that hold from one day to another, both inside; the first of them may be older.

        Raises:
            InvalidDate: If the first day is before the first step.

        >>> [str(day) for day, _ in BaseRate.of("de-base-rate").between("2023-06-15", "2024-02-10")]
        ['2023-01-01', '2023-07-01', '2024-01-01']
        """
        since, until = read_date(first, "base rate"), read_date(last, "base rate")
        self.on(since)
        place = bisect_right(self.steps, (since, Fraction(1000)))
        return tuple(step for step in self.steps[place - 1 :] if step[0] <= max(since, until))

    def over(self, rate: RelativeRate, day: DateLike) -> Rate:
        """What a multiple of the path, or points over it, come to on a day.

        Raises:
            InvalidRate: If that is less than nothing.

        >>> print(BaseRate.of("de-base-rate").over(RelativeRate.parse("+5pp"), "2024-01-01"))
        8.62%/year
        """
        value = rate.multiple * self.on(day) + rate.points
        if value < 0:
            raise InvalidRate(
                f"rate: got {rate} over {self.name}, {percent(self.on(day))}; expected a result of 0 or more"
            )
        return Rate(value)

    @property
    def changes(self) -> tuple[date, ...]:
        """The dates from which another rate holds."""
        return tuple(day for day, _ in self.steps)

    def __str__(self) -> str:
        return f"{self.name} ({self.provenance})" if self.provenance else self.name

    def __repr__(self) -> str:
        if self.provenance:
            return f"BaseRate.of({self.name!r})"
        steps = {str(day): percent(rate) for day, rate in self.steps}
        return f"BaseRate({self.name!r}, {steps!r})"


@cache
def base_rates() -> Mapping[str, BaseRate]:
    """Every base rate that comes with the library, by name.

    >>> list(base_rates())
    ['cn-lpr-1y', 'cn-lpr-5y', 'de-base-rate']
    """
    found = {}
    for row in rules_of("base_rates"):
        steps = dict(row.table["steps"])
        found[row.provenance.name] = BaseRate(row.provenance.name, steps, row.provenance)
    return found


def _yearly(value: str | Fraction, name: str) -> Fraction:
    if isinstance(value, Fraction):
        return value
    text = value.strip() if isinstance(value, str) else ""
    if not text.endswith("%"):
        raise InvalidRate(f"base rate {name!r}: got {value!r}; expected a yearly rate such as '3.62%', or a Fraction")
    return Fraction(read_decimal(text[:-1], f"base rate {name!r}")) / 100
