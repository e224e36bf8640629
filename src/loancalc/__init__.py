"""loancalc: what a loan costs, where it stands, what lateness does to it, and whether the lender's figure is right.

The public names are loaded when they are first used, so that `import loancalc` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loancalc import calendars as calendars
    from loancalc import credit as credit
    from loancalc import tvm as tvm
    from loancalc.account import Account as Account
    from loancalc.accrual_periods import Frequency as Frequency
    from loancalc.accrual_periods import Period as Period
    from loancalc.accrual_periods import Periods as Periods
    from loancalc.accrual_periods import periods as periods
    from loancalc.actual_schedule import ActualInstallment as ActualInstallment
    from loancalc.actual_schedule import ActualSchedule as ActualSchedule
    from loancalc.adjustment import adjust as adjust
    from loancalc.allocation import Allocation as Allocation
    from loancalc.allocation import presets as presets
    from loancalc.arrears import months_overdue as months_overdue
    from loancalc.auditing import Audit as Audit
    from loancalc.auditing import audit as audit
    from loancalc.base_rates import BaseRate as BaseRate
    from loancalc.calendars import Calendar as Calendar
    from loancalc.charge_caps import Cap as Cap
    from loancalc.claim_events import Acceleration as Acceleration
    from loancalc.claim_events import Charge as Charge
    from loancalc.claim_events import ChargeOff as ChargeOff
    from loancalc.claim_events import Closing as Closing
    from loancalc.claim_events import DelinquencyPause as DelinquencyPause
    from loancalc.claim_events import Transfer as Transfer
    from loancalc.claim_events import WriteOff as WriteOff
    from loancalc.claims import Claim as Claim
    from loancalc.columns import Columns as Columns
    from loancalc.columns import Problem as Problem
    from loancalc.cost import Apr as Apr
    from loancalc.cost import RateOfReturn as RateOfReturn
    from loancalc.cost import YearlyRate as YearlyRate
    from loancalc.cost import apr as apr
    from loancalc.cost import apr_by_unit_periods as apr_by_unit_periods
    from loancalc.cost import apr_by_years as apr_by_years
    from loancalc.cost import irr as irr
    from loancalc.cost import xirr as xirr
    from loancalc.daycount import DayCount as DayCount
    from loancalc.daycount import days as days
    from loancalc.daycount import year_fraction as year_fraction
    from loancalc.disbursement import Disbursement as Disbursement
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
    from loancalc.events import Event as Event
    from loancalc.events import Payment as Payment
    from loancalc.events import Payoff as Payoff
    from loancalc.events import Reversal as Reversal
    from loancalc.events import Waiver as Waiver
    from loancalc.extension_rules import ExtensionLimit as ExtensionLimit
    from loancalc.extension_rules import extension_limits as extension_limits
    from loancalc.fees import Fee as Fee
    from loancalc.grossing_up import GrossUp as GrossUp
    from loancalc.grossing_up import gross_up as gross_up
    from loancalc.indexed_rates import IndexedRate as IndexedRate
    from loancalc.late_interest import LateInterest as LateInterest
    from loancalc.late_terms import Grace as Grace
    from loancalc.late_terms import LateTerms as LateTerms
    from loancalc.late_terms import Tolerance as Tolerance
    from loancalc.late_terms import late_presets as late_presets
    from loancalc.ledger import Entry as Entry
    from loancalc.ledger import Ledger as Ledger
    from loancalc.loan import Loan as Loan
    from loancalc.method_values import Balloon as Balloon
    from loancalc.method_values import ExtraPayment as ExtraPayment
    from loancalc.method_values import Graduated as Graduated
    from loancalc.method_values import Seasonal as Seasonal
    from loancalc.money_events import Chargeback as Chargeback
    from loancalc.money_events import Recovery as Recovery
    from loancalc.money_events import Refund as Refund
    from loancalc.money_events import Settlement as Settlement
    from loancalc.movement import Movement as Movement
    from loancalc.outlook import Comparison as Comparison
    from loancalc.outlook import Outlook as Outlook
    from loancalc.outlook import Preview as Preview
    from loancalc.parts import Parts as Parts
    from loancalc.payoff_quotes import PayoffQuote as PayoffQuote
    from loancalc.payoff_quotes import PayoffQuotes as PayoffQuotes
    from loancalc.penalties import Penalty as Penalty
    from loancalc.plan_events import Draw as Draw
    from loancalc.plan_events import InterestPause as InterestPause
    from loancalc.plan_events import RateChange as RateChange
    from loancalc.planning import Moratorium as Moratorium
    from loancalc.position import Position as Position
    from loancalc.prepayment import Prepayment as Prepayment
    from loancalc.rate_path import RatePath as RatePath
    from loancalc.rates import Rate as Rate
    from loancalc.rates import RelativeRate as RelativeRate
    from loancalc.receipts import Receipt as Receipt
    from loancalc.recovery_events import Deferral as Deferral
    from loancalc.recovery_events import Extension as Extension
    from loancalc.recovery_events import Reaging as Reaging
    from loancalc.recovery_events import Reamortization as Reamortization
    from loancalc.recovery_events import Restructuring as Restructuring
    from loancalc.rounding import Rounding as Rounding
    from loancalc.schedule import Installment as Installment
    from loancalc.schedule import Schedule as Schedule
    from loancalc.several_loans import Standing as Standing
    from loancalc.several_loans import allocate_across as allocate_across
    from loancalc.sinking_funds import FundPlan as FundPlan
    from loancalc.sinking_funds import sinking_fund as sinking_fund
    from loancalc.stated_methods import GivenPayments as GivenPayments
    from loancalc.stated_methods import GivenPrincipal as GivenPrincipal
    from loancalc.stated_methods import LumpSum as LumpSum
    from loancalc.stated_methods import RuleOf78 as RuleOf78
    from loancalc.stated_methods import SinkingFund as SinkingFund
    from loancalc.taxes import Tax as Tax
    from loancalc.tranches import Tranche as Tranche
    from loancalc.undated import amortize as amortize

__version__ = "0.1.0"

_HOMES = {
    "account": "Account",
    "accrual_periods": "Frequency Period Periods periods",
    "actual_schedule": "ActualInstallment ActualSchedule",
    "adjustment": "adjust",
    "allocation": "Allocation presets",
    "arrears": "months_overdue",
    "auditing": "Audit audit",
    "base_rates": "BaseRate",
    "calendars": "Calendar",
    "charge_caps": "Cap",
    "claim_events": "Acceleration Charge ChargeOff Closing DelinquencyPause Transfer WriteOff",
    "claims": "Claim",
    "cost": "Apr RateOfReturn YearlyRate apr apr_by_unit_periods apr_by_years irr xirr",
    "daycount": "DayCount days year_fraction",
    "disbursement": "Disbursement",
    "errors": "InArrears InvalidAmount InvalidDate InvalidEvent InvalidRate InvalidTerms LoanError MissingContext NoSolution SeveralRates UnknownName",
    "events": "Event Payment Payoff Reversal Waiver",
    "fees": "Fee",
    "grossing_up": "GrossUp gross_up",
    "indexed_rates": "IndexedRate",
    "late_interest": "LateInterest",
    "late_terms": "Grace LateTerms Tolerance late_presets",
    "columns": "Columns Problem",
    "ledger": "Entry Ledger",
    "loan": "Loan",
    "method_values": "Balloon ExtraPayment Graduated Seasonal",
    "plan_events": "Draw InterestPause RateChange",
    "extension_rules": "ExtensionLimit extension_limits",
    "recovery_events": "Deferral Extension Reaging Reamortization Restructuring",
    "planning": "Moratorium",
    "prepayment": "Prepayment",
    "rate_path": "RatePath",
    "several_loans": "Standing allocate_across",
    "tranches": "Tranche",
    "payoff_quotes": "PayoffQuote PayoffQuotes",
    "penalties": "Penalty",
    "position": "Position",
    "money_events": "Chargeback Recovery Refund Settlement",
    "movement": "Movement",
    "outlook": "Comparison Outlook Preview",
    "parts": "Parts",
    "rates": "Rate RelativeRate",
    "receipts": "Receipt",
    "rounding": "Rounding",
    "schedule": "Installment Schedule",
    "sinking_funds": "FundPlan sinking_fund",
    "stated_methods": "GivenPayments GivenPrincipal LumpSum RuleOf78 SinkingFund",
    "taxes": "Tax",
    "undated": "amortize",
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
