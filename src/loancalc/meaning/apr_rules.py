"""The rules that define an APR: how each jurisdiction counts time, what it compounds, what it prints."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import lcm

from loancalc.meaning.intervals import (
    MONTH,
    WEEK,
    YEAR,
    due_day,
    per_year,
    single_term,
    unit_period,
    unit_periods,
    year_unit,
    years,
)
from loancalc.time.frequency import Frequency
from loancalc.values.names import Names


@dataclass(frozen=True, slots=True)
class Timeline:
    """When amounts change hands, as a rule counts it.

    Args:
        times: Whole units from the first amount.
        fractions: Further parts of a unit that earn simple interest; none in most rules.
        units: Units in the period of the rate that is quoted.
        per_year: Such periods in a year.
        assumptions: What the count rests on.
    """

    times: Sequence[int]
    fractions: Sequence[Fraction]
    units: int
    per_year: Fraction
    assumptions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Transaction:
    """Dated amounts in whole units, the lender's view: advances negative, payments positive (or all reversed)."""

    amounts: Sequence[int]
    dates: Sequence[date]
    unit: Frequency | None

    @property
    def start(self) -> date:
        """The first day on which anything changes hands."""
        return min(self.dates)

    def sides(self) -> tuple[list[date], list[date]]:
        """The days on which more is advanced than paid, and the others; the first day is one of advance."""
        nets: dict[date, int] = {}
        for on, amount in zip(self.dates, self.amounts, strict=True):
            nets[on] = nets.get(on, 0) + amount
        days = sorted(on for on, net in nets.items() if net)
        advances = [on for on in days if (nets[on] < 0) is (nets[days[0]] < 0)]
        return advances, [on for on in days if on not in set(advances)]


@dataclass(frozen=True, slots=True)
class AprRule:
    """A rule of law that defines a yearly rate: a named value, read by `apr`.

    `places` are the decimals of the percentage it prints, rounded half up; `status` says how surely its text is known.
    """

    name: str
    title: str
    places: int
    source: str
    status: str
    timeline: Callable[[Transaction], Timeline]
    assumptions: tuple[str, ...] = ()


def _by_unit_periods(deal: Transaction) -> Timeline:
    """Appendix J (b)(4) and (5): the unit-period, and every date in it."""
    advances, payments = deal.sides()
    unit = deal.unit or unit_period(advances, payments)
    if unit is None:
        unit, periods = single_term(deal.start, max(deal.dates))
        day = max(on.day for on in deal.dates)
    else:
        periods, day = per_year(unit), due_day(payments)
    counted = [unit_periods(deal.start, on, unit, day) for on in deal.dates]
    note = f"unit-period: {unit}, {periods} a year"
    return Timeline([time for time, _ in counted], [part for _, part in counted], 1, periods, (note,))


def _by_years(deal: Transaction) -> Timeline:
    """Annex I, remark (c): whole years, months or weeks counted back, the remaining days over 365 or 366."""
    unit, when = _years_of(deal, leap=True)
    return over_years(when, Fraction(1), (f"time counted in units of {unit}, remaining days over the year they end",))


def _by_months(deal: Transaction) -> Timeline:
    unit, when = _years_of(deal, leap=False)
    return over_years(when, Fraction(1), (f"time counted in units of {unit}, remaining days over 365",))


def _by_months_simple(deal: Transaction) -> Timeline:
    unit, when = _years_of(deal, leap=False)
    period = deal.unit or unit_period(*deal.sides()) or MONTH
    note = f"time counted in units of {unit}, remaining days over 365; the rate per {period} times {per_year(period)}"
    return over_years(when, per_year(period), (note,))


def _years_of(deal: Transaction, *, leap: bool) -> tuple[Frequency, list[Fraction]]:
    advances, payments = deal.sides()
    unit = _named_unit(deal.unit) or year_unit(advances, payments)
    day = due_day(payments if len(set(payments)) > 1 else deal.dates)
    return unit, [years(deal.start, on, unit, day, leap=leap) for on in deal.dates]


def _named_unit(unit: Frequency | None) -> Frequency | None:
    """The unit of a stated frequency that the European rule knows: years, months or weeks; None for the others."""
    if unit is None or unit.unit in ("day", "semi-month"):
        return None
    if unit.unit == "week":
        return WEEK
    return MONTH if unit.number % 12 else YEAR


def over_years(when: Sequence[Fraction], periods: Fraction, assumptions: tuple[str, ...]) -> Timeline:
    """Times in years as whole units of one fraction of a year, which the period of the rate is a multiple of."""
    unit = lcm(periods.numerator, *(time.denominator for time in when))
    return Timeline([int(time * unit) for time in when], (), int(unit / periods), periods, assumptions)


RULES = {
    rule.name: rule
    for rule in (
        AprRule(
            "us-reg-z",
            "United States: annual percentage rate of closed-end credit, actuarial method",
            2,
            "12 CFR Part 1026 (Regulation Z), Appendix J (b)",
            "equation and examples verified; wording of (b)(4) and (b)(5) recalled, unverified",
            _by_unit_periods,
            ("every fee in the plan is a finance charge", "minor irregularities of 1026.17(c)(4) are not disregarded"),
        ),
        AprRule(
            "eu",
            "European Union: annual percentage rate of charge",
            1,
            "Directive 2008/48/EC, Annex I (Directive 2014/17/EU, Annex I; Directive (EU) 2023/2225, Annex III)",
            "equation, counting of time and examples verified; the annex number of 2023/2225 recalled, unverified",
            _by_years,
            ("every fee in the plan is part of the total cost of the credit",),
        ),
        AprRule(
            "cn",
            "China: annualized loan rate (贷款年化利率), compounded, by the internal rate of return",
            2,
            "中国人民银行公告〔2021〕第3号 (31 March 2021)",
            "verified in reports of it: all directly related costs over the principal really used, compounded (the "
            "internal rate of return) or simple and labeled so; recalled, unverified: how the rate of a period becomes "
            "yearly, and the decimals printed",
            _by_months,
            ("compounded (复利)", "two decimals are ours"),
        ),
        AprRule(
            "cn-simple",
            "China: annualized loan rate (贷款年化利率), simple (单利)",
            2,
            "中国人民银行公告〔2021〕第3号 (31 March 2021)",
            "verified in reports of it: a simple rate is allowed if labeled so; recalled, unverified: read here as the "
            "internal rate of a period times the periods in a year, and the decimals printed",
            _by_months_simple,
            ("simple (单利): not compounded; to be labeled so", "two decimals are ours"),
        ),
    )
}
"""The rules that `apr` knows, by name."""

RULE_NAMES = Names(
    "rule",
    {
        "us-reg-z": ["us", "reg z", "regulation z", "tila", "appendix j"],
        "eu": ["aprc", "taeg", "eu ccd", "2008/48/EC"],
        "cn": ["年化利率", "贷款年化利率", "复利", "cn-compound"],
        "cn-simple": ["单利", "单利年化利率"],
    },
)
