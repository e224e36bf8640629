"""Stories of a servicing system as loans and events of ours: dates and names are translated, amounts never.

What loancalc has no word for yet is named by `missing`; such a story is counted and not run.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import loancalc as lc

Story = dict[str, Any]

UNDATED_START = "2024-01-01"
"""The start of a story that has no dates; its figures do not depend on it."""

_EVENT_NEEDS = {
    "capitalised_income": "capitalized income",
    "charge": "a charge posted to one installment",
    "charge_off": "charge-off",
    "chargeback": "chargeback",
    "credit_balance_refund": "refund of held credit",
    "delinquency_pause": "pause of the delinquency count",
    "goodwill_credit": "credit given by the lender",
    "interest_payment_waiver": "interest waived ahead of its due date",
    "merchant_issued_refund": "merchant refund",
    "reage": "re-aging",
    "reamortise": "re-amortization",
    "set_charge": "fee at disbursement",
    "terminate_contract": "acceleration",
    "undo_disbursement": "a disbursement undone",
    "write_off": "write-off",
}
_RESCHEDULING_NEEDS = {
    "adjustedDueDate": "a due date moved",
    "extraTerms": "extension",
    "graceOnInterest": "deferral",
}
_MONEY_IN = {"repayment", "payoff"}
_COMPONENTS = {
    "PENALTY": ("cost", "penalty"),
    "FEE": ("fee",),
    "INTEREST": ("compound_interest", "late_interest", "interest"),
    "PRINCIPAL": ("principal",),
}
_METHODS = {
    ("declining_balance", "equal_instalments"): "annuity",
    ("declining_balance", "equal_principal"): "equal_principal",
    ("flat", "equal_instalments"): "flat",
}


def read_stories(path: Path) -> list[Story]:
    """All stories of the file."""
    stories: list[Story] = json.loads(path.read_text(encoding="utf-8"))["cases"]
    return stories


# What is not there yet


def missing(story: Story) -> list[str]:
    """What the story needs and loancalc has no word for yet; empty if it can be run."""
    needs = [
        *_missing_terms(story["terms"]),
        *_missing_events(story["events"]),
        *_missing_draws(story),
        *_missing_days(story),
    ]
    if any(event["type"] in _MONEY_IN for event in story["events"]):
        needs += _missing_for_money(story)
    return list(dict.fromkeys(needs))


def _missing_terms(terms: Story) -> Iterator[str]:
    if terms.get("down_payment", {}) and terms["down_payment"]["auto_paid"]:
        yield "down payment that pays itself"
    if "charge amount %" in terms.get("extra", {}):
        yield "fee at disbursement"
    if terms.get("fixed_length_days"):
        yield "fixed length of the loan"


def _missing_events(events: Sequence[Story]) -> Iterator[str]:
    for event in events:
        kind = event["type"]
        if kind == "reschedule":
            yield from (need for field, need in _RESCHEDULING_NEEDS.items() if field in event)
        elif kind == "reverse":
            kind = event["of"].casefold().replace(" ", "_")
        if kind in _EVENT_NEEDS:
            yield _EVENT_NEEDS[kind]


def _missing_days(story: Story) -> Iterator[str]:
    known = max((event["date"] for event in story["events"] if event["type"] == "as_of"), default="")
    if any(event["type"] == "reschedule" and event["rescheduleFromDate"] > known for event in story["events"]):
        yield "a change shown before its day"


def _missing_draws(story: Story) -> Iterator[str]:
    days = [_date_of(event) for event in story["events"] if event["type"] == "disbursement"]
    if len(days) > 1 and story["terms"].get("down_payment"):
        yield "down payment of a later draw that is not known from the start"
    if days.count(min(days, default="")) > 1 or days != sorted(days):
        yield "several draws on the first day, or a draw dated before it"
    if story["kind"] == "charges_or_tranches_at_creation" and len(days) > 1:
        yield "tranches shown before they are paid out"


def _missing_for_money(story: Story) -> Iterator[str]:
    """Terms that matter only where money came. Fees and penalties are missing already where a story has them."""
    terms, recalculation = story["terms"], story["terms"].get("interest_recalculation")
    bearing = {"PRINCIPAL", "INTEREST"} if Decimal(terms["annual_rate_percent"]) else {"PRINCIPAL"}
    if len({tuple(name for name in order if name in bearing) for order in _orders(terms).values()}) > 1:
        yield "another order for money in advance"
    if _surplus(story) != "next_installment":
        yield "money in advance to another installment than the next"
    if not recalculation:
        return
    if recalculation["on_prepayment"] == "reduce_instalment_amount":
        yield "early money that lowers the installment"
    if recalculation["compounding"] != "none":
        yield "interest on past-due interest of a daily loan"
    if recalculation["rest"] != "daily":
        yield "interest of a daily loan by rest periods"
    paid = sum(Decimal(event["amount"]) for event in story["events"] if event["type"] == "repayment")
    if recalculation["payoff_interest"] == "till_rest_date" and paid >= Decimal(terms["principal"]):
        yield "payoff with the interest of the whole period"


# Terms


def loan_of(story: Story, **other_terms: Any) -> lc.Loan:
    """The loan that the terms describe, on what was paid out on the day it was paid out."""
    return lc.Loan(**(terms_of(story) | other_terms))


def terms_of(story: Story) -> dict[str, Any]:
    """The terms by the names of our arguments."""
    terms = story["terms"]
    draws = sorted((event for event in story["events"] if event["type"] == "disbursement"), key=_date_of)
    draw: Story = draws[0] if draws else {}
    method = _METHODS[terms["interest_method"], terms["amortization"]]
    day_count, waits = _day_count(terms), terms.get("grace_on_principal_periods")
    return {
        "principal": draw.get("amount", terms["principal"]),
        "rate": f"{terms['annual_rate_percent']}%",
        "start": draw.get("date") or terms.get("submitted_on") or UNDATED_START,
        "installments": terms["number_of_repayments"],
        "every": f"{terms['repay_every']} {terms['frequency']}",
        "method": method,
        "day_count": day_count,
        "level": method == "flat" and day_count != "periodic",
        "currency": terms.get("currency"),
        "rounding": _rounding(terms, method),
        "accrual": "daily" if terms.get("interest_recalculation") and method != "flat" else "scheduled",
        "early": "apply",
        "fees": _fees(terms),
        "allocation": _allocation(terms),
        "late": lc.LateTerms(
            grace=lc.Grace(terms.get("delinquency_grace_days", 0), "status-only", counted="after-grace")
        ),
        "down_payment": _down_payment(terms),
        "tranches": [lc.Tranche(out["date"], out["amount"], down_payment=_down_payment(terms)) for out in draws[1:]]
        if terms.get("down_payment")
        else (),
        "moratorium": lc.Moratorium(waits, "paid") if waits else None,
    }


def _date_of(event: Story) -> str:
    return str(event.get("date", ""))


def _down_payment(terms: Story) -> str | None:
    return f"{terms['down_payment']['percent']}%" if terms.get("down_payment") else None


def _fees(terms: Story) -> list[lc.Fee]:
    percent = terms.get("instalment_fee_percent_of_interest")
    return [lc.Fee(percent=f"{percent}%", of="interest", each="installment")] if percent else []


def _day_count(terms: Story) -> str:
    """A month of 30 days in a year of 360 is a twelfth; weeks and days of such a year are counted over 360."""
    if terms["frequency"] != "days" and terms["interest_calculation_period"] == "same_as_repayment_period":
        return "periodic"
    if terms["frequency"] == "months" and terms["days_in_month"] == "30":
        return "periodic"
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


def _orders(terms: Story) -> dict[str, list[str]]:
    """The components in their order for what is past due, due and in advance; under one name if it is one order."""
    orders: dict[str, list[str]] = {}
    for item in terms["allocation"]["order"]:
        when, _, component = item.rpartition("_")
        orders.setdefault(when, []).append(component)
    return orders


def _surplus(story: Story) -> str:
    rule: str = story["terms"]["allocation"].get("surplus", "next_installment")
    for event in story["events"]:
        if event["type"] == "set_product_rule" and event["transaction_type"] == "DEFAULT":
            rule = event["future_instalment_rule"].casefold()
    return rule


def _allocation(terms: Story) -> lc.Allocation | str:
    if "allocation" not in terms:
        return "oldest-installment-first"
    order = next(iter(_orders(terms).values()))
    return lc.Allocation([name for component in order for name in _COMPONENTS[component]], "horizontal")


# Events


def account_of(story: Story, after_event: int | None = None, loan: lc.Loan | None = None) -> lc.Account:
    """The account as it was after so many events of the story; after all of them if None."""
    loan = loan or loan_of(story)
    return lc.Account(loan, _events(story["events"][:after_event], agreed=bool(loan.tranches)))


def _night_before(day: str) -> date:
    return date.fromisoformat(day) - timedelta(days=1)


def _events(happened: Sequence[Story], *, agreed: bool) -> list[lc.Event]:
    """Money, its reversal, new rates and more draws; the day on which the system was when it heard of them is the day of
    booking. There the figure of a day covers the night before it: a new rate from a day prices the night before.

    Args:
        happened: The events of the story.
        agreed: Whether later draws are terms of the loan, as those with a down payment are.
    """
    events: list[lc.Event] = []
    today, draws = "", [_date_of(event) for event in happened if event["type"] == "disbursement"]
    first = min(draws, default="")
    for number, event in enumerate(happened, 1):
        id = f"event {number}"
        if event["type"] == "as_of":
            today = event["date"]
        elif event["type"] == "repayment":
            events.append(lc.Payment(event["date"], event["amount"], booked=max(today, event["date"]), id=id))
        elif event["type"] == "disbursement":
            if _date_of(event) != first and not agreed:
                events.append(lc.Draw(event["date"], event["amount"], id=id))
        elif event["type"] == "reschedule" and "newInterestRate" in event:
            on = _night_before(event["rescheduleFromDate"])
            events.append(lc.RateChange(on, f"{event['newInterestRate']}%", keep="term", id=id))
        elif event["type"] == "interest_pause":
            on, until = _night_before(event["date"]), event["end_date"]
            events.append(lc.InterestPause(on, until, keep="payment", id=id))
        elif event["type"] == "payoff":
            events.append(lc.Payoff(event["date"], booked=max(today, event["date"]), id=id))
        elif event["type"] == "reverse":
            paid = [made for made in events if isinstance(made, lc.Payment) and str(made.on) == event["date"]]
            events.append(lc.Reversal(paid[event["nth"] - 1], booked=max(today, event["date"]), id=id))
    return events
