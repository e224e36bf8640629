"""Loan: the agreed terms, validated, and the plan they make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from loancalc import amortization
from loancalc.allocation import Allocation
from loancalc.amortization import Columns, Factor
from loancalc.dates import DateLike, read_date
from loancalc.daycount import DayCount
from loancalc.errors import InvalidDate, InvalidTerms
from loancalc.fees import Fee
from loancalc.late_terms import LateTerms
from loancalc.money import Amount, currency_code, currency_digits, format_minor, read_decimal, to_minor
from loancalc.names import COMPONENT_NAMES, Component, Names
from loancalc.periods import Frequency, date_at, dates_from, stub_share
from loancalc.rates import Rate
from loancalc.rounding import Rounding
from loancalc.schedule import Basis, Schedule, show_ratio

METHODS = Names(
    "method",
    {
        "annuity": ["level payment", "equal installments", "等额本息", "price", "ANN"],
        "equal_principal": ["等额本金", "SAC"],
        "interest_only": ["interest only then principal", "interest only bullet", "先息后本", "按期付息到期还本"],
        "lump_sum": ["bullet", "一次性还本付息", "到期一次还本付息", "利随本清"],
        "flat": ["add-on", "flat add-on", "等本等息"],
    },
)
_ACCRUALS = Names("accrual", {"scheduled": ["按期计息"], "daily": ["simple interest", "随借随还", "按日计息"]})
_EARLY = Names("early", {"hold": ["暂存"], "apply": ["立即冲账"]})
_PAYMENTS = Names("payment", {"level": [], "nominal": []})
_DEFAULT_EARLY = {"scheduled": "hold", "daily": "apply"}


@dataclass(frozen=True, init=False, repr=False)
class Loan:
    """The terms of one loan, as agreed.

    Args:
        principal: Amount lent, in units of the currency.
        rate: With its unit in text ("12%", "1%/month", "0.05%/day", "日息万分之五"), or a yearly fraction below 1.
        start: The first day that bears interest (起息日).
        installments: Number of installments; or
        end: the maturity date.
        every: Length of a period: "1 month", "2 weeks", "10 days", "3 months", "1 year".
        method: "annuity" (等额本息), "equal_principal" (等额本金), "interest_only" (先息后本), "lump_sum"
            (一次性还本付息) or "flat" (等本等息).
        day_count: How nights become a share of a year. "periodic" by default where periods are months, quarters,
            years or weeks; it must be given for a lump sum and for periods of days, and a rate per day takes none.
        currency: ISO 4217 code; fixes the minor unit (2 decimals where none is given).
        rounding: A `Rounding`, the name of its mode, or "none".
        accrual: "scheduled" (the plan's interest stands whatever day a payment comes) or "daily" (every night bears
            interest on the principal outstanding, 随借随还).
        early: What money that comes early does: "hold" (default of scheduled loans) or "apply" (default of daily ones).
        allocation: An `Allocation` or the name of a preset.
        late: `LateTerms`; nothing is charged for lateness without them.
        fees: Agreed fees.
        first_due: The first due date where it is not one period after the start; later ones are counted from it.
        month_end: Due dates are the last days of their months.
        payment: "level" (solved over the real periods), "nominal" (on rate over periods a year) or a stated amount.
        level: For "flat" with an actual day count: keep the installment equal and make principal the difference.
        past_due_counts: Late components that keep an installment past due beside principal, interest and fee.

    Raises:
        InvalidTerms: If the terms do not describe a loan, or need a term that was not given.

    Examples:
        >>> loan = Loan(principal=12_000, rate="12%", start="2026-01-15", installments=12)
        >>> print(loan.schedule()[-1])
        Installment 12, due 2027-01-15: principal 1055.58, interest 10.56, total 1066.14, balance 0.00
    """

    principal: Decimal
    rate: Rate
    start: date
    installments: int
    every: Frequency
    method: str
    day_count: DayCount | None
    currency: str | None
    rounding: Rounding
    accrual: str
    early: str
    allocation: Allocation
    late: LateTerms | None
    fees: tuple[Fee, ...]
    end: date | None
    first_due: date | None
    month_end: bool
    payment: Decimal | str
    level: bool
    past_due_counts: tuple[Component, ...]
    principal_minor: int = field(compare=False)
    defaulted: frozenset[str] = field(compare=False)

    def __init__(
        self,
        principal: Amount,
        rate: Rate | Amount | Fraction,
        start: DateLike,
        *,
        installments: int | None = None,
        end: DateLike | None = None,
        every: Frequency | str = "1 month",
        method: str = "annuity",
        day_count: DayCount | str | None = None,
        currency: str | None = None,
        rounding: Rounding | str | None = None,
        accrual: str = "scheduled",
        early: str | None = None,
        allocation: Allocation | str | None = None,
        late: LateTerms | None = None,
        fees: Iterable[Fee] | Fee = (),
        first_due: DateLike | None = None,
        month_end: bool = False,
        payment: Amount = "level",
        level: bool = False,
        past_due_counts: Iterable[str] = (),
    ) -> None:
        put = object.__setattr__
        given = {"allocation": allocation, "early": early, "day_count": day_count, "currency": currency, "late": late}
        put(self, "defaulted", frozenset(name for name, value in given.items() if value is None))
        put(self, "currency", currency_code(currency))
        digits = currency_digits(self.currency)
        lent = to_minor(principal, digits, "principal")
        if lent <= 0:
            raise InvalidTerms(f"principal: got {principal}; expected more than 0")
        put(self, "principal", read_decimal(principal, "principal"))
        put(self, "principal_minor", lent)
        put(self, "rate", Rate.parse(rate))
        put(self, "start", read_date(start, "start"))
        put(self, "every", every if isinstance(every, Frequency) else Frequency.parse(every, "every"))
        put(self, "method", METHODS.find(method))
        put(self, "month_end", bool(month_end))
        put(self, "first_due", None if first_due is None else read_date(first_due, "first_due"))
        put(self, "end", None if end is None else read_date(end, "end"))
        put(self, "installments", self._count(installments))
        put(self, "day_count", self._convention(day_count))
        put(self, "rounding", Rounding.of(rounding))
        put(self, "accrual", _ACCRUALS.find(accrual))
        put(self, "early", _DEFAULT_EARLY[self.accrual] if early is None else _EARLY.find(early))
        put(self, "allocation", Allocation.of(allocation or "cost-interest-principal"))
        put(self, "late", late)
        put(self, "fees", (fees,) if isinstance(fees, Fee) else tuple(fees))
        put(self, "payment", self._payment(payment))
        put(self, "level", bool(level))
        put(self, "past_due_counts", tuple(COMPONENT_NAMES.find(name, "past_due_counts") for name in past_due_counts))
        self._check_together()

    def _count(self, installments: int | None) -> int:
        if (installments is None) == (self.end is None):
            raise InvalidTerms(
                f"installments: got {installments!r} with end={self.end!s}; expected exactly one of installments and end"
            )
        if self.end is None:
            return amortization.check_installments(installments)
        if self.end <= self.start:
            raise InvalidDate(f"end: got {self.end}; expected a day after start, {self.start}")
        if self.method == "lump_sum":
            return 1
        return self._count_to(self.end)

    def _count_to(self, end: date) -> int:
        """How many due dates there are up to `end`, which has to be one of them."""
        low, high = 1, 2
        while self._due(high) < end:
            low, high = high, 2 * high
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self._due(middle) < end else (low, middle)
        if self._due(low) != end:
            before = f"{self._due(low - 1)} or " if low > 1 else ""
            raise InvalidTerms(f"end: got {end}; expected a due date, such as {before}{self._due(low)}")
        return low

    def _due(self, number: int) -> date:
        if self.first_due is None:
            return date_at(self.start, self.every, number, self.month_end)
        return date_at(self.first_due, self.every, number - 1, self.month_end)

    def _convention(self, day_count: DayCount | str | None) -> DayCount | None:
        if self.rate.per == "day":
            if day_count is not None:
                raise InvalidTerms(
                    f"day_count: got {str(day_count)!r} with rate {self.rate}; a rate per day accrues per night and takes none"
                )
            return None
        if day_count is None:
            if self.every.year_share is None or self.method == "lump_sum":
                reason = "a lump sum" if self.method == "lump_sum" else f"periods of {self.every}"
                choices = ", ".join(str(choice) for choice in DayCount if not choice.needs_context)
                raise InvalidTerms(f"day_count: missing; {reason} at {self.rate} needs one of: {choices}")
            return DayCount.PERIODIC
        convention = DayCount.parse(day_count)
        if convention is DayCount.PERIODIC:
            if self.every.year_share is None or (self.method == "lump_sum" and self.end is not None):
                raise InvalidTerms(
                    "day_count: got 'periodic'; expected a convention that counts days where periods are not months or weeks"
                )
        elif convention.needs_context:
            raise InvalidTerms(
                f"day_count: got {str(convention)!r}; expected 'periodic' or a convention that needs only two dates"
            )
        return convention

    def _payment(self, payment: Amount) -> Decimal | str:
        if isinstance(payment, str) and not any(character.isdigit() for character in payment):
            name = _PAYMENTS.find(payment)
            if name == "nominal" and (self.every.year_share is None or self.rate.per == "day"):
                raise InvalidTerms(
                    "payment: got 'nominal'; expected 'level' or an amount where the periods have no number a year"
                )
            return name
        if to_minor(payment, self.digits, "payment") <= 0:
            raise InvalidTerms(f"payment: got {payment}; expected more than 0")
        return read_decimal(payment, "payment")

    def _check_together(self) -> None:
        if self.late is not None:
            if not isinstance(self.late, LateTerms):
                raise InvalidTerms(f"late: got {self.late!r}; expected LateTerms")
            if self.late.interest is not None:
                self.late.interest.over(self.rate)
        for fee in self.fees:
            if not isinstance(fee, Fee):
                raise InvalidTerms(f"fees: got {fee!r}; expected Fee")
            to_minor(fee.amount, self.digits, "fees.amount")
        if self.first_due is not None and self.first_due <= self.start:
            raise InvalidDate(f"first_due: got {self.first_due}; expected a day after start, {self.start}")
        if self.level and self.method != "flat":
            raise InvalidTerms(f"level: got True with method {self.method!r}; it belongs to 'flat'")
        if self.payment != "level" and self.method != "annuity":
            raise InvalidTerms(f"payment: got {self.payment!r} with method {self.method!r}; it belongs to 'annuity'")
        if self.accrual == "daily":
            if self.method == "flat":
                raise InvalidTerms(
                    "accrual: got 'daily' with method 'flat'; flat interest does not follow the principal outstanding"
                )
            if self.rounding.residue in ("last-interest", "visible"):
                raise InvalidTerms(
                    f"rounding.residue: got {self.rounding.residue!r} with accrual 'daily'; the last installment clears what is owed"
                )

    def with_allocation(self, allocation: Allocation | str) -> Loan:
        """The same loan with another order of allocation.

        >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
        >>> loan.with_allocation("oldest-installment-first").allocation.direction
        'horizontal'
        """
        other = copy(self)
        object.__setattr__(other, "allocation", Allocation.of(allocation))
        object.__setattr__(other, "defaulted", self.defaulted - {"allocation"})
        return other

    def __repr__(self) -> str:
        terms: dict[str, object] = {"rate": str(self.rate), "start": str(self.start)}
        terms |= {"installments": self.installments} if self.end is None else {"end": str(self.end)}
        terms |= {"every": str(self.every), "method": self.method}
        optional = {
            "day_count": self.day_count and str(self.day_count), "currency": self.currency, "accrual": self.accrual,
            "early": self.early, "late": self.late, "fees": list(self.fees), "month_end": self.month_end,
            "first_due": self.first_due and str(self.first_due), "level": self.level, "past_due_counts": self.past_due_counts,
        }  # fmt: skip
        terms |= {name: value for name, value in optional.items() if value}
        if "allocation" not in self.defaulted:
            terms["allocation"] = self.allocation.name or self.allocation
        if self.rounding != Rounding():
            terms["rounding"] = self.rounding
        if self.payment != "level":
            terms["payment"] = str(self.payment)
        return f"Loan('{self.principal}', {', '.join(f'{name}={value!r}' for name, value in terms.items())})"

    @property
    def digits(self) -> int:
        """Decimals of the currency's minor unit."""
        return currency_digits(self.currency)

    @cached_property
    def dates(self) -> tuple[date, ...]:
        """The start, then every due date: installment n runs from `dates[n - 1]` to `dates[n]`."""
        if self.method == "lump_sum":
            return self.start, self.end or self._due(self.installments)
        if self.first_due is None:
            return self.start, *dates_from(self.start, self.every, self.installments, month_end=self.month_end)
        later = dates_from(self.first_due, self.every, self.installments - 1, month_end=self.month_end)
        return self.start, self.first_due, *later

    @cached_property
    def first_is_regular(self) -> bool:
        """Whether the first period has its full regular length."""
        if self.first_due is None:
            return (
                not self.month_end
                or dates_from(self.start, self.every, 0 + 1, month_end=True, first=0)[0] == self.start
            )
        return (
            date_at(self.first_due, self.every, -1, self.month_end) == self.start
            or date_at(self.start, self.every, 1, self.month_end) == self.first_due
        )

    def share(self, number: int) -> Factor:
        """Length of period `number` (1 is the first) as a share of a year, as a ratio; nights for a rate per day."""
        start, end = self.dates[number - 1], self.dates[number]
        if self.day_count is None:
            return (end - start).days, 1
        if self.day_count is not DayCount.PERIODIC:
            return self.day_count.ratio(start, end)
        if self.method == "lump_sum":
            return (self._period_share * self.installments).as_integer_ratio()
        if number == 1 and not self.first_is_regular:
            share = stub_share(start, end, self.every, regular_side="end", month_end=self.month_end)
            return share.as_integer_ratio()
        return self._period_share.as_integer_ratio()

    @property
    def _period_share(self) -> Fraction:
        assert self.every.year_share is not None, "checked when the terms were made"
        return self.every.year_share

    @cached_property
    def factors(self) -> Sequence[Factor]:
        """Interest per unit of principal of every period, exact."""
        rate, count = self.rate, len(self.dates) - 1
        if self.day_count is DayCount.PERIODIC and self.method != "lump_sum":
            regular = rate.factor(self._period_share.as_integer_ratio(), 0)
            first = regular if self.first_is_regular else rate.factor(self.share(1), 0)
            return [first] + [regular] * (count - 1)
        if self.day_count is None:
            numerator, denominator = rate.value.as_integer_ratio()
            return [(numerator * (end - start).days, denominator) for start, end in pairwise(self.dates)]
        return [rate.factor(self.share(number), 0) for number in range(1, count + 1)]

    def interest_factor(self, number: int, start: date, end: date) -> Factor:
        """Interest per unit of principal over a part of period `number`, from `start` to `end`, exact.

        A part of a regular period is shared by its actual days (ACT/ACT ICMA on the loan's own periods). After the last
        period its nights go on counting as they did.
        """
        nights = (end - start).days
        if self.day_count is None:
            return self.rate.factor((nights, 1), nights)
        if self.day_count is not DayCount.PERIODIC:
            return self.rate.factor(self.day_count.ratio(start, end), nights)
        share, whole = self.share(number)
        period = (self.dates[number] - self.dates[number - 1]).days
        return self.rate.factor((share * nights, whole * period), nights)

    def interest_to_date(self, number: int, day: date) -> tuple[int, str]:
        """Planned interest of period `number` up to a day, rounded, in minor units; and its calculation as text."""
        on_original = number == 1 or self.method in ("flat", "lump_sum")
        balance = self.principal_minor if on_original else self._columns.balance[number - 2]
        start = self.dates[number - 1]
        numerator, denominator = self.interest_factor(number, start, day)
        amount = self.rounding.divide("interest")(balance * numerator, denominator)
        exact = show_ratio(balance * numerator, denominator, self.digits)
        rate = str(self.rate).removesuffix("/year")
        how = (
            f"{format_minor(balance, self.digits)} x {rate} x {self._time(number, start, day)} = {exact} -> "
            f"{format_minor(amount, self.digits)}"
        )
        return amount, how

    def _time(self, number: int, start: date, end: date) -> str:
        """A part of a period as text: "31/360", "9 nights", or "1/12 x 9/30" of a periodic one."""
        nights = (end - start).days
        if self.day_count is None:
            return f"{nights} nights"
        if self.day_count is not DayCount.PERIODIC:
            share, whole = self.day_count.ratio(start, end)
            return f"{share}/{whole}"
        share, whole = self.share(number)
        return f"{share}/{whole} x {nights}/{(self.dates[number] - self.dates[number - 1]).days}"

    @cached_property
    def _columns(self) -> Columns:
        rounding = self.rounding
        lent = self.principal_minor * 10**rounding.unit_places
        digits = self.digits + rounding.unit_places
        factors = self.factors
        if self.method == "annuity":
            return amortization.annuity(lent, factors, rounding, payment=self._stated_payment(lent), digits=digits)
        if self.method == "equal_principal":
            return amortization.equal_principal(lent, factors, rounding, digits=digits)
        if self.method == "interest_only":
            return amortization.interest_only(lent, factors, rounding)
        if self.method == "lump_sum":
            return amortization.lump_sum(lent, factors[0], rounding)
        return amortization.flat(lent, factors, rounding, level=self.level, digits=digits)

    def _stated_payment(self, lent: int) -> int | None:
        if self.payment == "level":
            return None
        if self.payment == "nominal":
            factor = self.rate.factor(self._period_share.as_integer_ratio(), 0)
            exact = amortization.level_payment(lent, [factor] * self.installments)
            return self.rounding.divide("installment")(*exact)
        return to_minor(self.payment, self.digits + self.rounding.unit_places, "payment")

    @cached_property
    def fee_minor(self) -> int:
        """The agreed fees due with each installment, in minor units."""
        return sum(to_minor(fee.amount, self.digits, "fees.amount") for fee in self.fees)

    @cached_property
    def _schedule(self) -> Schedule:
        columns = self._columns
        places = self.rounding.unit_places
        return Schedule(
            columns=columns,
            principal_lent=self.principal_minor * 10**places,
            digits=self.digits + places,
            dates=self.dates[: len(columns.principal) + 1],
            fee=self.fee_minor * 10**places,
            basis=Basis(
                factors=self.factors,
                rate=str(self.rate).removesuffix("/year"),
                shares=_Shares(self),
                rounding=self.rounding,
                on_original=self.method in ("flat", "lump_sum"),
                split_total=self.method == "flat" and self.factors.count(self.factors[0]) == len(self.factors),
            ),
            currency=self.currency,
            assumptions=self.assumptions,
        )

    def schedule(self) -> Schedule:
        """The plan: one row per installment, to the minor unit. The same object every time it is asked for."""
        return self._schedule

    @cached_property
    def assumptions(self) -> tuple[str, ...]:
        """The defaults of this loan that its figures rest on."""
        notes = []
        if self.day_count is DayCount.PERIODIC:
            notes.append(
                f"day_count 'periodic': every regular period of {self.every} is {self._period_share} of a year"
            )
        if self.rate.per == "month":
            notes.append(f"rate {self.rate}: twelve times that a year")
        if self.currency is None:
            notes.append("no currency given: amounts have 2 decimals")
        if self._columns.ended_early:
            notes.append(
                f"rounding repays early: {self._columns.ended_early} fewer installments than the {self.installments} agreed"
            )
        if len(self.dates) > 2 and not self.first_is_regular:
            notes.append(
                f"the first period, {self.dates[0]} to {self.dates[1]}, is not regular; its interest is in the level payment"
            )
        return tuple(notes)


class _Shares(Sequence[str]):
    """Each period's time as text, made when asked for."""

    def __init__(self, loan: Loan) -> None:
        self._loan = loan

    def __len__(self) -> int:
        return len(self._loan.dates) - 1

    def __getitem__(self, index: int) -> str:  # type: ignore[override]  # rows are looked up one by one
        share, whole = self._loan.share(index + 1)
        return f"{share} nights" if self._loan.day_count is None else f"{share}/{whole}"
