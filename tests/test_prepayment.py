"""Early repayment: what it pays first, what it costs, and what becomes of the plan."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import loancalc as lc
from changing import with_terms
from loancalc.errors import InvalidDate, InvalidEvent, InvalidTerms, UnknownName
from loancalc.servicing.prepaying import effects_of
from loancalc.testing import loans

ONE_PERCENT = lc.Fee(percent="1%", of="prepaid-principal", at="prepayment")
START = date(2026, 1, 15)


def loan_of(**terms: object) -> lc.Loan:
    return lc.Loan(**{"principal": 12_000, "rate": "12%", "start": START, "installments": 12, **terms})


def paid_until(loan: lc.Loan, day: str) -> list[lc.Event]:
    """Every installment due by a day is paid on its day."""
    return [lc.Payment(row.due, row.payable) for row in loan.schedule() if str(row.due) <= day and row.payable]


def paid_on_time(account: lc.Account, day: date) -> lc.Account:
    """The account if everything is paid as it falls due after a day."""
    for _ in range(400):
        position = account.as_of(day)
        due = position.next_due
        if due is None:
            return account
        day = due.date
        owed = account.as_of(day)
        if owed.due.total:
            account = account.with_payment(day, owed.due.total)
        else:
            day += timedelta(1)
    raise AssertionError("the loan never ends")


def totals(account: lc.Account, day: str) -> list[str]:
    """What the installments not yet due ask for."""
    left = [item for item in account.as_of(day).installments if item.state == "upcoming"]
    return [str(item.agreed.total - item.paid.total) for item in left]


# --- laws -------------------------------------------------------------------------------------------------------------

fees = st.none() | st.builds(
    lambda points, of, least: lc.Fee(percent=Fraction(points, 10_000), of=of, at="prepayment", min=least),
    st.integers(0, 300),
    st.sampled_from(["prepaid-principal", "outstanding-principal", "original-principal"]),
    st.none() | st.integers(0, 20),
)


@st.composite
def prepaid(draw: st.DrawFn, **kinds: object) -> tuple[lc.Account, date]:
    """An account that is paid on time up to a day, and prepaid in part, once or twice; and a day after all that."""
    loan = draw(loans(late=False, most_installments=10, **kinds))
    rules = ["to-date", "whole-period"]
    rules += [] if loan.accrual == "daily" else ["all-scheduled", "rule-of-78", "actuarial"]
    terms = lc.Prepayment(interest=draw(st.sampled_from(rules)), fee=draw(fees))
    loan = with_terms(loan, prepayment=terms, allocation="cost-interest-principal", early=None)
    account = lc.Account(loan)
    days = (loan.dates[-1] - loan.start).days
    day = loan.start
    for on in sorted(draw(st.lists(st.integers(0, days), min_size=1, max_size=2))):
        day = loan.start + timedelta(on)
        for row in loan.dates[1:]:
            owed = account.as_of(row).due.total if row <= day else 0
            account = account.with_payment(row, owed) if owed else account
        position = account.as_of(day)
        least = int(min(position.payoff, position.outstanding_principal) * 10**loan.digits)
        if least > 2:
            amount = Decimal(draw(st.integers(1, least - 1))).scaleb(-loan.digits)
            effect = draw(st.sampled_from(effects_of(loan)))
            account = account.with_events(lc.Payment(day, amount, effect=effect))
    return account, day + timedelta(draw(st.integers(0, 90)))


@given(prepaid())
def test_paying_what_is_quoted_leaves_exactly_nothing(case: tuple[lc.Account, date]) -> None:
    account, day = case
    quote = account.payoff(day)
    if quote <= 0:
        return
    for closed in (account.with_events(lc.Payoff(day, id="off")), account.with_payment(day, quote)):
        position = closed.as_of(day + timedelta(500))
        assert position.is_closed
        assert (position.payoff, position.credit, position.next_due) == (0, 0, None)
    assert closed.receipts[-1].parts.total == closed.receipts[-1].amount


@given(prepaid())
def test_principal_is_conserved_and_a_receipt_adds_up(case: tuple[lc.Account, date]) -> None:
    account, day = case
    lent = account.loan.schedule().total_principal
    for position in account.on_days(sorted({day, *(event.on for event in account.events), account.loan.dates[-1]})):
        repaid = sum(item.paid.principal for item in position.installments)
        assert repaid + position.outstanding_principal == lent
        assert min(position.figures.undue, position.figures.credit, position.figures.accrued) >= 0
        for receipt in account.receipts_as_of(position.as_of):
            assert receipt.parts.total + receipt.credit == receipt.amount


@given(prepaid())
def test_paying_on_time_after_a_prepayment_repays_the_loan(case: tuple[lc.Account, date]) -> None:
    account, _ = case
    last = max(event.on for event in account.events) if account.events else account.loan.start
    ended = paid_on_time(account, last).as_of(account.loan.dates[-1] + timedelta(1))
    assert ended.is_closed
    assert ended.credit == 0 or "keep" in {getattr(event, "effect", None) for event in account.events}


@given(prepaid())
def test_the_books_of_a_prepaid_loan_balance(case: tuple[lc.Account, date]) -> None:
    account, day = case
    ledger, position = account.ledger(day), account.as_of(day)
    assert all(sum(amount for _, amount in entry.minor) == 0 for entry in ledger)
    assert ledger.owed.principal == position.outstanding_principal
    assert ledger.balance("interest not due") == position.interest_to_date
    assert (ledger.past_due, ledger.due) == (position.past_due, position.due)
    received = sum(receipt.amount for receipt in account.receipts_as_of(day))
    assert ledger.balance("cash") == received - account.loan.principal


@given(prepaid())
def test_the_parts_of_a_payoff_quote_add_up(case: tuple[lc.Account, date]) -> None:
    account, day = case
    (quote,) = account.payoff(day, days=0).quotes
    parts = quote.owed + quote.interest + quote.fee + quote.charged_ahead
    assert quote.payoff == parts + quote.principal - quote.credit == account.payoff(day)


@given(prepaid(accruals=["daily"], methods=["annuity", "equal_principal"]), st.integers(0, 2), st.integers(1, 40))
def test_prepaying_a_daily_loan_earlier_never_costs_more_beyond_rounding(
    case: tuple[lc.Account, date], which: int, earlier: int
) -> None:
    """Each payment date may round interest once more, by less than one step of the rounding each way."""
    account, _ = case
    loan = with_terms(account.loan, prepayment=None)
    early = [event for event in account.events if isinstance(event, lc.Payment) and event.effect is not None]
    if not early:
        return
    event = early[which % len(early)]
    before = max((day for day in loan.dates if day <= event.on), default=loan.start)
    sooner = max(before, event.on - timedelta(earlier))
    cost = []
    for on in (event.on, sooner):
        base = lc.Account(loan, [row for row in account.events if row.on <= before and row.effect is None])
        if base.as_of(on).payoff <= event.amount or base.as_of(on).days_past_due:
            return
        ended = paid_on_time(base.with_events(lc.Payment(on, event.amount, effect=event.effect)), on)
        cost.append(sum(item.paid.interest for item in ended.as_of(loan.dates[-1]).installments))
    steps = Decimal(loan.rounding.step).scaleb(-loan.digits)
    assert cost[1] <= cost[0] + 2 * steps * len(loan.dates)


@given(
    st.sampled_from(["annuity", "equal_principal", "interest_only"]), st.sampled_from(["scheduled", "daily"]),
    st.sampled_from(["periodic", "ACT/360", "30E/360"]), st.sampled_from(["term", "level", None]),
    st.builds(lc.Rounding, st.sampled_from([1, 5]), st.sampled_from(["half-up", "up", "down"]), st.sampled_from(["last", "first", "spread"])),
    st.integers(0, 7), st.integers(1, 5_000), st.integers(0, 2),
)  # fmt: skip
def test_on_a_due_date_lower_is_a_new_loan_of_what_is_left(
    method: str,
    accrual: str,
    day_count: str,
    keep: str | None,
    rounding: lc.Rounding,
    done: int,
    amount: int,
    waits: int,
) -> None:
    """With the rates, the tranche and the waiting installments that are still to come."""

    def terms_from(done: int) -> dict[str, object]:
        left: dict[str, object] = {"installments": 10 - done, "start": START}
        if keep is not None:
            changes = {
                day: rate for day, rate in (("2026-04-20", "6%"), ("2026-10-05", "18%")) if day > str(days[done])
            }
            begins = {0: "12%", 1: "6%", 2: "18%"}[2 - len(changes)]
            left["rate"] = lc.RatePath(begins, changes, keep=keep) if changes else begins
        if days[done] < date(2026, 5, 1):
            left["tranches"] = [lc.Tranche("2026-05-01", 900)]
        if waits > done:
            left["moratorium"] = lc.Moratorium(waits - done, "paid")
        return left

    days = loan_of(installments=10).dates
    terms = {"method": method, "accrual": accrual, "day_count": day_count, "rounding": rounding}
    loan = loan_of(**terms, **terms_from(0))
    account = lc.Account(loan)
    for day in days[1 : done + 1]:
        owed = account.as_of(day).due.total
        account = account.with_payment(day, owed) if owed else account
    after = account.with_events(lc.Payment(days[done], amount, effect="lower")).as_of(days[done])
    fresh = {**terms, **terms_from(done), "start": days[done], "principal": after.outstanding_principal}
    rows = loan_of(**fresh).schedule()
    ahead = [item for item in after.installments if item.state == "upcoming"]
    assert [(item.due, item.agreed.principal - item.paid.principal, item.agreed.interest) for item in ahead] == [
        (row.due, row.principal, row.interest) for row in rows
    ]


@settings(max_examples=20)
@given(
    st.lists(
        st.tuples(st.integers(0, 180), st.integers(5, 95), st.sampled_from(["lower", "shorten", "last"])), max_size=3
    )
)
def test_interest_of_a_daily_loan_is_what_its_nights_bear_whatever_is_past_due_or_prepaid(
    prepayments: list[tuple[int, int, str]],
) -> None:
    """36.5 % by actual days: a thousandth of what is outstanding each night, rounded once for each date that asks for it."""
    account = lc.Account(loan_of(rate="36.5%", day_count="ACT/365F", accrual="daily", installments=6))
    for on, share, effect in sorted(prepayments):
        day = START + timedelta(on)
        amount = (account.as_of(day).payoff * share / 100).quantize(Decimal("0.01"))
        account = account.with_events(lc.Payment(day, amount, effect=effect)) if amount else account
    nights = [START + timedelta(night) for night in range(220)]
    borne = sum(position.outstanding_principal for position in account.on_days(nights)) / 1_000
    end = account.as_of(nights[-1] + timedelta(1))
    paid = sum(item.paid.interest for item in end.installments)
    assert abs(paid + end.payoff - end.outstanding_principal - borne) <= Decimal("0.005") * (6 + 1 + len(prepayments))


# --- the same by hand, in fractions -----------------------------------------------------------------------------------


def cents(value: Fraction) -> int:
    return int(value + Fraction(1, 2))


def level_over(balance: int, factors: list[Fraction]) -> int:
    """The level payment that repays a balance over periods, each with its interest per unit."""
    growth, annuity = Fraction(1), Fraction(0)
    for factor in factors:
        growth, annuity = growth * (1 + factor), annuity * (1 + factor) + 1
    return cents(balance * growth / annuity)


def by_hand(
    method: str, effect: str, balance: int, factors: list[Fraction], row: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Principal and interest of the rest, from the balance, each row's interest per unit, and the rows as they were."""
    count, equal = len(factors), cents(Fraction(balance, len(factors)))
    if effect == "lower" and method == "annuity":
        payments = [level_over(balance, factors)] * count
    elif effect == "shorten" and method == "annuity":
        payments = [sum(row[0])] * count
    found = []
    for index, factor in enumerate(factors):
        interest = cents(balance * factor)
        if method == "annuity" and effect != "last":
            part = payments[index] - interest
        elif method == "equal_principal" and effect == "lower":
            part = equal
        else:
            part = row[index][0]
        part = balance if index == count - 1 else min(part, balance)
        found.append((part, interest))
        balance -= part
        if not balance:
            break
    return found


@pytest.mark.parametrize("method", ["annuity", "equal_principal"])
@pytest.mark.parametrize("effect", ["lower", "shorten", "last"])
@pytest.mark.parametrize(
    ("day", "share"), [("2026-07-15", (0, 31)), ("2026-07-25", (10, 31)), ("2026-08-14", (30, 31))]
)
@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_the_rest_of_the_plan_by_hand(method: str, effect: str, day: str, share: tuple[int, int], accrual: str) -> None:
    loan = loan_of(method=method, accrual=accrual)
    plan = loan.schedule().columns
    account = lc.Account(loan, [*paid_until(loan, day), lc.Payment(day, 3_000, effect=effect)])
    exact = Fraction(plan.balance[5], 100) * Fraction(*share)
    to_date = cents(exact)
    prepaid = 300_000 - to_date
    balance = plan.balance[5] - prepaid
    factors = [Fraction(share[1] - share[0], share[1] * 100), *[Fraction(1, 100)] * 5]
    if accrual == "daily":  # the period's interest is one exact sum, less what was paid of it
        factors[0] += (exact - to_date) / balance
    rows = list(zip(plan.principal[6:], plan.interest[6:], strict=True))
    expected = by_hand(method, effect, balance, factors, rows)
    ended = paid_on_time(account, date.fromisoformat(day)).as_of("2027-02-01")
    found = [(item.paid.principal, item.paid.interest) for item in ended.installments[6:]]
    first = (found[0][0] - Decimal(prepaid) / 100, found[0][1] - Decimal(to_date) / 100)
    assert [first, *found[1:]] == [(Decimal(part) / 100, Decimal(interest) / 100) for part, interest in expected]


def test_a_daily_loan_by_actual_days_by_hand() -> None:
    """10 000 at 7.3 % ACT/365F: 2.00 a day. 24 days of the second period: the plan's 10.20 a night on what is left."""
    loan = lc.Loan(10_000, "7.3%", "2026-01-15", installments=6, day_count="ACT/365F", accrual="daily")
    first = loan.schedule()[0].total
    account = lc.Account(loan, [lc.Payment("2026-02-15", first), lc.Payment("2026-03-11", 5_000, effect="lower")])
    left = 1_000_000 + 6_200 - int(first * 100)
    to_date = cents(Fraction(left * 73 * 24, 365_000))
    balance = left - (500_000 - to_date)
    payment = Decimal(level_over(balance, [Fraction(73 * nights, 365_000) for nights in (4, 31, 30, 31, 30)])) / 100
    assert account.as_of("2026-03-11").outstanding_principal == Decimal(balance) / 100
    assert account.as_of("2026-03-12").next_due == (date(2026, 3, 15), payment)
    assert paid_on_time(account, date(2026, 3, 12)).as_of("2026-07-16").is_closed


# --- the order of money, interest rules and fees ----------------------------------------------------------------------


def test_money_ranks_past_due_due_interest_fee_principal() -> None:
    """Installments 1 and 2 are late, 10 of 31 nights run: 10 098.16 x 1 % x 10/31 = 32.57; 1 % of 966.85 is 9.67."""
    loan = loan_of(prepayment=lc.Prepayment(fee=ONE_PERCENT))
    account = lc.Account(loan, [lc.Payment("2026-03-25", "3141.47", effect="lower")])
    before = lc.Account(loan).as_of("2026-03-25")
    assert before.past_due.total == Decimal("2132.38")
    parts = account.receipts[0].parts
    assert (parts.interest, parts.fee) == (Decimal("230.54") + Decimal("32.57"), Decimal("9.67"))
    assert parts.principal - before.past_due.principal == Decimal("966.85")
    after = account.as_of("2026-03-25")
    assert after.days_past_due == 0
    assert after.outstanding_principal == 12_000 - parts.principal
    assert after.payoff_fee == Decimal(cents(Fraction(after.outstanding_principal))) / 100
    assert after.payoff == after.outstanding_principal + after.payoff_fee


def test_money_that_reaches_no_principal_is_an_ordinary_payment() -> None:
    loan = loan_of(prepayment=lc.Prepayment(fee=lc.Fee(50, at="prepayment")))
    plain = lc.Account(loan, [lc.Payment("2026-01-25", "88.71")])
    asked = lc.Account(loan, [lc.Payment("2026-01-25", "88.71", effect="shorten")])  # 38.71 interest and 50 fee
    assert asked.as_of("2026-02-01").figures == plain.as_of("2026-02-01").figures
    reached = lc.Account(loan, [lc.Payment("2026-01-25", "88.72", effect="shorten")])
    assert str(reached.receipts[0].parts) == "fee 50.00, interest 38.71, principal 0.01"


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_whole_period_interest_is_that_of_a_period_that_has_begun(accrual: str) -> None:
    loan = loan_of(accrual=accrual, prepayment=lc.Prepayment("whole-period"))
    account = lc.Account(loan)
    assert account.payoff("2026-01-15") == 12_000
    assert account.payoff("2026-01-16") == 12_120
    assert account.as_of("2026-01-16").interest_to_date == Decimal("3.87")
    assert account.as_of("2026-01-16").payoff_interest == 120
    part = account.with_events(lc.Payment("2026-01-25", 3_120, effect="lower"))
    assert part.receipts[0].parts.interest == 120
    # 9 000 over 12 payments of which the first bears no more: 9 000 / (1 + (1 - 1.01^-11) / 0.01) = 791.71...
    payment = 900_000 / (1 + (1 - Fraction(100, 101) ** 11) * 100)
    assert part.as_of("2026-02-01").next_due == (date(2026, 2, 15), Decimal(cents(payment)) / 100)
    assert part.as_of("2026-02-14").payoff == 9_000
    # unpaid, 791.71 bears no late interest on a scheduled loan; a daily one goes on at 1 % on 9 000, 1 of 28 nights
    assert part.as_of("2026-02-16").interest_to_date == Decimal("2.93" if accrual == "scheduled" else "3.21")


def test_all_scheduled_interest_is_owed_by_who_pays_off_a_flat_loan() -> None:
    loan = loan_of(method="flat", rate="1%/month", prepayment=lc.Prepayment("all-scheduled"))
    account = lc.Account(loan, paid_until(loan, "2026-04-15"))
    position = account.as_of("2026-04-20")
    assert (position.payoff_interest, position.payoff) == (1080, 9_000 + 1_080)
    assert account.with_events(lc.Payoff("2026-04-20")).as_of("2026-04-20").is_closed
    with pytest.raises(InvalidEvent, match="accepted: keep"):
        account.with_events(lc.Payment("2026-04-20", 3_000, effect="lower")).as_of("2026-04-20")


def test_the_rebate_by_the_rule_of_78_is_the_printed_one() -> None:
    """A finance charge of 100 over 12 months, 9 of them unearned: 100 x 45/78 = 57.69 (easycalculation.com); after the
    first month 12/78 = 15.38 % is earned (thefreedictionary.com, rule of 78s).
    """
    loan = lc.Loan(1_000, "10%", START, installments=12, method="flat", prepayment=lc.Prepayment("rule-of-78"))
    assert loan.schedule().total_interest == 100
    quarter = lc.Account(loan, paid_until(loan, "2026-04-15")).as_of("2026-04-15")
    asked = sum(row.interest for row in loan.schedule()[3:])
    assert asked - quarter.payoff_interest == Decimal("57.69")
    month = lc.Account(loan, paid_until(loan, "2026-02-15")).as_of("2026-02-15")
    rebate = sum(row.interest for row in loan.schedule()[1:]) - month.payoff_interest
    assert 100 - rebate == Decimal("15.38")
    # a night of the next month counts as the whole of it
    assert lc.Account(loan, paid_until(loan, "2026-02-15")).as_of("2026-02-16").payoff_interest > month.payoff_interest


def test_a_rebate_of_a_loan_planned_by_the_rule_of_78_is_its_own_plan() -> None:
    loan = loan_of(method="rule_of_78", prepayment=lc.Prepayment("rule-of-78"))
    for count, row in enumerate(loan.schedule(), 1):
        day = str(row.due)
        assert lc.Account(loan, paid_until(loan, day)).as_of(day).payoff_interest == 0, count


def test_an_actuarial_payoff_is_what_the_installments_are_worth() -> None:
    """By bisection in fractions: 1 120 a month repays 12 000 at 1.788 % a month; six are left, and 10 of 31 nights run."""
    loan = loan_of(method="flat", rate="1%/month", prepayment=lc.Prepayment("actuarial"))
    low, high = Fraction(0), Fraction(1, 10)
    for _ in range(80):
        middle = Fraction(round((low + high) / 2 * 10**24), 10**24)
        worth = sum(1_120 / (1 + middle) ** number for number in range(1, 13))
        low, high = (middle, high) if worth > 12_000 else (low, middle)
    worth = sum(1_120 / (1 + low) ** number for number in range(1, 7))
    account = lc.Account(loan, paid_until(loan, "2026-07-15"))
    assert account.payoff("2026-07-15") == Decimal(cents(worth * 100)) / 100
    assert account.payoff("2026-07-25") == Decimal(cents(worth * 100 * (1 + low * Fraction(10, 31)))) / 100
    # the rebate by the sum of the digits is smaller, so that its payoff is dearer; interest to date is the cheapest
    others = [with_terms(loan, prepayment=lc.Prepayment(name)) for name in ("rule-of-78", "to-date")]
    digits, to_date = (lc.Account(other, account.events).payoff("2026-07-15") for other in others)
    assert digits > account.payoff("2026-07-15") > to_date == 6_000
    assert lc.Account(loan_of(prepayment=lc.Prepayment("actuarial"))).payoff("2026-01-25") == Decimal("12038.71")
    with pytest.raises(InvalidTerms, match="got 'actuarial' with tranches"):
        loan_of(prepayment=lc.Prepayment("actuarial"), tranches=[lc.Tranche("2026-03-01", 10)])


def test_fees_have_bounds_and_other_bases() -> None:
    fee = lc.Fee(percent="2%", of="original-principal", at="prepayment", max=100)
    loan = loan_of(fees=[fee])
    assert lc.Account(loan).payoff("2026-01-15") == 12_100
    assert lc.Account(loan_of(prepayment=lc.Prepayment(fee=fee))).payoff("2026-01-15") == 12_100
    least = lc.Fee(percent="1%", of="prepaid-principal", at="prepayment", min=50)
    account = lc.Account(
        loan_of(prepayment=lc.Prepayment(fee=least)), [lc.Payment("2026-02-15", 2_000, effect="lower")]
    )
    assert account.receipts[0].parts.fee == 50
    assert account.receipts[0].parts.principal == 2_000 - 120 - Decimal("946.19") - 50 + Decimal("946.19")


def test_every_figure_of_a_payoff_is_shown() -> None:
    loan = loan_of(prepayment=lc.Prepayment("whole-period", fee=ONE_PERCENT))
    text = lc.Account(loan).as_of("2026-01-25").explain()
    assert (
        "payoff on 2026-01-25: interest to date 38.71 + interest of later days by agreement 81.29 + prepayment fee "
        "120.00 + principal not yet due 12000.00 = 12240.00"
    ) in text


def test_a_settlement_and_a_write_off_charge_no_fee() -> None:
    loan = loan_of(prepayment=lc.Prepayment(fee=ONE_PERCENT))
    written = lc.Account(loan, [lc.WriteOff("2026-01-25")]).as_of("2026-01-25").written_off
    assert (written.fee, written.interest, written.principal) == (0, Decimal("38.71"), 12_000)


# --- with everything else ---------------------------------------------------------------------------------------------


def test_a_prepayment_of_more_than_the_payoff_ends_the_loan() -> None:
    account = lc.Account(loan_of(), [lc.Payment("2026-01-25", 13_000, effect="shorten")])
    position = account.as_of("2026-03-01")
    assert position.is_closed
    assert position.credit == 13_000 - Decimal("12038.71")


def test_what_is_held_stays_held() -> None:
    """100 came early and covers the next installment; the prepayment is another money."""
    loan = loan_of()
    account = lc.Account(loan, [lc.Payment("2026-01-20", 100), lc.Payment("2026-01-25", 3_000, effect="lower")])
    position = account.as_of("2026-01-25")
    assert (position.credit, position.outstanding_principal) == (100, Decimal("9038.71"))
    assert account.as_of("2026-02-15").due.total == position.next_due.amount - 100


def test_a_rate_change_after_a_prepayment_solves_what_is_left() -> None:
    loan = loan_of()
    base = [*paid_until(loan, "2026-07-15"), lc.Payment("2026-07-15", 3_000, effect="lower")]
    account = lc.Account(loan, [*base, lc.RateChange("2026-08-15", "6%", keep="term")])
    plan = lc.Loan("2662.28", "6%", "2026-08-15", installments=5).schedule()
    assert totals(account, "2026-08-16") == [str(row.total) for row in plan]
    shorter = lc.Account(loan, [*base[:-1], lc.Payment("2026-07-15", 3_000, effect="shorten")])
    changed = shorter.with_events(lc.RateChange("2026-08-15", "24%", keep="term"))
    assert len(totals(changed, "2026-08-16")) == len(totals(shorter, "2026-08-16")) == 3


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_two_prepayments_in_one_period_are_solved_one_after_the_other(accrual: str) -> None:
    loan = loan_of(accrual=accrual)
    first = lc.Payment("2026-01-20", 2_000, effect="lower")
    once = lc.Account(loan, [first])
    twice = once.with_events(lc.Payment("2026-01-31", 1_000, effect="lower"))
    # 12 000 x 1 % x 5/31 = 19.3548; 10 019.35 x 1 % x 11/31 = 35.5525, on a daily loan 54.9073 together, less 19.35
    second = Decimal("35.55") if accrual == "scheduled" else Decimal("35.56")
    interest = [receipt.parts.interest for receipt in twice.receipts]
    assert interest == [Decimal("19.35"), second]
    balance, factors = int((12_000 - 3_000 + sum(interest)) * 100), [Fraction(15, 3_100), *[Fraction(1, 100)] * 11]
    payment = Decimal(level_over(balance, factors)) / 100
    assert twice.as_of("2026-02-01").next_due == (date(2026, 2, 15), payment)


def test_inside_a_moratorium_interest_goes_on_as_agreed() -> None:
    """Three months wait. 8 000 more of 12 000 is repaid on 25 February: interest to date 120 + 38.57."""
    loan = loan_of(moratorium=lc.Moratorium(3, "paid"))
    base = [lc.Payment("2026-02-15", 120), lc.Payment("2026-02-25", "8042.86", effect="lower")]
    account = lc.Account(loan, base)
    assert str(account.receipts[1].parts) == "interest 42.86, principal 8000.00"
    # 4 000 x 1 % x 18/28 = 25.71, then 40.00; nine level payments on 4 000
    level = lc.Loan(4_000, "12%", START, installments=9).schedule()
    assert totals(account, "2026-02-26") == ["25.71", "40.00", *(str(row.total) for row in level)]


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
@pytest.mark.parametrize("effect", ["lower", "shorten", "last"])
def test_a_prepayment_that_goes_back_is_owed_again_with_the_next_installment(accrual: str, effect: str) -> None:
    loan = loan_of(accrual=accrual, prepayment=lc.Prepayment(fee=ONE_PERCENT))
    early = lc.Payment("2026-01-25", 3_000, effect=effect, id="early")
    account = lc.Account(loan, [early, lc.Chargeback("2026-01-30", "early")])
    before, after = lc.Account(loan, [early]).as_of("2026-01-30"), account.as_of("2026-01-30")
    # all three come back: 38.71 interest, 29.32 fee, 2 931.97 principal, which bears interest again on a daily loan
    assert after.outstanding_principal == 12_000
    assert after.charged_ahead == Decimal("29.32")
    assert after.interest_to_date - before.interest_to_date == Decimal("38.71")
    assert account.as_of("2026-02-15").due.total >= before.next_due.amount + 3_000
    assert account.as_of("2026-02-15").due.fee == Decimal("29.32")
    for day in (date(2026, 1, 30), date(2026, 2, 20)):
        closed = account.with_events(lc.Payoff(day)).as_of("2027-03-01")
        assert closed.is_closed
        assert sum(item.paid.principal for item in closed.installments) == 12_000


def test_covering_the_next_installments_first_is_said_with_the_payment() -> None:
    """Early money of this loan covers the last installments, unless the payment says otherwise."""
    loan = loan_of(
        allocation=lc.Allocation(lc.Allocation.of("cost-interest-principal").order, "vertical", surplus="last")
    )
    covered = {effect: lc.Account(loan, [lc.Payment("2026-01-20", 1_066, effect=effect)]) for effect in (None, "keep")}
    lines = {effect: {line.installment for line in account.receipts[0].lines} for effect, account in covered.items()}
    assert lines == {None: {12}, "keep": {1}}


@given(st.integers(0, 330), st.sampled_from(["lower", "shorten", "last"]), st.sampled_from(["scheduled", "daily"]))
def test_a_reversed_prepayment_never_happened(on: int, effect: str, accrual: str) -> None:
    day = START + timedelta(on)
    loan = loan_of(accrual=accrual)
    paid = lc.Payment(day, 1_500, effect=effect, id="early")
    undone = lc.Account(loan, [paid, lc.Reversal(paid, booked="2027-02-01")])
    days = [START + timedelta(step) for step in range(0, 400, 29)]
    assert [p.figures for p in undone.on_days(days)] == [p.figures for p in lc.Account(loan).on_days(days)]


# --- where early money had covered installments ahead -----------------------------------------------------------------


@st.composite
def changed_after_money_ahead(draw: st.DrawFn) -> tuple[dict[str, object], list[lc.Event]]:
    """Terms of a scheduled loan, money that comes early, and what changes the plan after it."""
    fees = draw(st.sampled_from([(), lc.Fee(5, each="installment")]))
    method = draw(st.sampled_from(["annuity", "equal_principal", "interest_only"]))
    days = sorted(draw(st.lists(st.integers(0, 200), min_size=2, max_size=4, unique=True)))
    treated = {"principal": "capitalize", "interest": "capitalize", "fee": "next"}
    changes = [
        lambda on: lc.Payment(on, draw(st.sampled_from([300, 1_500, 4_000]))),
        lambda on: lc.Payment(on, draw(st.sampled_from([1_000, 3_000])), effect="lower"),
        lambda on: lc.RateChange(on, draw(st.sampled_from(["6%", "24%"])), keep="term"),
        lambda on: lc.Draw(on, 700),
        lambda on: lc.Deferral(on, 1, interest=draw(st.sampled_from(["next", "capitalize", "waive"]))),
        lambda on: lc.Reamortization(on, overdue=treated),
    ]
    first, *later = (START + timedelta(day) for day in days)
    events = [
        lc.Payment(first, draw(st.sampled_from([700, 2_500]))),
        *(draw(st.sampled_from(changes))(on) for on in later),
    ]
    return {"method": method, "fees": fees}, events


@given(changed_after_money_ahead(), st.integers(0, 400))
def test_each_due_date_asks_for_the_same_whether_early_money_is_held_or_applied(
    case: tuple[dict[str, object], list[lc.Event]], later: int
) -> None:
    """Interest of a scheduled loan stands whatever day money comes; so it does where the plan is changed after it."""
    terms, events = case
    held, applied = (lc.Account(loan_of(early=early, **terms), events) for early in ("hold", "apply"))
    days = sorted([START + timedelta(later), events[-1].on, *(START + timedelta(45 * step) for step in range(10))])
    try:
        held.as_of(days[-1])
    except InvalidEvent as refused:
        with pytest.raises(InvalidEvent, match=re.escape(str(refused)[-40:])):
            applied.as_of(days[-1])
        return
    for day in days:
        one, other = held.as_of(day), applied.as_of(day)
        totals_of = [(position.past_due.total, position.due.total, position.days_past_due) for position in (one, other)]
        assert totals_of[0] == totals_of[1]
        repaid = sum(item.paid.principal for item in other.installments)
        advanced = 12_000 + sum(event.amount for event in events if isinstance(event, lc.Draw) and event.on <= day)
        assert other.outstanding_principal + repaid == advanced + Decimal(other.figures.capitalized) / 100
    for receipt in applied.receipts_as_of(days[-1]):
        assert receipt.parts.total + receipt.credit == receipt.amount
        assert all(line.amount > 0 for line in receipt.lines)


@pytest.mark.parametrize("surplus", ["next", "last", "next-then-last", "spread"])
def test_money_that_covered_installments_ahead_covers_those_of_the_new_plan_in_the_same_order(surplus: str) -> None:
    order = lc.Allocation.of("cost-interest-principal").order
    loan = loan_of(allocation=lc.Allocation(order, "vertical", surplus=surplus))
    early = lc.Payment("2026-01-20", 2_000, id="early")
    changed = lc.Account(loan, [early, lc.RateChange("2026-02-01", "6%", keep="term")])
    fresh = lc.Account(loan, [lc.RateChange("2026-02-01", "6%", keep="term"), lc.Payment("2026-02-01", 2_000)])
    assert [
        (line.installment, line.component, line.amount) for line in changed.receipts_as_of("2026-02-01")[0].lines
    ] == [(line.installment, line.component, line.amount) for line in fresh.receipts_as_of("2026-02-01")[0].lines]
    assert changed.as_of("2026-02-01").outstanding_principal == fresh.as_of("2026-02-01").outstanding_principal
    returned = changed.with_events(lc.Chargeback("2026-02-10", "early"))
    assert returned.as_of("2026-02-10").outstanding_principal == 12_000


def test_interest_of_later_periods_is_no_more_than_what_a_cap_leaves_for_it() -> None:
    # a whole period of 110.54 would be owed; 120.00 were paid, so that the limit of 200.00 leaves 80.00
    late = lc.LateTerms(caps=lc.Cap(amount=200, covers=["interest"]))
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12, late=late, prepayment=lc.Prepayment("whole-period"))
    paid = lc.Account(loan, [lc.Payment("2026-02-15", "1066.19")])
    assert str(paid.payoff("2026-03-01")) == "11133.81"
    assert paid.with_events(lc.Payoff("2026-03-01")).as_of("2026-05-01").is_closed


# --- what the borrower may choose from --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "terms",
    [
        {}, {"accrual": "daily"}, {"method": "equal_principal"}, {"method": lc.Balloon(6_000)}, {"method": "interest_only"},
        {"method": lc.Seasonal([1, 2, 3])}, {"method": lc.Graduated("2%")}, {"method": "annuity_in_advance"},
        {"moratorium": lc.Moratorium(8, "carried")}, {"moratorium": lc.Moratorium(8, "capitalized")},
        {"rate": lc.RatePath("12%", {"2026-10-01": "6%"}, keep="term")},
        {"rate": lc.RatePath("12%", {"2026-10-01": "18%"}, keep="payment")},
        {"tranches": [lc.Tranche("2026-10-10", 1_000)]}, {"tranches": [lc.Tranche("2026-10-10", 1_000)], "accrual": "daily"},
        {"prepayment": lc.Prepayment("whole-period", fee=ONE_PERCENT)}, {"method": "flat"}, {"rounding": lc.Rounding(5)},
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("day", ["2026-07-15", "2026-07-25"])
def test_an_option_is_what_the_account_would_be(terms: dict[str, object], day: str) -> None:
    loan = loan_of(**terms)
    account = lc.Account(loan, paid_until(loan, "2026-07-15"))
    options = account.prepayment_options(day, 3_000)
    assert tuple(options) == effects_of(loan)
    nothing = paid_on_time(account, date.fromisoformat(day)).as_of("2028-01-01")
    for effect, option in options.items():
        after = account.with_events(lc.Payment(day, 3_000, effect=effect))
        ended = paid_on_time(after, date.fromisoformat(day))
        end = ended.as_of("2028-01-01")
        assert end.is_closed
        interest = sum(item.paid.interest for item in end.installments)
        assert option.interest_saved == sum(item.paid.interest for item in nothing.installments) - interest
        already = sum(item.paid.interest for item in account.as_of(day).installments)
        assert already + option.interest_paid + option.interest_left == interest
        parts = after.receipts[-1].parts
        assert (option.fee, option.principal_paid) == (parts.fee, parts.principal)
        paid = [receipt for receipt in ended.receipts if receipt.on > date.fromisoformat(day)]
        assert (option.installments_left, option.last_payment) == (len(paid), paid[-1].amount)
        if option.plan is not None:
            option.plan.check()


def test_a_preview_says_what_an_option_says() -> None:
    loan = loan_of(prepayment=lc.Prepayment(fee=ONE_PERCENT))
    account = lc.Account(loan, paid_until(loan, "2026-07-15"))
    option = account.prepayment_options("2026-07-25", 3_000)["lower"]
    seen = account.preview(lc.Payment("2026-07-25", 3_000, effect="lower"))
    assert seen.after.interest - option.interest_left == option.interest_paid
    assert seen.interest_cost == -option.interest_saved
    assert seen.cost == option.fee - option.interest_saved


@pytest.mark.parametrize("effect", ["lower", "shorten", "last"])
def test_an_option_saves_the_same_where_early_money_is_held_or_covers_installments_ahead(effect: str) -> None:
    held, applied = (
        lc.Account(loan_of(early=early), [lc.Payment("2026-01-20", 500)]).prepayment_options("2026-01-25", 3_000)[
            effect
        ]
        for early in ("hold", "apply")
    )
    assert (held.interest_saved, held.days_saved) == (applied.interest_saved, applied.days_saved)
    assert (held.payment, held.last_payment) == (applied.payment, applied.last_payment)


def test_options_rest_on_the_plan_as_it_stands() -> None:
    """After a draw, a change of the rate or a restructuring, "lower" on a due date is a new loan of what is left."""
    for event, count in (
        (lc.Draw("2026-02-20", 3_000), 9), (lc.RateChange("2026-02-20", "6%", keep="term"), 9),
        (lc.Restructuring("2026-02-20", installments=6), 4),
    ):  # fmt: skip
        account = lc.Account(loan_of(), [event])
        for due in loan_of().dates[1:4]:
            owed = account.as_of(due).due.total
            account = account.with_payment(due, owed) if owed else account
        option = account.prepayment_options("2026-04-15", 3_000)["lower"]
        rate = "6%" if isinstance(event, lc.RateChange) else "12%"
        left = account.as_of("2026-04-15").outstanding_principal - 3_000
        fresh = lc.Loan(left, rate, "2026-04-15", installments=count).schedule()
        assert [row.total for row in option.plan] == [row.total for row in fresh]
        assert option.interest_left == fresh.total_interest


def test_what_has_nothing_to_prepay_has_no_options() -> None:
    with pytest.raises(InvalidTerms, match="prepayment: nothing is left to be repaid on 2026-01-25"):
        lc.Account(loan_of(), [lc.Payoff("2026-01-20")]).prepayment_options("2026-01-25", 3_000)
    with pytest.raises(InvalidDate, match="day: got 2026-01-14; expected 2026-01-15, the start of the loan, or later"):
        lc.Account(loan_of()).prepayment_options("2026-01-14", 3_000)


def test_the_fee_is_weighed_against_the_interest_saved() -> None:
    loan = loan_of(prepayment=lc.Prepayment(fee=ONE_PERCENT))
    account = lc.Account(loan, paid_until(loan, "2026-07-15"))
    shorten = account.prepayment_options("2026-07-15", 3_000)["shorten"]
    assert (shorten.fee, shorten.principal_paid) == (Decimal("29.70"), Decimal("2970.30"))
    assert str(shorten) == (
        "shorten: payment 1066.19, 4 installments left, the last 76.04, interest left 65.89, saved 152.18, fee 29.70, "
        "61 days earlier"
    )


def test_lower_keeps_the_dates_and_shorten_the_payment() -> None:
    account = lc.Account(loan_of(), paid_until(loan_of(), "2026-07-15"))
    options = account.prepayment_options("2026-07-15", 3_000)
    assert (options["lower"].days_saved, options["shorten"].days_saved, options["last"].days_saved) == (0, 61, 61)
    assert options["shorten"].payment == Decimal("1066.19")
    assert [str(row.total) for row in options["last"].plan] == ["1036.19", "1036.19", "1036.19", "136.95"]


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "effect", "says"),
    [
        ({"method": "flat"}, "lower", "accepted: keep"),
        ({"method": "rule_of_78"}, "shorten", "accepted: keep"),
        ({"method": "interest_only"}, "shorten", "accepted: keep, lower"),
        ({"method": lc.GivenPayments([1_100] * 11)}, "lower", "accepted: keep, shorten, last"),
        ({"payment": 500}, "lower", "accepted: keep, shorten, last"),
        ({"prepayment": lc.Prepayment("all-scheduled")}, "lower", "accepted: keep"),
    ],
)
def test_an_effect_that_the_loan_cannot_give_is_refused(terms: dict[str, object], effect: str, says: str) -> None:
    account = lc.Account(loan_of(**terms), [lc.Payment("2026-03-01", 5_000, effect=effect)])
    with pytest.raises(InvalidEvent, match=says):
        account.as_of("2026-03-01")


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(UnknownName, match=r"payment\.effect: got 'smaller'"):
        lc.Payment("2026-03-01", 5_000, effect="smaller")
    with pytest.raises(InvalidEvent, match="got an effect with installment or only"):
        lc.Payment("2026-03-01", 5_000, effect="lower", installment=2)
    with pytest.raises(InvalidTerms, match=r"prepayment\.fee: got .* expected a Fee with at='prepayment'"):
        lc.Prepayment(fee=lc.Fee(5, each="installment"))
    with pytest.raises(InvalidTerms, match="with accrual 'daily', whose later interest is not scheduled"):
        loan_of(accrual="daily", prepayment=lc.Prepayment("rule-of-78"))
    with pytest.raises(InvalidTerms, match="prepayment: got '1%'; expected Prepayment"):
        loan_of(prepayment="1%")


def test_terms_and_effects_read_in_chinese_and_print_as_they_are_typed() -> None:
    assert lc.Prepayment("按整月计息").interest == "whole-period"
    assert [lc.Payment("2026-03-01", 1, effect=name).effect for name in ("减少月供", "缩短期限", "冲抵后续各期")] == [
        "lower", "shorten", "keep",
    ]  # fmt: skip
    loan = loan_of(prepayment=lc.Prepayment(fee=ONE_PERCENT))
    assert eval(repr(loan), {name: getattr(lc, name) for name in lc.__all__}) == loan


# --- bugs we once had -------------------------------------------------------------------------------------------------


def test_a_whole_period_is_paid_on_what_bears_it_where_the_money_cures_arrears_first() -> None:
    """100 at 36 % ACT/365F, four installments of 9.10 late. On 4 March 8 of 14 nights bore 0.36 x 100 / 365 each, the
    other 6 bear that on what is left once 9.10 x 4 = 36.40, less 5.52 interest, is repaid: 0.7890 + 0.4090 = 1.20.
    """
    terms = lc.Prepayment("whole-period")
    loan = loan_of(
        principal=100, rate="36%", start="2023-12-31", every="2 weeks", day_count="ACT/365F", accrual="daily", prepayment=terms
    )  # fmt: skip
    account = lc.Account(loan, [lc.Payment("2024-03-04", 60, effect="last")])
    left = (
        100
        - Fraction(str(loan.schedule()[0].principal))
        - sum(Fraction(str(item.paid.principal)) for item in account.as_of("2024-03-04").installments[1:4])
    )
    interest = Decimal(cents(Fraction(36, 365) * (100 * 8 + left * 6))) / 100
    late = sum(item.agreed.interest for item in account.as_of("2024-03-04").installments[:4])
    assert account.receipts[0].parts.interest == late + interest
    eve, day = account.on_days(["2024-03-09", "2024-03-10"])
    assert (day.due.interest, day.due.principal) == (0, day.due.total)
    assert eve.payoff == day.payoff == day.outstanding_principal


def test_the_calculation_of_interest_to_date_takes_off_what_was_paid_of_it() -> None:
    account = lc.Account(loan_of(early="apply"), [lc.Payment("2026-01-20", 30)])
    assert account.as_of("2026-01-25").interest_to_date == Decimal("8.71")
    assert "12000.00 x 12% x 1/12 x 10/31 = 38.709677... -> 38.71 - 30.00 paid" in account.as_of("2026-01-25").explain()
    ahead = lc.Account(loan_of(early="apply"), [lc.Payment("2026-01-20", 100)]).as_of("2026-01-25")
    assert "-> 38.71 - 38.71 paid" in ahead.explain()


def test_explaining_a_daily_loan_after_the_end_of_a_shorter_plan() -> None:
    loan = loan_of(accrual="daily", day_count="periodic")
    account = lc.Account(loan, [lc.Payment("2026-01-25", 10_000, effect="shorten")])
    text = account.as_of("2026-06-15").explain()
    assert "2.03 x 12%" not in text
    assert f"{account.as_of('2026-06-15').outstanding_principal} x 12% x 1/12 x" in text


def test_a_method_by_place_keeps_its_place_after_a_down_payment() -> None:
    """A tenth is paid down; of 10 800 the third row of 1, 2, 3 comes after two, with and without the row of the down payment."""
    loan = loan_of(method=lc.Seasonal([1, 2, 3]), down_payment="10%")
    plain = loan_of(method=lc.Seasonal([1, 2, 3]), principal=10_800)
    events = [*paid_until(plain, "2026-03-15"), lc.Payment("2026-03-20", 2_000, effect="lower")]
    with_down = lc.Account(loan, [lc.Payment(START, 1_200), *events])
    assert totals(with_down, "2026-03-20") == totals(lc.Account(plain, events), "2026-03-20")
    put_off = lc.Deferral("2026-03-20", 1, interest="next")
    deferred = [lc.Account(terms, [*money, put_off]) for terms, money in (
        (loan, [lc.Payment(START, 1_200), *events[:-1]]), (plain, events[:-1]),
    )]  # fmt: skip
    assert totals(deferred[0], "2026-03-20") == totals(deferred[1], "2026-03-20")


def test_a_down_payment_is_none_of_the_installments_that_wait() -> None:
    waits = lc.Moratorium(3, "paid")
    loan, plain = loan_of(down_payment="10%", moratorium=waits), loan_of(principal=10_800, moratorium=waits)
    events = [lc.Payment("2026-02-15", 108), lc.Payment("2026-02-20", 3_000, effect="lower")]
    ahead = [totals(lc.Account(one, [*first, *events]), "2026-02-20") for one, first in (
        (loan, [lc.Payment(START, 1_200)]), (plain, []),
    )]  # fmt: skip
    assert ahead[0] == ahead[1]
    assert ahead[0][:3] == ["64.23", "78.19", "912.83"]


def test_a_down_payment_is_no_installment_of_the_sum_of_the_digits() -> None:
    """1 440 of interest over 12 months, four are paid and five nights run: 7 x 8 / (12 x 13) of it is given back."""
    terms = {"method": "flat", "prepayment": lc.Prepayment("rule-of-78")}
    loan, plain = loan_of(principal=20_000, down_payment="40%", **terms), loan_of(**terms)
    events = paid_until(plain, "2026-05-15")
    quotes = [lc.Account(one, [*first, *events]).payoff("2026-05-20") for one, first in (
        (loan, [lc.Payment(START, 8_000)]), (plain, []),
    )]  # fmt: skip
    assert quotes == [8_000 + 960 - Decimal(cents(Fraction(144_000 * 56, 156))) / 100] * 2


@pytest.mark.parametrize(
    "terms", [{"method": "rule_of_78"}, {"method": "flat", "prepayment": lc.Prepayment("actuarial")}]
)
def test_a_draw_is_refused_where_interest_speaks_of_one_pay_out(terms: dict[str, object]) -> None:
    with pytest.raises(InvalidEvent, match="which speak of one pay-out"):
        lc.Account(loan_of(**terms), [lc.Draw("2026-01-20", 3_000)]).as_of("2026-01-20")


def test_interest_that_was_rounded_up_when_it_was_paid_is_no_negative_interest_of_the_new_plan() -> None:
    """One night of 1.00 is rounded up to 0.01, which all fourteen come to as well: nothing is left to tax."""
    loan = loan_of(
        principal=1, start="2000-01-01", installments=1, every="2 weeks", accrual="daily",
        taxes=[lc.Tax("0.01%", on="interest")], rounding=lc.Rounding(1, "up"),
    )  # fmt: skip
    account = lc.Account(loan, [lc.Payment("2000-01-02", "0.02", effect="lower")])
    assert str(account.as_of("2000-01-15").due) == "principal 0.99"
    assert account.with_payment("2000-01-15", "0.99").as_of("2000-03-01").is_closed


def test_what_is_agreed_holds_what_was_prepaid_before_and_on_the_due_date() -> None:
    for accrual in ("scheduled", "daily"):
        account = lc.Account(loan_of(accrual=accrual), [lc.Payment("2026-01-25", 3_000, effect="lower")])
        before, on = (account.as_of(day).installments[0] for day in ("2026-01-25", "2026-02-15"))
        assert before.agreed == on.agreed
        assert on.agreed.total == on.paid.total + on.owed.total


def test_the_last_installments_of_a_loan_of_one_after_a_down_payment() -> None:
    loan = loan_of(installments=1, down_payment="10%", accrual="daily", rate="0%")
    account = lc.Account(loan, [lc.Payment(START, 1_200), lc.Payment("2026-01-20", 800, effect="last")])
    assert totals(account, "2026-01-20") == ["10000.00"]


def test_a_daily_loan_that_ends_sooner_by_its_terms_is_cleared_by_its_last_installment() -> None:
    """500 more every month: seven installments of twelve; unpaid ones bear interest, which the seventh asks for too."""
    loan = loan_of(method=lc.ExtraPayment(500), accrual="daily")
    plan = loan.schedule()
    assert len(plan) < 12
    account = lc.Account(loan, paid_until(loan, "2026-03-15"))
    after = plan[-1].due + timedelta(40)
    assert account.as_of(after).past_due.principal == account.as_of(after).outstanding_principal
    assert account.with_payment(after, account.as_of(after).payoff).as_of(after).is_closed


@pytest.mark.parametrize("interest", ["capitalized", "carried", "spread", "last"])
def test_interest_to_date_that_its_installment_does_not_ask_for_is_not_let_go_before(interest: str) -> None:
    account = lc.Account(loan_of(moratorium=lc.Moratorium(2, interest)))
    assert account.as_of("2026-01-25").interest_to_date == Decimal("38.71")
    waived = account.with_events(lc.Waiver("2026-01-25", "interest", "all", undue=True))
    with pytest.raises(InvalidEvent, match=r"expected at most 0\.00, the interest that installment 1 asks for"):
        waived.as_of("2026-01-25")


@pytest.mark.parametrize("terms", [{"method": "rule_of_78"}, {"method": "flat", "level": True, "day_count": "ACT/360"}])
def test_a_rate_does_not_change_under_installments_that_share_the_interest_of_the_whole_term(
    terms: dict[str, object],
) -> None:
    for event in (
        lc.RateChange("2026-03-20", "6%", keep="term"),
        lc.InterestPause("2026-03-20", "2026-04-20", keep="term"),
    ):
        with pytest.raises(InvalidEvent, match="share the interest of the whole term; expected a Restructuring"):
            lc.Account(loan_of(**terms), [event]).as_of("2026-04-01")


def test_a_draw_on_the_day_of_a_tranche_with_a_down_payment_is_repaid() -> None:
    loan = loan_of(tranches=[lc.Tranche("2026-03-20", 1_000, down_payment="10%")])
    installments = lc.Account(loan, [lc.Draw("2026-03-20", 500)]).as_of("2026-03-20").installments
    assert sum(item.agreed.principal for item in installments) == 13_500


def test_what_another_allocation_would_not_allow_is_an_assumption_and_no_error() -> None:
    """500 settle the fees of both installments first; one after the other, the second fee would be overdue and untreated."""
    treated = {"principal": "capitalize", "interest": "capitalize"}
    events = [lc.Payment("2026-03-18", 500), lc.Restructuring("2026-03-20", installments=6, overdue=treated)]
    account = lc.Account(loan_of(fees=[lc.Fee(10, each="installment")]), events)
    (note,) = [note for note in account.as_of("2026-03-20").assumptions if note.startswith("allocation")]
    assert "one installment after the other, it could not be: Restructuring" in note
    assert "10.00 of fee is past due" in note
