"""Reading the terms of a loan one by one: what each accepts, and which others it needs or excludes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from loancalc.calendars import BusinessCalendar
from loancalc.errors import InvalidDate, InvalidTerms
from loancalc.plan.allocation import Allocation
from loancalc.plan.fees import Fee
from loancalc.plan.late_terms import LateTerms
from loancalc.plan.waiting import Moratorium
from loancalc.time.accrual_periods import Frequency, Periods
from loancalc.time.adjustment import CONVENTIONS
from loancalc.time.daycount import DayCount
from loancalc.time.rolls import is_month_end
from loancalc.values.dates import DateLike, read_date
from loancalc.values.listed import listed, yes_or_no
from loancalc.values.money import Amount, read_decimal, to_minor
from loancalc.values.names import Names
from loancalc.values.rates import Rate
from loancalc.values.rounding import Rounding

if TYPE_CHECKING:
    from loancalc.plan.loan import Loan

_ACCRUALS = Names("accrual", {"scheduled": ["按期计息"], "daily": ["simple interest", "随借随还", "按日计息"]})
_RESTS = Names("rests", {"daily": ["daily rests"], "due-dates": []})
_EARLY = Names("early", {"hold": ["暂存"], "apply": ["立即冲账"]})
_PAYMENTS = Names("payment", {"level": [], "nominal": []})
_DAILY_NIGHTS = " with accrual 'daily', where interest runs until the due date as it is moved"


def maturity(end: DateLike | None, installments: int | None, start: date) -> date | None:
    """The last due date, where the term is given by it and not by a number of installments."""
    if (installments is None) == (end is None):
        raise InvalidTerms(
            f"installments: got {installments!r} with end={end!r}; expected exactly one of installments and end"
        )
    if end is None:
        return None
    day = read_date(end, "end")
    if day <= start:
        raise InvalidDate(f"end: got {day}; expected a day after start, {start}")
    return day


def first_due(value: DateLike, start: date, month_end: bool) -> date:
    """The first due date, where it is stated."""
    day = read_date(value, "first_due")
    if day <= start:
        raise InvalidDate(f"first_due: got {day}; expected a day after start, {start}")
    if month_end and not is_month_end(day):
        raise InvalidTerms(f"first_due: got {day} with month_end; expected the last day of its month")
    return day


def periods(value: object, method: str, others: Mapping[str, object]) -> Periods:
    """Periods that were laid out beforehand: they bring the dates, so no other term may.

    Raises:
        InvalidTerms: If it is no `Periods`, if another term of `others` says something of the dates too, or if a lump
            sum has more than one period.
    """
    if not isinstance(value, Periods):
        raise InvalidTerms(f"periods: got {value!r}; expected what loancalc.periods(...) gives")
    for field, other in others.items():
        if other not in (None, False):
            raise InvalidTerms(f"{field}: got {other!r} with periods; expected none, as periods bring their own dates")
    if method == "lump_sum" and len(value) > 1:
        raise InvalidTerms(f"periods: got {len(value)} with method 'lump_sum'; expected one")
    return value


def day_count(
    value: DayCount | str | None, rate: Rate, every: Frequency | None, method: str, end: date | None
) -> DayCount | None:
    """The day count: none with a rate per day, periodic by default where periods are months or weeks, else stated."""
    if rate.per == "day":
        if value is not None:
            raise InvalidTerms(
                f"day_count: got {str(value)!r} with rate {rate}; a rate per day accrues per night and takes none"
            )
        return None
    has_share = every is not None and every.year_share is not None
    if value is None:
        if has_share and method != "lump_sum":
            return DayCount.PERIODIC
        reason = "a lump sum" if method == "lump_sum" else f"periods of {every}" if every else "a list of dates"
        choices = ", ".join(str(choice) for choice in DayCount if not choice.needs_context)
        raise InvalidTerms(f"day_count: missing; {reason} at {rate} needs one of: {choices}")
    convention = DayCount.parse(value)
    if convention is DayCount.PERIODIC and (not has_share or (method == "lump_sum" and end is not None)):
        raise InvalidTerms(
            "day_count: got 'periodic'; expected one that counts days, as the periods are not months or weeks"
        )
    return convention


def interest_moves(
    value: bool | None,
    calendar: BusinessCalendar | None,
    adjust: str | None,
    convention: DayCount | None,
    accrual_name: str,
) -> bool:
    """Whether interest periods move with their due dates; asked for where that changes the interest.

    On daily loans they do, as every night bears interest until the money comes.
    """
    if value is not None:
        yes_or_no(value, "interest_moves")
    if calendar is None:
        if adjust not in (None, "none") or value is not None:
            raise InvalidTerms(f"calendar: missing; adjust={adjust!r}, interest_moves={value!r} need one")
        return False
    if adjust is None:
        raise InvalidTerms(f"adjust: missing; with a calendar, expected one of {', '.join(CONVENTIONS.names)}")
    if accrual_name == "daily" and adjust != "none":
        if value is False:
            raise InvalidTerms(f"interest_moves: got False{_DAILY_NIGHTS}")
        return True
    if value is None and convention is not DayCount.PERIODIC and adjust != "none":
        raise InvalidTerms(
            "interest_moves: missing; a due date that moves takes its interest with it (True) or not (False)"
        )
    return bool(value)


def accrual(value: str, method: str, rounding: Rounding) -> str:
    """Whether interest stands as planned or runs every night on the principal outstanding."""
    name = _ACCRUALS.find(value)
    if name == "daily" and method == "flat":
        raise InvalidTerms(
            "accrual: got 'daily' with method 'flat', whose interest does not follow the principal outstanding"
        )
    if name == "daily" and rounding.residue in ("last-interest", "visible"):
        raise InvalidTerms(
            f"rounding.residue: got {rounding.residue!r} with accrual 'daily', whose last installment clears what is "
            "owed; expected 'last', 'first', 'spread' or 'smooth'"
        )
    return name


def rests(value: str, accrual_name: str) -> str:
    """When the interest of a daily loan is reckoned anew on what is outstanding."""
    name = _RESTS.find(value)
    if name != "daily" and accrual_name != "daily":
        raise InvalidTerms(
            f"rests: got {value!r} with accrual {accrual_name!r}, whose interest stands as planned; expected accrual 'daily'"
        )
    return name


def dates_of(periods: Periods, accrual_name: str) -> dict[str, object]:
    """The terms of time that periods laid out beforehand bring with them.

    Raises:
        InvalidTerms: If a daily loan is not paid on the days on which its interest ends.
    """
    if accrual_name == "daily" and periods.due != periods.bounds[1:]:
        raise InvalidTerms(f"periods: got due dates on which interest does not end{_DAILY_NIGHTS}")
    return {
        "start": periods.bounds[0], "every": periods.frequency, "month_end": False, "first_due": None, "end": None,
        "first_period": "level", "installments": len(periods), "calendar": periods.calendar, "adjust": None,
        "interest_moves": periods.accrual == "adjusted",
    }  # fmt: skip


def early(value: str | None, accrual_name: str, allocation: Allocation) -> str:
    """What early money does: as the surplus rule of the allocation says, or this term; else it is held on scheduled
    loans and applied on daily ones.
    """
    surplus = allocation.surplus
    implied = None if surplus is None else "hold" if surplus == "hold" else "apply"
    if value is None:
        return implied or ("apply" if accrual_name == "daily" else "hold")
    name = _EARLY.find(value)
    if implied not in (None, name):
        raise InvalidTerms(f"early: got {value!r} with allocation.surplus {surplus!r}; expected {implied!r} or none")
    return name


def late(value: LateTerms, rate: Rate, start: date, calendar: BusinessCalendar | None, digits: int) -> LateTerms:
    """The late terms, checked against the contract rate and the currency."""
    if not isinstance(value, LateTerms):
        raise InvalidTerms(f"late: got {value!r}; expected LateTerms")
    if value.interest is not None:
        value.interest.resolve(rate, start, calendar)
    value.check_decimals(digits)
    return value


def grace_on_daily(loan: Loan) -> None:
    """Refuse a deferred grace that outlasts a period of a daily loan: its nights have been asked for at the contract rate
    by the time they turn out to bear the late one.
    """
    grace = loan.late.grace if loan.late else None
    if grace is None or grace.kind != "deferred" or loan.accrual != "daily":
        return
    for due, following in pairwise(loan.dates[1:]):
        last = grace.last_day(due)
        if last >= following:
            raise InvalidTerms(
                f"late.grace: got {grace!r} with accrual 'daily', which from {due} lasts to {last}; expected one that is "
                f"over before the next due date, {following}"
            )


def fees(values: Iterable[Fee] | Fee, digits: int) -> tuple[Fee, ...]:
    """The agreed fees, in whole minor units of the currency."""
    items = listed(values, Fee, "fees")
    for fee in items:
        fee.check_decimals(digits)
    return items


def payment(value: Amount, method: str, rate: Rate, every: Frequency | None, digits: int) -> Decimal | str:
    """How the level payment of an annuity comes about: solved ("level"), "nominal", or a stated amount."""
    if value == "level":
        return "level"
    name = None
    if is_word(value):
        name = _PAYMENTS.find(value)
    if name != "level" and method not in ("annuity", "annuity_in_advance"):
        raise InvalidTerms(f"payment: got {value!r} with method {method!r}; it belongs to 'annuity'")
    if name == "nominal" and (every is None or every.year_share is None or rate.per == "day"):
        raise InvalidTerms(
            "payment: got 'nominal'; expected 'level' or an amount where the periods have no number a year"
        )
    if name is not None:
        return name
    if to_minor(value, digits, "payment") <= 0:
        raise InvalidTerms(f"payment: got {value}; expected more than 0")
    return read_decimal(value, "payment")


def is_word(payment: object) -> bool:
    """Whether a payment is said by a name and not by an amount.

    >>> is_word("nominal"), is_word("1066.19")
    (True, False)
    """
    return isinstance(payment, str) and not any(map(str.isdigit, payment))


def level(value: bool, method: str) -> bool:
    """Whether a flat loan with an actual day count keeps its installment equal."""
    if yes_or_no(value, "level") and method != "flat":
        raise InvalidTerms(f"level: got True with method {method!r}; it belongs to 'flat'")
    return value


def small_balance(value: Amount, digits: int, lent: int) -> Decimal:
    """The difference that keeps no loan open: less than what was lent."""
    if not 0 <= to_minor(value, digits, "small_balance") < lent:
        raise InvalidTerms(f"small_balance: got {value}; expected 0 or more, and less than the principal")
    return read_decimal(value, "small_balance")


def moratorium(value: Moratorium, accrual_name: str) -> Moratorium:
    """The installments at the beginning that repay nothing."""
    if not isinstance(value, Moratorium):
        raise InvalidTerms(f"moratorium: got {value!r}; expected Moratorium")
    if value.interest not in ("paid", "carried", "capitalized") and accrual_name == "daily":
        raise InvalidTerms(
            f"moratorium.interest: got {value.interest!r} with accrual 'daily', whose payments settle interest first; "
            "expected 'paid', 'carried' or 'capitalized'"
        )
    return value


def last_is_what_is_left(rounding: Rounding) -> None:
    """Where a stated payment decides the term, its last installment is no residue of rounding."""
    if rounding.residue != "last":
        raise InvalidTerms(
            f"rounding.residue: got {rounding.residue!r} where the payment decides the term, and the last installment is what "
            "is left; expected 'last', or a number of installments"
        )


def combined(loan: Loan) -> None:
    """Refuse terms that do not go together."""
    tranches, downs, daily = loan.tranches, loan.down_payments, loan.accrual == "daily"
    name = loan.repayment.name
    if loan.repayment.in_advance and (downs or loan.periods is not None or loan.installments < 2):
        raise InvalidTerms(
            f"method: got {name!r}; expected 2 installments or more, no down payment and no laid periods"
        )
    if name == "lump_sum" and (tranches or loan.moratorium):
        raise InvalidTerms(f"method: got {name!r} with tranches or a moratorium; expected one with installments")
    if name == "lump_sum" and getattr(loan.repayment, "compound", False):
        raise InvalidTerms(
            "lump_sum.compound: got True; a loan with dates says it in its rate: '12% compounded monthly'"
        )
    if name == "rule_of_78" and tranches:
        raise InvalidTerms(
            "tranches: got some with method 'rule_of_78', whose charge is that of one pay-out; expected none"
        )
    if loan.prepayment and loan.prepayment.interest == "actuarial" and (tranches or downs):
        raise InvalidTerms(
            "prepayment.interest: got 'actuarial' with tranches or a down payment; expected one pay-out, which the payments "
            "repay"
        )
    covered = {component for cap in loan.late.caps for component in cap.covers} if loan.late else set()
    if not daily and loan.early == "apply" and covered & {"fee", "interest"}:
        raise InvalidTerms(
            "late.caps: got one on interest or fees with early='apply', by which money would pay what the cap may still cut; "
            "expected early='hold'"
        )
    if daily and (loan.repayment.on_original and name != "lump_sum"):
        raise InvalidTerms(f"accrual: got 'daily' with method {name!r}, whose interest does not follow the balance")
    if daily and any(day > loan.start for day, _, _ in downs):
        raise InvalidTerms("tranches.down_payment: got a share with accrual 'daily'; expected none")
