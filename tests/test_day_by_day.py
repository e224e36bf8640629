"""Two independent engines agree: a slow one that lives through every day, written from the meanings, and the library.

The slow one (`day_by_day`) is held against the 205 printed accounts first, without the library's account, and then
compared with it on random accounts: loans of every plain method, accrual, rate unit, period, rounding and currency with an
agreed fee; late interest at an absolute rate or over the contract or a base rate, on every base, with every kind of
compounding, a start, an end, rounded by line or by night; penalties flat and in percent, in spans of days, recurring,
counted, repeated, without pyramiding; every kind of grace, in business days too; a tolerance; one cap on what is charged
for lateness, which may recover; one order of the allocation in either direction; early money held or applied, and on daily
loans for the installments that a surplus rule names; payments, waivers, payoffs and reversals. Not covered: plans with more
than a method, other events, orders with groups, surplus rules of scheduled loans, taxes, several caps or caps on fees and
contract interest. Where the meanings leave room, the slow one says what it took.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import loancalc as lc
from changing import with_terms
from day_by_day import Book, figures_of_book, figures_of_position, next_due_of_book
from loancalc.charge_caps import ACCRUED_LATE
from loancalc.events import Event
from loancalc.names import COMPONENTS
from loancalc.testing import events, loans
from reference import event_of, loan_of, read

STORIES: list[dict[str, Any]] = read("late_stories.json.gz")["stories"]


def events_of(loan: lc.Loan, story: dict[str, Any]) -> tuple[Event, ...]:
    return lc.Account(loan, [event_of(event) for event in story["events"]]).events


def figures_of_story(printed: dict[str, Any], digits: int) -> dict[str, Any]:
    """The printed figures in the words and units of the book."""

    def minor(amount: str) -> int:
        return int(Decimal(amount) * 10**digits)

    figures = {name: printed[name] for name in ("days_past_due", "delinquent_days") if name in printed}
    figures |= {name: minor(printed[name]) for name in ("outstanding_principal", "credit", "payoff") if name in printed}
    oldest, next_due = printed["oldest_unpaid_due"], printed["next_due"]
    figures["oldest_unpaid_due"] = oldest and date.fromisoformat(oldest)
    figures["past_due"] = {name: minor(amount) for name, amount in printed["past_due"].items() if name != "total"}
    figures["next_due"] = next_due and (date.fromisoformat(next_due["date"]), minor(next_due["amount"]))
    return figures


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["id"])
def test_the_slow_engine_gives_the_printed_positions(story: dict[str, Any]) -> None:
    loan = loan_of(story["terms"])
    happened = events_of(loan, story)
    for printed in story["positions"]:
        known_on = printed.get("known_on")
        book = Book(loan, happened, known_on=known_on and date.fromisoformat(known_on))
        book.run_to(date.fromisoformat(printed["as_of"]))
        shown = figures_of_book(book) | {"next_due": next_due_of_book(book)}
        expected = figures_of_story(printed, loan.digits)
        assert {name: shown[name] for name in expected} == expected


@pytest.mark.parametrize("story", [s for s in STORIES if s.get("payoffs_paid")], ids=lambda story: story["id"])
def test_the_slow_engine_pays_off_for_the_printed_amount(story: dict[str, Any]) -> None:
    loan = loan_of(story["terms"])
    book = Book(loan, events_of(loan, story))
    payoffs = [event["id"] for event in story["events"] if event["type"] == "payoff"]
    book.run_to(max(date.fromisoformat(event["on"]) for event in story["events"] if "on" in event))
    paid = [received.amount for received in book.received if received.id in payoffs]
    assert paid == [int(Decimal(amount) * 10**loan.digits) for amount in story["payoffs_paid"]]
    assert (book.quote(), book.undue, book.credit) == (0, 0, 0)


def one_order() -> st.SearchStrategy[lc.Allocation]:
    """One order of the components for what is past due and due, in either direction."""
    return st.builds(lc.Allocation, st.permutations(COMPONENTS), st.sampled_from(["horizontal", "vertical"]))


@st.composite
def compared_accounts(draw: st.DrawFn, **terms: Any) -> lc.Account:
    """Accounts whose figures the meanings decide.

    Left out: a deferred grace on a daily loan that outlasts a period, where contract interest falls due before it is
    known which rate its nights bear; a flat loan so small that rounding repays all principal before the last
    installment, where nothing says whether later interest accrues to date.
    """
    loan = draw(loans(most_installments=4 if terms.get("any_lateness") else 8, **terms))
    fees = draw(st.lists(st.integers(0, 20).map(lambda fee: lc.Fee(fee, each="installment")), max_size=1))
    loan = with_terms(loan, allocation=draw(one_order()), fees=fees, taxes=())
    grace = loan.late and loan.late.grace
    if loan.late and grace and grace.kind == "deferred" and loan.accrual == "daily" and grace.days > 9:
        shorter = lc.LateTerms(loan.late.interest, loan.late.penalties, lc.Grace(9, "deferred"), loan.late.caps)
        loan = with_terms(loan, late=shorter)
    if loan.late:
        loan = with_terms(loan, late=known_late_terms(loan.late))
    if loan.method == "flat" and not loan.schedule()[-1].principal:
        loan = with_terms(loan, method="annuity")
    return lc.Account(loan, [undesignated(event) for event in known_to_the_book(draw(events(loan)))])


def known_late_terms(late: lc.LateTerms) -> lc.LateTerms:
    """The terms with one cap at most, on what is charged for lateness."""
    caps = [cap for cap in late.caps if set(cap.covers) <= set(ACCRUED_LATE)][:1]
    return lc.LateTerms(late.interest, late.penalties, late.grace, caps, late.tolerance)


def known_to_the_book(happened: list[lc.Event]) -> list[lc.Event]:
    """Those of the events that the slow engine knows, and the reversals of those."""
    known = [event for event in happened if isinstance(event, lc.Payment | lc.Waiver | lc.Payoff)]
    names = {event.id for event in known}
    return known + [event for event in happened if isinstance(event, lc.Reversal) and event.of in names]


def undesignated(event: lc.Event) -> lc.Event:
    """The event, and where it is a payment, not meant for anything in particular."""
    if isinstance(event, lc.Payment):
        return lc.Payment(event.on, event.amount, booked=event.booked, id=event.id, sequence=event.sequence)
    return event


def days_of(account: lc.Account) -> list[date]:
    """The days around everything that happens or falls due, and one after the last."""
    loan = account.loan
    key = {event.on for event in account.events} | set(loan.dates) | {loan.dates[-1] + timedelta(45)}
    near = {day + timedelta(shift) for day in key for shift in (0, 1, 4, 11)}
    return sorted(day for day in near if day >= loan.start)


def assert_both_engines_agree(account: lc.Account) -> None:
    loan, book = account.loan, Book(account.loan, account.events)
    days = days_of(account)
    for position in account.on_days(days):
        book.run_to(position.as_of)
        assert figures_of_book(book) == figures_of_position(position), position.as_of
        next_due = position.next_due and (position.next_due.date, int(position.next_due.amount * 10**loan.digits))
        assert next_due_of_book(book) == next_due, position.as_of
    receipts = account.receipts_as_of(days[-1])
    assert [(received.id, tuple(received.parts.values())) for received in book.received] == [
        (receipt.id, receipt.parts.minor) for receipt in receipts
    ]
    assert book.credit == sum(int(receipt.credit * 10**loan.digits) for receipt in receipts)


@given(compared_accounts(accruals=["scheduled"]))
def test_both_engines_agree_on_scheduled_loans(account: lc.Account) -> None:
    assert_both_engines_agree(account)


@given(compared_accounts(accruals=["daily"]))
def test_both_engines_agree_on_daily_loans(account: lc.Account) -> None:
    assert_both_engines_agree(account)


@settings(max_examples=settings().max_examples // 2)
@given(compared_accounts(accruals=["daily"]), st.sampled_from(["next", "last", "next-then-last", "spread"]))
def test_both_engines_agree_on_daily_loans_paid_ahead(account: lc.Account, surplus: str) -> None:
    loan = account.loan
    order, direction = loan.allocation.order, loan.allocation.direction
    ahead = with_terms(loan, allocation=lc.Allocation(order, direction, surplus=surplus), early="apply")
    assert_both_engines_agree(lc.Account(ahead, account.events))


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
@settings(max_examples=settings().max_examples // 5)
@given(data=st.data())
def test_both_engines_agree_on_late_terms_of_every_kind(accrual: str, data: st.DataObject) -> None:
    assert_both_engines_agree(data.draw(compared_accounts(accruals=[accrual], any_lateness=True)))


@st.composite
def short_inside_a_grace(draw: st.DrawFn) -> lc.Account:
    """Daily loans in a grace, at late rates below and above the contract rate, that start late and stop; what comes pays
    everything but a rest, or more.
    """
    every, start = draw(st.sampled_from(["1 month", "2 weeks", "10 days"])), date(2026, 1, draw(st.integers(1, 28)))
    per_day = draw(st.booleans())
    rates = ["0%/day", "0.02%/day", "0.2%/day", "0.5x", "1.5x"] if per_day else ["0%", "6%", "36%", "0.5x", "+6pp"]
    base, compound = draw(st.sampled_from([("principal", "none"), ("principal", "interest"), ("installment", "none")]))
    stops = draw(st.none() | st.integers(1, 12) | st.integers(5, 90).map(lambda day: start + timedelta(day)))
    interest = lc.LateInterest(
        draw(st.sampled_from(rates)), base=base, compound=compound, starts=draw(st.integers(0, 5)), stops=stops,
        day_count=None if per_day else "ACT/365F",
    )  # fmt: skip
    late = lc.LateTerms(
        interest,
        penalties=draw(st.lists(st.just(lc.Penalty(percent="2%", of="installment")), max_size=1)),
        grace=lc.Grace(draw(st.integers(1, 9)), draw(st.sampled_from(["deferred", "deferred", "free"]))),
        caps=draw(st.lists(st.builds(lc.Cap, amount=st.integers(0, 9), recover=st.booleans()), max_size=1)),
        tolerance=draw(st.none() | st.just(lc.Tolerance(5))),
    )
    loan = lc.Loan(
        draw(st.integers(200, 20_000)), "0.1%/day" if per_day else "24%", start, every=every, late=late,
        installments=draw(st.integers(1, 3)), method=draw(st.sampled_from(["annuity", "interest_only"])),
        accrual="daily", early=draw(st.sampled_from(["apply", "hold"])), allocation=draw(one_order()),
        day_count=None if per_day else "ACT/365F", rounding=lc.Rounding(draw(st.sampled_from([1, 1, 100]))),
    )  # fmt: skip
    happened: list[lc.Event] = []
    for row in loan.schedule():
        share = draw(st.sampled_from([0, 0, Fraction(9, 10), Fraction(999, 1000), 1]))
        amount = int(Fraction(row.total) * share) + draw(st.integers(0, 40)) if share else 0
        on = row.due + timedelta(draw(st.integers(0, 9)))
        happened += [lc.Payment(on, amount)] if amount else []
        if draw(st.integers(0, 5)) == 0:
            happened.append(lc.Waiver(on + timedelta(draw(st.integers(0, 3))), "interest", "all"))
    return lc.Account(loan, happened)


@given(short_inside_a_grace())
def test_both_engines_agree_on_daily_loans_that_are_short_inside_a_grace(account: lc.Account) -> None:
    assert_both_engines_agree(account)
    for position in account.on_days(days_of(account)):
        assert min(*position.past_due.minor, *position.due.minor, position.figures.accrued) >= 0


# What the comparison found


def daily(days: int, grace: lc.Grace, rate: str = "0.2%/day", **late: Any) -> lc.Loan:
    """10 000.00 at 0.1 % a day, 10.00 a night; at 0.2 % a day when late."""
    terms = lc.LateTerms(lc.LateInterest(rate, **late), grace=grace)
    return lc.Loan(10_000, "0.1%/day", "2026-01-01", end=date(2026, 1, 1) + timedelta(days), method="lump_sum",
                   accrual="daily", late=terms)  # fmt: skip


def test_nights_of_a_deferred_grace_after_maturity_bear_the_contract_rate_until_they_bear_the_late_one() -> None:
    # due 31 January with 30 nights, 300.00; two nights later 20.00 more; once late, 4 nights x 20.00 and not those
    account = lc.Account(daily(30, lc.Grace(3, "deferred")))
    inside, late = account.as_of("2026-02-02").past_due, account.as_of("2026-02-04").past_due
    assert (str(inside.interest), str(inside.late_interest)) == ("320.00", "0.00")
    assert (str(late.interest), str(late.late_interest)) == ("300.00", "80.00")
    paid = account.with_payment("2026-02-02", "10320.00").as_of("2026-03-01")
    assert paid.is_closed


def test_interest_after_maturity_is_no_base_even_after_it_was_touched() -> None:
    # 3 free nights bear 30.00 of contract interest; compound interest runs on the 300.00 that fell due, 0.60 a night,
    # and on what is left of it, whether or not a payment settled something in between
    loan = daily(30, lc.Grace(3, "free"), compound="interest")
    order = ["cost", "interest", "principal", "fee", "penalty", "late_interest", "compound_interest"]
    account = lc.Account(with_end(loan, order), [lc.Payment("2026-02-10", "310.00")])
    assert str(account.as_of("2026-02-10").past_due.interest) == "20.00"
    assert (
        account.as_of("2026-02-10").past_due.compound_interest == account.as_of("2026-03-10").past_due.compound_interest
    )
    assert account.as_of("2026-02-10").oldest_unpaid_due == date(2026, 1, 31)


def with_end(loan: lc.Loan, order: list[str]) -> lc.Loan:
    return lc.Loan(loan.principal, loan.rate, loan.start, end=loan.end, method="lump_sum", accrual="daily",
                   late=loan.late, allocation=lc.Allocation(order, "vertical"))  # fmt: skip


def test_what_will_be_due_next_knows_that_a_free_grace_ends_before() -> None:
    # 5 000.00 stay unpaid on 31 January: 3 of the 28 nights to 28 February bear the contract rate, then the late one
    late = lc.LateTerms(lc.LateInterest("0.2%/day"), grace=lc.Grace(3, "free"))
    loan = lc.Loan(10_000, "0.1%/day", "2026-01-01", installments=2, first_due="2026-01-31", month_end=True,
                   method="equal_principal", accrual="daily", late=late)  # fmt: skip
    account = lc.Account(loan)
    for day in ("2026-02-01", "2026-02-03", "2026-02-20"):
        next_due = account.as_of(day).next_due
        assert next_due is not None
        assert str(next_due.amount) == "5155.00"  # 5 000 + 28 x 5.00 + 3 x 5.00
    assert str(account.as_of("2026-02-28").due.total) == "5155.00"


def test_what_is_taken_back_at_the_end_of_a_deferred_grace_is_what_had_accrued() -> None:
    # whole units: one night 1.40 -> 1.00, paid; three nights 4.20 -> 4.00; not the 5.60 -> 6.00 of four nights at once.
    # The 1.00 that was paid pays late interest instead: 4 nights x 2.80 = 11.20 -> 11.00, less 1.00
    loan = lc.Loan(1_400, "0.1%/day", "2026-01-01", end="2026-01-31", method="lump_sum", accrual="daily",
                   rounding=lc.Rounding(100), late=lc.LateTerms(lc.LateInterest("0.2%/day"), grace=lc.Grace(3, "deferred")))  # fmt: skip
    past_due = lc.Account(loan, [lc.Payment("2026-02-01", 43)]).as_of("2026-02-04").past_due
    assert (str(past_due.interest), str(past_due.late_interest), str(past_due.principal)) == (
        "0.00",
        "10.00",
        "1400.00",
    )


def test_late_interest_that_is_over_before_the_loan_begins_takes_nothing_from_what_falls_due_next() -> None:
    # all 10 000.00 bear 0.1 % a night throughout, 10.00; 28 nights from 31 January to 28 February
    late = lc.LateTerms(lc.LateInterest("0.2%/day", starts=3, stops="2025-01-01"))
    loan = lc.Loan(10_000, "0.1%/day", "2026-01-01", installments=2, first_due="2026-01-31", month_end=True,
                   method="equal_principal", accrual="daily", late=late)  # fmt: skip
    account = lc.Account(loan)
    for day in ("2026-02-01", "2026-02-20", "2026-02-28"):
        next_due = account.as_of(day).next_due
        assert next_due is not None
        assert str(next_due.amount) == "5280.00"


@pytest.mark.parametrize(
    ("grace", "late", "interest"),
    [
        (lc.Grace(3, "free"), {"stops": 2}, "270.00"),  # 140.00 of what is not due, and 3 + 23 nights of 5.00
        (lc.Grace(3, "free"), {"stops": "2026-02-10"}, "245.00"),  # 3 nights, and from 10 February 18
        (None, {"stops": 20}, "180.00"),  # the last 8
        (lc.Grace(4, "deferred"), {"starts": 3, "stops": 5}, "255.00"),  # 3 nights, and from 8 February 20
        (lc.Grace(4, "deferred"), {"stops": 2}, "270.00"),  # 26 after 2, when the grace still lasts
        (None, {"stops": "cap"}, "225.00"),  # 0.2 % a night is 10.00: on 11 February 110.00 exceed the cap of 105.00
    ],
)
def test_what_will_be_due_next_knows_that_late_interest_ends_before(
    grace: lc.Grace | None, late: dict[str, Any], interest: str
) -> None:
    """5 000.00 of 10 000.00 stay unpaid on 31 January; a night bears 5.00 of each half where it is not late."""
    caps = [lc.Cap(amount=105)] if late["stops"] == "cap" else []
    terms = lc.LateTerms(lc.LateInterest("0.2%/day", **late), grace=grace, caps=caps)
    loan = lc.Loan(10_000, "0.1%/day", "2026-01-01", installments=2, first_due="2026-01-31", month_end=True,
                   method="equal_principal", accrual="daily", late=terms)  # fmt: skip
    account = lc.Account(loan)
    for day in ("2026-02-01", "2026-02-02", "2026-02-05", "2026-02-11", "2026-02-20"):
        assert (
            str(account.as_of(day).next_due)
            == f"NextDue(date={date(2026, 2, 28)!r}, amount=Decimal('{5000 + Decimal(interest)}'))"
        )
    assert str(account.as_of("2026-02-28").due.interest) == interest


# What late rates below the contract rate and graces that are short of what is owed found


def test_interest_that_was_paid_and_turns_out_not_to_be_owed_is_money_again() -> None:
    """10 000.00 and 30 nights of 10.00 are due on 31 January; two nights later 20.00 more are paid with all but 9.00. The grace
    ends: two nights of 10 000.00 and two of 9.00 bore 0.05 %, 10.00 + 0.009 -> 0.01, not 20.00 and 0.02. Of the 20.00 that
    were paid 10.01 are late interest, 9.00 pay the rest, 0.99 are credit.
    """
    account = lc.Account(daily(30, lc.Grace(3, "deferred"), rate="0.05%/day"), [lc.Payment("2026-02-02", 10_311)])
    assert str(account.as_of("2026-02-03").past_due) == "interest 0.01, principal 9.00"
    found = account.as_of("2026-02-04")
    assert (str(found.past_due), str(found.credit), found.is_closed) == ("nothing", "0.99", True)
    paid = account.receipts_as_of("2026-02-04")[0]
    assert str(paid.parts) == "late_interest 10.01, interest 300.00, principal 10000.00"
    assert str(account.receipts_as_of("2026-02-03")[0].parts) == "interest 320.00, principal 9991.00"


@pytest.mark.parametrize(
    ("late", "late_interest", "interest"),
    [
        ({"starts": 2}, "60.00", "320.00"),  # two nights of 10.00, then three of 20.00
        ({"starts": 2, "stops": 2}, "40.00", "330.00"),  # two, two, and one more of 10.00
        ({"stops": 2}, "40.00", "330.00"),  # two of 20.00, three of 10.00
        ({"starts": 6}, "0.00", "350.00"),  # five nights, none of them late yet
    ],
)
def test_only_nights_that_bore_the_late_rate_are_taken_off_at_the_end_of_a_deferred_grace(
    late: dict[str, Any], late_interest: str, interest: str
) -> None:
    """After maturity on 31 January with 300.00 of interest; the grace of 4 days is over on 5 February."""
    account = lc.Account(daily(30, lc.Grace(4, "deferred"), **late))
    assert str(account.as_of("2026-02-04").past_due.interest) == "340.00"
    past_due = account.as_of("2026-02-05").past_due
    assert (str(past_due.late_interest), str(past_due.interest)) == (late_interest, interest)


# What interest on late interest that a cap cuts night after night found


@st.composite
def compounding_under_a_cap(draw: st.DrawFn) -> lc.Account:
    """Late interest bears interest, and a cap cuts it from some night on."""
    covers = draw(st.sampled_from([["late_interest"], ["late_interest", "compound_interest"]]))
    limit = draw(st.sampled_from([{"rate": "18%"}, {"rate": "6%"}, {"share": "1%"}, {"amount": 5}, {"amount": 0}]))
    late = lc.LateTerms(
        lc.LateInterest("24%", day_count="ACT/365F", compound="interest-and-late-interest"),
        penalties=draw(st.lists(st.just(lc.Penalty(5)), max_size=1)),
        grace=draw(st.none() | st.just(lc.Grace(2, "deferred"))),
        caps=[lc.Cap(covers=covers, recover=draw(st.booleans()), **limit)],
    )
    loan = lc.Loan(
        draw(st.integers(50, 20_000)), "12%", "2026-01-15", installments=draw(st.integers(1, 3)), late=late,
        rounding=lc.Rounding(mode=draw(st.sampled_from(["half-up", "up", "down"]))), allocation=draw(one_order()),
    )  # fmt: skip
    days = st.integers(31, 150).map(lambda day: loan.start + timedelta(day))
    share = st.integers(1, 60).map(lambda part: int(loan.principal * part / 100))
    paid = draw(st.lists(st.tuples(days, share), max_size=2))
    return lc.Account(loan, [lc.Payment(on, amount) for on, amount in paid if amount])


@settings(max_examples=max(6, settings().max_examples // 10))
@given(compounding_under_a_cap())
def test_late_interest_bears_interest_only_as_far_as_a_cap_leaves_it(account: lc.Account) -> None:
    assert_both_engines_agree(account)


def test_an_event_that_touches_no_base_leaves_compound_interest_under_a_cap_as_it_is() -> None:
    late = lc.LateTerms(
        lc.LateInterest("24%", day_count="ACT/365F", compound="interest-and-late-interest"),
        caps=[lc.Cap(rate="18%", covers=["late_interest"])],
    )
    account = lc.Account(lc.Loan(10_000, "12%", "2018-01-03", installments=1, late=late))
    touched = account.with_events(lc.Charge("2018-09-01", "cost", 1))
    for one in (account, touched):
        assert str(one.as_of("2019-06-30").past_due.compound_interest) == "504.59"
