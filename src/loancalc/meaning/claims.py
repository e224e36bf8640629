"""Claim: what a lender says about a loan on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from loancalc.errors import InvalidAmount, InvalidTerms
from loancalc.values.counts import read_count
from loancalc.values.dates import DateLike, read_date
from loancalc.values.money import Amount, to_minor
from loancalc.values.names import COMPONENTS


@dataclass(frozen=True, slots=True, init=False)
class Claim:
    """What a lender says. Give what the message says and leave out the rest.

    Args:
        as_of: The day for which the lender gives the figures.
        days_past_due: Days overdue.
        installments_past_due: Number of installments overdue (逾期期数).
        oldest_unpaid_due: Due date of the oldest unpaid installment.
        past_due_total: All that is past due, in units of the loan's currency; and its parts:
        principal, interest, late_interest, compound_interest, penalty, fee, cost: each past due.
        outstanding_principal: Principal not yet repaid, due or not.
        payoff: What would pay off the loan on that day.
        status_line: The monthly marks of the credit report, oldest first.

    Raises:
        InvalidAmount: If an amount is no amount, or is below zero.
        InvalidTerms: If a count is no whole number, if the status line is no text, or if nothing is claimed.

    >>> Claim(as_of="2026-04-24", days_past_due=45, past_due_total="1730.00").days_past_due
    45
    """

    as_of: date
    days_past_due: int | None
    installments_past_due: int | None
    oldest_unpaid_due: date | None
    past_due_total: Amount | None
    cost: Amount | None
    fee: Amount | None
    penalty: Amount | None
    compound_interest: Amount | None
    late_interest: Amount | None
    interest: Amount | None
    principal: Amount | None
    outstanding_principal: Amount | None
    payoff: Amount | None
    status_line: str | None

    def __init__(
        self,
        as_of: DateLike,
        *,
        days_past_due: int | None = None,
        installments_past_due: int | None = None,
        oldest_unpaid_due: DateLike | None = None,
        past_due_total: Amount | None = None,
        cost: Amount | None = None,
        fee: Amount | None = None,
        penalty: Amount | None = None,
        compound_interest: Amount | None = None,
        late_interest: Amount | None = None,
        interest: Amount | None = None,
        principal: Amount | None = None,
        outstanding_principal: Amount | None = None,
        payoff: Amount | None = None,
        status_line: str | None = None,
    ) -> None:
        given = {name: value for name, value in locals().items() if name != "self"}
        for name in ("days_past_due", "installments_past_due"):
            if given[name] is not None:
                given[name] = read_count(given[name], f"claim.{name}")
        given["as_of"] = read_date(as_of, "claim.as_of")
        if oldest_unpaid_due is not None:
            given["oldest_unpaid_due"] = read_date(oldest_unpaid_due, "claim.oldest_unpaid_due")
        for name in AMOUNTS:
            if given[name] is not None and to_minor(given[name], 4, f"claim.{name}") < 0:
                raise InvalidAmount(f"claim.{name}: got {given[name]}; expected an amount of 0 or more")
        if status_line is not None and (not isinstance(status_line, str) or not status_line.strip()):
            raise InvalidTerms(f"claim.status_line: got {status_line!r}; expected the marks as text, such as '*N12'")
        if not any(value is not None for name, value in given.items() if name != "as_of"):
            raise InvalidTerms(
                f"claim: nothing to compare; accepted: {', '.join(name for name in given if name != 'as_of')}"
            )
        for name, value in given.items():
            object.__setattr__(self, name, value)


AMOUNTS = ("past_due_total", *COMPONENTS, "outstanding_principal", "payoff")
