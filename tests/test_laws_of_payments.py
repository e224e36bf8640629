"""Laws of payments: how money is cut into lines has no say; paying earlier costs no more; penalties breed no penalties."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

import loancalc as lc
from changing import with_terms
from loancalc.errors import InvalidEvent
from loancalc.servicing.figures import Figures
from loancalc.testing import events, loans
from loancalc.values.money import to_decimal, to_minor

# One payment in two lines


def is_split_alike(account: lc.Account, split: lc.Account, payment: lc.Payment) -> bool:
    """Whether the two parts of a payment are one payment: not where it pays the loan off, since a part of it does not and
    goes first to interest that the whole lets go; not where a part of it is the payoff, which the whole is more than; not
    where what it pays first changes the order for the rest, or where shares of it are rounded one by one.
    """
    allocation = account.loan.allocation
    shared = any(not isinstance(step, str) for step in allocation.order) or allocation.surplus == "spread"
    paid_off = any(one.as_of(payment.on).is_closed for one in (account, split))
    return not (allocation.after or shared or paid_off)


@st.composite
def splits(draw: st.DrawFn) -> tuple[lc.Account, lc.Account, lc.Payment]:
    """An account, the same with one of its payments in two lines of the same day, and that payment."""
    loan = draw(loans(most_installments=4, any_lateness=True))
    happened = draw(events(loan, most=2, payoff=False))
    day = loan.start + timedelta(draw(st.integers(0, (loan.dates[-1] - loan.start).days + 60)))
    amount = draw(st.integers(2, max(2, loan.principal_minor // 2)))
    first = draw(st.integers(1, amount - 1))
    one, *two = (lc.Payment(day, to_decimal(part, loan.digits)) for part in (amount, first, amount - first))
    account = lc.Account(loan, [*happened, one])
    try:
        account.as_of(loan.dates[-1] + timedelta(90))
    except InvalidEvent:  # what goes back or is written off comes after the end of the loan, which this payment brought
        assume(False)
    return account, lc.Account(loan, [*happened, *two]), one


def figures_of(position: lc.Position) -> Figures:
    """Its figures; lines that ended on one day stand in the order in which money ended them, which has no say."""
    figures = position.figures
    return figures._replace(ended_lines=tuple(sorted(figures.ended_lines)))


@given(splits())
def test_a_payment_in_two_lines_of_one_day_is_one_payment(case: tuple[lc.Account, lc.Account, lc.Payment]) -> None:
    account, split, payment = case
    assume(is_split_alike(account, split, payment))
    days = sorted(
        {*account.loan.dates, *(event.on for event in account.events), account.loan.dates[-1] + timedelta(90)}
    )
    assert [figures_of(position) for position in split.on_days(days)] == [
        figures_of(position) for position in account.on_days(days)
    ]
    assert sum(receipt.parts.total for receipt in split.receipts) == sum(
        receipt.parts.total for receipt in account.receipts
    )


# Paying earlier

simple_loans = loans(accruals=["daily"], late=False, most_installments=8)


@given(simple_loans, st.data(), st.integers(0, 3), st.integers(1, 200))
def test_paying_earlier_never_costs_more(loan: lc.Loan, data: st.DataObject, others: int, earlier: int) -> None:
    """On daily loans without late terms and charges, interest before principal: all outstanding principal bears the same
    rate, so principal repaid earlier bears less; each of the roundings on the way may say otherwise by a step.
    """
    loan = with_terms(loan, allocation="cost-interest-principal", fees=(), taxes=(), early="apply")
    length = (loan.dates[-1] - loan.start).days + 60
    days = st.integers(1, length).map(lambda day: loan.start + timedelta(day))
    left, payments = loan.principal_minor - 1, []
    for _ in range(others + 1):
        amount = data.draw(st.integers(0, left))
        if amount:
            payments.append(lc.Payment(data.draw(days), to_decimal(amount, loan.digits)))
            left -= amount
    assume(payments)
    moved = lc.Payment(max(loan.start, payments[0].on - timedelta(earlier)), payments[0].amount)
    end = loan.dates[-1] + timedelta(61)
    late, early = lc.Account(loan, payments).payoff(end), lc.Account(loan, [moved, *payments[1:]]).payoff(end)
    roundings = 2 * (len(loan.dates) + 2 * len(payments))
    own = [getattr(loan.rounding, name) or loan.rounding for name in ("interest", "accrual")]
    step = max(rounding.step for rounding in own)
    assert to_minor(early, loan.digits) <= to_minor(late, loan.digits) + roundings * step


def test_interest_of_ten_days_is_saved_by_paying_ten_days_earlier() -> None:
    # 10 000.00 at 0.1 % a day, 5 000.00 on the 21st or the 11th of January: ten nights of 5.00 on what it repays, less
    # ten of 0.01 to 0.02 a night on the interest that was paid first and so did not repay
    loan = lc.Loan(
        10_000, "0.1%/day", "2026-01-01", end="2026-03-02", method="lump_sum", accrual="daily", early="apply"
    )
    costs = [lc.Account(loan, [lc.Payment(day, 5_000)]).payoff("2026-03-02") for day in ("2026-01-21", "2026-01-11")]
    # 60 nights: 200.00, then 40 x 5.20 = 208.00 on 5 200.00; 100.00, then 50 x 5.10 = 255.00 on 5 100.00
    assert costs == [Decimal("5408.00"), Decimal("5355.00")]


# No pyramiding


@st.composite
def short_by_penalties(draw: st.DrawFn) -> tuple[lc.Account, date]:
    """One installment paid late, all others in full and on time, penalties first: what is short is what they took."""
    loan = draw(loans(accruals=["scheduled"], late=False, most_installments=6))
    rules = [
        lc.Penalty(
            draw(st.integers(1, 50)),
            every=draw(st.sampled_from([None, "1 day", "10 days"])),
            max=draw(st.sampled_from([None, "installment"])),
            pyramiding=False,
        )
        for _ in range(draw(st.integers(1, 2)))
    ]
    order = ["penalty", "cost", "fee", "compound_interest", "late_interest", "interest", "principal"]
    allocation = lc.Allocation(order, draw(st.sampled_from(["horizontal", "vertical"])))
    loan = with_terms(loan, late=lc.LateTerms(penalties=rules), allocation=allocation, early="hold", taxes=())
    rows = [row for row in loan.schedule() if row.payable]
    assume(len(rows) > 1)
    late = draw(st.integers(0, len(rows) - 2))
    due, following = (loan.dates[row.number] for row in rows[late : late + 2])
    gap = (following - due).days
    assume(gap > 1)
    paid_on = due + timedelta(draw(st.integers(1, gap - 1)))
    payments = [lc.Payment(paid_on if place == late else row.due, row.payable) for place, row in enumerate(rows)]
    return lc.Account(loan, payments), paid_on


@given(short_by_penalties())
def test_what_penalties_took_from_full_payments_bears_no_penalty(case: tuple[lc.Account, date]) -> None:
    account, paid_on = case
    position = account.as_of(account.loan.dates[-1] + timedelta(400))
    assert all(charge.on < paid_on for charge in position.penalties)
    taken = sum(item.paid.penalty for item in position.installments)
    assert position.past_due.total - position.past_due.penalty == taken


def test_installments_that_ask_for_nothing_do_not_end_the_arrears_that_penalties_took_from() -> None:
    # no interest until the end: only the fee of each year is due on the way. 0.50 comes two days late and pays 0.50 of the
    # penalty; 0.50 of the fee stays short for half a year, and 10.00 in full on the last day pay 9.50 of it first
    loan = lc.Loan(
        10, "0%", "2026-01-15", installments=6, every="3 months", method="interest_only",
        fees=[lc.Fee("0.50", each="year")], allocation="penalty-fee-interest-principal",
        late=lc.LateTerms(penalties=[lc.Penalty(10, pyramiding=False)]),
    )  # fmt: skip
    account = lc.Account(loan, [lc.Payment("2027-01-17", "0.50"), lc.Payment("2027-07-15", 10)])
    assert [str(charge.on) for charge in account.as_of("2028-01-01").penalties] == ["2027-01-16"]
