"""What the contract says of lateness: late interest, penalties, grace and caps. Values only; `overdue` applies them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeVar

from loancalc.counts import read_count
from loancalc.daycount import DayCount
from loancalc.errors import InvalidTerms
from loancalc.money import Amount, read_decimal
from loancalc.names import COMPONENT_NAMES, Component, Names
from loancalc.rates import Rate, RelativeRate, parse_late_rate

_BASES = Names(
    "late.interest.base",
    {"principal": ["past-due principal", "逾期本金"], "principal+interest": ["principal and interest", "逾期本息"]},
)
_COMPOUND = Names("late.interest.compound", {"none": ["不计复利"], "interest": ["on interest", "计复利"]})
_PENALTY_BASES = Names(
    "late.penalties.of",
    {
        "principal": ["unpaid principal"],
        "interest": ["unpaid interest"],
        "installment": ["unpaid installment"],
        "outstanding-principal": ["outstanding balance", "剩余本金"],
    },
)
_GRACE_KINDS = Names("late.grace.kind", {"free": ["宽限期内免息"], "deferred": ["追溯"], "status-only": ["容时"]})
_GRACE_COUNTS = Names("late.grace.counted", {"from-due-date": [], "after-grace": []})
_CAP_BASES = Names("late.caps.base", {"outstanding-principal": [], "past-due-principal": []})

Kind = TypeVar("Kind")

Share = str | Fraction | Decimal
"""A share: text with its percent sign, or a Fraction or Decimal below 1."""

ACCRUED_LATE: tuple[Component, ...] = ("penalty", "compound_interest", "late_interest")


@dataclass(frozen=True, slots=True)
class LateInterest:
    """Late interest (罚息): what the past-due amount bears, night by night.

    Args:
        rate: The whole rate of the past-due base: absolute ("18%", "0.05%/day"), a multiple of the contract rate
            ("1.5x") or points over it ("+6pp").
        base: `"principal"` (past due) or `"principal+interest"`.
        day_count: How nights become a share of a year; required for a yearly rate, not taken by a daily one.
        compound: `"none"`, or `"interest"`: simple interest at the late rate on contract interest from the day it is
            past due (复利), booked apart.

    Raises:
        InvalidTerms: If compounding is asked for together with a base that already holds interest.

    >>> LateInterest(rate="1.5x", day_count="ACT/360", compound="interest").day_count
    DayCount('ACT/360')
    """

    rate: Rate | RelativeRate
    base: str = "principal"
    day_count: DayCount | None = None
    compound: str = "none"

    def __init__(
        self,
        rate: Rate | RelativeRate | Amount | Fraction,
        *,
        base: str = "principal",
        day_count: DayCount | str | None = None,
        compound: str = "none",
    ) -> None:
        _set(self, "rate", parse_late_rate(rate, "late.interest.rate"))
        _set(self, "base", _BASES.find(base))
        _set(self, "compound", _COMPOUND.find(compound))
        convention = None if day_count is None else DayCount.parse(day_count, "late.interest.day_count")
        _set(self, "day_count", convention)
        if self.base != "principal" and self.compound != "none":
            raise InvalidTerms(
                f"late.interest.compound: got {compound!r} with base {self.base!r}; interest would be charged twice on "
                "interest; expected compound='none', or base='principal'"
            )

    def over(self, contract: Rate) -> Rate:
        """The late rate that applies over a contract rate, checked to have its day count.

        Raises:
            InvalidTerms: If a yearly rate has no day count, or a daily one has.
        """
        rate = self.rate if isinstance(self.rate, Rate) else self.rate.over(contract)
        if rate.per == "day":
            if self.day_count is not None:
                raise InvalidTerms(
                    f"late.interest.day_count: got {str(self.day_count)!r} with {rate}; a rate per day accrues per night "
                    "and takes no day count"
                )
        elif self.day_count is None:
            raise InvalidTerms(
                f"late.interest.day_count: missing; late interest at {rate} needs one of "
                f"{', '.join(str(d) for d in DayCount if not d.needs_context and d is not DayCount.PERIODIC)}"
            )
        elif self.day_count.needs_context or self.day_count is DayCount.PERIODIC:
            raise InvalidTerms(
                f"late.interest.day_count: got {str(self.day_count)!r}; nights late have no periods; expected a "
                "convention that needs only the two dates, such as 'ACT/360'"
            )
        return rate


@dataclass(frozen=True, slots=True)
class Penalty:
    """A penalty (违约金, 滞纳金) charged once for each installment that is late.

    Args:
        amount: A flat amount, in units of the currency; or
        percent: a share such as "5%" of
        of: the unpaid `"principal"`, `"interest"`, `"installment"` (both) or `"outstanding-principal"`, as it stands at
            the end of the first day late (or the first day after the grace).
        min, max: Bounds of a percentage, in units of the currency.

    >>> Penalty(percent="5%", of="installment", min="10.00").percent
    Fraction(1, 20)
    """

    amount: Decimal | None = None
    percent: Fraction | None = None
    of: str | None = None
    min: Decimal | None = None
    max: Decimal | None = None

    def __init__(
        self,
        amount: Amount | None = None,
        *,
        percent: str | Fraction | Decimal | None = None,
        of: str | None = None,
        min: Amount | None = None,
        max: Amount | None = None,
    ) -> None:
        if (amount is None) == (percent is None):
            raise InvalidTerms(
                f"late.penalties: got amount={amount!r}, percent={percent!r}; expected exactly one of them"
            )
        if amount is not None and not (of is None and min is None and max is None):
            raise InvalidTerms("late.penalties: of, min and max belong to percent; a flat amount takes none of them")
        if percent is not None and of is None:
            raise InvalidTerms(
                f"late.penalties.of: missing; percent {percent!r} of what? accepted: {', '.join(_PENALTY_BASES.names)}"
            )
        _set(self, "amount", _not_negative(amount, "late.penalties.amount"))
        _set(self, "percent", None if percent is None else read_percent(percent, "late.penalties.percent"))
        _set(self, "of", None if of is None else _PENALTY_BASES.find(of))
        _set(self, "min", _not_negative(min, "late.penalties.min"))
        _set(self, "max", _not_negative(max, "late.penalties.max"))
        if self.min is not None and self.max is not None and self.min > self.max:
            raise InvalidTerms(f"late.penalties.min: got {min}; expected at most max, {max}")


@dataclass(frozen=True, slots=True)
class Grace:
    """Days late that carry no charge (宽限期): with g days, the day g days after the due date is still inside.

    Args:
        days: Whole days.
        kind: `"free"` (the nights of grace never bear late charges), `"deferred"` (nothing until the last day of grace,
            from the day after it everything since the due date) or `"status-only"` (charges run from the due date; only
            delinquent days wait).
        counted: For `"status-only"`: beyond the grace, delinquent days count `"from-due-date"` or `"after-grace"`.

    >>> Grace(3, "deferred")
    Grace(days=3, kind='deferred', counted='from-due-date')
    """

    days: int
    kind: str
    counted: str = "from-due-date"

    def __post_init__(self) -> None:
        _set(self, "days", read_count(self.days, "late.grace.days"))
        _set(self, "kind", _GRACE_KINDS.find(self.kind))
        _set(self, "counted", _GRACE_COUNTS.find(self.counted))
        if self.counted == "after-grace" and self.kind != "status-only":
            raise InvalidTerms(
                f"late.grace.counted: got 'after-grace' with kind {self.kind!r}; it belongs to 'status-only'"
            )

    @property
    def charge_free_days(self) -> int:
        """Days after the due date on which no late charge can stand."""
        return 0 if self.kind == "status-only" else self.days


@dataclass(frozen=True, slots=True)
class Cap:
    """A limit on late charges: on every day, what was charged so far may not exceed it.

    Args:
        rate: The limit is the sum of base x rate x share of the year over the nights since disbursement, rounded down;
            or
        share: a share of the principal lent, such as "30%"; or
        amount: an amount, in units of the currency.
        covers: Components that count together: of penalty, compound_interest, late_interest.
        base: For a rate: `"outstanding-principal"` or `"past-due-principal"`.
        since: For a rate: `"disbursement"`, the day from which the nights are counted.
        day_count: For a yearly rate.
        recover: Whether what was cut comes back as the limit grows.

    >>> Cap(rate="24%", covers=["penalty", "late_interest", "compound_interest"]).covers
    ('penalty', 'compound_interest', 'late_interest')
    """

    rate: Rate | None = None
    covers: tuple[Component, ...] = ACCRUED_LATE
    base: str = "outstanding-principal"
    since: Literal["disbursement"] = "disbursement"
    day_count: DayCount = DayCount.ACT_365F
    share: Fraction | None = None
    amount: Decimal | None = None
    recover: bool = False

    def __init__(
        self,
        rate: Rate | str | Decimal | float | Fraction | None = None,
        *,
        covers: Iterable[str] = ACCRUED_LATE,
        base: str = "outstanding-principal",
        since: str = "disbursement",
        day_count: DayCount | str = DayCount.ACT_365F,
        share: str | Fraction | Decimal | None = None,
        amount: Amount | None = None,
        recover: bool = False,
    ) -> None:
        if sum(given is not None for given in (rate, share, amount)) != 1:
            raise InvalidTerms(
                f"late.caps: got rate={rate!r}, share={share!r}, amount={amount!r}; expected exactly one of them"
            )
        covered = {
            COMPONENT_NAMES.find(name, "late.caps.covers") for name in ([covers] if isinstance(covers, str) else covers)
        }
        if not covered or not covered <= set(ACCRUED_LATE):
            raise InvalidTerms(f"late.caps.covers: got {sorted(covered)}; expected some of {', '.join(ACCRUED_LATE)}")
        if since != "disbursement":
            raise InvalidTerms(f"late.caps.since: got {since!r}; accepted: disbursement")
        convention = DayCount.parse(day_count, "late.caps.day_count")
        if convention.needs_context or convention is DayCount.PERIODIC:
            raise InvalidTerms(
                f"late.caps.day_count: got {str(convention)!r}; expected a convention that needs only two dates"
            )
        _set(self, "rate", None if rate is None else Rate.parse(rate, "late.caps.rate"))
        _set(self, "covers", tuple(name for name in ACCRUED_LATE if name in covered))
        _set(self, "base", _CAP_BASES.find(base))
        _set(self, "since", "disbursement")
        _set(self, "day_count", convention)
        _set(self, "share", None if share is None else read_percent(share, "late.caps.share"))
        _set(self, "amount", _not_negative(amount, "late.caps.amount"))
        _set(self, "recover", bool(recover))


@dataclass(frozen=True, slots=True)
class LateTerms:
    """All that happens when an installment is late; what is not agreed is not charged.

    >>> LateTerms(interest=LateInterest(rate="0.05%/day"), grace=Grace(3, "deferred")).penalties
    ()
    """

    interest: LateInterest | None = None
    penalties: tuple[Penalty, ...] = ()
    grace: Grace | None = None
    caps: tuple[Cap, ...] = ()

    def __init__(
        self,
        interest: LateInterest | None = None,
        penalties: Iterable[Penalty] = (),
        grace: Grace | None = None,
        caps: Iterable[Cap] = (),
    ) -> None:
        for field, value, kind in (("interest", interest, LateInterest), ("grace", grace, Grace)):
            if value is not None and not isinstance(value, kind):
                raise InvalidTerms(f"late.{field}: got {value!r}; expected a {kind.__name__}")
        _set(self, "interest", interest)
        _set(self, "penalties", _all_of(penalties, Penalty, "late.penalties"))
        _set(self, "grace", grace)
        _set(self, "caps", _all_of(caps, Cap, "late.caps"))
        if len(self.caps) > 1:
            raise InvalidTerms(f"late.caps: got {len(self.caps)} caps; expected at most one")


def read_percent(value: Share, field: str) -> Fraction:
    """A share written with its percent sign, or as a Fraction or Decimal below 1; not an interest rate.

    >>> read_percent("2.5%", "percent"), read_percent(Decimal("0.05"), "percent")
    (Fraction(1, 40), Fraction(1, 20))
    """
    if isinstance(value, str):
        text = value.strip().replace("％", "%")
        if not text.endswith("%"):
            raise InvalidTerms(f"{field}: got {value!r}; expected a share with its percent sign, such as '5%'")
        share = Fraction(read_decimal(text[:-1], field)) / 100
    elif isinstance(value, Fraction | Decimal) and not isinstance(value, bool) and value < 1:
        share = Fraction(value)
    else:
        raise InvalidTerms(f"{field}: got {value!r}; expected text such as '5%', or a Fraction or Decimal below 1")
    if share < 0:
        raise InvalidTerms(f"{field}: got {value!r}; expected 0% or more")
    return share


def _not_negative(value: Amount | None, field: str) -> Decimal | None:
    if value is None:
        return None
    amount = read_decimal(value, field)
    if amount < 0:
        raise InvalidTerms(f"{field}: got {value}; expected 0 or more")
    return amount


def _all_of(values: Iterable[Kind], kind: type[Kind], field: str) -> tuple[Kind, ...]:
    items = tuple(values) if isinstance(values, Iterable) else (values,)
    for item in items:
        if not isinstance(item, kind):
            raise InvalidTerms(f"{field}: got {item!r}; expected a {kind.__name__}")
    return items


_set = object.__setattr__
