"""Events that change the plan ahead: what is heard on the way equals what would have been agreed from the beginning."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from loancalc.errors import InvalidEvent

START = date(2026, 1, 15)
METHODS = ("annuity", "equal_principal", "interest_only")

rates = st.sampled_from(["0%", "3.5%", "6%", "11.99%", "24%"])
days_inside = st.integers(1, 330).map(lambda days: START + timedelta(days))
payments = st.lists(
    st.tuples(st.integers(0, 400).map(lambda days: START + timedelta(days)), st.integers(1, 90_000)), max_size=4
)


def positions(account: lc.Account) -> list[lc.Position]:
    return list(account.on_days([START + timedelta(days) for days in range(0, 430, 23)]))


def money(made: list[tuple[date, int]]) -> list[lc.Event]:
    return [lc.Payment(on, Decimal(minor).scaleb(-2)) for on, minor in made]


@given(
    method=st.sampled_from(METHODS), first=rates, second=rates, on=days_inside, keep=st.sampled_from(["term", "payment"]),
    made=payments,
)  # fmt: skip
def test_a_rate_change_equals_having_agreed_on_it_from_the_beginning(
    method: str, first: str, second: str, on: date, keep: str, made: list[tuple[date, int]]
) -> None:
    if keep == "payment" and (method != "annuity" or second == "24%"):
        keep = "term"
    loan = lc.Loan(12_000, first, START, installments=12, method=method)
    agreed = lc.Loan(12_000, lc.RatePath(first, {on: second}, keep=keep), START, installments=12, method=method)
    heard = lc.Account(loan, [*money(made), lc.RateChange(on, second, keep=keep)])
    known = lc.Account(agreed, money(made))
    later = [START + timedelta(days) for days in range(0, 430, 23) if START + timedelta(days) >= on]
    for ours, theirs in zip(heard.on_days(later), known.on_days(later), strict=True):
        assert ours.figures.items == theirs.figures.items
        assert (ours.payoff, ours.next_due, ours.days_past_due) == (
            theirs.payoff,
            theirs.next_due,
            theirs.days_past_due,
        )


@given(method=st.sampled_from(METHODS), rate=rates, on=days_inside, minor=st.integers(1, 900_000), made=payments)
def test_a_draw_equals_a_tranche_agreed_from_the_beginning(
    method: str, rate: str, on: date, minor: int, made: list[tuple[date, int]]
) -> None:
    more = Decimal(minor).scaleb(-2)
    loan = lc.Loan(12_000, rate, START, installments=12, method=method)
    agreed = lc.Loan(12_000, rate, START, installments=12, method=method, tranches=[lc.Tranche(on, more)])
    heard, known = lc.Account(loan, [*money(made), lc.Draw(on, more)]), lc.Account(agreed, money(made))
    later = [START + timedelta(days) for days in range(0, 430, 23) if START + timedelta(days) >= on]
    for ours, theirs in zip(heard.on_days(later), known.on_days(later), strict=True):
        assert ours.figures.items == theirs.figures.items
        assert (ours.outstanding_principal, ours.payoff) == (theirs.outstanding_principal, theirs.payoff)


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
@given(rate=rates, second=rates, on=days_inside, drawn=days_inside, made=payments, end=st.integers(0, 420))
def test_a_payoff_leaves_nothing_after_a_new_rate_and_more_money(
    accrual: str, rate: str, second: str, on: date, drawn: date, made: list[tuple[date, int]], end: int
) -> None:
    loan = lc.Loan(12_000, rate, START, installments=12, accrual=accrual)
    events = [*money(made), lc.RateChange(on, second, keep="term"), lc.Draw(drawn, 500)]
    last = max(START + timedelta(end), on, drawn, *(day for day, _ in made))
    account = lc.Account(loan, [*events, lc.Payoff(last)])
    closed = account.as_of(last + timedelta(40))
    assert closed.is_closed
    assert closed.credit == 0
    paid = sum(receipt.parts.principal for receipt in account.receipts)
    assert paid == 12_500


@given(on=days_inside, drawn=days_inside, order=st.permutations(range(4)))
def test_any_order_of_the_list_gives_the_same_account(on: date, drawn: date, order: list[int]) -> None:
    loan = lc.Loan(12_000, "12%", START, installments=12)
    events = [
        lc.Payment("2026-02-15", "1066.19", sequence=0, id="a"),
        lc.RateChange(on, "6%", keep="term", sequence=1, id="b"),
        lc.Draw(drawn, 1000, sequence=2, id="c"),
        lc.Payment("2026-05-02", 900, sequence=3, id="d"),
    ]
    assert positions(lc.Account(loan, [events[n] for n in order])) == positions(lc.Account(loan, events))


def test_a_reversed_change_never_happened() -> None:
    loan = lc.Loan(12_000, "12%", START, installments=12)
    change = lc.RateChange("2026-03-01", "6%", keep="term", id="change")
    undone = lc.Account(loan, [change, lc.Reversal(change, booked="2026-06-01")])
    assert [p.figures for p in positions(undone)] == [p.figures for p in positions(lc.Account(loan))]


def test_a_rate_change_by_hand() -> None:
    """100 over six months at 7 %; from 1 February 4 %: 83.57 x 4 %/12 = 0.28, and five level payments of 16.88."""
    loan = lc.Loan(100, "7%", "2024-01-01", installments=6)
    account = lc.Account(loan, [lc.Payment("2024-02-01", "17.01"), lc.RateChange("2024-02-01", "4%", keep="term")])
    rows = account.as_of("2024-07-01").installments
    assert [str(row.agreed.total) for row in rows] == ["17.01", "16.88", "16.88", "16.88", "16.88", "16.89"]
    assert str(rows[1].agreed.interest) == "0.28"


def test_an_interest_pause_by_hand() -> None:
    """Six of the 29 nights of February rest: 83.57 x 7 %/12 x 23/29 = 0.3866; the freed 0.10 repays, the last is less."""
    loan = lc.Loan(100, "7%", "2024-01-01", installments=6)
    pause = lc.InterestPause("2024-02-04", "2024-02-10", keep="payment")
    rows = lc.Account(loan, [lc.Payment("2024-02-01", "17.01"), pause]).as_of("2024-07-01").installments
    assert str(rows[1].agreed.interest) == "0.39"
    assert [str(row.agreed.total) for row in rows] == ["17.01", "17.01", "17.01", "17.01", "17.01", "16.90"]


def test_interest_that_joins_the_principal_is_owed_as_principal() -> None:
    """12 000 at 1 % a month, three months capitalized: 12 000 x 1.01^3 = 12 363.61 (each rounded)."""
    loan = lc.Loan(12_000, "12%", START, installments=12, moratorium=lc.Moratorium(3, "capitalized"))
    waiting = lc.Account(loan).as_of("2026-04-15")
    assert str(waiting.outstanding_principal) == "12363.61"
    assert (waiting.days_past_due, waiting.past_due.total) == (0, 0)
    # two months capitalized, 12 241.20, and five of 31 nights: 122.412 x 5/31 = 19.7439
    assert str(lc.Account(loan).payoff("2026-03-20")) == "12260.94"
    assert lc.Account(loan, [lc.Payoff("2026-03-20")]).as_of("2027-03-01").is_closed


def test_a_daily_loan_is_solved_again_on_what_is_really_outstanding() -> None:
    """Nothing is paid ahead or late until the change, so that the daily plan is the scheduled one."""
    daily = lc.Loan(12_000, "12%", START, installments=12, accrual="daily")
    paid = lc.Payment("2026-02-15", "1066.19")
    account = lc.Account(daily, [paid, lc.RateChange("2026-03-01", "6%", keep="term")])
    assert str(account.as_of("2026-03-10").next_due) == str(
        lc.Account(
            lc.Loan(12_000, lc.RatePath("12%", {"2026-03-01": "6%"}, keep="term"), START, installments=12), [paid]
        ).as_of("2026-03-10").next_due
    )  # fmt: skip
    # 5 000 more is repaid early first: the payments fall on what is left of the principal
    early = lc.Account(daily, [paid, lc.Payment("2026-02-20", 5_000), lc.RateChange("2026-03-15", "6%", keep="term")])
    assert early.as_of("2026-03-20").outstanding_principal < 6_100
    assert early.as_of("2026-12-20").next_due is not None


@pytest.mark.parametrize(
    ("event", "says"),
    [
        (lc.RateChange("2028-01-01", "6%", keep="term"), "after the last installment fell due"),
        (lc.RateChange("2026-03-01", "0.05%/day", keep="term"), "expected a rate of the same kind"),
        (lc.Draw("2028-01-01", 100), "after the last installment fell due"),
    ],
)
def test_a_change_that_cannot_be_is_refused(event: lc.Event, says: str) -> None:
    account = lc.Account(lc.Loan(12_000, "12%", START, installments=12), [event])
    with pytest.raises(InvalidEvent, match=says):
        account.as_of("2028-02-01")


@pytest.mark.parametrize(
    "event",
    [
        lc.Draw("2026-04-20", 100),
        lc.RateChange("2026-04-20", "6%", keep="term"),
        lc.InterestPause("2026-04-20", "2026-05-20", keep="term"),
    ],
)
def test_no_plan_asks_for_interest_after_a_charge_off_that_ended_it(event: lc.Event) -> None:
    """The installments that are left ask for principal only: a plan solved anew had asked for interest again."""
    stopped = lc.ChargeOff("2026-03-01", further_interest=False)
    account = lc.Account(lc.Loan(12_000, "12%", START, installments=12), [stopped])
    assert {str(row.agreed.interest) for row in account.as_of("2026-04-20").installments[2:]} == {"0.00"}
    with pytest.raises(InvalidEvent, match="no interest accrues since the charge-off"):
        account.with_events(event).as_of("2026-04-20")


@pytest.mark.parametrize(("effect", "left"), [("shorten", "5081.27"), ("last", "5102.57")])
@pytest.mark.parametrize(
    ("event", "worth"),  # of three equal payments, at 1 % a month and at nothing
    [(lc.Draw("2026-04-15", 1_000), "2.940985"), (lc.RateChange("2026-04-15", "0%", keep="term"), "3")],
)
def test_a_daily_loan_that_was_shortened_is_solved_again_when_terms_change(
    effect: str, left: str, event: lc.Event, worth: str
) -> None:
    """1 / 1.01 + 1 / 1.01^2 + 1 / 1.01^3 = 2.940985; the payments after 15 April are what is left, and drawn, over that."""
    loan = lc.Loan(12_000, "12%", START, installments=6, accrual="daily")
    paid = [lc.Payment(row.due, row.payable) for row in loan.schedule()[:2]]
    account = lc.Account(loan, [*paid, lc.Payment("2026-03-20", 1_000, effect=effect)])
    account = account.with_events(lc.Payment("2026-04-15", account.as_of("2026-04-15").due.total), event)
    position = account.as_of("2026-04-15")
    drawn = 1_000 if isinstance(event, lc.Draw) else 0
    assert str(position.outstanding_principal - drawn) == left
    payment = round(position.outstanding_principal / Decimal(worth), 2)
    totals = [row.agreed.total for row in position.installments[3:]]
    assert [totals[0], totals[1]] == [payment] * 2
    assert len(totals) == 3


def test_each_change_keeps_what_it_says() -> None:
    """By hand: 1 066.19 for two months leaves 10 098.16; over ten months at 9 % a year that is 1 051.94 a month. At 3 % from
    May on that payment stays, and the last one asks for what is left.
    """
    changes = [lc.RateChange("2026-03-15", "9%", keep="term"), lc.RateChange("2026-05-15", "3%", keep="payment")]
    rows = lc.Account(lc.Loan(12_000, "12%", START, installments=12), changes).as_of("2026-06-01").installments
    assert [str(row.agreed.total) for row in rows] == [*["1066.19"] * 2, *["1051.94"] * 9, "865.06"]


@pytest.mark.parametrize(
    ("event", "last"),
    [
        # 2 070.58 a month at 12 %; 59 nights of two months rest, so that four months bear interest on what is left
        (lc.InterestPause(START, "2026-03-15", keep="payment"), "1841.14"),
        (lc.RateChange(START, "6%", keep="payment"), "1855.30"),
    ],
)
def test_a_change_on_the_first_day_keeps_the_payment_that_was_agreed(event: lc.Event, last: str) -> None:
    """By hand: 12 000.00 - 2 x 2 070.58 = 7 858.84; 78.59, 58.67, 38.55, 18.23 of interest follow: 1 822.91 + 18.23. At 0.5 % a
    month 60.00, 49.95, 39.84, 29.69, 19.49, 9.23: 1 846.07 + 9.23.
    """
    loan = lc.Loan(12_000, "12%", START, installments=6)
    rows = lc.Account(loan, [event]).as_of(START).installments
    assert [str(row.agreed.total) for row in rows] == [*["2070.58"] * 5, last]


def test_changes_show_as_they_are_typed() -> None:
    assert repr(lc.Draw("2026-05-10", 3_000)) == "Draw('2026-05-10', '3000')"
    for event in (
        lc.RateChange("2027-01-01", "3.95%", keep="term"),
        lc.InterestPause("2026-05-01", "2026-06-01", keep="payment"),
    ):
        assert eval(repr(event), {**vars(lc), **{name: getattr(lc, name) for name in lc.__all__}}) == event


@given(on=st.integers(70, 330).map(lambda days: START + timedelta(days)), second=rates)
def test_a_moratorium_that_is_over_is_not_granted_again_by_a_rate_change(on: date, second: str) -> None:
    terms = {"installments": 12, "accrual": "daily", "day_count": "30/360", "moratorium": lc.Moratorium(2, "paid")}
    path = lc.RatePath("12%", {on: second}, keep="term")
    plan = lc.Loan(12_000, path, START, **terms).schedule()
    paid = [lc.Payment(row.due, row.payable) for row in plan if row.due < on and row.payable]
    heard = lc.Account(lc.Loan(12_000, "12%", START, **terms), [*paid, lc.RateChange(on, second, keep="term")])
    assert [item.agreed.principal for item in heard.as_of(on).installments] == [row.principal for row in plan]


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_a_fee_on_the_outstanding_principal_counts_what_is_drawn_in_its_period(accrual: str) -> None:
    fee = lc.Fee(percent="1%", of="outstanding-principal", each="installment")
    terms = {"installments": 4, "method": "interest_only", "fees": fee}
    drawn = lc.Account(lc.Loan(1000, "12%", START, accrual=accrual, **terms), [lc.Draw("2026-03-01", 500)])
    rows = drawn.as_of("2026-03-01").installments
    assert [str(row.agreed.fee) for row in rows] == ["10.00", "15.00", "15.00", "15.00"]
    agreed = lc.Loan(1000, "12%", START, tranches=[lc.Tranche("2026-03-01", 500)], **terms)
    assert [str(row.fee) for row in agreed.schedule()] == ["10.00", "15.00", "15.00", "15.00"]


@pytest.mark.parametrize(("on", "payments"), [("2026-04-10", ["371.27", "395.06"]), ("2026-05-10", ["358.76"])])
def test_a_draw_on_a_daily_loan_is_repaid_by_the_installments_that_a_kept_payment_has_added(
    on: str, payments: list[str]
) -> None:
    # nothing is paid: with the payment kept at 30 % a fourth installment asks for what the interest of the arrears left over.
    # On 10 May 27.51 + 300.00 of principal are ahead, and 1 200 x 30 % x 25/360 = 25.00, 1 500 x 30 % x 5/360 = 6.25
    path = lc.RatePath("12%", {"2026-03-20": "30%"}, keep="payment")
    loan = lc.Loan(1_200, path, "2026-01-15", installments=3, accrual="daily", day_count="ACT/360")
    account = lc.Account(loan, [lc.Draw(on, 300)])
    rows = account.schedule(on)
    assert [str(row.agreed.total) for row in rows[-len(payments) :]] == payments
    assert account.payoff(on) == lc.Account(loan).payoff(on) + 300


PAUSED = lc.Loan(
    12_000, "12%", START, installments=6,
    late=lc.LateTerms(lc.LateInterest("1.5x", day_count="ACT/360", compound="interest")),
)  # fmt: skip


def test_late_interest_rests_where_the_pause_says_so_and_goes_on_after_it() -> None:
    # installment 1 is 1 950.58 + 120.00, due 15 February: 1 950.58 x 18 % x 14/360 = 13.6541 by 1 March, 120.00 x 18 % x
    # 14/360 = 0.84. With the term kept installment 2 is 2 001.17 + 50.25. From 1 to 10 April nine nights: 8.7776 and
    # 2 001.17 x 18 % x 9/360 = 9.0053; 0.54 and 50.25 x 18 % x 9/360 = 0.2261
    rests = lc.Account(PAUSED, [lc.InterestPause("2026-03-01", "2026-04-01", keep="term", late_interest=True)])
    for day, late, compound in (
        ("2026-03-01", "13.65", "0.84"), ("2026-04-01", "13.65", "0.84"), ("2026-04-10", "31.44", "1.61"),
    ):  # fmt: skip
        found = rests.as_of(day).past_due
        assert (str(found.late_interest), str(found.compound_interest)) == (late, compound), day
    # without it late interest goes on at 1.5 times the rate that was agreed: 54 nights of 1 950.58, 26 of 2 001.17
    goes_on = lc.Account(PAUSED, [lc.InterestPause("2026-03-01", "2026-04-01", keep="term")])
    assert str(goes_on.as_of("2026-04-10").past_due.late_interest) == "78.69"  # 52.67 + 26.02
    assert rests.as_of("2026-04-10").past_due.principal == goes_on.as_of("2026-04-10").past_due.principal


def test_late_interest_can_rest_after_the_last_due_date_and_nothing_else_can() -> None:
    rests = lc.InterestPause("2026-08-01", "2026-09-01", keep="term", late_interest=True)
    account = lc.Account(PAUSED, [rests, lc.InterestPause("2026-08-20", "2026-09-10", keep="term", late_interest=True)])
    plain = lc.Account(PAUSED)
    for day in ("2026-08-20", "2026-09-10"):
        assert account.as_of(day).payoff == plain.payoff("2026-08-01")
    # a night of 12 000.00 and of 423.48 of interest: 6.00 and 0.21, rounded on the lines of six installments each
    assert str(account.payoff("2026-09-11") - account.payoff("2026-09-10")) == "6.21"
    with pytest.raises(InvalidEvent, match="after the last installment fell due"):
        plain.with_events(lc.InterestPause("2026-08-01", "2026-09-01", keep="term")).as_of("2026-08-01")
    with pytest.raises(lc.InvalidTerms, match=r"late_interest: got 'no'; expected True or False"):
        lc.InterestPause("2026-08-01", "2026-09-01", keep="term", late_interest="no")  # type: ignore[arg-type]  # refused


@pytest.mark.parametrize("base", ["principal", "principal+interest", "outstanding-principal"])
@pytest.mark.parametrize("rounded", ["line", "night"])
@given(on=st.integers(20, 250), nights=st.integers(1, 90))
def test_nothing_accrues_late_in_a_pause_of_all_interest(base: str, rounded: str, on: int, nights: int) -> None:
    late = lc.LateTerms(
        lc.LateInterest("18%", day_count="30E/360", base=base, rounded=rounded), grace=lc.Grace(3, "free")
    )
    loan = lc.Loan(12_000, "12%", START, installments=6, late=late)
    first = START + timedelta(on)
    account = lc.Account(loan, [lc.InterestPause(first, first + timedelta(nights), keep="term", late_interest=True)])
    before, after = account.as_of(first), account.as_of(first + timedelta(nights))
    assert after.past_due.late_interest == before.past_due.late_interest
    assert before.past_due.late_interest == lc.Account(loan).as_of(first).past_due.late_interest


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_what_is_lent_on_the_last_due_date_is_refused_since_no_installment_repays_it(accrual: str) -> None:
    # with the payment kept at 18 % a fourth installment is due on 15 May
    path = lc.RatePath("0%", {"2026-02-01": "18%"}, keep="payment")
    loan = lc.Loan(1_200, path, START, installments=3, accrual=accrual)
    assert len(lc.Account(loan, [lc.Draw("2026-05-10", 300)]).schedule("2026-05-10")) == 4
    with pytest.raises(InvalidEvent, match="got the last due date; expected an earlier day"):
        lc.Account(loan, [lc.Draw("2026-05-15", 300)]).as_of("2026-05-15")
    with pytest.raises(lc.LoanError, match="repays all by installment 4, before the last tranche"):
        lc.Loan(1_200, path, START, installments=3, tranches=[lc.Tranche("2026-05-20", 300)]).schedule()


def test_a_draw_on_the_day_of_the_first_pay_out_is_refused_by_its_name() -> None:
    account = lc.Account(lc.Loan(1_000, "12%", START, installments=3), [lc.Draw(START, 100, id="more")])
    with pytest.raises(InvalidEvent, match=r"id='more'.*: got the day of the first pay-out; expected a later day"):
        account.as_of(START)
