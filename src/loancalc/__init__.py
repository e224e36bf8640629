"""loancalc: what a loan costs, where it stands, what lateness does to it, and whether the lender's figure is right.

The public names are loaded when they are first used, so that `import loancalc` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loancalc import calendars as calendars
    from loancalc import credit as credit
    from loancalc import tvm as tvm
    from loancalc.calendars import Calendar as Calendar
    from loancalc.errors import InArrears as InArrears
    from loancalc.errors import InvalidAmount as InvalidAmount
    from loancalc.errors import InvalidDate as InvalidDate
    from loancalc.errors import InvalidEvent as InvalidEvent
    from loancalc.errors import InvalidRate as InvalidRate
    from loancalc.errors import InvalidTerms as InvalidTerms
    from loancalc.errors import LoanError as LoanError
    from loancalc.errors import MissingContext as MissingContext
    from loancalc.errors import NoSolution as NoSolution
    from loancalc.errors import SeveralRates as SeveralRates
    from loancalc.errors import UnknownName as UnknownName
    from loancalc.meaning.arrears import months_overdue as months_overdue
    from loancalc.meaning.auditing import Audit as Audit
    from loancalc.meaning.auditing import audit as audit
    from loancalc.meaning.claims import Claim as Claim
    from loancalc.meaning.cost import Apr as Apr
    from loancalc.meaning.cost import RateOfReturn as RateOfReturn
    from loancalc.meaning.cost import YearlyRate as YearlyRate
    from loancalc.meaning.cost import apr as apr
    from loancalc.meaning.cost import apr_by_unit_periods as apr_by_unit_periods
    from loancalc.meaning.cost import apr_by_years as apr_by_years
    from loancalc.meaning.cost import irr as irr
    from loancalc.meaning.cost import xirr as xirr
    from loancalc.meaning.extension_rules import ExtensionLimit as ExtensionLimit
    from loancalc.meaning.extension_rules import extension_limits as extension_limits
    from loancalc.plan.allocation import Allocation as Allocation
    from loancalc.plan.allocation import presets as presets
    from loancalc.plan.charge_caps import Cap as Cap
    from loancalc.plan.columns import Columns as Columns
    from loancalc.plan.columns import Problem as Problem
    from loancalc.plan.disbursement import Disbursement as Disbursement
    from loancalc.plan.fees import Fee as Fee
    from loancalc.plan.grossing_up import GrossUp as GrossUp
    from loancalc.plan.grossing_up import gross_up as gross_up
    from loancalc.plan.late_interest import LateInterest as LateInterest
    from loancalc.plan.late_terms import Grace as Grace
    from loancalc.plan.late_terms import LateTerms as LateTerms
    from loancalc.plan.late_terms import Tolerance as Tolerance
    from loancalc.plan.late_terms import late_presets as late_presets
    from loancalc.plan.loan import Loan as Loan
    from loancalc.plan.method_values import Balloon as Balloon
    from loancalc.plan.method_values import ExtraPayment as ExtraPayment
    from loancalc.plan.method_values import Graduated as Graduated
    from loancalc.plan.method_values import Seasonal as Seasonal
    from loancalc.plan.penalties import Penalty as Penalty
    from loancalc.plan.prepayment import Prepayment as Prepayment
    from loancalc.plan.schedule import Installment as Installment
    from loancalc.plan.schedule import Schedule as Schedule
    from loancalc.plan.sinking_funds import FundPlan as FundPlan
    from loancalc.plan.sinking_funds import sinking_fund as sinking_fund
    from loancalc.plan.stated_methods import GivenPayments as GivenPayments
    from loancalc.plan.stated_methods import GivenPrincipal as GivenPrincipal
    from loancalc.plan.stated_methods import LumpSum as LumpSum
    from loancalc.plan.stated_methods import RuleOf78 as RuleOf78
    from loancalc.plan.stated_methods import SinkingFund as SinkingFund
    from loancalc.plan.taxes import Tax as Tax
    from loancalc.plan.tranches import Tranche as Tranche
    from loancalc.plan.undated import amortize as amortize
    from loancalc.plan.waiting import Moratorium as Moratorium
    from loancalc.servicing.account import Account as Account
    from loancalc.servicing.actual_schedule import ActualInstallment as ActualInstallment
    from loancalc.servicing.actual_schedule import ActualSchedule as ActualSchedule
    from loancalc.servicing.changes import PrepaymentOption as PrepaymentOption
    from loancalc.servicing.changes import PrepaymentOptions as PrepaymentOptions
    from loancalc.servicing.claim_events import Acceleration as Acceleration
    from loancalc.servicing.claim_events import Charge as Charge
    from loancalc.servicing.claim_events import ChargeOff as ChargeOff
    from loancalc.servicing.claim_events import Closing as Closing
    from loancalc.servicing.claim_events import DelinquencyPause as DelinquencyPause
    from loancalc.servicing.claim_events import Transfer as Transfer
    from loancalc.servicing.claim_events import WriteOff as WriteOff
    from loancalc.servicing.events import Event as Event
    from loancalc.servicing.events import Payment as Payment
    from loancalc.servicing.events import Payoff as Payoff
    from loancalc.servicing.events import Reversal as Reversal
    from loancalc.servicing.events import Waiver as Waiver
    from loancalc.servicing.ledger import Entry as Entry
    from loancalc.servicing.ledger import Ledger as Ledger
    from loancalc.servicing.money_events import Chargeback as Chargeback
    from loancalc.servicing.money_events import Recovery as Recovery
    from loancalc.servicing.money_events import Refund as Refund
    from loancalc.servicing.money_events import Settlement as Settlement
    from loancalc.servicing.movement import Movement as Movement
    from loancalc.servicing.outlook import Comparison as Comparison
    from loancalc.servicing.outlook import Outlook as Outlook
    from loancalc.servicing.outlook import Preview as Preview
    from loancalc.servicing.overdue import AccrualLine as AccrualLine
    from loancalc.servicing.overdue import PenaltyCharge as PenaltyCharge
    from loancalc.servicing.parts import Parts as Parts
    from loancalc.servicing.payoff_quotes import PayoffQuote as PayoffQuote
    from loancalc.servicing.payoff_quotes import PayoffQuotes as PayoffQuotes
    from loancalc.servicing.plan_events import Draw as Draw
    from loancalc.servicing.plan_events import InterestPause as InterestPause
    from loancalc.servicing.plan_events import RateChange as RateChange
    from loancalc.servicing.position import InstallmentState as InstallmentState
    from loancalc.servicing.position import NextDue as NextDue
    from loancalc.servicing.position import Position as Position
    from loancalc.servicing.receipts import Receipt as Receipt
    from loancalc.servicing.recovery_events import Deferral as Deferral
    from loancalc.servicing.recovery_events import Extension as Extension
    from loancalc.servicing.recovery_events import Reaging as Reaging
    from loancalc.servicing.recovery_events import Reamortization as Reamortization
    from loancalc.servicing.recovery_events import Restructuring as Restructuring
    from loancalc.servicing.several_loans import Standing as Standing
    from loancalc.servicing.several_loans import allocate_across as allocate_across
    from loancalc.time.accrual_periods import Frequency as Frequency
    from loancalc.time.accrual_periods import Period as Period
    from loancalc.time.accrual_periods import Periods as Periods
    from loancalc.time.accrual_periods import periods as periods
    from loancalc.time.adjustment import adjust as adjust
    from loancalc.time.daycount import DayCount as DayCount
    from loancalc.time.daycount import days as days
    from loancalc.time.daycount import year_fraction as year_fraction
    from loancalc.time.indexed_rates import IndexedRate as IndexedRate
    from loancalc.time.rate_path import RatePath as RatePath
    from loancalc.values.base_rates import BaseRate as BaseRate
    from loancalc.values.rates import Rate as Rate
    from loancalc.values.rates import RelativeRate as RelativeRate
    from loancalc.values.rounding import Rounding as Rounding

__version__ = "0.1.0"

_HOMES = {
    "values.base_rates": "BaseRate",
    "values.rates": "Rate RelativeRate",
    "values.rounding": "Rounding",
    "time.accrual_periods": "Frequency Period Periods periods",
    "time.adjustment": "adjust",
    "time.daycount": "DayCount days year_fraction",
    "time.indexed_rates": "IndexedRate",
    "time.rate_path": "RatePath",
    "plan.allocation": "Allocation presets",
    "plan.charge_caps": "Cap",
    "plan.columns": "Columns Problem",
    "plan.disbursement": "Disbursement",
    "plan.fees": "Fee",
    "plan.grossing_up": "GrossUp gross_up",
    "plan.late_interest": "LateInterest",
    "plan.late_terms": "Grace LateTerms Tolerance late_presets",
    "plan.loan": "Loan",
    "plan.method_values": "Balloon ExtraPayment Graduated Seasonal",
    "plan.penalties": "Penalty",
    "plan.waiting": "Moratorium",
    "plan.prepayment": "Prepayment",
    "plan.schedule": "Installment Schedule",
    "plan.sinking_funds": "FundPlan sinking_fund",
    "plan.stated_methods": "GivenPayments GivenPrincipal LumpSum RuleOf78 SinkingFund",
    "plan.taxes": "Tax",
    "plan.tranches": "Tranche",
    "plan.undated": "amortize",
    "servicing.account": "Account",
    "servicing.actual_schedule": "ActualInstallment ActualSchedule",
    "servicing.changes": "PrepaymentOption PrepaymentOptions",
    "servicing.claim_events": "Acceleration Charge ChargeOff Closing DelinquencyPause Transfer WriteOff",
    "servicing.events": "Event Payment Payoff Reversal Waiver",
    "servicing.ledger": "Entry Ledger",
    "servicing.money_events": "Chargeback Recovery Refund Settlement",
    "servicing.movement": "Movement",
    "servicing.outlook": "Comparison Outlook Preview",
    "servicing.overdue": "AccrualLine PenaltyCharge",
    "servicing.parts": "Parts",
    "servicing.payoff_quotes": "PayoffQuote PayoffQuotes",
    "servicing.plan_events": "Draw InterestPause RateChange",
    "servicing.position": "InstallmentState NextDue Position",
    "servicing.receipts": "Receipt",
    "servicing.recovery_events": "Deferral Extension Reaging Reamortization Restructuring",
    "servicing.several_loans": "Standing allocate_across",
    "meaning.arrears": "months_overdue",
    "meaning.auditing": "Audit audit",
    "meaning.claims": "Claim",
    "meaning.cost": "Apr RateOfReturn YearlyRate apr apr_by_unit_periods apr_by_years irr xirr",
    "meaning.extension_rules": "ExtensionLimit extension_limits",
    "calendars": "Calendar",
    "errors": "InArrears InvalidAmount InvalidDate InvalidEvent InvalidRate InvalidTerms LoanError MissingContext NoSolution SeveralRates UnknownName",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}
_ROOMS = ("calendars", "credit", "tvm")

__all__ = sorted((*_HOME_OF, *_ROOMS))


def __getattr__(name: str) -> object:
    """A public name, from the room it lives in."""
    if name in _ROOMS:
        return import_module(f"loancalc.{name}")
    if name not in _HOME_OF:
        raise AttributeError(f"module 'loancalc' has no attribute {name!r}")
    value = getattr(import_module(f"loancalc.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
