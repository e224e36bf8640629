"""The kinds of random accounts on which both engines are compared, by name."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

import loancalc as lc
from changing import with_terms
from day_by_day.random_accounts import (
    accounts_with_orders_when_late,
    accounts_with_rebates,
    accounts_with_two_orders,
    compared_accounts,
    compounding_under_a_cap,
    designated_accounts,
    paid_off_with_waivers,
    possible,
    prepaid_accounts,
    recovered_accounts,
    repaid_accounts,
    settled_accounts,
    short_inside_a_grace,
    with_chargebacks,
)
from day_by_day.random_plans import (
    accounts_with_a_moratorium,
    accounts_with_agreed_changes,
    accounts_with_dates_of_their_own,
    changed_after_going_back,
    replanned_accounts,
    replanned_daily_accounts,
)
from loancalc.errors import LoanError

Accounts = st.SearchStrategy[lc.Account]


@st.composite
def paid_ahead(draw: st.DrawFn) -> lc.Account:
    """Daily loans whose early money counts toward the installments that a surplus rule names; some of it may be meant for some
    components only.
    """
    account = draw(compared_accounts(accruals=["daily"]) | designated_accounts("daily").filter(_names_no_installment))
    loan, surplus = account.loan, draw(st.sampled_from(["next", "last", "next-then-last", "spread"]))
    order = lc.Allocation(loan.allocation.order, loan.allocation.direction, surplus=surplus)
    return lc.Account(with_terms(loan, allocation=order, early="apply"), account.events)


@st.composite
def by_rests(draw: st.DrawFn) -> lc.Account:
    """Daily loans whose interest is reckoned anew on due dates only; money comes and goes back between them."""
    account = draw(
        st.sampled_from(["usual", "late-terms", "new-plans", "prepaid", "designated", "chargebacks", "paid-ahead"])
        .map("daily-{}".format)
        .flatmap(KINDS.__getitem__)
    )
    rests = lc.Account(with_terms(account.loan, rests="due-dates"), account.events)
    return possible(draw(with_chargebacks(st.just(rests))) if draw(st.booleans()) else rests) or account


@st.composite
def with_a_long_first_period(draw: st.DrawFn) -> lc.Account:
    """Loans of either accrual whose first period is up to three times as long as a regular one; anything happens in it."""
    kinds = [f"{accrual}-{kind}" for accrual in ("scheduled", "daily") for kind in ("usual", "prepaid", "new-plans")]
    account = draw(st.sampled_from(kinds).flatmap(KINDS.__getitem__))
    loan = account.loan
    if loan.method == "lump_sum":
        return account
    first_due = loan.dates[1] + timedelta(draw(st.integers(0, 2 * (loan.dates[1] - loan.start).days)))
    try:
        longer = lc.Account(with_terms(loan, first_due=first_due, month_end=False), account.events)
    except LoanError:
        return account
    return possible(longer) or account


def _names_no_installment(account: lc.Account) -> bool:
    return not any(isinstance(event, lc.Payment) and event.installment for event in account.events)


def _of_either_accrual(accrual: str) -> dict[str, Accounts]:
    usual, late_terms = compared_accounts(accruals=[accrual]), compared_accounts(accruals=[accrual], any_lateness=True)
    return {
        f"{accrual}-usual": usual,
        f"{accrual}-late-terms": late_terms,
        f"{accrual}-new-plans": replanned_accounts() if accrual == "scheduled" else replanned_daily_accounts(),
        f"{accrual}-moratoriums": accounts_with_a_moratorium(accrual),
        f"{accrual}-changed-after-going-back": changed_after_going_back(accrual),
        f"{accrual}-agreed-changes": accounts_with_agreed_changes(accrual),
        f"{accrual}-own-dates": accounts_with_dates_of_their_own(accrual),
        f"{accrual}-prepaid": prepaid_accounts(accrual),
        f"{accrual}-chargebacks": with_chargebacks(usual | late_terms | prepaid_accounts(accrual)),
        f"{accrual}-two-orders": accounts_with_two_orders(accrual),
        f"{accrual}-orders-when-late": accounts_with_orders_when_late(accrual),
        f"{accrual}-designated": designated_accounts(accrual),
        f"{accrual}-rebates": accounts_with_rebates(accrual),
        f"{accrual}-waivers-and-payoffs": paid_off_with_waivers(accrual),
        f"{accrual}-settled": settled_accounts(accrual),
        f"{accrual}-recovered": recovered_accounts(accrual),
    }


KINDS: dict[str, Accounts] = {
    **_of_either_accrual("scheduled"),
    **_of_either_accrual("daily"),
    "scheduled-repaid": repaid_accounts(),
    "scheduled-capped-compounding": compounding_under_a_cap(),
    "daily-paid-ahead": paid_ahead(),
    "daily-short-in-grace": short_inside_a_grace(),
    "daily-by-rests": by_rests(),
    "long-first-period": with_a_long_first_period(),
}
