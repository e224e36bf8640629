"""APR: the yearly cost of a loan, or of dated amounts, by a named rule of law."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from loancalc.errors import InvalidTerms
from loancalc.meaning.apr_rules import RULE_NAMES, RULES, AprRule, Timeline, Transaction, over_years
from loancalc.meaning.flows import Repayable, dated_amounts, flows_of, netted, only, rate_of, solved, whole_amounts
from loancalc.time.frequency import Frequency
from loancalc.values.dates import DateLike
from loancalc.values.listed import pairs_of, tuples_of
from loancalc.values.money import Amount, to_decimal
from loancalc.values.rounding import divider

ExactTime = int | Fraction | Decimal | str
"""A time or a number of periods, exact: 3, Fraction(6, 15), "6/15", Decimal("1.5")."""


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

    >>> from loancalc import Loan, apr
    >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
    >>> yearly = apr(loan, rule="eu")
    >>> float(yearly), yearly.percent, yearly.status
    (0.1268225778527225, Decimal('12.7'), 'equation, counting of time and examples verified; the annex number of 2023/2225 recalled, unverified')
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
        >>> from loancalc import Loan
        >>> loan = Loan(principal=12_000, rate="12%", start="2026-01-15", installments=12)
        >>> [str(apr(loan, rule=rule)) for rule in ("us-reg-z", "eu", "cn")]
        ['12.00 % (us-reg-z)', '12.7 % (eu)', '12.68 % (cn)']
    """
    known = RULES[RULE_NAMES.find(rule)]
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
    netted(amounts, [day.toordinal() for day in on])
    return _result(known, amounts, known.timeline(Transaction(amounts, on, unit)))


_DAYS_IN_A_YEAR = 366
_IN_UNIT_PERIODS = "an amount, its full unit-periods, and perhaps the fraction of one beyond them, for each"


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
    paid, received = (
        [(*term, 0)[:3] for term in tuples_of(terms, _IN_UNIT_PERIODS, field, (2, 3))]
        for terms, field in ((advances, "advances"), (payments, "payments"))
    )
    amounts = _signed([term[0] for term in paid], [term[0] for term in received])
    fractions = [_exact(term[2], "fraction") for term in (*paid, *received)]
    times = [_exact(term[1], "unit-periods") for term in (*paid, *received)]
    for time, fraction in zip(times, fractions, strict=True):
        if time.denominator != 1:
            raise InvalidTerms(f"unit-periods: got {time}; expected a whole number, the fraction apart")
        if not 0 <= fraction < 1:
            raise InvalidTerms(f"fraction: got {fraction}; expected 0 or more and below 1")
    periods = _exact(per_year, "per_year")
    if not 0 < periods <= _DAYS_IN_A_YEAR:
        raise InvalidTerms(f"per_year: got {per_year!r}; expected more than 0, and at most {_DAYS_IN_A_YEAR}")
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
    known = RULES[RULE_NAMES.find(rule)]
    if known.name not in ("eu", "cn"):
        raise InvalidTerms(f"rule: got {rule!r}; expected one that compounds over years: eu, cn")
    paid = pairs_of(advances, "pairs of an amount and years", "advances")
    received = pairs_of(payments, "pairs of an amount and years", "payments")
    amounts = _signed([amount for amount, _ in paid], [amount for amount, _ in received])
    when = [_exact(time, "years") for _, time in (*paid, *received)]
    return _result(known, amounts, over_years(when, Fraction(1), ("times as given",)))


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
