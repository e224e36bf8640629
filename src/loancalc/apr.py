"""APR by named rule: how each jurisdiction counts time, compounds and prints the yearly cost of credit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import lcm

from loancalc.cost import Repayable, dated_amounts, flows_of, only, rate_of, solved, whole_amounts
from loancalc.dates import DateLike
from loancalc.errors import InvalidTerms
from loancalc.frequency import Frequency
from loancalc.intervals import MONTH, due_day, per_year, single_term, unit_period, unit_periods, year_unit, years
from loancalc.money import Amount, to_decimal
from loancalc.names import Names
from loancalc.rounding import divider

ExactTime = int | Fraction | Decimal | str
"""A time or a number of periods, exact: 3, Fraction(6, 15), "6/15", Decimal("1.5")."""


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
        """The dates of the advances and of the payments; what comes first is an advance."""
        pairs = sorted(zip(self.dates, self.amounts, strict=True), key=lambda pair: pair[0])
        lead = sum(amount for on, amount in pairs if on == self.start) or pairs[0][1]
        advances = [on for on, amount in pairs if amount and (amount < 0) is (lead < 0)]
        return advances, [on for on, amount in pairs if amount and (amount < 0) is not (lead < 0)] or advances


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


@dataclass(frozen=True, slots=True)
class Apr:
    """A yearly cost of credit by a named rule. `float()` of it is the rate.

    Args:
        rate: A fraction, not rounded.
        percent: As the rule prints it.
        rule: The rule's name.
        source: Where the rule stands.
        status: How surely its text is known.
        assumptions: What the figure rests on.
    """

    rate: float
    percent: Decimal
    rule: str
    source: str
    status: str
    assumptions: tuple[str, ...]

    def __float__(self) -> float:
        return self.rate

    def __str__(self) -> str:
        return f"{self.percent} % ({self.rule})"


def apr(
    loan_or_amounts: Repayable | Iterable[Amount],
    dates: Iterable[DateLike] | None = None,
    *,
    rule: str,
    unit_period: Frequency | str | None = None,
) -> Apr:
    """The yearly cost of a loan, or of dated amounts, by a named rule.

    Args:
        loan_or_amounts: A loan (its agreed fees count as cost), or amounts: paid out negative, received positive.
        dates: One for each amount.
        rule: "us-reg-z", "eu", "cn" (compounded, 复利) or "cn-simple" (单利).
        unit_period: The period in which time is counted, such as "month"; the loan's own, or what the rule reads from
            the dates, where it is not given.

    Raises:
        UnknownName: For a rule that is not known; the message lists the nearest.
        InvalidTerms: If amounts come without dates, or a loan with them.
        SeveralRates: If more than one rate solves the rule's equation; `roots` has them all.
        NoSolution: If none does.

    Source: each result names the law it follows; see `RULES`.

    Examples:
        >>> print(apr([-1000, 1080], ["1978-01-03", "1978-09-15"], rule="us-reg-z"))
        11.45 % (us-reg-z)
        >>> from loancalc.loan import Loan
        >>> loan = Loan(principal=12_000, rate="12%", start="2026-01-15", installments=12)
        >>> [str(apr(loan, rule=rule)) for rule in ("us-reg-z", "eu", "cn")]
        ['12.00 % (us-reg-z)', '12.7 % (eu)', '12.68 % (cn)']
    """
    known = RULES[_NAMES.find(rule)]
    unit = None if unit_period is None else Frequency.parse(unit_period, "unit_period")
    if isinstance(loan_or_amounts, Repayable):
        if dates is not None:
            raise InvalidTerms("dates: given with a loan, which has its own; expected amounts with dates, or a loan")
        flows = flows_of(loan_or_amounts)
        amounts, on = whole_amounts([flow.amount for flow in flows]), [flow.on for flow in flows]
        unit = unit or (loan_or_amounts.every if len(flows) > 2 else None)
    elif dates is None:
        raise InvalidTerms("dates: missing; expected one for each amount")
    else:
        amounts, on = dated_amounts(loan_or_amounts, dates)
    if not any(amounts):
        solved(amounts, range(len(amounts)))
    return _result(known, amounts, known.timeline(Transaction(amounts, on, unit)))


def apr_by_unit_periods(
    advances: Iterable[tuple[Amount, int] | tuple[Amount, int, ExactTime]],
    payments: Iterable[tuple[Amount, int] | tuple[Amount, int, ExactTime]],
    *,
    per_year: ExactTime,
) -> Apr:
    """The APR by the general equation of Regulation Z, Appendix J (b)(8), from unit-periods already counted.

    Args:
        advances: Amount, full unit-periods from the first advance, and the fraction of one beyond them (0 if left out).
        payments: Likewise.
        per_year: Unit-periods in a year.

    Raises:
        InvalidTerms: For a fraction outside 0 to 1, unit-periods that are not whole, or none in a year.
        SeveralRates, NoSolution: As `apr`.

    Source: 12 CFR Part 1026, Appendix J (b)(8).

    Examples:
        >>> payments = [("219.17", number, "6/15") for number in range(24)]
        >>> print(apr_by_unit_periods([(5000, 0)], payments, per_year=24))
        10.34 % (us-reg-z)
    """
    paid, received = [(*term, 0)[:3] for term in advances], [(*term, 0)[:3] for term in payments]
    amounts = _signed([term[0] for term in paid], [term[0] for term in received])
    fractions = [_exact(term[2], "fraction") for term in (*paid, *received)]
    times = [_exact(term[1], "unit-periods") for term in (*paid, *received)]
    for time, fraction in zip(times, fractions, strict=True):
        if time.denominator != 1:
            raise InvalidTerms(f"unit-periods: got {time}; expected a whole number, the fraction apart")
        if not 0 <= fraction < 1:
            raise InvalidTerms(f"fraction: got {fraction}; expected 0 or more and below 1")
    periods = _exact(per_year, "per_year")
    if periods <= 0:
        raise InvalidTerms(f"per_year: got {per_year}; expected more than 0")
    timeline = Timeline([int(time) for time in times], fractions, 1, periods, (f"{periods} unit-periods a year",))
    return _result(RULES["us-reg-z"], amounts, timeline)


def apr_by_years(
    advances: Iterable[tuple[Amount, ExactTime]], payments: Iterable[tuple[Amount, ExactTime]], *, rule: str = "eu"
) -> Apr:
    """The yearly effective cost from times already counted, in years from the first advance.

    Args:
        advances: Amount and years, exact.
        payments: Likewise, charges included.
        rule: "eu" or "cn", which differ in how they count and print.

    Raises:
        InvalidTerms: For a rule that does not count in years.
        SeveralRates, NoSolution: As `apr`.

    Source: Directive 2008/48/EC, Annex I, part I.

    Examples:
        >>> print(apr_by_years([(200_000, 0)], [(4000, 0)] + [("1432.86", f"{n}/12") for n in range(1, 241)]))
        6.4 % (eu)
    """
    known = RULES[_NAMES.find(rule)]
    if known.name not in ("eu", "cn"):
        raise InvalidTerms(f"rule: got {rule!r}; expected one that compounds over years: eu, cn")
    paid, received = list(advances), list(payments)
    amounts = _signed([amount for amount, _ in paid], [amount for amount, _ in received])
    when = [_exact(time, "years") for _, time in (*paid, *received)]
    return _result(known, amounts, _over_years(when, Fraction(1), ("times as given",)))


def _signed(advances: Sequence[Amount], payments: Sequence[Amount]) -> list[int]:
    amounts = whole_amounts([*advances, *payments])
    return [-amount for amount in amounts[: len(advances)]] + amounts[len(advances) :]


def _exact(value: ExactTime, field: str) -> Fraction:
    if isinstance(value, int | Fraction | Decimal | str) and not isinstance(value, bool):
        try:
            return Fraction(value)
        except (ValueError, OverflowError, ZeroDivisionError):
            pass
    raise InvalidTerms(f"{field}: got {value!r}; expected a whole number, a Fraction, a Decimal or text such as '6/15'")


def _result(rule: AprRule, amounts: Sequence[int], timeline: Timeline) -> Apr:
    found = solved(amounts, timeline.times, timeline.fractions)
    rate = only([float(Fraction(rate_of(growth, timeline.units)) * timeline.per_year) for growth in found], "rates")
    top, bottom = rate.as_integer_ratio()
    percent = to_decimal(divider("half-up", 1)(top * 10 ** (2 + rule.places), bottom), rule.places)
    return Apr(rate, percent, rule.name, rule.source, rule.status, rule.assumptions + timeline.assumptions)


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
    return _over_years(when, Fraction(1), (f"time counted in units of {unit}, remaining days over the year they end",))


def _by_months(deal: Transaction) -> Timeline:
    unit, when = _years_of(deal, leap=False)
    return _over_years(when, Fraction(1), (f"time counted in units of {unit}, remaining days over 365",))


def _by_months_simple(deal: Transaction) -> Timeline:
    unit, when = _years_of(deal, leap=False)
    period = deal.unit or unit_period(*deal.sides()) or MONTH
    note = f"time counted in units of {unit}, remaining days over 365; the rate per {period} times {per_year(period)}"
    return _over_years(when, per_year(period), (note,))


def _years_of(deal: Transaction, *, leap: bool) -> tuple[Frequency, list[Fraction]]:
    advances, payments = deal.sides()
    unit = year_unit(advances, payments)
    day = due_day(payments if len(set(payments)) > 1 else deal.dates)
    return unit, [years(deal.start, on, unit, day, leap=leap) for on in deal.dates]


def _over_years(when: Sequence[Fraction], periods: Fraction, assumptions: tuple[str, ...]) -> Timeline:
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

_NAMES = Names(
    "rule",
    {
        "us-reg-z": ["us", "reg z", "regulation z", "tila", "appendix j"],
        "eu": ["aprc", "taeg", "eu ccd", "2008/48/EC"],
        "cn": ["年化利率", "贷款年化利率", "复利", "cn-compound"],
        "cn-simple": ["单利", "单利年化利率"],
    },
)
