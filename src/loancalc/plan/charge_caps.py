"""Caps on charges: limits of a contract or of a law. Values only; `caps` applies them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from loancalc.errors import InvalidTerms
from loancalc.plan.penalties import not_negative
from loancalc.time.daycount import DayCount
from loancalc.values.base_rates import BaseRate
from loancalc.values.listed import components_of, yes_or_no
from loancalc.values.money import Amount
from loancalc.values.names import Component, Names
from loancalc.values.quotations import percent
from loancalc.values.rates import Rate, RelativeRate, parse_late_rate
from loancalc.values.shares import read_percent

BASES = Names("late.caps.base", {"outstanding-principal": [], "past-due-principal": []})

ACCRUED_LATE: tuple[Component, ...] = ("penalty", "compound_interest", "late_interest")
CUT_ORDER: tuple[Component, ...] = ("penalty", "fee", "compound_interest", "late_interest", "interest")
"""What a cap may cover, in the order in which it is cut."""


@dataclass(frozen=True, slots=True)
class Cap:
    """A limit on charges: on every day, what was accrued or charged so far may not exceed it.

    Args:
        rate: The limit is the sum of base x rate x share of the year over the nights since disbursement, rounded down
            ("0.8%/day" of what was outstanding each night); a multiple such as "4x" is of the rate `over` at the start of
            the loan; or
        share: a share of the principal lent, such as "30%"; or
        amount: an amount, in units of the currency.
        covers: Components that count together: of penalty, fee, compound_interest, late_interest, interest.
        base: For a rate: `"outstanding-principal"` or `"past-due-principal"`.
        since: For a rate: `"disbursement"`, the day from which the nights are counted.
        day_count: For a yearly rate.
        recover: Whether what was cut comes back as the limit grows.
        over: A `BaseRate` or its name, for a relative rate.
        name: What the statement of what was cut calls it.

    >>> Cap(rate="24%", covers=["penalty", "late_interest", "compound_interest"]).covers
    ('penalty', 'compound_interest', 'late_interest')
    """

    rate: Rate | RelativeRate | None = None
    covers: tuple[Component, ...] = ACCRUED_LATE
    base: str = "outstanding-principal"
    since: Literal["disbursement"] = "disbursement"
    day_count: DayCount = DayCount.ACT_365F
    share: Fraction | None = None
    amount: Decimal | None = None
    recover: bool = False
    over: BaseRate | None = None
    name: str | None = None

    def __init__(
        self,
        rate: Rate | RelativeRate | str | Decimal | float | Fraction | None = None,
        *,
        covers: Iterable[str] = ACCRUED_LATE,
        base: str = "outstanding-principal",
        since: str = "disbursement",
        day_count: DayCount | str = DayCount.ACT_365F,
        share: str | Fraction | Decimal | None = None,
        amount: Amount | None = None,
        recover: bool = False,
        over: BaseRate | str | None = None,
        name: str | None = None,
    ) -> None:
        put = object.__setattr__
        if sum(given is not None for given in (rate, share, amount)) != 1:
            raise InvalidTerms(
                f"late.caps: got rate={rate!r}, share={share!r}, amount={amount!r}; expected exactly one of them"
            )
        covered = set(components_of(covers, "late.caps.covers"))
        if not covered or not covered <= set(CUT_ORDER):
            raise InvalidTerms(f"late.caps.covers: got {sorted(covered)}; expected some of {', '.join(CUT_ORDER)}")
        if since != "disbursement":
            raise InvalidTerms(f"late.caps.since: got {since!r}; accepted: disbursement")
        convention = DayCount.parse(day_count, "late.caps.day_count")
        if convention.needs_context or convention is DayCount.PERIODIC:
            raise InvalidTerms(
                f"late.caps.day_count: got {str(convention)!r}; expected a convention that needs only two dates"
            )
        put(self, "rate", None if rate is None else parse_late_rate(rate, "late.caps.rate"))
        put(self, "over", None if over is None else BaseRate.of(over, "late.caps.over"))
        if isinstance(self.rate, RelativeRate) != (self.over is not None):
            raise InvalidTerms(
                f"late.caps.over: got {over!r} with rate {rate!r}; expected a path for a relative rate only"
            )
        put(self, "covers", tuple(component for component in CUT_ORDER if component in covered))
        put(self, "name", name)
        put(self, "base", BASES.find(base))
        put(self, "since", "disbursement")
        put(self, "day_count", convention)
        put(self, "share", None if share is None else read_percent(share, "late.caps.share"))
        put(self, "amount", not_negative(amount, "late.caps.amount"))
        put(self, "recover", yes_or_no(recover, "late.caps.recover"))

    def rate_on(self, start: date) -> Rate:
        """The rate of the limit of a loan that starts on a day.

        >>> print(Cap(rate="4x", over="cn-lpr-1y").rate_on(date(2020, 8, 20)))
        15.4%/year
        """
        if isinstance(self.rate, RelativeRate):
            assert self.over is not None
            return self.over.over(self.rate, start)
        assert self.rate is not None, "a cap without a fixed amount has a rate"
        return self.rate

    def __str__(self) -> str:
        if self.amount is not None:
            limit = str(self.amount)
        elif self.share is not None:
            limit = f"{percent(self.share)} of the principal lent"
        else:
            over = f" over {self.over.name}" if self.over else ""
            limit = f"{self.rate}{over} of the {self.base.replace('-', ' ')} since disbursement"
        return f"{f'{self.name}: ' if self.name else ''}{limit}, on {', '.join(self.covers)}"
