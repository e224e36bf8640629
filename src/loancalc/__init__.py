"""loancalc: what a loan costs, where it stands, what lateness does to it, and whether the lender's figure is right."""

from loancalc import credit
from loancalc.account import Account
from loancalc.adjustment import adjust
from loancalc.allocation import Allocation, presets
from loancalc.audit import Audit, Claim, audit
from loancalc.calendars import Calendar
from loancalc.cost import Apr, RateOfReturn, YearlyRate, apr, apr_by_unit_periods, apr_by_years, irr, xirr
from loancalc.daycount import DayCount, days, year_fraction
from loancalc.errors import (
    InArrears,
    InvalidAmount,
    InvalidDate,
    InvalidEvent,
    InvalidRate,
    InvalidTerms,
    LoanError,
    MissingContext,
    NoSolution,
    SeveralRates,
    UnknownName,
)
from loancalc.events import Event, Payment, Payoff, Reversal, Waiver
from loancalc.fees import Fee
from loancalc.late_terms import Cap, Grace, LateInterest, LateTerms, Penalty
from loancalc.loan import Loan
from loancalc.periods import Frequency, Period, Periods, periods
from loancalc.position import Parts, Position, Receipt
from loancalc.rates import Rate, RelativeRate
from loancalc.rounding import Rounding
from loancalc.schedule import Installment, Schedule
from loancalc.undated import amortize

__version__ = "0.1.0"

__all__ = [
    "Account",
    "Allocation",
    "Apr",
    "Audit",
    "Calendar",
    "Cap",
    "Claim",
    "DayCount",
    "Event",
    "Fee",
    "Frequency",
    "Grace",
    "InArrears",
    "Installment",
    "InvalidAmount",
    "InvalidDate",
    "InvalidEvent",
    "InvalidRate",
    "InvalidTerms",
    "LateInterest",
    "LateTerms",
    "Loan",
    "LoanError",
    "MissingContext",
    "NoSolution",
    "Parts",
    "Payment",
    "Payoff",
    "Penalty",
    "Period",
    "Periods",
    "Position",
    "Rate",
    "RateOfReturn",
    "Receipt",
    "RelativeRate",
    "Reversal",
    "Rounding",
    "Schedule",
    "SeveralRates",
    "UnknownName",
    "Waiver",
    "YearlyRate",
    "adjust",
    "amortize",
    "apr",
    "apr_by_unit_periods",
    "apr_by_years",
    "audit",
    "credit",
    "days",
    "irr",
    "periods",
    "presets",
    "xirr",
    "year_fraction",
]
