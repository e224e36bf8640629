"""loancalc: what a loan costs, where it stands, what lateness does to it, and whether the lender's figure is right."""

from loancalc import credit
from loancalc.account import Account
from loancalc.adjustment import adjust
from loancalc.allocation import Allocation, presets
from loancalc.audit import Audit, Claim, audit
from loancalc.calendars import Calendar
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
    "Receipt",
    "RelativeRate",
    "Reversal",
    "Rounding",
    "Schedule",
    "UnknownName",
    "Waiver",
    "adjust",
    "amortize",
    "audit",
    "credit",
    "days",
    "periods",
    "presets",
    "year_fraction",
]
