"""What an account gives can be carried away: it is copied, sent to another process, made a table of, or refused as no text."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import loancalc as lc
from loancalc.cli import main
from loancalc.errors import InvalidAmount, InvalidDate, InvalidEvent, InvalidTerms
from loancalc.io import from_json, read_contract, read_payments, to_json
from loancalc.testing import accounts

DAY = "2026-04-24"
LATE = lc.LateTerms(interest=lc.LateInterest("18%", day_count="ACT/360"), penalties=lc.Penalty(20))
LOAN = lc.Loan(6_000, "12%", "2026-01-15", installments=6, late=LATE)
ACCOUNT = lc.Account(LOAN, [lc.Payment("2026-02-15", "1035.29", id="p"), lc.Payment("2026-03-20", 500)])
CURRENT = lc.Account(LOAN, [lc.Payment(row.due, row.total) for row in LOAN.schedule()[:3]])

GIVEN: dict[str, Any] = {
    "position": ACCOUNT.as_of(DAY),
    "past due": ACCOUNT.as_of(DAY).past_due,
    "line": ACCOUNT.as_of(DAY).lines[0],
    "penalty": ACCOUNT.as_of(DAY).penalties[0],
    "installment": ACCOUNT.as_of(DAY).installments[0],
    "next due": ACCOUNT.next_due(DAY),
    "receipt": ACCOUNT.receipts[0],
    "ledger": ACCOUNT.ledger(DAY),
    "entry": ACCOUNT.ledger(DAY)[0],
    "movement": ACCOUNT.between("2026-03-01", DAY),
    "schedule": ACCOUNT.schedule(DAY),
    "row": ACCOUNT.schedule(DAY)[0],
    "payoffs": ACCOUNT.payoff(DAY, days=2),
    "outlook": ACCOUNT.outlook(DAY),
    "preview": ACCOUNT.preview(lc.Acceleration(DAY)),
    "comparison": ACCOUNT.compare({"go on": [], "settle": lc.Settlement(DAY, 3_000, rest="waive")}, DAY),
    "options": CURRENT.prepayment_options(DAY, 1_000),
    **{f"option {effect}": option for effect, option in CURRENT.prepayment_options(DAY, 1_000).items()},
    "plan": LOAN.schedule(),
}
TABLES = [name for name, value in GIVEN.items() if hasattr(value, "to_dict")]


@pytest.mark.parametrize("name", GIVEN)
def test_what_an_account_gives_is_copied_and_sent_to_other_processes(name: str) -> None:
    given = GIVEN[name]
    assert pickle.loads(pickle.dumps(given)) == given == deepcopy(given)
    assert hash(pickle.loads(pickle.dumps(given))) == hash(given)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_columns_of_one_length_of_words_numbers_and_days(name: str) -> None:
    columns = GIVEN[name].to_dict()
    assert len({len(column) for column in columns.values()}) == 1
    for column, cells in columns.items():
        for cell in cells if column != "paid_on" else [day for days in cells for day in days]:
            assert cell is None or type(cell) in (str, int, Decimal, date, bool), (column, cell)


def test_the_ways_to_use_a_prepayment_are_a_table() -> None:
    assert "options" in TABLES
    columns = GIVEN["options"].to_dict()
    assert columns["effect"] == ["keep", "lower", "shorten", "last"]
    assert columns["installments_left"] == [option.installments_left for option in GIVEN["options"].values()]


def test_the_next_payment_of_a_comparison_is_a_day_and_an_amount() -> None:
    columns = GIVEN["comparison"].to_dict()
    assert columns["next_due"] == [date(2026, 5, 15), None]
    assert columns["next_payment"] == [Decimal("1035.29"), None]


# JSON: equal when read again, or refused


@pytest.mark.parametrize(
    "value",
    [
        lc.Rate.parse("18%"), lc.Rate.parse("5% effective"), lc.Rate.parse("0.05%/day"), lc.DayCount.parse("ACT/360"),
        lc.LateInterest("1.5x", day_count="ACT/360").rate, lc.LateInterest("+6pp", day_count="ACT/360").rate,
        date(2026, 2, 28), Decimal("1.10"), Fraction(1, 3), lc.Frequency.parse("2 weeks"), ACCOUNT.events,
        {"a": lc.Payment(DAY, 3)}, "text", 3, None, True,
    ],
    ids=repr,
)  # fmt: skip
def test_a_part_of_terms_that_is_kept_by_itself_is_read_as_what_it_was(value: object) -> None:
    read = from_json(to_json(value))  # type: ignore[arg-type] # the parts of a value can be kept too
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize("name", GIVEN)
def test_what_follows_from_an_account_is_not_kept_as_something_else(name: str) -> None:
    with pytest.raises(
        InvalidTerms, match=r"expected what text can say: .*; what follows from these is worked out again"
    ):
        to_json(GIVEN[name])


# What was let go is not said to be paid


def test_an_installment_of_which_everything_was_waived_is_waived_and_not_paid() -> None:
    """Settled on 10 April for 3,000: of 5,141.65 that pays the payoff off, 2,141.65 of principal is let go, the last first.

    Principal is 985.04 + 994.89 + 1004.84 + 1014.89 + 1025.05 = 5,024.71 less the first row, of which 2,883.06 is paid:
    985.04 + 994.89 + 903.13. So the fourth installment is paid in part, of the fifth and sixth nothing.
    """
    settled = ACCOUNT.without("e2").with_events(lc.Settlement("2026-04-10", 3_000, rest="waive"))
    rows = settled.schedule("2026-04-10")
    assert [row.state for row in rows] == ["paid", "paid late", "paid", "paid", "waived", "waived"]
    assert [str(row.waived.principal) for row in rows[3:]] == ["101.71", "1014.89", "1025.05"]
    assert str(rows[3]).endswith("paid 903.13 on 2026-04-10; waived 101.71")
    assert str(rows[4]) == "5, due 2026-06-15: waived; agreed 1014.89; waived 1014.89"
    assert rows.total("waived").total == Decimal("2141.65")


# Amounts that the currency does not have


@pytest.mark.parametrize(
    ("late", "field"),
    [
        (lc.LateTerms(penalties=lc.Penalty("2.5")), "penalties.amount"),
        (lc.LateTerms(penalties=lc.Penalty(2, repeat="2.5", within=3)), "penalties.repeat"),
        (lc.LateTerms(penalties=[lc.Penalty(2), lc.Penalty(percent="5%", of="principal", min="2.5")]), "penalties.min"),
        (lc.LateTerms(penalties=lc.Penalty(percent="5%", of="principal", max="2.5")), "penalties.max"),
        (lc.LateTerms(penalties=lc.Penalty(2), caps=lc.Cap(amount="2.5")), "caps.amount"),
        (lc.LateTerms(penalties=lc.Penalty(2), tolerance=lc.Tolerance("2.5")), "tolerance.amount"),
    ],
)
def test_late_terms_in_parts_of_a_yen_are_refused_with_the_loan(late: lc.LateTerms, field: str) -> None:
    with pytest.raises(InvalidAmount, match=rf"late\.{field}: got 2\.5; expected at most 0 decimals"):
        lc.Loan(100_000, "12%", "2026-01-15", installments=12, currency="JPY", late=late)
    assert lc.Loan(100_000, "12%", "2026-01-15", installments=12, currency="KWD", late=late).late == late


# Messages name what was asked


def test_messages_name_the_field_that_was_asked_for() -> None:
    with pytest.raises(
        InvalidDate, match=r"between\.first: got 2026-01-14; expected 2026-01-15, the start of the loan"
    ):
        ACCOUNT.between("2026-01-14", DAY)
    yen = lc.Account(lc.Loan(6_000, "12%", "2026-01-15", installments=6, currency="JPY"))
    with pytest.raises(InvalidAmount, match=r"write_off\.amount: got 0\.5; expected at most 0 decimals"):
        yen.with_events(lc.WriteOff(DAY, "principal", "0.5"))
    with pytest.raises(InvalidEvent, match=r"reversal\.of: got 'x'; accepted: e2, p$"):
        ACCOUNT.with_events(lc.Reversal("x", booked=DAY, id="r"))


def test_what_cannot_be_charged_back_is_said_to_be_reversed() -> None:
    reversed_after = ACCOUNT.with_events(lc.Chargeback("2026-03-01", "p"), lc.Reversal("p", booked="2026-03-10"))
    with pytest.raises(InvalidEvent, match=r"expected the id of a payment made by 2026-03-01 and not reversed$"):
        reversed_after.as_of(DAY)
    recovered = ACCOUNT.with_events(
        lc.WriteOff(DAY), lc.Recovery("2026-05-01", 500, id="r"), lc.Chargeback("2026-05-08", "r")
    )
    with pytest.raises(InvalidEvent, match=r"got 'r'; .*; what else came in is taken back by a Reversal"):
        recovered.as_of("2026-05-08")


# Whom the money is owed to


def test_money_for_one_creditor_is_not_shared_with_a_claim_that_went_to_another() -> None:
    """Art. 560 speaks of debts to one creditor. A payment of the day of the transfer still comes before it."""
    other = lc.Account(LOAN)
    sold = ACCOUNT.with_events(lc.Transfer("2026-04-01", "Lotus"))
    accounts: Mapping[str, lc.Account] = {"sold": sold, "other": other}
    expected = (
        r"accounts: got sold owed to Lotus, other owed to the lender on 2026-04-02; expected loans of one creditor"
    )
    with pytest.raises(InvalidTerms, match=expected):
        lc.allocate_across(accounts, lc.Payment("2026-04-02", 100))
    assert sum(p.amount for p in lc.allocate_across(accounts, lc.Payment("2026-04-01", 100)).values()) == 100
    both = {"sold": sold, "other": other.with_events(lc.Transfer("2026-03-01", "Lotus"))}
    assert sum(p.amount for p in lc.allocate_across(both, lc.Payment("2026-04-02", 100)).values()) == 100
    with pytest.raises(InvalidTerms, match="accounts: got none; expected the accounts by name"):
        lc.allocate_across({}, lc.Payment(DAY, 100))
    with pytest.raises(InvalidDate, match=r"payment\.on, for other: got 2026-01-14; expected 2026-01-15"):
        lc.allocate_across({"other": other}, lc.Payment("2026-01-14", 100))


def test_what_is_charged_to_an_installment_to_come_stands_in_its_row() -> None:
    account = lc.Account(lc.Loan(1200, "12%", "2026-01-15", installments=3), lc.Charge("2026-01-20", "cost", 30, 2))
    rows, position = account.schedule("2026-01-25"), account.as_of("2026-01-25")
    assert str(rows[1]) == "2, due 2026-03-15: upcoming; agreed 408.03; charged cost 30.00"
    assert position.charged_ahead == rows.total("charged").total == 30
    assert [str(state.charged) for state in position.installments] == [
        "nothing"
    ] * 3  # they had less than nothing of what was agreed
    # 16 February: the first is past due; on 15 March the cost falls due with the second
    due = account.as_of("2026-03-15").installments[1]
    assert (str(due.charged), str(due.owed)) == ("cost 30.00", "cost 30.00, interest 8.04, principal 399.99")


@given(accounts(), st.integers(0, 900))
@example(
    lc.Account(
        lc.Loan(3, "2%", "2000-01-01", installments=2, accrual="daily", allocation="mifos-standard"),
        lc.Payment("2000-01-01", "1.98"),
    ),
    0,
)
def test_what_is_charged_beside_is_never_less_than_nothing_and_accounts_for_what_became_of_a_row(
    account: lc.Account, days: int
) -> None:
    """The example pays two installments of 1.50 ahead on the first day: all of it is principal, and none of it a charge."""
    position = account.as_of(account.loan.start + timedelta(days))
    for state in position.installments:
        assert min(state.charged.minor) >= 0
        became = (state.paid, state.waived, state.written_off, state.moved, state.cut, state.owed)
        if state.due <= position.as_of or state.settled_on:
            assert state.agreed.total + state.charged.total == sum(part.total for part in became)


def test_the_statement_of_a_loan_that_ended_shows_what_became_of_every_installment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """3,000 on 10 April for all of it: 50.25 and 40.40 x 26/31 = 33.88 of interest, and 2,915.87 of principal, which is 985.04,
    994.89 and 935.94 of 1,004.84. Let go are 68.90, 1,014.89 and 1,025.05.
    """
    contract, payments = tmp_path / "c.toml", tmp_path / "p.csv"
    contract.write_text('principal = 6000\nrate = "12%"\nstart = 2026-01-15\ninstallments = 6\n')
    payments.write_text("date,type,amount,rest\n2026-02-15,payment,1035.29,\n2026-04-10,settlement,3000,waive\n")
    assert main(["statement", str(contract), str(payments), "--as-of", "2026-04-20"]) == 0
    rows = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "no. due state agreed paid waived owed settled" in rows
    assert "4 2026-05-15 paid 1004.84 935.94 68.90 0.00 2026-04-10" in rows
    assert "5 2026-06-15 waived 1014.89 0.00 1014.89 0.00 2026-04-10" in rows
    assert "6 2026-07-15 waived 1025.05 0.00 1025.05 0.00 2026-04-10" in rows
    assert main(["statement", str(contract), str(payments), "--as-of", "2026-04-20", "--json"]) == 0
    for row in json.loads(capsys.readouterr().out)["installments"]:
        asked, *became = (
            sum(Decimal(amount) for name in names for amount in row[name].values())
            for names in (
                ["agreed", "charged"],
                *([name] for name in ("paid", "waived", "written_off", "moved", "cut", "owed")),
            )
        )
        assert asked == sum(became)


@pytest.mark.parametrize(
    ("end", "answer", "printed"),
    [
        (
            "write_off,,",
            "The loan was written off: 6116.77 is not collected here any more, though it may still be owed.",
            "written off 6116.77",
        ),
        (
            "settlement,3000,waive",
            "The loan was settled for less: 3116.77 was let go, and nothing is owed.",
            "settled for less, waived 3116.77",
        ),
        (
            "settlement,3000,write off",
            "The loan was settled for less: 3116.77 is not collected here any more, though it may still be owed.",
            "settled for less, written off 3116.77",
        ),
        ("payoff,,", "The loan is closed: nothing is owed.", None),
    ],
)
def test_the_end_of_a_loan_is_told_as_it_was(
    end: str, answer: str, printed: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing was paid by 20 March: 60.00 + 50.25 of interest are due, 5 nights of 31 of 40.40 are 6.52, principal is 6,000.00."""
    contract, payments = tmp_path / "c.toml", tmp_path / "p.csv"
    contract.write_text('principal = 6000\nrate = "12%"\nstart = 2026-01-15\ninstallments = 6\n')
    payments.write_text(f"date,type,amount,rest\n2026-03-20,{end}\n")
    assert main(["statement", str(contract), str(payments), "--as-of", "2026-04-20"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == f"Overdue: no, on 2026-04-20. {answer}"
    read = read_contract(contract.read_bytes())
    assert read.loan is not None
    events = [event for _, event in read_payments(payments.read_bytes(), contract=read).events]
    position = lc.Account(read.loan, events).as_of("2026-04-20")
    assert str(position).splitlines()[2:] == ([printed] if printed else [])


@pytest.mark.parametrize(
    ("events", "why"),
    [
        ([], "paid"),
        ([lc.WriteOff("2026-03-20")], "paid or written off"),
        ([lc.Settlement("2026-03-20", 3_000, rest="waive")], "paid or waived"),
        ([lc.Restructuring("2026-03-20", installments=9, overdue="capitalize")], "paid or rescheduled"),
    ],
)
def test_an_explanation_says_why_nothing_is_late(events: list[lc.Event], why: str) -> None:
    """One installment is paid and the second falls due on 15 March; it is paid, or becomes something else."""
    second = [] if events else [lc.Payment("2026-03-15", "1035.29")]
    account = lc.Account(LOAN, [lc.Payment("2026-02-15", "1035.29"), *second, *events])
    position = account.as_of("2026-03-25")
    assert position.explain().splitlines()[0] == f"as of 2026-03-25: every installment due so far is {why}"
    (finding,) = lc.audit(account, lc.Claim("2026-03-25", days_past_due=5)).findings
    assert finding.explanation == f"every installment due so far is {why}"


def test_an_explanation_says_that_what_is_unpaid_is_tolerated() -> None:
    loan = lc.Loan(1_200, "0%", "2026-01-15", installments=3, late=lc.LateTerms(tolerance=lc.Tolerance(5)))
    position = lc.Account(loan, lc.Payment("2026-02-15", 396)).as_of("2026-02-20")
    told = "as of 2026-02-20: what is unpaid of the installments due so far is tolerated"
    assert position.explain().splitlines()[0] == told


def test_a_notebook_shows_how_a_loan_ended_and_to_whom_it_is_owed() -> None:
    gone = lc.Account(LOAN, [lc.WriteOff("2026-01-20")]).as_of("2026-01-25")
    # five nights of 31 of 60.00: 9.68
    for cell in (">ended for the lender<", ">written off<", ">6009.68<"):
        assert cell in gone._repr_html_(), cell
    sold = lc.Account(LOAN, [lc.Transfer("2026-01-20", "Lotus & Co")]).as_of("2026-01-25")
    assert "owed to" in sold._repr_html_()
    assert "Lotus &amp; Co" in sold._repr_html_()


def test_what_left_the_books_of_the_lender_has_no_grade_and_says_to_whom_it_is_owed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    contract, payments = tmp_path / "c.toml", tmp_path / "p.csv"
    contract.write_text('principal = 6000\nrate = "12%"\nstart = 2026-01-15\ninstallments = 6\n')
    payments.write_text("date,type,amount,to\n2026-03-20,transfer,,Lotus\n")
    assert main(["statement", str(contract), str(payments), "--as-of", "2026-04-20"]) == 1
    out = " ".join(capsys.readouterr().out.split())
    assert "It is owed to Lotus." in out
    assert (
        "no grade by days: as_of: got 2026-04-20; the loan was transferred by then; expected a day on which it goes on"
        in out
    )
    assert lc.credit.classify(lc.Account(LOAN), "2026-04-20").grade == "关注 special mention"


def test_a_statement_says_what_no_mark_of_the_credit_record_shows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    contract, payments = tmp_path / "c.toml", tmp_path / "p.csv"
    contract.write_text('principal = 6000\nrate = "12%"\nstart = 2026-01-15\ninstallments = 6\n')
    payments.write_text("date,amount,source\n2026-02-20,1035.29,guarantor\n")
    said = "1035.29 paid on 2026-02-20 by the guarantor; a bureau may mark the month D"
    assert main(["statement", str(contract), str(payments), "--as-of", "2026-02-28"]) == 0
    assert f"not shown by a mark: {said}" in " ".join(capsys.readouterr().out.split())
    assert main(["statement", str(contract), str(payments), "--as-of", "2026-02-28", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["credit_report"]["notes"] == [said]
