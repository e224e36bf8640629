"""The law of payoff: what is quoted for a day, paid on that day, leaves exactly nothing."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import loancalc as lc
from changing import with_terms
from loancalc.testing import events, loans
from loancalc.values.money import Amount, to_decimal, to_minor
from loancalc.values.names import COMPONENTS

RULES = ["to-date", "whole-period", "all-scheduled", "rule-of-78"]


@st.composite
def quoted(draw: st.DrawFn, **terms: object) -> tuple[lc.Account, date]:
    """An account, and a day after all that happened to it (so that nothing of that day comes after the payoff)."""
    loan = draw(loans(**terms))
    happened = draw(events(loan, payoff=False))
    first = max([loan.start, *(event.on + timedelta(1) for event in happened)])
    day = draw(st.integers(0, 200).map(lambda days: first + timedelta(days)) | st.sampled_from(loan.dates))
    return lc.Account(loan, happened), max(day, first)


def assert_nothing_left(account: lc.Account, day: date) -> None:
    for later in (day, day + timedelta(1), day + timedelta(40), max(day, account.loan.dates[-1]) + timedelta(400)):
        position = account.as_of(later)
        assert position.is_closed, position
        assert (position.payoff, position.credit, position.outstanding_principal) == (0, 0, 0)
        assert (position.past_due.total, position.due.total, position.interest_to_date) == (0, 0, 0)
        assert (position.oldest_unpaid_due, position.next_due, position.days_past_due) == (None, None, 0)


@given(quoted())
def test_a_payoff_leaves_exactly_nothing(case: tuple[lc.Account, date]) -> None:
    account, day = case
    closed = account.with_events(lc.Payoff(day, id="off"))
    assert_nothing_left(closed, day)
    receipt = next(receipt for receipt in closed.receipts if receipt.id == "off")
    assert receipt.is_payoff
    assert receipt.parts.total == receipt.amount


@given(quoted())
def test_a_payment_of_exactly_the_quoted_amount_leaves_exactly_nothing(case: tuple[lc.Account, date]) -> None:
    account, day = case
    quote = account.payoff(day)
    if quote > 0:
        assert_nothing_left(account.with_payment(day, quote), day)


@given(quoted())
def test_a_payoff_pays_what_was_quoted(case: tuple[lc.Account, date]) -> None:
    account, day = case
    closed = account.with_events(lc.Payoff(day, id="off"))
    paid = next(receipt.amount for receipt in closed.receipts if receipt.id == "off")
    assert paid == account.payoff(day)


def test_a_waiver_of_the_day_is_let_go_before_what_ends_the_loan_whatever_else_is_paid() -> None:
    # 1 000.00 and 10.00 are past due since 15 February; ten nights at 0.05 % of 1 000.00 are 5.00, which are let go on 25 February.
    # Of 300.00 that come first, 5.00 settle late interest, 10.00 interest and 285.00 principal; the waiver leaves the other 715.00.
    late = lc.LateTerms(interest=lc.LateInterest("18%", day_count="ACT/360"))
    loan = lc.Loan(1_000, "12%", "2026-01-15", installments=1, late=late)
    waiver, first = lc.Waiver("2026-02-25", "late_interest", "all"), lc.Payment("2026-02-25", 300, sequence=1)
    for rest in (lc.Payoff("2026-02-25", sequence=2), lc.Payment("2026-02-25", 715, sequence=2)):
        account = lc.Account(loan, [waiver, rest, first])
        assert_nothing_left(account, date(2026, 2, 25))
        assert [str(receipt.amount) for receipt in account.receipts if receipt.amount] == ["300.00", "715.00"]
        assert account.as_of("2026-02-25").waived.total == 0
    # the other way round the waiver is let go before 1 010.00, and 300.00 are held
    for rest in (lc.Payoff("2026-02-25", sequence=0), lc.Payment("2026-02-25", 1_010, sequence=0)):
        position = lc.Account(loan, [waiver, rest, first]).as_of("2026-02-25")
        assert (str(position.waived), str(position.credit), position.payoff) == ("late_interest 5.00", "300.00", -300)
    # what is meant for the principal is no payoff, though it is as much
    meant = lc.Account(loan, [waiver, lc.Payment("2026-02-25", 1_010, only="principal")])
    assert (str(meant.as_of("2026-02-25").past_due), str(meant.as_of("2026-02-25").credit)) == (
        "interest 10.00",
        "10.00",
    )


@st.composite
def waived(draw: st.DrawFn) -> tuple[lc.Account, date]:
    """An account whose lender lets go of something on the last day."""
    account, day = draw(quoted())
    digits, waivers = account.loan.digits, list[lc.Waiver]()
    if draw(st.booleans()) and account.as_of(day).interest_to_date > 0:
        waivers.append(lc.Waiver(day, "interest", "all", undue=True))
    for component in draw(st.lists(st.sampled_from(COMPONENTS), unique=True, max_size=3)):
        position = account.with_events(waivers).as_of(day)
        assessed = sum(charge.amount for charge in position.penalties if charge.on == day)
        owed = to_minor(getattr(position.past_due, component) + getattr(position.due, component), digits)
        owed -= to_minor(assessed, digits) if component == "penalty" else 0  # a waiver comes before it
        part = st.integers(1, owed).map(lambda minor: to_decimal(minor, digits)) if owed > 0 else st.just("all")
        waivers.append(lc.Waiver(day, component, draw(st.just("all") | part)))
    return account.with_events(waivers), day


@given(waived())
def test_a_payoff_on_the_day_of_a_waiver_pays_what_was_quoted_with_it_and_leaves_exactly_nothing(
    case: tuple[lc.Account, date],
) -> None:
    account, day = case
    quote = account.payoff(day)
    if quote < 0:
        return  # more is held than is owed: there is nothing to pay off
    closed = account.with_events(lc.Payoff(day, id="off"))
    assert_nothing_left(closed, day)
    assert next(receipt.amount for receipt in closed.receipts if receipt.id == "off") == quote
    assert closed.as_of(day).waived == account.as_of(day).waived
    if quote > 0:
        paid = account.with_payment(day, quote)
        assert_nothing_left(paid, day)
        assert paid.as_of(day).waived == closed.as_of(day).waived


@given(quoted())
def test_a_payoff_is_what_is_owed_and_all_principal_less_credit(case: tuple[lc.Account, date]) -> None:
    account, day = case
    position = account.as_of(day)
    if any(charge.on == day for charge in position.penalties):
        return  # a payment of that day is in time: the penalty would not be assessed
    owed = position.past_due.total + position.due.total - position.past_due.principal - position.due.principal
    owed += position.charged_ahead
    early = position.payoff_interest + position.payoff_fee
    assert position.payoff == owed + early + position.outstanding_principal - position.credit
    if account.loan.early == "hold" or account.loan.accrual == "daily":
        assert early == position.interest_to_date
    else:  # interest of installments ahead was paid, or not
        assert early <= position.interest_to_date


# What is let go


@given(quoted(late=False), st.sampled_from([None, *RULES, "actuarial"]), st.integers(1, 99))
def test_a_settlement_lets_go_of_what_is_missing_to_the_payoff(
    case: tuple[lc.Account, date], rule: str | None, percent: int
) -> None:
    account, day = case
    if rule is not None and account.loan.accrual == "scheduled":
        account = lc.Account(with_terms(account.loan, prepayment=lc.Prepayment(rule)), account.events)
    payoff, digits = account.payoff(day), account.loan.digits
    amount = to_decimal(to_minor(payoff, digits) * percent // 100, digits)
    if amount <= 0:
        return
    settled = account.with_events(lc.Settlement(day, amount, rest="waive")).as_of(day)
    assert_nothing_left(account.with_events(lc.Settlement(day, amount, rest="waive")), day)
    assert settled.waived.total - account.as_of(day).waived.total == payoff - amount


@pytest.mark.parametrize("rule", ["to-date", "whole-period", "all-scheduled", "rule-of-78", "actuarial"])
@pytest.mark.parametrize("method", ["annuity", "flat"])
def test_interest_that_was_let_go_is_not_asked_for_by_any_rule(method: str, rule: str) -> None:
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12, method=method, prepayment=lc.Prepayment(rule))
    account = lc.Account(loan)
    gift = account.with_events(lc.Waiver("2026-01-25", "interest", 20, undue=True))
    for day in ("2026-01-25", "2026-02-01", "2026-02-14", "2026-02-15", "2026-03-01"):
        assert account.payoff(day) - gift.payoff(day) == 20


# What was paid of installments ahead


@st.composite
def paid_ahead(draw: st.DrawFn, **terms: object) -> tuple[lc.Account, date]:
    """The first installments paid as they fell due, then money before the next one does; and a day after all of it."""
    loan = draw(loans(**terms))
    rows = loan.schedule()
    done = draw(st.integers(0, len(rows) - 1))
    happened = [lc.Payment(row.due, row.payable) for row in rows[:done] if row.payable]
    since, due = loan.dates[done : done + 2]
    left = rows.columns.balance[done - 1] if done else loan.principal_minor
    for night in draw(st.lists(st.integers(0, (due - since).days - 1), min_size=1, max_size=2)):
        amount = draw(st.integers(1, max(1, left // 2)))
        happened.append(lc.Payment(since + timedelta(night), to_decimal(amount, loan.digits)))
    last = max(payment.on for payment in happened)
    nights = draw(st.integers(0, (due - last).days) | st.integers(0, 120))
    return lc.Account(loan, happened), last + timedelta(nights)


@st.composite
def held_and_applied(draw: st.DrawFn) -> tuple[lc.Account, lc.Account, date]:
    """The same scheduled loan and events, early money held and applied, and a day on which something is still to be paid of
    installments ahead. Late interest rests on what is past due: the whole balance is really lower where money is applied.
    An order that says what is paid ahead is none of these: money for interest of later installments leaves this one unpaid.
    """
    account, day = draw(quoted(accruals=["scheduled"]) | paid_ahead(accruals=["scheduled"]))
    happened = [event for event in account.events if _is_plain(event)]
    happened += [e for e in account.events if isinstance(e, lc.Reversal) and e.of in {one.id for one in happened}]
    loan = with_terms(account.loan, prepayment=draw(st.none() | st.builds(lc.Prepayment, st.sampled_from(RULES), FEES)))
    terms = loan.late and loan.late.interest
    if (terms and terms.base == "outstanding-principal") or (loan.late and (loan.late.tolerance or loan.late.caps)):
        loan = with_terms(loan, late=None)
    ahead = any(item.timing == "in advance" for group in loan.allocation.groups for item in group)
    if ahead or loan.allocation.surplus is not None:
        loan = with_terms(loan, allocation="cost-interest-principal", prepayment=loan.prepayment)
    held, applied = (
        lc.Account(with_terms(loan, early=early, prepayment=loan.prepayment), happened) for early in ("hold", "apply")
    )
    assume(not applied.as_of(day).is_closed)
    return held, applied, day


def _is_plain(event: lc.Event) -> bool:
    """Money that is meant for nothing in particular, and what is waived."""
    if isinstance(event, lc.Payment):
        return not event.is_designated and event.effect is None
    return isinstance(event, lc.Waiver)


FEES = st.none() | st.builds(
    lambda percent: lc.Fee(percent=f"{percent}%", of="prepaid-principal", at="prepayment"), st.integers(1, 5)
)


@given(held_and_applied())
def test_a_payoff_asks_the_same_whether_early_money_was_held_or_paid_installments_ahead(
    case: tuple[lc.Account, lc.Account, date],
) -> None:
    held, applied, day = case
    assert applied.payoff(day) == held.payoff(day)


@given(held_and_applied())
def test_an_accelerated_loan_owes_the_same_whether_early_money_was_held_or_paid_installments_ahead(
    case: tuple[lc.Account, lc.Account, date],
) -> None:
    held, applied, day = (*(account.with_events(lc.Acceleration(case[2])) for account in case[:2]), case[2])
    for later in (day, day + timedelta(30)):
        one, other = held.as_of(later), applied.as_of(later)
        assert (one.past_due, one.due, one.credit) == (other.past_due, other.due, other.credit)
        assert one.oldest_unpaid_due == other.oldest_unpaid_due


def twice(amount: Amount = 5_000, **terms: Any) -> tuple[lc.Account, lc.Account]:
    """12 000 at 1 % a month, and money five days after the start: held, and applied."""
    held, applied = (
        lc.Account(
            lc.Loan(12_000, "12%", "2026-01-15", installments=12, early=early, **terms),
            [lc.Payment("2026-01-20", amount)],
        )
        for early in ("hold", "apply")
    )
    return held, applied


def test_interest_paid_ahead_counts_against_the_payoff() -> None:
    # ten of the first 31 nights: 12 000 x 1 % x 10/31 = 38.709677...; 5 000.00 paid 504.43 of interest, and principal
    held, applied = twice()
    for account in (held, applied):
        assert str(account.payoff("2026-01-25")) == "7038.71"  # 12 000.00 + 38.71 - 5 000.00
    position = applied.as_of("2026-01-25")
    assert (str(position.outstanding_principal), str(position.payoff_interest)) == ("7504.43", "-465.72")
    text = "interest of later days that was paid -465.72 + principal not yet due 7504.43 = 7038.71"
    assert f"payoff on 2026-01-25: {text}" in position.explain()
    closed = applied.with_events(lc.Payoff("2026-01-25"))
    assert [str(receipt.parts) for receipt in closed.receipts] == [
        "interest 38.71, principal 4961.29",
        "principal 7038.71",
    ]
    books = closed.ledger("2026-01-25")
    assert {name: str(amount) for name, amount in books.balances().items()} == {
        "cash": "38.71",
        "interest earned": "-38.71",
    }


def test_fees_paid_ahead_count_against_the_payoff() -> None:
    # 2 200.00 are two installments of 1 086.19, then the fee of the third and 7.62 of its interest; none of them was due
    held, applied = twice(2_200, fees=[lc.Fee(20, each="installment")])
    assert held.payoff("2026-01-25") == applied.payoff("2026-01-25") == Decimal("9838.71")
    assert str(applied.as_of("2026-01-25").payoff_fee) == "-60.00"


def test_what_repays_early_costs_the_fee_on_all_that_stops_bearing_interest() -> None:
    # 1 % of 12 000.00, however much of it money that came early had covered
    fee = lc.Prepayment(fee=lc.Fee(percent="1%", of="prepaid-principal", at="prepayment"))
    held, applied = twice(prepayment=fee)
    assert held.payoff("2026-01-25") == applied.payoff("2026-01-25") == Decimal("7158.71")


def test_interest_of_later_periods_that_is_owed_all_the_same_stays_paid() -> None:
    held, applied = twice(prepayment=lc.Prepayment(interest="all-scheduled"))
    assert held.payoff("2026-01-25") == applied.payoff("2026-01-25") == Decimal("7794.23")  # 12 794.23 - 5 000.00


def test_a_charge_off_without_further_interest_turns_interest_paid_ahead_into_principal() -> None:
    off = lc.ChargeOff("2026-01-25", further_interest=False)
    held, applied = (account.with_events(off) for account in twice())
    assert str(held.payoff("2026-12-15")) == str(applied.payoff("2026-12-15")) == "7038.71"
    assert str(applied.as_of("2026-01-25").outstanding_principal) == "7038.71"


def test_a_settlement_and_a_write_off_take_what_was_paid_ahead_for_what_is_owed_then() -> None:
    for ending in (lc.WriteOff("2026-01-25"), lc.Settlement("2026-01-25", 7_000, rest="write off")):
        held, applied = (account.with_events(ending).as_of("2026-01-25") for account in twice())
        assert held.written_off == applied.written_off
    assert str(applied.written_off.total) == "38.71"


def test_more_interest_paid_ahead_than_is_left_comes_back_as_credit() -> None:
    # 12 700.00 on the fifth day: all but 94.23 of the plan; on the tenth 12 038.71 would have done
    account = twice(12_700)[1]
    assert str(account.payoff("2026-01-25")) == "-661.29"
    closed = account.with_events(lc.Payoff("2026-01-25")).as_of("2026-01-25")
    assert (closed.is_closed, str(closed.credit)) == (True, "661.29")
    assert account.with_events(lc.Payoff("2026-01-25"), lc.Refund("2026-01-26", "all")).payoff("2026-01-26") == 0


def test_a_fee_paid_ahead_that_is_charged_back_is_asked_for_with_its_installment() -> None:
    account = twice(1_000, fees=[lc.Fee(20, each="installment")])[1]
    paid = account.with_events(lc.Chargeback("2026-01-22", account.events[0])).as_of("2026-01-25")
    assert (str(paid.payoff), paid.charged_ahead, str(paid.next_due and paid.next_due.amount)) == (
        "12038.71",
        0,
        "1086.19",
    )


def test_interest_to_date_can_be_let_go_whether_or_not_it_was_paid_ahead() -> None:
    # the 38.71 of ten nights; what had paid them goes on to what is asked for next
    gift = lc.Waiver("2026-01-25", "interest", "all", undue=True)
    for account in twice():
        assert str(account.with_events(gift).payoff("2026-01-25")) == "7000.00"
        assert str(account.with_events(gift).payoff("2026-02-01")) == "7027.10"  # 65.81 of 17 nights, less 38.71


def test_who_pays_every_installment_ahead_has_paid_the_plan() -> None:
    position = twice("12794.23")[1].as_of("2026-01-25")
    assert (position.is_closed, position.payoff, position.credit) == (True, 0, 0)


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
@pytest.mark.parametrize("method", ["annuity", "equal_principal", "interest_only", "flat"])
def test_interest_of_later_periods_is_not_owed(method: str, accrual: str) -> None:
    if (method, accrual) == ("flat", "daily"):
        return
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12, method=method, accrual=accrual)
    account = lc.Account(loan)
    assert account.payoff("2026-01-15") == 12_000
    # 15 of the 31 nights of the first period: 120.00 x 15/31 = 58.0645...
    assert str(account.payoff("2026-01-30")) == "12058.06"


def test_interest_that_is_still_to_come_keeps_a_loan_open() -> None:
    loan = lc.Loan(1200, "12%", "2026-01-15", installments=12, early="apply")
    account = lc.Account(loan, [lc.Payment("2026-01-15", 1200, only="principal")])
    position = account.as_of("2026-01-31")
    # the plan's interest stands: 12.00 of the first month, 16 of its 31 nights are 6.1935...
    assert (str(position.outstanding_principal), str(position.payoff)) == ("0.00", "6.19")
    assert not position.is_closed
    assert_nothing_left(account.with_payment("2026-01-31", "6.19"), date(2026, 1, 31))


def test_a_flat_loan_whose_rounding_repays_early_is_open_until_its_last_interest() -> None:
    loan = lc.Loan("0.05", "35%", "2026-01-15", installments=10, method="flat")
    rows = loan.schedule()
    assert [str(row.total) for row in rows] == ["0.01"] * 5 + ["0.00"] * 4 + ["0.01"]
    account = lc.Account(loan, [lc.Payment("2026-02-01", "0.04")])
    for day, payoff in (("2026-06-20", "0.01"), ("2026-10-20", "0.01"), ("2026-11-15", "0.02")):
        assert str(account.as_of(day).payoff) == payoff
    paid = account.with_payment("2026-06-20", "0.02")  # 0.01 of it is held for the interest of November
    assert [paid.as_of(day).is_closed for day in ("2026-06-20", "2026-11-14", "2026-11-15")] == [False, False, True]


RECOVERIES: dict[str, lc.Event] = {
    "re-aging": lc.Reaging("2026-01-31", first_due="2026-03-10", installments=12, overdue="keep"),
    "restructuring": lc.Restructuring("2026-01-31", first_due="2026-03-10", installments=12, overdue="keep"),
    "with its dates": lc.Restructuring("2026-01-31", installments=12, overdue="keep"),
    "with a method": lc.Restructuring("2026-01-31", installments=12, method="equal_principal", overdue="keep"),
    "re-amortization": lc.Reamortization("2026-01-31", overdue="keep"),
    "extension": lc.Extension("2026-01-31", 3),
    "rate change": lc.RateChange("2026-01-31", "6%", keep="term"),
    "deferral": lc.Deferral("2026-01-31", 1, interest="next", term="longer"),
    "spread": lc.Deferral("2026-01-31", 1, interest="spread", term="same"),
    "waived": lc.Deferral("2026-01-31", 1, interest="waive", term="longer"),
}


@pytest.mark.parametrize("early", ["hold", "apply"])
@pytest.mark.parametrize("event", RECOVERIES.values(), ids=RECOVERIES.keys())
def test_interest_that_was_let_go_counts_once_whatever_becomes_of_the_plan(event: lc.Event, early: str) -> None:
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12, early=early)
    gift = lc.Waiver("2026-01-30", "interest", 20, undue=True)
    before, after = lc.Account(loan, [event]), lc.Account(loan, [gift, event])
    more: dict[str, Decimal] = {}
    if getattr(event, "first_due", None):
        # equal payments ask for what had accrued: each is 20 / 11.37 = 1.76 less, so that the first one repays 18.24 more. That
        # saves 0.18 in a month and 16.66 x 1 % x 10 / 30 = 0.06 after it, 12 x 1.76 - 20 = 1.12 in all, and the cents of rows
        more = {"2026-04-20": Decimal("0.25"), "2027-06-01": Decimal("1.13")}
    for day in ("2026-01-31", "2026-02-10", "2026-02-15", "2026-02-20", "2026-03-10", "2026-04-20", "2027-06-01"):
        assert before.payoff(day) - after.payoff(day) == 20 + more.get(day, 0)
        position = after.as_of(day)
        assert min(*position.figures.past_due, *position.figures.due) >= 0


def test_interest_that_was_let_go_and_then_capitalized_is_let_go_with_the_next() -> None:
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12)
    events = [
        lc.Waiver("2026-01-30", "interest", "all", undue=True),  # 12 000 x 1 % x 15/31 = 58.06
        lc.Deferral("2026-01-31", 1, interest="capitalize", term="longer"),
    ]
    positions = lc.Account(loan, events).on_days(["2026-02-15", "2026-03-15"])
    # 120.00 join the principal; 12 120 x 1 % = 121.20 are asked for in March, less 58.06
    assert [(str(p.outstanding_principal), str(p.due.interest)) for p in positions] == [
        ("12120.00", "0.00"),
        ("12120.00", "63.14"),
    ]
