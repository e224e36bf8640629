"""Loans that end without being repaid in full are not closed for a credit bureau."""

from __future__ import annotations

from decimal import Decimal

import pytest

import loancalc as lc

LOAN = lc.Loan(12_000, "12%", "2026-01-15", installments=12)
PAID = lc.Payment("2026-02-15", "1066.19")


@pytest.mark.parametrize(
    ("event", "line", "how"),
    [
        (lc.WriteOff("2026-04-20"), "*N1G", "written off"),
        (lc.Settlement("2026-04-20", 5_000, rest="waive"), "*N1G", "settled for less"),
        (lc.Transfer("2026-04-20", "Collector Ltd"), "*N1G", "transferred"),
        (lc.Payoff("2026-04-20"), "*N1C", None),
    ],
)
def test_an_end_without_full_settlement_is_marked_as_such_and_nothing_follows(
    event: lc.Event, line: str, how: str | None
) -> None:
    report = lc.credit.report(lc.Account(LOAN, [PAID, event]), "2026-07-31")
    assert report.status_line == line
    assert (how is None) or report.months[-1].why == f"ended without full settlement: {how}"


def test_money_that_comes_after_a_write_off_does_not_make_it_repaid() -> None:
    account = lc.Account(LOAN, [PAID, lc.WriteOff("2026-04-20"), lc.Recovery("2026-06-01", 800)])
    assert lc.credit.report(account, "2026-07-31").status_line == "*N1G"


def test_a_loan_of_which_part_stays_written_off_was_not_settled_in_full() -> None:
    # 100.00 of the principal that was due on 15 March is written off, and all that is left is paid
    part = lc.Account(LOAN, [PAID, lc.WriteOff("2026-03-20", "principal", 100), lc.Payoff("2026-04-20")])
    position = part.as_of("2026-05-31")
    assert (position.payoff, str(position.written_off), position.ending) == (0, "principal 100.00", "settled for less")
    report = lc.credit.report(part, "2026-05-31")
    assert report.status_line == "*N1G"
    assert report.months[-1].why == "ended without full settlement: settled for less"
    # the same 100.00 recovered before: nothing stays written off
    whole = part.with_events(lc.Recovery("2026-04-01", 100))
    assert (whole.as_of("2026-05-31").ending, lc.credit.report(whole, "2026-05-31").status_line) == ("repaid", "*N1C")
    # a waiver lets go: what is left is the whole debt
    waived = lc.Account(LOAN, [PAID, lc.Waiver("2026-03-20", "principal", 100), lc.Payoff("2026-04-20")])
    assert waived.as_of("2026-05-31").ending == "repaid"


def test_what_the_mark_means_is_said_in_both_languages() -> None:
    report = lc.credit.report(lc.Account(LOAN, [PAID, lc.WriteOff("2026-04-20")]), "2026-05-31")
    assert report.meaning("G") == "account ended other than by full settlement (e.g. written off, transferred) (结束)"


@pytest.mark.parametrize(
    ("source", "mark", "how"), [("guarantor", "D", "by the guarantor"), ("assets", "Z", "with assets")]
)
def test_money_of_others_is_said_where_no_mark_is_verified_for_it(source: str, mark: str, how: str) -> None:
    report = lc.credit.report(lc.Account(LOAN, [lc.Payment("2026-02-15", "1066.19", source=source)]), "2026-02-28")
    assert report.status_line == "*N"
    assert report.notes[0].startswith(f"1066.19 paid on 2026-02-15 {how}")
    assert report.notes[0].endswith(f"may mark the month {mark}")
    assert f"not shown by a mark: {report.notes[0]}" in str(report)


def test_grace_in_business_days_spares_the_mark_as_long_as_it_spares_the_days() -> None:
    """Due on Friday, 13 February 2026; three business days are Monday, Tuesday and Wednesday, the 18th, five days later."""
    grace = lc.Grace(3, "status-only", calendar="WEEKENDS")
    loan = lc.Loan(1_200, "0%", "2026-01-13", installments=3, late=lc.LateTerms(grace=grace))
    marks = {}
    for day in ("2026-02-13", "2026-02-16", "2026-02-18", "2026-02-19"):
        account = lc.Account(loan, [lc.Payment(day, 400)])
        assert lc.Account(loan).as_of(day).delinquent_days == (6 if day == "2026-02-19" else 0)
        marks[day] = lc.credit.report(account, "2026-02-28", framework="cn-credit-report-2").status_line
    assert marks == {"2026-02-13": "*N", "2026-02-16": "*N", "2026-02-18": "*N", "2026-02-19": "*M"}


def test_a_mark_says_that_a_late_installment_was_let_go_and_not_that_it_was_paid() -> None:
    loan = lc.Loan(1_200, "0%", "2026-01-13", installments=3)
    account = lc.Account(loan, [lc.Waiver("2026-02-20", "principal", 400)])
    (*_, february) = lc.credit.report(account, "2026-02-28", framework="cn-credit-report-2").months
    assert (february.mark, february.why) == ("M", "installment 1, due 2026-02-13, was waived on 2026-02-20")


@pytest.mark.parametrize("rest", ["waive", "write off"])
def test_a_payment_that_goes_back_after_a_settlement_is_owed_and_late_again(rest: str) -> None:
    """106.62 of February go back on 5 March: they are past due since 15 February, 136 days on 1 July."""
    loan = lc.Loan(1_200, "12%", "2026-01-15", installments=12)
    paid = lc.Payment("2026-02-15", "106.62", id="february")
    settled = lc.Account(loan, [paid, lc.Settlement("2026-03-01", 900, rest=rest)])
    assert settled.as_of("2026-03-31").ending == "settled for less"
    assert lc.credit.report(settled, "2026-03-31").status_line == "*NG"
    back = settled.with_events(lc.Chargeback("2026-03-05", "february"))
    position = back.as_of("2026-07-01")
    assert (position.ending, position.days_past_due, position.past_due.total) == (None, 136, Decimal("106.62"))
    assert lc.credit.report(back, "2026-06-30").status_line == "*N2345"
    again = back.with_payment("2026-07-02", "106.62")
    assert again.as_of("2026-07-31").ending == "settled for less"
    assert lc.credit.report(again, "2026-07-31").status_line == "*N2345G"


def test_a_payoff_comes_after_a_component_that_is_written_off_on_its_day() -> None:
    """1,000 at 12 %, due on 15 February: 10.00 of interest are written off on the 20th, and 1,000.00 pay the rest."""
    loan = lc.Loan(1_000, "12%", "2026-01-15", installments=1)
    account = lc.Account(loan, [lc.WriteOff("2026-02-20", "interest", 10)])
    assert account.payoff("2026-02-20") == Decimal("1000.00")
    for end in (lc.Payoff("2026-02-20"), lc.Payment("2026-02-20", 1_000)):
        ended = account.with_events(end)
        position = ended.as_of("2026-02-20")
        assert (ended.receipts[-1].amount, position.payoff, position.is_closed) == (Decimal("1000.00"), 0, True)
        assert position.written_off.interest == Decimal("10.00")
    # a cent less is an ordinary payment, and comes first: it settles the interest, so that there is none to write off
    with pytest.raises(lc.InvalidEvent, match="got 10; expected at most 0"):
        account.with_payment("2026-02-20", "999.99").as_of("2026-02-20")
