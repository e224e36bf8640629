"""What the contract says of lateness, all together: late interest, penalties, grace, tolerance and caps; and the rules of
laws as presets. Values only; `overdue`, `late_charges` and `caps` apply them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from loancalc.calendars import CalendarLike, find_calendar
from loancalc.errors import InvalidDate, InvalidTerms, unknown_name
from loancalc.plan.charge_caps import Cap
from loancalc.plan.late_interest import LateInterest
from loancalc.plan.penalties import Penalty, not_negative
from loancalc.time.adjustment import add_business_days
from loancalc.values.counts import read_days
from loancalc.values.dates import DateLike, days_after, read_date
from loancalc.values.listed import listed
from loancalc.values.money import Amount, to_minor
from loancalc.values.names import Names, fold_name
from loancalc.values.rates import Rate, RelativeRate, parse_late_rate
from loancalc.values.rule_tables import Provenance, Rule, rules_of
from loancalc.values.shares import read_percent

_GRACE_KINDS = Names("late.grace.kind", {"free": ["宽限期内免息"], "deferred": ["追溯"], "status-only": ["容时"]})
_GRACE_COUNTS = Names("late.grace.counted", {"from-due-date": [], "after-grace": []})


@dataclass(frozen=True, slots=True, repr=False)
class Grace:
    """Days late that carry no charge (宽限期): with g days, the day g days after the due date is still inside.

    Args:
        days: Whole days; business days, with a calendar.
        kind: `"free"` (the nights of grace never bear late charges), `"deferred"` (nothing until the last day of grace,
            from the day after it everything since the due date) or `"status-only"` (charges run from the due date; only
            delinquent days wait).
        calendar: A calendar of business days, or its name.
        counted: For `"status-only"`: beyond the grace, delinquent days count `"from-due-date"` or `"after-grace"`.

    >>> Grace(3, "deferred")
    Grace(days=3, kind='deferred', counted='from-due-date')
    >>> Grace(3, "free", calendar="WEEKENDS").last_day(date(2026, 2, 13))  # a Friday
    datetime.date(2026, 2, 18)
    """

    days: int
    kind: str
    counted: str = "from-due-date"
    calendar: CalendarLike = None

    def __post_init__(self) -> None:
        _set(self, "days", read_days(self.days, "late.grace.days"))
        _set(self, "kind", _GRACE_KINDS.find(self.kind))
        _set(self, "counted", _GRACE_COUNTS.find(self.counted))
        if self.counted == "after-grace" and self.kind != "status-only":
            raise InvalidTerms(
                f"late.grace.counted: got 'after-grace' with kind {self.kind!r}; it belongs to 'status-only'"
            )

        if self.calendar is not None:
            _set(self, "calendar", find_calendar(self.calendar, "late.grace.calendar"))

    def last_day(self, due: date) -> date:
        """The last day of the grace of what is due on a day."""
        if self.calendar is None:
            return days_after(due, self.days) or date.max
        return add_business_days(due, self.days, self.calendar)

    def __repr__(self) -> str:
        calendar = "" if self.calendar is None else f", calendar={getattr(self.calendar, 'name', self.calendar)!r}"
        return f"Grace(days={self.days}, kind={self.kind!r}, counted={self.counted!r}{calendar})"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How little counts as nothing past due (容差): while no more is unpaid of what was due, no day is counted and no late
    charge is made; the amount itself stays owed.

    Args:
        amount: In units of the currency.
        share: Of the outstanding principal, such as "1%". With both, the larger counts.

    >>> Tolerance("5.00", share="1%").share
    Fraction(1, 100)
    """

    amount: Decimal | None = None
    share: Fraction | None = None

    def __init__(self, amount: Amount | None = None, *, share: str | Fraction | Decimal | None = None) -> None:
        if amount is None and share is None:
            raise InvalidTerms("late.tolerance: got nothing; expected an amount, a share or both")
        _set(self, "amount", not_negative(amount, "late.tolerance.amount"))
        _set(self, "share", None if share is None else read_percent(share, "late.tolerance.share"))

    def limit(self, outstanding_principal: int, digits: int) -> int:
        """The most, in minor units, that may be unpaid; a share is rounded down."""
        amount = 0 if self.amount is None else to_minor(self.amount, digits, "late.tolerance.amount")
        return max(amount, int(outstanding_principal * self.share) if self.share else 0)


@dataclass(frozen=True, slots=True)
class LateTerms:
    """All that happens when an installment is late; what is not agreed is not charged.

    Args:
        interest: Late interest.
        penalties: One rule or several.
        grace: Days late that carry no charge.
        caps: Limits on what is charged; all of them hold.
        tolerance: How little counts as nothing past due.

    >>> LateTerms(interest=LateInterest(rate="0.05%/day"), grace=Grace(3, "deferred")).penalties
    ()
    """

    interest: LateInterest | None = None
    penalties: tuple[Penalty, ...] = ()
    grace: Grace | None = None
    caps: tuple[Cap, ...] = ()
    tolerance: Tolerance | None = None
    provenance: Provenance | None = field(default=None, compare=False, repr=False)
    """Where the rules were read, for those that come with the library: `LateTerms.of(name)`."""

    def __init__(
        self,
        interest: LateInterest | None = None,
        penalties: Iterable[Penalty] | Penalty = (),
        grace: Grace | None = None,
        caps: Iterable[Cap] | Cap = (),
        tolerance: Tolerance | None = None,
    ) -> None:
        single = (("interest", interest, LateInterest), ("grace", grace, Grace), ("tolerance", tolerance, Tolerance))
        for name, value, kind in single:
            if value is not None and not isinstance(value, kind):
                raise InvalidTerms(f"late.{name}: got {value!r}; expected a {kind.__name__}")
        _set(self, "interest", interest)
        _set(self, "penalties", listed(penalties, Penalty, "late.penalties"))
        _set(self, "grace", grace)
        _set(self, "caps", listed(caps, Cap, "late.caps"))
        _set(self, "tolerance", tolerance)
        _set(self, "provenance", None)

    def check_decimals(self, digits: int) -> None:
        """Refuse amounts with more decimals than the currency has.

        Raises:
            InvalidAmount: If there are any.

        >>> LateTerms(penalties=Penalty("2.50")).check_decimals(2)
        """
        named = [("tolerance.amount", self.tolerance.amount)] if self.tolerance else []
        for penalty in self.penalties:
            named += [(f"penalties.{bound}", getattr(penalty, bound)) for bound in ("amount", "min", "max", "repeat")]
        for name, amount in [*named, *(("caps.amount", cap.amount) for cap in self.caps)]:
            if isinstance(amount, Decimal):
                to_minor(amount, digits, f"late.{name}")

    @classmethod
    def of(cls, name: str, /, *, on: DateLike | None = None, **choices: Any) -> LateTerms:
        """The late terms of a law or a usual contract, from those that come with the library.

        Args:
            name: Of the rule; `late_presets()` prints all in full.
            on: The day whose edition is meant, where a rule has several.
            choices: What the rule leaves to the contract, such as `rate="1.5x"` between its bounds, a `day_count` (which a
                multiple of a rate per day does not take).

        Raises:
            UnknownName: If there is no such rule, or no such choice.
            InvalidTerms: If a choice is missing or out of the rule's bounds.
            InvalidDate: If the rule was not in force.

        >>> LateTerms.of("cn-251-2003", rate="1.5x", day_count="ACT/360").interest.compound
        'interest'
        """
        row = _rule(name, None if on is None else read_date(on, "late.on"))
        return _build(row, choices)


def late_presets() -> str:
    """All rules of lateness that come with the library, in full, with source, validity and status.

    >>> print(late_presets().splitlines()[0])
    cn-251-2003
    """
    return "\n".join(_show(row) for row in rules_of("late_terms"))


def _show(row: Rule) -> str:
    said = {name: value for name, value in row.table.items() if name not in ("family", "choices")}
    lines = [row.provenance.name, *(f"    {name}: {value}" for name, value in said.items())]
    for name, choice in row.table.get("choices", {}).items():
        bounds = " ".join(f"{word} {choice[word]}" for word in ("from", "to") if word in choice)
        unless = ", unless the rate is per day" if choice.get("optional") else ""
        lines.append(f"    choose {name}{f' {bounds}' if bounds else ''}{unless}")
    return "\n".join([*lines, f"    {row.provenance}"])


def _rule(name: str, on: date | None) -> Rule:
    rows = rules_of("late_terms")
    wanted = fold_name(name) if isinstance(name, str) else name
    found = [
        row
        for row in rows
        if wanted
        in (fold_name(row.provenance.name), fold_name(row.table.get("family", "")), *row.provenance.folded_aliases)
    ]
    if not found:
        raise unknown_name("late", name, [row.provenance.name for row in rows])
    if on is None:
        if len(found) > 1:
            spans = "; ".join(f"{row.provenance.name} from {row.provenance.valid_from}" for row in found)
            raise InvalidTerms(f"late.on: missing; {name!r} has several editions: {spans}")
        return found[0]
    for row in found:
        if row.provenance.holds_on(on):
            return row
    raise InvalidDate(f"late.on: {name!r} was not in force on {on}; {found[-1].provenance}")


def _build(row: Rule, choices: Mapping[str, Any]) -> LateTerms:
    asked, parts = row.table.get("choices", {}), _copied(row.table)
    for name, value in choices.items():
        if name not in asked:
            raise unknown_name(f"late.{row.provenance.name}", name, asked or ["nothing"])
        _check_choice(row.provenance.name, name, asked[name], value)
    for name, choice in asked.items():
        if name not in choices and choice.get("optional"):
            continue
        if name not in choices and "default" not in choice:
            bounds = " ".join(f"{word} {choice[word]}" for word in ("from", "to") if word in choice)
            raise InvalidTerms(f"late.{row.provenance.name}: missing {name}{f', {bounds}' if bounds else ''}")
        *path, last = choice["sets"].split(".")
        place: Any = parts
        for step in path:
            place = place[int(step)] if step.isdigit() else place.setdefault(step, {})
        place[last] = choices.get(name, choice.get("default"))
    terms = LateTerms(
        LateInterest(**parts["interest"]) if "interest" in parts else None,
        [Penalty(**penalty) for penalty in parts.get("penalties", ())],
        Grace(**parts["grace"]) if "grace" in parts else None,
        [Cap(**cap) for cap in parts.get("caps", ())],
    )
    return from_rule(terms, row.provenance.name)


def from_rule(terms: LateTerms, name: str) -> LateTerms:
    """Terms that are those of a rule of the library, by its name.

    >>> from_rule(LateTerms(), "cn-251-2003").provenance.jurisdiction
    'CN'
    """
    _set(terms, "provenance", _rule(name, None).provenance)
    return terms


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _copied(item) for name, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _check_choice(rule: str, name: str, choice: Mapping[str, Any], value: Any) -> None:
    """A rate between the bounds that a rule sets."""
    if "from" not in choice and "to" not in choice:
        return
    rate = _measure(parse_late_rate(value, f"late.{name}"))
    low, high = (None if word not in choice else _measure(parse_late_rate(choice[word])) for word in ("from", "to"))
    if (low is not None and rate < low) or (high is not None and rate > high) or (low or high or rate)[0] != rate[0]:
        bounds = " ".join(f"{word} {choice[word]}" for word in ("from", "to") if word in choice)
        raise InvalidTerms(f"late.{rule}: got {name} {value}; expected {bounds}")


def _measure(rate: Rate | RelativeRate) -> tuple[str, Fraction, Fraction]:
    return ("rate", rate.value, Fraction(0)) if isinstance(rate, Rate) else ("relative", rate.multiple, rate.points)


_set = object.__setattr__
