"""Loan: the agreed terms, validated, and the plan they make."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import compress
from typing import Self

from loancalc.calendars import BusinessCalendar, CalendarLike, find_calendar
from loancalc.errors import InvalidTerms
from loancalc.lazily import Lazily, cached_property
from loancalc.plan import agreed_rates, planned_interest, terms
from loancalc.plan.agreed_plan import about_how_many, planned, whole_of
from loancalc.plan.agreed_time import time_over, with_down_payments
from loancalc.plan.allocation import Allocation
from loancalc.plan.assumptions import assumptions_of
from loancalc.plan.basis import Basis
from loancalc.plan.charges import agreement_on, charges_of
from loancalc.plan.columns import Columns
from loancalc.plan.continuing import Continued
from loancalc.plan.counted_dates import counted_dates
from loancalc.plan.disbursement import Disbursement, check_charges, disbursement_of, financed_minor, later_disbursements
from loancalc.plan.down_payments import down_payments_of
from loancalc.plan.fees import Fee
from loancalc.plan.first_periods import of_first_period, read_first_period
from loancalc.plan.growing_balances import GrowthLimit, read_limit
from loancalc.plan.late_terms import LateTerms
from loancalc.plan.literals import literal, loan_rows
from loancalc.plan.methods import Method, MethodLike, find_method
from loancalc.plan.prepayment import Prepayment, read_prepayment
from loancalc.plan.schedule import Schedule
from loancalc.plan.sinking_funds import FundPlan, fund_of
from loancalc.plan.taxes import Tax
from loancalc.plan.timeline import Timeline
from loancalc.plan.tranches import Tranche, read_down_payment, read_tranches
from loancalc.plan.waiting import Moratorium, Waiting
from loancalc.time.accrual_periods import Frequency, Periods
from loancalc.time.adjustment import CONVENTIONS
from loancalc.time.daycount import DayCount
from loancalc.time.indexed_rates import CHANGING, IndexedRate
from loancalc.time.rate_path import RatePath
from loancalc.values.dates import DateLike
from loancalc.values.listed import components_of, listed
from loancalc.values.money import Amount, currency_code, currency_digits, read_decimal, to_minor
from loancalc.values.names import Component
from loancalc.values.rates import Rate
from loancalc.values.rounding import Rounding
from loancalc.values.tables import html_table

_MONTHLY = Frequency(1, "month")
_MAY_BE_LEFT_OUT = ("allocation", "early", "day_count", "currency", "late", "every")


@dataclass(frozen=True, init=False, repr=False)
class Loan(Lazily):
    """The terms of one loan, as agreed.

    Args:
        principal: Amount lent, in units of the currency, before fees that are financed.
        rate: With its unit in text ("12%", "1%/month", "0.05%/day", "日息万分之五"), or a yearly fraction below 1; a
            `RatePath` or an `IndexedRate` where it changes.
        start: The first day that bears interest (起息日).
        installments: Number of installments; or
        end: the maturity date. With neither, a stated `payment` decides how many there are.
        every: Length of a period: "1 month" by default, "2 weeks", "10 days", "3 months", "1 year".
        method: "annuity" (等额本息), "annuity_in_advance", "equal_principal" (等额本金), "interest_only" (先息后本),
            "lump_sum" (一次性还本付息), "flat" (等本等息) or "rule_of_78"; a value with parameters, such as
            `Balloon(...)` (气球贷), `Graduated(...)`, `Seasonal(...)`, `GivenPayments(...)` or `GivenPrincipal(...)`;
            or a function from a `Problem` to `Columns`.
        day_count: How nights become a share of a year. "periodic" by default where periods are months, quarters,
            years or weeks; it must be given for a lump sum and for periods of days, and a rate per day takes none.
        currency: ISO 4217 code; fixes the minor unit (2 decimals where none is given).
        rounding: A `Rounding`, the name of its mode, or "none".
        accrual: "scheduled" (the plan's interest stands whatever day a payment comes) or "daily" (every night bears
            interest on the principal outstanding, 随借随还).
        rests: On daily loans, when interest is reckoned anew on what is outstanding: "daily", or on the "due-dates" only
            (monthly rests): until then it runs on what is repaid too.
        early: What money that comes early does: "hold" (default of scheduled loans) or "apply" (default of daily ones).
        allocation: An `Allocation` or the name of a preset.
        late: `LateTerms`; nothing is charged for lateness without them.
        fees: Agreed fees.
        taxes: Taxes on interest, fees or principal.
        prepayment: What early repayment costs; interest to date and no fee without it.
        first_due: The first due date where it is not one period after the start; later ones are counted from it.
        month_end: Due dates are the last days of their months.
        first_period: Who asks for the interest of the days by which the first period differs from the others: "level" (one payment
            is solved over all periods), "interest-added" (the first installment, beside a payment solved as if the period were
            regular) or "interest-apart" (an installment of its own, on the day the first regular period begins).
        payment: "level" (solved over the real periods), "nominal" (on rate over periods a year: Excel's PMT) or an amount.
        level: For "flat" with an actual day count: keep the installment equal and make principal the difference.
        calendar: Business days: a calendar or the name of one ("CN", "TARGET", "US", "WEEKENDS").
        adjust: How a due date that is no business day moves: "following", "modified following", "preceding" ...; needed
            with a calendar. The moved date is the due date for every count.
        interest_moves: Whether the interest period moves with its due date; needed where dates move and days count. On
            daily loans it does.
        periods: Periods laid out by `loancalc.periods`, for everything that the terms above cannot say: skipped months,
            two days of the month, weekdays, other stubs, listed dates, a payment lag. They take the place of `start`,
            `installments`, `end`, `every`, `first_due`, `month_end`, `calendar`, `adjust` and `interest_moves`.
        past_due_counts: Late components that keep an installment past due beside principal, interest and fee.
        moratorium: Installments at the beginning that repay no principal (宽限期).
        tranches: Principal that is paid out later (分次放款), on days agreed from the beginning.
        down_payment: What of the pay-out at the start is paid back on that day: a share such as "25%".
        negative_amortization: How far payments that do not cover the interest may let the balance grow: a share of the
            principal paid out so far such as "115%", or an amount; without it such a payment is an error.
        small_balance: A difference that keeps no loan open: where a payment, or credit when it is applied, differs from
            what pays the loan off by no more than this, what is short is waived, and what is too much the lender keeps.

    Raises:
        InvalidTerms: If the terms do not describe a loan, or need a term that was not given.

    Examples:
        >>> loan = Loan(principal=12_000, rate="12%", start="2026-01-15", installments=12)
        >>> print(loan.schedule()[-1])
        Installment 12, due 2027-01-15: principal 1055.58, interest 10.56, total 1066.14, balance 0.00
    """

    principal: Decimal
    rate: Rate
    rate_path: RatePath | None
    start: date
    installments: int
    every: Frequency | None
    method: MethodLike
    day_count: DayCount | None
    currency: str | None
    rounding: Rounding
    accrual: str
    rests: str
    early: str
    allocation: Allocation
    late: LateTerms | None
    fees: tuple[Fee, ...]
    taxes: tuple[Tax, ...]
    prepayment: Prepayment | None
    end: date | None
    first_due: date | None
    month_end: bool
    first_period: str
    payment: Decimal | str
    level: bool
    calendar: BusinessCalendar | None
    adjust: str | None
    interest_moves: bool
    periods: Periods | None
    past_due_counts: tuple[Component, ...]
    moratorium: Moratorium | None
    tranches: tuple[Tranche, ...]
    down_payment: Fraction
    negative_amortization: str | Fraction | Decimal | None
    small_balance: Decimal
    continues: Continued | None = field(compare=False)
    digits: int = field(compare=False)
    principal_minor: int = field(compare=False)
    repayment: Method = field(compare=False)
    defaulted: frozenset[str] = field(compare=False)

    def __init__(
        self,
        principal: Amount,
        rate: Rate | RatePath | IndexedRate | Amount | Fraction,
        start: DateLike | None = None,
        *,
        installments: int | None = None,
        end: DateLike | None = None,
        every: Frequency | str | None = None,
        method: MethodLike = "annuity",
        day_count: DayCount | str | None = None,
        currency: str | None = None,
        rounding: Rounding | str | None = None,
        accrual: str = "scheduled",
        rests: str = "daily",
        early: str | None = None,
        allocation: Allocation | str | None = None,
        late: LateTerms | None = None,
        fees: Iterable[Fee] | Fee = (),
        taxes: Iterable[Tax] | Tax = (),
        prepayment: Prepayment | None = None,
        first_due: DateLike | None = None,
        month_end: bool = False,
        first_period: str = "level",
        payment: Amount = "level",
        level: bool = False,
        calendar: CalendarLike = None,
        adjust: str | None = None,
        interest_moves: bool | None = None,
        periods: Periods | None = None,
        past_due_counts: Iterable[str] = (),
        moratorium: Moratorium | None = None,
        tranches: Iterable[Tranche] | Tranche = (),
        down_payment: str | Fraction | Decimal | None = None,
        negative_amortization: GrowthLimit | None = None,
        small_balance: Amount = 0,
    ) -> None:
        own = vars(self)
        silent = allocation is None, early is None, day_count is None, currency is None, late is None, every is None
        own["defaulted"] = frozenset(compress(_MAY_BE_LEFT_OUT, silent))
        own["currency"] = currency = currency_code(currency)
        own["digits"] = digits = currency_digits(currency)
        lent = to_minor(principal, digits, "principal")
        if lent <= 0:
            raise InvalidTerms(f"principal: got {principal}; expected more than 0")
        own["principal"] = read_decimal(principal, "principal")
        own["rate"] = first_rate = agreed_rates.first_rate(rate, start, periods)
        own["repayment"] = repayment = find_method(method)
        name = repayment.name
        own["method"] = method if not isinstance(method, str) else name
        own["rounding"] = rounding = Rounding.of(rounding)
        own["accrual"] = accrual = terms.accrual(accrual, name, rounding)
        own["rests"] = terms.rests(rests, accrual)
        own["periods"] = periods
        if periods is None:
            open_end = installments is None and end is None and not terms.is_word(payment)
            count = 1 if open_end else installments
            own.update(
                counted_dates(start, count, end, every, first_due, month_end, name, read_first_period(first_period))
            )
            own["day_count"] = day_count = terms.day_count(day_count, first_rate, self.every, name, self.end)
            own["calendar"] = calendar = None if calendar is None else find_calendar(calendar)
            own["adjust"] = adjust = None if adjust is None else CONVENTIONS.find(adjust)
            own["interest_moves"] = terms.interest_moves(interest_moves, calendar, adjust, day_count, accrual)
        else:
            open_end = False
            others = {
                "start": start, "installments": installments, "end": end, "every": every, "first_due": first_due,
                "month_end": month_end, "calendar": calendar, "adjust": adjust, "interest_moves": interest_moves,
                "first_period": None if first_period == "level" else first_period,
            }  # fmt: skip
            own.update(terms.dates_of(terms.periods(periods, name, others), accrual))
            own["day_count"] = day_count = terms.day_count(day_count, first_rate, self.every, name, None)
        own["allocation"] = allocation = Allocation.of(allocation or "cost-interest-principal")
        own["early"] = terms.early(early, accrual, allocation)
        own["late"] = None if late is None else terms.late(late, first_rate, self.start, self.calendar, digits)
        own["fees"] = terms.fees(fees, digits)
        own["taxes"] = listed(taxes, Tax, "taxes")
        own["prepayment"] = None if prepayment is None else read_prepayment(prepayment, accrual, digits)
        own["principal_minor"] = lent + financed_minor(self, lent)
        own["payment"] = terms.payment(payment, name, first_rate, self.every, digits)
        own["level"] = terms.level(level, name)
        own["past_due_counts"] = components_of(past_due_counts, "past_due_counts")
        own["moratorium"] = None if moratorium is None else terms.moratorium(moratorium, accrual)
        own["rate_path"] = None
        own["continues"] = None
        own["tranches"] = read_tranches(tranches, self.start, digits)
        own["down_payment"] = read_down_payment(down_payment)
        own["negative_amortization"] = read_limit(negative_amortization, accrual, self.principal_minor, digits)
        own["small_balance"] = terms.small_balance(small_balance, digits, lent)
        if self.first_period != "level":
            own.update(of_first_period(self))
        if open_end:
            own["installments"] = about_how_many(self)
        if isinstance(rate, CHANGING):
            own["rate_path"] = agreed_rates.rate_path(rate, self, open_end=open_end)
        terms.combined(self)
        if open_end:
            terms.last_is_what_is_left(rounding)
            own["installments"] = len(whole_of(self).principal)
        terms.grace_on_daily(self)
        if day_count is not None and day_count.needs_context:
            self.timeline.check()
        check_charges(self)

    def with_allocation(self, allocation: Allocation | str) -> Loan:
        """The same loan with another order of allocation.

        >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
        >>> loan.with_allocation("oldest-installment-first").allocation.direction
        'horizontal'
        """
        other, order = self._twin(), Allocation.of(allocation)
        early = terms.early(None if "early" in self.defaulted else self.early, self.accrual, order)
        vars(other).update(allocation=order, early=early, defaulted=self.defaulted - {"allocation"})
        return other

    def __repr__(self) -> str:
        return literal(self)

    def __str__(self) -> str:
        return "\n".join(f"{name}: {value}" for name, value in loan_rows(self))

    def _repr_html_(self) -> str:
        return html_table(["loan", self.currency or ""], loan_rows(self))

    @property
    def keeps(self) -> frozenset[str]:
        """What changes of the rate leave as it is: the "term", the "payment", or one "level" payment over all rates."""
        return frozenset() if self.rate_path is None else self.rate_path.keeps

    @cached_property
    def timeline(self) -> Timeline:
        """The dates of the loan, and what each row is worth in interest."""
        return with_down_payments(self, self._planned[0])

    def time_over(self, count: int) -> Timeline:
        """The time of the loan over another number of installments, without the rows of down payments."""
        return time_over(self, count)

    @cached_property
    def down_payments(self) -> tuple[tuple[date, int, int], ...]:
        """The pay-outs of which a part is paid back at once: day, amount and that part, in minor units."""
        return down_payments_of(self)

    @property
    def advances(self) -> tuple[tuple[date, Decimal], ...]:
        """What the borrower has in hand of each pay-out after the start: its day and amount, in units of the currency."""
        return tuple((paid_out.on, paid_out.received) for paid_out in self.disbursements[1:])

    @property
    def dates(self) -> tuple[date, ...]:
        """The start, then every due date."""
        return self.timeline.dates

    @cached_property
    def waiting(self) -> Waiting | None:
        """The rows of the moratorium in the plan; None without one."""
        return planned_interest.waiting_of(self) if self.moratorium else None

    @cached_property
    def columns(self) -> Columns:
        """The plan as columns of whole minor units."""
        return self._planned[1]

    @cached_property
    def _planned(self) -> tuple[Timeline, Columns]:
        """The time of the plan, without the rows of down payments, and its columns."""
        return planned(self)

    @cached_property
    def fund(self) -> FundPlan | None:
        """The plan of the sinking fund that repays the principal; None with another method."""
        return fund_of(self)

    @cached_property
    def disbursement(self) -> Disbursement:
        """What is charged when the loan is paid out, and what the borrower has of it."""
        return disbursement_of(self, agreement_on(self, self.columns))

    @cached_property
    def disbursements(self) -> tuple[Disbursement, ...]:
        """The same for every pay-out: the first, then those of the tranches."""
        return self.disbursement, *later_disbursements(self)

    @property
    def received(self) -> Decimal:
        """What the borrower has in hand at the start: the pay-out less what is paid beside it."""
        return self.disbursement.received

    @cached_property
    def _schedule(self) -> Schedule:
        columns, time = self.columns, self.timeline
        places = self.rounding.unit_places
        return Schedule(
            columns=columns,
            principal_lent=self.principal_minor * 10**places,
            digits=self.digits + places,
            dates=time.dates[: len(columns.principal) + 1],
            starts=time.accrual,
            charges=charges_of(self, columns),
            origin=self._twin(),
            currency=self.currency,
        )

    def _twin(self) -> Self:
        """An equal loan with what is known so far: one that is told of its plan would hold the plan that holds it."""
        other = object.__new__(type(self))
        object.__setattr__(other, "__dict__", vars(self).copy())
        return other

    def schedule(self) -> Schedule:
        """The plan: one row per installment, to the minor unit. The same object every time it is asked for."""
        return self._schedule

    @cached_property
    def basis(self) -> Basis:
        """What the interest of the plan is calculated from, row by row."""
        return planned_interest.basis_of(self)

    @cached_property
    def assumptions(self) -> tuple[str, ...]:
        """The defaults of this loan that its figures rest on."""
        return assumptions_of(self)
