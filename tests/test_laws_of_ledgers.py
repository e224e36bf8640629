"""The ledger: whatever happens, every entry balances, and what is left on the accounts is what is owed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from loancalc.errors import InvalidDate, UnknownName
from loancalc.servicing.ledger import ACCOUNTS
from loancalc.testing import accounts
from loancalc.values.money import to_decimal

SHARES = st.floats(0, 1)


def day_of(account: lc.Account, share: float) -> date:
    """A day between the start and two months after the last due date."""
    loan = account.loan
    return loan.start + timedelta(int(share * ((loan.dates[-1] - loan.start).days + 60)))


@given(accounts(), SHARES)
def test_every_entry_balances_and_what_they_leave_is_what_is_owed_held_and_paid(
    account: lc.Account, share: float
) -> None:
    day = day_of(account, share)
    ledger, position = account.ledger(day), account.as_of(day)
    assert all(sum(amount for _, amount in entry.minor) == 0 for entry in ledger)
    assert sum(ledger.balances().values()) == 0
    assert (ledger.past_due, ledger.due) == (position.past_due, position.due)
    assert ledger.owed.principal == position.outstanding_principal
    assert ledger.balance("interest not due") == position.interest_to_date
    assert sum(ledger.balance(f"{name} not due") for name in ("cost", "fee", "penalty")) == position.charged_ahead
    assert ledger.balance("held credit") == -position.credit
    assert ledger.balance("waived") == position.waived.total
    assert ledger.balance("written off") == position.written_off.total
    assert [entry.on for entry in ledger] == sorted(entry.on for entry in ledger)
    came, given_by_lender = Decimal(0), Decimal(0)
    for receipt in account.receipts_as_of(day):
        came += receipt.amount - receipt.returned
        given_by_lender += receipt.amount - receipt.returned if receipt.source == "lender" else 0
    assert ledger.balance("credit given") == given_by_lender
    assert ledger.balance("cash") == came - given_by_lender - account.loan.principal


@given(accounts(), SHARES)
def test_what_is_earned_is_what_lines_and_penalties_say(account: lc.Account, share: float) -> None:
    day = day_of(account, share)
    ledger, position = account.ledger(day), account.as_of(day)
    lines = {"late_interest": Decimal(0), "compound_interest": Decimal(0)}
    for line in position.lines:
        if line.component in lines:
            lines[line.component] += line.amount
    penalties = sum(penalty.amount for penalty in position.penalties)
    charged = dict.fromkeys(("cost", "fee", "penalty"), Decimal(0))
    if any(any(state.cut.minor) for state in position.installments):
        return
    for charge in position.figures.charges:
        charged[("cost", "fee", "penalty")[charge.component]] += to_decimal(charge.amount, account.loan.digits)
    for component, amount in lines.items():
        assert -ledger.balance(f"{component} earned") == amount
    assert -ledger.balance("penalty earned") == penalties + charged["penalty"]
    assert -ledger.balance("cost earned") == charged["cost"]


@given(accounts(), SHARES, SHARES)
def test_what_moved_leads_from_one_day_to_another(account: lc.Account, one: float, other: float) -> None:
    first, last = sorted((day_of(account, one), day_of(account, other)))
    moved = account.between(first, last)
    assert (moved.opening, moved.closing) == (account.as_of(first), account.as_of(last))
    before, after = account.ledger(first).owed, account.ledger(last).owed
    for row in moved:
        change = row.paid_out + row.earned + row.capitalized - row.paid - row.waived - row.written_off
        assert row.opening + change == row.closing
        if row.component != "total":
            assert (row.opening, row.closing) == (before[row.component], after[row.component])
            assert row.capitalized == 0
    assert (moved["total"].opening, moved["total"].closing) == (before.total, after.total)


LATE = lc.LateTerms(
    interest=lc.LateInterest("18%", day_count="ACT/360"), penalties=[lc.Penalty(amount=25)], grace=lc.Grace(5, "free")
)
LOAN = lc.Loan(12_000, "12%", "2026-01-15", installments=12, late=LATE)


def test_a_late_payment_in_the_books() -> None:
    """1066.19 fell due on 15 February; from the 20th 946.19 bears 18 %: 10/360 of it are 4.73 by 2 March."""
    ledger = lc.Account(LOAN, [lc.Payment("2026-03-02", 500, id="late")]).ledger("2026-03-02")
    entries = [str(entry) for entry in ledger]
    assert entries[0] == "2026-01-15 paid out: principal not due 12000.00, cash -12000.00"
    assert "2026-02-16 past due: interest not due 3.95, interest due -120.00" in entries[3]
    assert "2026-02-21 penalty: penalty past due 25.00, penalty earned -25.00" in entries
    assert entries[-1] == (
        "2026-03-02 payment late: cash 500.00, penalty past due -25.00, late_interest past due -4.73, "
        "interest past due -120.00, principal past due -350.27"
    )


def test_held_credit_is_money_that_is_applied_later() -> None:
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12)
    ledger = lc.Account(loan, [lc.Payment("2026-02-01", 1_000)]).ledger("2026-02-15")
    assert [str(entry) for entry in ledger if entry.kind == "money"] == [
        "2026-02-01 payment e1: cash 1000.00, held credit -1000.00",
        "2026-02-15 credit applied: held credit 1000.00, interest due -120.00, principal due -880.00",
    ]


def test_interest_that_joins_the_principal_is_capitalized() -> None:
    loan = lc.Loan(
        12_000,
        "12%",
        "2026-01-15",
        installments=12,
        moratorium=lc.Moratorium(2, "capitalized"),
    )
    moved = lc.Account(loan).between("2026-01-15", "2026-03-15")
    assert (moved["principal"].capitalized, moved["interest"].capitalized) == (Decimal("241.20"), Decimal("-241.20"))
    assert moved["principal"].closing == Decimal("12241.20")  # 12 000 x 1.01 x 1.01


def test_what_is_written_off_and_recovered() -> None:
    events = [lc.WriteOff("2026-06-01"), lc.Recovery("2027-01-01", 700)]
    moved = lc.Account(LOAN, events).between("2026-12-31", "2027-01-01")
    assert moved["total"].closing == moved["total"].opening == 0
    assert (moved["total"].paid, moved["total"].written_off) == (700, -700)
    assert [event.on for event in moved.events] == [date(2027, 1, 1)]


def test_accounts_of_the_ledger_have_names() -> None:
    ledger = lc.Account(LOAN).ledger()
    assert ledger.as_of == date(2027, 1, 15)
    assert len(ledger.to_dict()["account"]) == sum(len(entry.postings) for entry in ledger)
    assert set(ledger.balances()) <= set(ACCOUNTS)
    with pytest.raises(UnknownName, match="account: got 'principle due'"):
        ledger.balance("principle due")
    with pytest.raises(InvalidDate, match=r"between\.last: got 2026-02-01; expected 2026-03-01"):
        lc.Account(LOAN).between("2026-03-01", "2026-02-01")
