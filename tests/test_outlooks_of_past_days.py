"""What is asked of a day that has passed, of an account on which something happened later that the assumption leaves no room for."""

from decimal import Decimal

import pytest

import loancalc as lc

LOAN = lc.Loan(1_200, "12%", "2026-01-15", installments=12, late=lc.LateTerms(penalties=[lc.Penalty(10)]))
PAID = lc.Payment("2026-02-15", "106.62", id="february")


def test_the_schedule_of_a_past_day_stands_though_the_debt_was_written_off_later() -> None:
    """On 1 March all that is left is still to come: 1279.42 in all, less 106.62. That it is taken to be paid leaves the write-off of
    January nothing to write off, and the recovery of February nothing to recover.
    """
    account = lc.Account(
        LOAN, [PAID, lc.WriteOff("2027-01-15", id="given up"), lc.Recovery("2027-02-15", 50, id="recovered")]
    )
    outlook = account.outlook("2026-03-01")
    assert outlook.to_pay == Decimal("1279.42") - Decimal("106.62") == Decimal("1172.80")
    assert [event.id for event in outlook.left_out] == ["given up", "recovered"]
    assert outlook.assumptions[0].endswith(
        "; left out, as it cannot happen then: write off given up of 2027-01-15, recovery recovered of 2027-02-15"
    )
    rows = account.schedule("2026-03-01")
    assert [(row.state, row.agreed.total) for row in rows[:2]] == [
        ("paid", Decimal("106.62")),
        ("upcoming", Decimal("106.62")),
    ]
    assert rows[-1].due.isoformat() == "2027-01-15"


def test_what_is_let_go_later_of_charges_that_the_assumption_does_not_know_is_left_out_by_it_alone() -> None:
    """Nothing is paid in March: a penalty of 10 on the 16th, which is waived in May. Who pays as planned has none; who pays nothing
    until the end has one for each of eleven installments, of which the last is due that day and not late, and the waiver counts:
    eleven installments ahead of 1172.80 in all, ten penalties of 10 less the one that was let go.
    """
    account = lc.Account(LOAN, [PAID, lc.Waiver("2026-05-01", "penalty", 10, id="goodwill")])
    planned, nothing = (account.outlook("2026-03-01", then=then) for then in ("as-planned", "nothing"))
    assert planned.to_pay == Decimal("1172.80")
    assert [event.id for event in planned.left_out] == ["goodwill"]
    assert nothing.to_pay == Decimal("1172.80") + 10 * 10 - 10
    assert nothing.left_out == ()


def test_what_cannot_happen_at_all_is_refused_as_before() -> None:
    account = lc.Account(LOAN, [PAID, lc.Waiver("2026-05-01", "penalty", 1_000)])
    with pytest.raises(lc.InvalidEvent, match=r"got 1000; expected at most 20\.00, the penalty owed on 2026-05-01"):
        account.outlook("2026-03-01")


def test_an_event_that_is_looked_at_is_never_left_out() -> None:
    account = lc.Account(LOAN, [PAID])
    with pytest.raises(lc.InvalidEvent, match=r"got 10; expected at most 0\.00, the penalty owed on 2026-05-01"):
        account.preview(lc.Waiver("2026-05-01", "penalty", 10), "2026-03-01")


def test_a_write_off_on_the_day_on_which_all_falls_due_comes_before_what_might_be_paid_on_it() -> None:
    """10,000 at 0.05 % a day for 92 nights: 10,460 due on 1 June. Written off that day, nothing is still to be paid; sold that day, it is
    still to be paid, to the new holder.
    """
    lump = lc.Loan(10_000, "0.05%/day", "2026-03-01", end="2026-06-01", method="lump_sum")
    written_off, sold = (
        lc.Account(lump, [event]) for event in (lc.WriteOff("2026-06-01"), lc.Transfer("2026-06-01", "Fund"))
    )
    assert written_off.outlook("2026-06-01").to_pay == 0
    assert sold.outlook("2026-06-01").to_pay == 10_460
    assert lc.Account(lump).preview(lc.WriteOff("2026-06-01")).cost == -10_460
    assert written_off.schedule("2026-06-01")[0].due.isoformat() == "2026-06-01"


def test_prepayment_options_of_a_past_day_stand_though_something_was_let_go_later() -> None:
    plain, later = (lc.Account(LOAN, [PAID, *more]) for more in ([], [lc.Waiver("2026-05-01", "penalty", 10)]))
    options, expected = (account.prepayment_options("2026-03-01", 300) for account in (later, plain))
    assert {name: option.interest_left for name, option in options.items()} == {
        name: option.interest_left for name, option in expected.items()
    }


def test_a_payment_added_says_what_any_payment_may() -> None:
    account = lc.Account(LOAN)
    added = account.with_payment(
        "2026-02-01", 300, effect="shorten", source="guarantor", id="early", booked="2026-02-03"
    )
    event = lc.Payment("2026-02-01", 300, effect="shorten", source="guarantor", id="early", booked="2026-02-03")
    assert added == account.with_events(event)
    assert account.with_payment("2026-02-15", 50, installment=1, only="principal") == account.with_events(
        lc.Payment("2026-02-15", 50, installment=1, only="principal")
    )
