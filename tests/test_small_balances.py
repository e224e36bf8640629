"""A cent keeps no loan open: the small-balance rule; what cures a loan; interest waived before it is due."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from loancalc.errors import InvalidAmount, InvalidEvent, InvalidTerms
from loancalc.testing import events, loans
from loancalc.values.money import to_decimal, to_minor

LIMIT = 5


@st.composite
def quoted(draw: st.DrawFn, **terms: object) -> tuple[lc.Account, date]:
    """An account, and a day after all that happened to it."""
    loan = draw(loans(**terms))
    happened = draw(events(loan, payoff=False))
    first = max([loan.start, *(event.on + timedelta(1) for event in happened)])
    day = draw(st.integers(0, 200).map(lambda days: first + timedelta(days)) | st.sampled_from(loan.dates))
    return lc.Account(loan, happened), max(day, first)


def with_small_balance(loan: lc.Loan) -> lc.Loan:
    other = copy.copy(loan)
    object.__setattr__(other, "small_balance", to_decimal(LIMIT, loan.digits))
    return other


@given(quoted(), st.integers(-LIMIT - 1, LIMIT + 1))
def test_a_payment_that_differs_from_the_payoff_by_little_ends_the_loan(
    case: tuple[lc.Account, date], more: int
) -> None:
    account, day = case
    account = lc.Account(with_small_balance(account.loan), account.events)
    digits = account.loan.digits
    if to_minor(account.payoff(day), digits) <= LIMIT + 1 or account.as_of(day).credit:
        return
    quote = to_minor(account.payoff(day), digits)
    paid = account.with_events(lc.Payment(day, to_decimal(quote + more, digits), id="last"))
    position = paid.as_of(day)
    receipt = next(receipt for receipt in paid.receipts if receipt.id == "last")
    if abs(more) > LIMIT:
        assert (receipt.small_balance, position.kept) == (0, 0)
        assert more > 0 or not position.is_closed
        return
    for later in (day, day + timedelta(400)):
        after = paid.as_of(later)
        assert (after.is_closed, after.payoff, after.credit) == (True, 0, 0)
    assert receipt.small_balance == to_decimal(more, digits)
    assert position.kept == to_decimal(max(0, more), digits)
    assert receipt.parts.total + max(receipt.small_balance, Decimal(0)) == receipt.amount
    books = paid.ledger(day)
    assert sum(books.balances().values()) == 0
    assert -books.balance("small balances kept") == position.kept


@given(quoted())
def test_what_cures_a_loan_leaves_nothing_past_due_and_less_does_not(case: tuple[lc.Account, date]) -> None:
    account, day = case
    cure, digits = account.cure(day), account.loan.digits
    assert cure == account.as_of(day).cure
    if not cure:
        return
    tomorrow = day + timedelta(1)
    cured = account.with_payment(day, cure).as_of(tomorrow)
    assert (cured.days_past_due, cured.oldest_unpaid_due) in {(0, None), (0, tomorrow)}
    if account.loan.late and any(cap.recover for cap in account.loan.late.caps):
        return  # a limit that grows in the night asks for some of what it had cut
    assert cured.past_due.total == 0
    less = to_decimal(to_minor(cure, digits) - 1, digits)
    short = account.with_payment(day, less) if less else account
    assert short.as_of(tomorrow).past_due.total > 0


@given(quoted())
def test_interest_waived_before_it_is_due_is_not_in_the_payoff(case: tuple[lc.Account, date]) -> None:
    account, day = case
    before = account.as_of(day)
    after = account.with_events(lc.Waiver(day, "interest", "all", undue=True)).as_of(day)
    assert after.interest_to_date == 0
    assert after.payoff == before.payoff - before.interest_to_date
    assert after.past_due == before.past_due


LOAN = lc.Loan(1_200, "12%", "2026-01-15", installments=3, small_balance="0.05")
PAID = [lc.Payment("2026-02-15", "408.03"), lc.Payment("2026-03-15", "408.03")]


def test_a_cent_short_at_the_end() -> None:
    """408.03, 408.03 and 408.02 repay it: a standing order of 408.00 leaves 0.08 open; one of 408.02 leaves 0.02."""
    assert [str(row.total) for row in LOAN.schedule()] == ["408.03", "408.03", "408.02"]
    short = lc.Account(LOAN, [lc.Payment(due, "408.02") for due in LOAN.dates[1:]])
    position = short.as_of("2026-04-15")
    assert (position.is_closed, position.ending, position.waived.total) == (True, "repaid", Decimal("0.02"))
    assert short.receipts[-1].small_balance == Decimal("-0.02")
    assert str(short.receipts[-1]).endswith("; small balance -0.02")
    too_short = lc.Account(LOAN, [lc.Payment(due, "408.00") for due in LOAN.dates[1:]]).as_of("2026-04-16")
    assert (too_short.past_due.total, too_short.days_past_due) == (Decimal("0.08"), 1)


def test_a_cent_too_much_at_the_end_is_kept_and_in_the_books() -> None:
    account = lc.Account(LOAN, [*PAID, lc.Payment("2026-04-15", "408.05")])
    position = account.as_of("2026-04-15")
    assert (position.is_closed, position.credit, position.kept) == (True, 0, Decimal("0.03"))
    assert account.ledger().balance("small balances kept") == Decimal("-0.03")
    assert account.ledger().balances() == {
        "cash": Decimal("24.11"), "interest earned": Decimal("-24.08"), "small balances kept": Decimal("-0.03")
    }  # fmt: skip


def test_credit_that_is_a_cent_short_when_it_is_applied() -> None:
    account = lc.Account(LOAN, [*PAID, lc.Payment("2026-04-01", "408.00", id="early")])
    assert account.as_of("2026-04-14").credit == 408
    assert account.as_of("2026-04-15").is_closed
    assert account.receipts_as_of("2026-04-15")[-1].small_balance == Decimal("-0.02")


def test_a_payment_that_ended_a_loan_with_a_little_too_much_comes_back_in_full() -> None:
    events = [*PAID, lc.Payment("2026-04-15", "408.05", id="last"), lc.Chargeback("2026-04-20", "last")]
    position = lc.Account(LOAN, events).as_of("2026-04-20")
    assert (position.past_due.total, position.kept, position.days_past_due) == (Decimal("408.02"), 0, 5)
    assert lc.Account(LOAN, events).ledger().balance("cash") == Decimal("-383.94")  # 816.06 - 1200


def test_without_the_rule_a_cent_keeps_a_loan_open() -> None:
    plain = lc.Loan(1_200, "12%", "2026-01-15", installments=3)
    assert lc.Account(plain, [*PAID, lc.Payment("2026-04-15", "408.01")]).as_of("2026-04-16").days_past_due == 1


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_interest_to_date_is_waived_and_the_next_installment_asks_for_less(accrual: str) -> None:
    """15 of the 31 nights of the first period, 12 % of 1200: 12.00 x 15/31 = 5.806 by the plan's months."""
    loan = lc.Loan(1_200, "12%", "2026-01-15", installments=3, accrual=accrual)
    waived = lc.Account(loan, [lc.Waiver("2026-01-30", "interest", "all", undue=True)])
    assert waived.as_of("2026-01-30").waived.interest == Decimal("5.81")
    assert waived.next_due("2026-01-30") == (date(2026, 2, 15), Decimal("402.22"))
    assert waived.outlook("2026-01-30").to_pay == lc.Account(loan).outlook("2026-01-30").to_pay - Decimal("5.81")


def test_what_cannot_be_waived_before_it_is_due() -> None:
    loan = lc.Loan(1_200, "12%", "2026-01-15", installments=3)
    with pytest.raises(InvalidEvent, match=r"waiver\.undue: got True of principal"):
        lc.Waiver("2026-01-30", "principal", "all", undue=True)
    with pytest.raises(InvalidEvent, match=r"got 6; expected at most 5\.81, the interest to date on 2026-01-30"):
        lc.Account(loan, [lc.Waiver("2026-01-30", "interest", 6, undue=True)]).as_of("2026-01-30")


def test_a_small_balance_is_small_money() -> None:
    with pytest.raises(InvalidTerms, match="small_balance: got 1200"):
        lc.Loan(1_200, "12%", "2026-01-15", installments=3, small_balance=1_200)
    with pytest.raises(InvalidAmount, match=r"small_balance: got 0\.001"):
        lc.Loan(1_200, "12%", "2026-01-15", installments=3, small_balance="0.001")
    assert eval(repr(LOAN), {"Loan": lc.Loan}) == LOAN
    assert lc.Loan(1_200, "12%", "2026-01-15", installments=3) != LOAN


def test_payoffs_of_several_days_show_what_they_are_made_of() -> None:
    account = lc.Account(LOAN, [PAID[0], lc.Charge("2026-02-20", "fee", 5), lc.Payment("2026-02-25", 100)])
    quotes = account.payoff("2026-03-10", days=10)
    assert dict(quotes) == {day: account.payoff(day) for day in quotes}
    assert next(iter(quotes)) == date(2026, 3, 10)
    assert len(quotes) == 11
    for quote in quotes.quotes:
        made_of = quote.owed + quote.interest + quote.charged_ahead + quote.principal - quote.credit
        assert made_of == quote.payoff
    assert "charged ahead" in str(quotes).splitlines()[0]
    assert quotes.to_dict()["payoff"] == list(quotes.values())
