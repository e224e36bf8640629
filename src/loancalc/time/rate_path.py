"""Rates that change on given days."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any, TypeAlias

from loancalc.errors import InvalidRate, InvalidTerms
from loancalc.values.dates import DateLike, in_order, read_date
from loancalc.values.listed import pairs_of
from loancalc.values.names import Names
from loancalc.values.rates import Rate, RateLike
from loancalc.values.shares import read_percent

Steps: TypeAlias = Mapping[Any, Any] | Iterable[tuple[DateLike, RateLike]]
"""Dated rates, as a mapping or as pairs of a date and a rate."""

Keeps: TypeAlias = str | Mapping[Any, Any] | Iterable[tuple[DateLike, str]]
"""What changes leave as it is: one name for all, or a name for the day of each."""

KEEPS = Names(
    "rate.keep",
    {
        "term": ["new payment", "期限不变"],
        "payment": ["new term", "月供不变", "还款额不变"],
        "level": ["one payment"],
    },
)


@dataclass(frozen=True, slots=True, repr=False)
class RatePath:
    """A rate that changes on given days: the night that begins on such a day bears the new rate.

    Args:
        initial: The rate from the start.
        changes: The later rates by the day from which they hold.
        keep: What a change leaves as it is: `"term"` (the payment is solved again on the balance, from the first
            installment whose interest the new rate touches, as if that rate lasted), `"payment"` (the plan ends sooner or
            later) or `"level"` (one payment is solved over all rates, which are known from the start). It has no
            default; methods that state their principal parts do not need it. Where changes differ in it, what each keeps,
            by its day: `{"2027-01-01": "payment", "2029-01-01": "term"}`; of several in one period, the last one says.
        payment_cap: By how much a change may raise the payment that was in force, such as "7.5%". What that leaves is in the
            last installment; interest that the payment then does not cover needs `negative_amortization` on the loan.
        pauses: Nights without interest: pairs of the first day and the day from which interest runs again.
        origin: What the rates were read from, an index for example; a loan shows it among its assumptions.

    Raises:
        InvalidRate: If the rates are not all per day, or all per month or year.

    >>> path = RatePath("6.5%", {"2028-01-15": "7%"}, keep="term")
    >>> print(path.on(date(2028, 1, 14)), path.on(date(2028, 1, 15)))
    6.5%/year 7%/year
    """

    initial: Rate
    changes: tuple[tuple[date, Rate], ...]
    keep: str | tuple[tuple[date, str], ...] | None
    payment_cap: Fraction | None
    pauses: tuple[tuple[date, date], ...]
    origin: str = field(compare=False)

    def __init__(
        self,
        initial: RateLike,
        changes: Steps = (),
        *,
        keep: Keeps | None = None,
        payment_cap: str | Fraction | None = None,
        pauses: Iterable[tuple[DateLike, DateLike]] = (),
        origin: str = "",
    ) -> None:
        first = Rate.parse(initial, "rate.initial")
        steps = read_steps(changes, "rate.changes")
        for day, rate in steps:
            if (rate.per == "day") is not (first.per == "day"):
                raise InvalidRate(f"rate.changes: got {rate} on {day} after {first}; expected rates of one kind")
        _set(self, "initial", first)
        _set(self, "changes", steps)
        _set(self, "payment_cap", None if payment_cap is None else read_growth(payment_cap, "rate.payment_cap"))
        _set(self, "pauses", _read_pauses(pauses))
        _set(self, "origin", origin)
        _set(self, "keep", None if keep is None else KEEPS.find(keep) if isinstance(keep, str) else self._by_day(keep))

    def _by_day(self, keep: Mapping[Any, Any] | Iterable[tuple[DateLike, str]]) -> tuple[tuple[date, str], ...]:
        """What each change keeps; one name where it is the same for all."""
        pairs = pairs_of(keep, "a name, or names by date", "rate.keep")
        found = {read_date(day, "rate.keep"): KEEPS.find(name) for day, name in pairs}
        if found.keys() != set(self.turns) or "level" in found.values():
            raise InvalidTerms(
                f"rate.keep: got {', '.join(f'{day}: {name}' for day, name in found.items())}; expected 'term' or 'payment' "
                f"for each of {', '.join(map(str, self.turns))}; 'level' is for all changes together"
            )
        return tuple(sorted(found.items()))

    @property
    def keeps(self) -> frozenset[str]:
        """What the changes keep: "term", "payment", or "level" of all."""
        if self.keep is None or isinstance(self.keep, str):
            return frozenset([self.keep] if self.keep else [])
        return frozenset(name for _, name in self.keep)

    def kept_on(self, day: date) -> str | None:
        """What the change of a day keeps; None where that is not said, or there is none.

        >>> path = RatePath("6%", {"2027-01-01": "7%", "2028-01-01": "5%"}, keep={"2027-01-01": "payment", "2028-01-01": "term"})
        >>> path.kept_on(date(2027, 1, 1)), path.kept_on(date(2028, 1, 1)), path.kept_on(date(2029, 1, 1))
        ('payment', 'term', None)
        """
        if self.keep is None or isinstance(self.keep, str):
            return self.keep if day in self.turns else None
        return dict(self.keep).get(day)

    @property
    def turns(self) -> list[date]:
        """The days on which it is known that the rate changes, or pauses."""
        return sorted({day for day, _ in self.changes} | {first for first, _ in self.pauses})

    def known_on(self, day: date) -> RatePath:
        """The path without the changes and pauses that begin later."""
        changes = [step for step in self.changes if step[0] <= day]
        pauses = [pause for pause in self.pauses if pause[0] <= day]
        return self._with(changes, None, pauses)

    def keeping(self, keep: str) -> RatePath:
        """The same rates, of which every change keeps something else."""
        return self._with(self.changes, keep, self.pauses)

    def _with(self, changes: Steps, keep: Keeps | None, pauses: Iterable[tuple[DateLike, DateLike]]) -> RatePath:
        """The path with other changes and pauses."""
        return RatePath(
            self.initial, changes, keep=keep, payment_cap=self.payment_cap, pauses=pauses, origin=self.origin
        )

    def changed(self, day: date, rate: Rate, keep: str) -> RatePath:
        """The path with another rate from a day on.

        Raises:
            InvalidTerms: If one level payment was solved over the rates before.
        """
        steps = [*(step for step in self.changes if step[0] != day), (day, rate)]
        return self._with(steps, self._kept(day, keep), self.pauses)

    def paused(self, first: date, until: date, keep: str) -> RatePath:
        """The path with nights that bear no interest, from a day until another."""
        return self._with(self.changes, self._kept(first, keep), [*self.pauses, (first, until)])

    def resumed(self, ends: Collection[date], day: date) -> RatePath:
        """The path whose nights bear interest again from a day on, and not only at the ends of the pauses that last until others."""
        pauses = [(first, min(last, day) if last in ends else last) for first, last in self.pauses]
        pauses = [(first, last) for first, last in pauses if first < last]
        turns = {turn for turn, _ in self.changes} | {first for first, _ in pauses}
        keep = self.keep if self.keep is None or isinstance(self.keep, str) else dict(self.keep)
        if isinstance(keep, dict):
            keep = {turn: name for turn, name in keep.items() if turn in turns} or None
        return self._with(self.changes, keep, pauses)

    def _kept(self, day: date, keep: str) -> Keeps:
        """What every change keeps, with that of one more day."""
        if not self.turns:
            return keep
        if "level" in (self.keep, keep) and self.keep != keep:
            raise InvalidTerms(f"keep: got {keep!r}; expected {self.keep!r}, as for the changes before")
        kept = {turn: self.kept_on(turn) or keep for turn in self.turns} | {day: keep}
        return keep if set(kept.values()) == {keep} else kept

    def on(self, day: date) -> Rate:
        """The rate that the night of a day bears."""
        if any(first <= day < until for first, until in self.pauses):
            return Rate(Fraction(0), self.initial.per, self.initial.compounds)
        return self.agreed_on(day)

    def agreed_on(self, day: date) -> Rate:
        """The rate that is in force on a day, whether or not its night bears interest."""
        place = bisect_right(self.changes, day, key=_day_of)
        return self.changes[place - 1][1] if place else self.initial

    def slices(self, start: date, end: date) -> list[tuple[Rate, date, date]]:
        """The nights from `start` to `end` by the rate they bear; at least one slice."""
        days = {day for day, _ in self.changes} | {day for pause in self.pauses for day in pause}
        cuts = sorted(day for day in days if start < day < end)
        marks = [start, *cuts, end]
        return [(self.on(begin), begin, finish) for begin, finish in pairwise(marks)]

    def __str__(self) -> str:
        return ", ".join([str(self.initial), *(f"{rate} from {day}" for day, rate in self.changes)])

    def __repr__(self) -> str:
        changes = {str(day): str(rate) for day, rate in self.changes}
        kept = (
            self.keep if self.keep is None or isinstance(self.keep, str) else {str(on): name for on, name in self.keep}
        )
        keep = f", keep={kept!r}" if kept else ""
        cap = f", payment_cap=Fraction{self.payment_cap.as_integer_ratio()}" if self.payment_cap is not None else ""
        pauses = f", pauses={[(str(first), str(until)) for first, until in self.pauses]!r}" if self.pauses else ""
        origin = f", origin={self.origin!r}" if self.origin else ""
        return f"RatePath({str(self.initial)!r}, {changes!r}{keep}{cap}{pauses}{origin})"


def read_steps(steps: Steps, field: str) -> tuple[tuple[date, Rate], ...]:
    """Dated rates in order of their days.

    Raises:
        InvalidRate: If a day is named twice.
    """
    pairs = pairs_of(steps, "rates by date", field, InvalidRate)
    read = sorted(((read_date(day, field), Rate.parse(rate, field)) for day, rate in pairs), key=_day_of)
    for (day, _), (later, _) in pairwise(read):
        if day == later:
            raise InvalidRate(f"{field}: got two rates for {day}; expected one")
    return tuple(read)


def read_growth(value: str | Fraction, field: str) -> Fraction:
    """A share of growth with its percent sign, or a Fraction; 0 or more.

    >>> read_growth("7.5%", "payment_cap")
    Fraction(3, 40)
    """
    if isinstance(value, str):
        return read_percent(value, field)
    if not isinstance(value, Fraction) or value < 0:
        raise InvalidTerms(f"{field}: got {value!r}; expected a share with its percent sign, such as '7.5%'")
    return value


def _read_pauses(pauses: Iterable[tuple[DateLike, DateLike]]) -> tuple[tuple[date, date], ...]:
    spans = pairs_of(pauses, "pairs of a first day and a day of return", "rate.pauses")
    read = [(read_date(first, "rate.pauses"), read_date(until, "rate.pauses")) for first, until in spans]
    for first, until in read:
        in_order(first, until, "rate.pauses", "rate.pauses", strictly=True)
    return tuple(sorted(read))


def _day_of(step: tuple[date, Rate]) -> date:
    return step[0]


_set = object.__setattr__
