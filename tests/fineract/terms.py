"""The terms of a story by the names of our arguments: dates and names are translated, amounts never."""

from __future__ import annotations

from datetime import date
from typing import Any

import loancalc as lc

from .stories import Story, date_of, draws_of, surplus_rules

UNDATED_START = "2024-01-01"
"""The start of a story that has no dates; its figures do not depend on it."""

_COMPONENTS = {
    "PENALTY": ("cost", "penalty"),
    "FEE": ("fee",),
    "INTEREST": ("compound_interest", "late_interest", "interest"),
    "PRINCIPAL": ("principal",),
}
_AHEAD = {"FEE": "fee", "INTEREST": "interest", "PRINCIPAL": "principal"}
_SURPLUS = {
    "next_installment": "next",
    "last_installment": "last",
    "next_last_installment": "next-then-last",
    "reamortization": "spread",
}
_METHODS = {
    ("declining_balance", "equal_instalments"): "annuity",
    ("declining_balance", "equal_principal"): "equal_principal",
    ("flat", "equal_instalments"): "flat",
}


def loan_of(story: Story, after_event: int | None = None, **other_terms: Any) -> lc.Loan:
    """The loan on what was paid out on its first day, as known after so many events of the story."""
    return lc.Loan(**(terms_of(story, after_event) | other_terms))


def terms_of(story: Story, after_event: int | None = None) -> dict[str, Any]:
    """The terms by the names of our arguments."""
    terms = story["terms"]
    draws = draws_of(story, after_event)
    first: Story = draws[0] if draws else {}
    method = _METHODS[terms["interest_method"], terms["amortization"]]
    day_count, waits = _day_count(terms), terms.get("grace_on_principal_periods")
    start = date_of(first) or terms.get("submitted_on") or UNDATED_START
    return {
        "principal": first.get("amount", terms["principal"]),
        "rate": f"{terms['annual_rate_percent']}%",
        **_dates(terms, start),
        "method": method,
        "day_count": day_count,
        "level": method == "flat" and day_count != "periodic",
        "currency": terms.get("currency"),
        "rounding": _rounding(terms, method),
        "accrual": "daily" if is_daily(story) else "scheduled",
        "rests": _rests(story),
        "early": "apply",
        "fees": _fees(story),
        "allocation": _allocation(story),
        "late": lc.LateTerms(
            grace=lc.Grace(terms.get("delinquency_grace_days", 0), "status-only", counted="after-grace")
        ),
        "down_payment": _down_payment(terms),
        "tranches": [lc.Tranche(out["date"], out["amount"], down_payment=_down_payment(terms)) for out in draws[1:]]
        if terms.get("down_payment")
        else (),
        "moratorium": lc.Moratorium(waits, "paid") if waits else None,
        "prepayment": lc.Prepayment(interest=_payoff_interest(terms)),
    }


def _payoff_interest(terms: Story) -> str:
    recalculation = terms.get("interest_recalculation") or {}
    return "whole-period" if recalculation.get("payoff_interest") == "till_rest_date" else "to-date"


def _rests(story: Story) -> str:
    by_period = is_daily(story) and story["terms"]["interest_recalculation"]["rest"] == "same_as_repayment"
    return "due-dates" if by_period else "daily"


def is_daily(story: Story) -> bool:
    """Whether interest follows the days on which money comes. Flat interest does not."""
    terms = story["terms"]
    return bool(terms.get("interest_recalculation")) and terms["interest_method"] != "flat"


def _dates(terms: Story, start: str) -> dict[str, Any]:
    """Even periods; where the length of the loan is fixed, the last due date is at its end."""
    every = f"{terms['repay_every']} {terms['frequency']}"
    length = terms.get("fixed_length_days")
    if not length:
        return {"start": start, "installments": terms["number_of_repayments"], "every": every}
    count, unit = terms["number_of_repayments"] - 1, terms["frequency"]
    regular = lc.periods(start, every=every, count=count)[-1].end
    end = lc.periods(start, every=f"{length} {unit}", count=1)[-1].end
    return {"periods": lc.periods(start, end, every=every, last_regular_end=regular)}


def _down_payment(terms: Story) -> str | None:
    return f"{terms['down_payment']['percent']}%" if terms.get("down_payment") else None


def _fees(story: Story) -> list[lc.Fee]:
    percent = story["terms"].get("instalment_fee_percent_of_interest")
    fees = [lc.Fee(percent=f"{percent}%", of="interest", each="installment")] if percent else []
    at_start = [event for event in story["events"] if event["type"] == "set_charge"]
    return fees + [
        lc.Fee(percent=f"{charge['percent']}%", of="original-principal", at="disbursement", settled="paid")
        for charge in at_start
    ]


def _day_count(terms: Story) -> str:
    """A month of 30 days in a year of 360 is a twelfth; weeks and days of such a year are counted over 360. The older of
    the two engines there calls a year of 365 days actual, leap year or not.
    """
    if terms["frequency"] != "days" and terms["interest_calculation_period"] == "same_as_repayment_period":
        return "periodic"
    if terms["frequency"] == "months" and terms["days_in_month"] == "30":
        return "periodic"
    if terms["days_in_year"] == "actual" and terms.get("engine") == "cumulative":
        return "ACT/365F"
    if terms["days_in_year"] == "actual":
        return "ACT/365A" if terms.get("leap_rule") == "feb_29_period_only" else "ACT/ACT ISDA"
    return {"360": "ACT/360", "365": "ACT/365F"}[terms["days_in_year"]]


def _rounding(terms: Story, method: str) -> lc.Rounding:
    """Half-even; multiples are of whole units of the currency, steps of its minor unit.

    The multiple is of the level installment: where principal is level, that system does not use it.
    """
    cents = 100
    if "currency_multiple" in terms:
        return lc.Rounding(terms["currency_multiple"] * cents, "half-even")
    multiple = terms.get("instalment_multiple") if method != "equal_principal" else None
    return lc.Rounding(mode="half-even", installment=lc.Rounding(multiple * cents, "half-even") if multiple else None)


def _allocation(story: Story) -> lc.Allocation | str:
    """The order for what is past due, due and in advance; an order without a timing is one for all three."""
    allocation = story["terms"].get("allocation")
    if not allocation:
        return "oldest-installment-first"
    orders: dict[str, list[str]] = {}
    for item in allocation["order"]:
        when, _, component = item.rpartition("_")
        orders.setdefault(when, []).append(component)
    due = orders.get("DUE") or orders[""]
    late, ahead = orders.get("PAST_DUE", due), orders.get("IN_ADVANCE", due)
    order = [f"past due {name}" for component in late for name in _COMPONENTS[component]]
    order += [f"due {name}" for component in due for name in _COMPONENTS[component]]
    order += [f"in advance {_AHEAD[component]}" for component in ahead if component in _AHEAD]
    rules = surplus_rules(story) or ["next_installment"]
    return lc.Allocation(order, "horizontal", surplus=_SURPLUS[rules[0]])


def next_due(loan: lc.Loan, day: str) -> int:
    """The number of the first installment due on a day or later; the last one where there is none."""
    ahead = [number for number, due in enumerate(loan.dates[1:], 1) if due >= date.fromisoformat(day)]
    return min(ahead, default=len(loan.dates) - 1)
