"""What the law says of extensions is reported with its source, and enforced nowhere."""

from __future__ import annotations

from datetime import date

import pytest

import loancalc as lc
from loancalc.errors import InvalidTerms


@pytest.mark.parametrize(
    ("installments", "more", "name", "latest", "exceeded"),
    [
        (12, 12, "cn-lt12-short", "2028-01-15", False),
        (12, 13, "cn-lt12-short", "2028-01-15", True),
        (24, 12, "cn-lt12-medium", "2029-01-15", False),
        (24, 13, "cn-lt12-medium", "2029-01-15", True),
        (60, 30, "cn-lt12-medium", "2033-07-15", False),
        (72, 36, "cn-lt12-long", "2035-01-15", False),
        (72, 37, "cn-lt12-long", "2035-01-15", True),
    ],
)
def test_the_general_rules_on_loans(installments: int, more: int, name: str, latest: str, exceeded: bool) -> None:
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=installments)
    account = lc.Account(loan, [lc.Extension("2026-06-01", more)])
    limit = next(found for found in lc.extension_limits(account, "2026-06-01") if found.rule.name == name)
    assert (limit.latest_end, limit.is_exceeded) == (date.fromisoformat(latest), exceeded)
    assert account.as_of("2026-06-01").figures.items[-1].due == limit.extended_end
    assert "贷款通则 art. 12" in str(limit)


def test_extensions_add_up_and_days_are_halved_where_months_are_not_whole() -> None:
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12)
    account = lc.Account(loan, [lc.Extension("2026-06-01", 6), lc.Extension("2026-07-01", 7)])
    assert [found.is_exceeded for found in lc.extension_limits(account, "2026-06-15")] == [False, False]
    assert [found.is_exceeded for found in lc.extension_limits(account, "2026-07-15")] == [True, True]
    bullet = lc.Loan(10_000, "5%", "2026-03-01", end="2026-06-20", method="lump_sum", day_count="ACT/365F")
    longer = lc.Account(bullet, [lc.Extension("2026-06-01", end="2026-10-10")])
    assert lc.extension_limits(longer, "2026-06-01")[0].latest_end == date(2026, 10, 9)  # 111 days on


def test_a_rule_that_cannot_be_measured_says_so() -> None:
    account = lc.Account(lc.Loan(12_000, "12%", "2026-01-15", installments=24), [lc.Extension("2026-06-01", 1)])
    personal = next(found for found in lc.extension_limits(account, "2026-06-01") if "personal" in found.rule.name)
    assert (personal.latest_end, personal.is_exceeded) == (None, False)
    assert "not measured: see the rule" in str(personal)


def test_nothing_is_said_of_a_loan_that_was_not_extended() -> None:
    account = lc.Account(lc.Loan(12_000, "12%", "2026-01-15", installments=24), [lc.Extension("2026-06-01", 1)])
    assert lc.extension_limits(account, "2026-05-31") == ()
    with pytest.raises(InvalidTerms, match="expected one of CN"):
        lc.extension_limits(account, "2026-06-01", jurisdiction="DE")


def test_whatever_makes_the_term_longer_counts_with_the_extensions() -> None:
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12)
    # from 2027-01-15, at most twelve months more: 2028-01-15
    deferral = lc.Deferral("2026-06-01", 7, interest="next")
    assert [str(found.extended_end) for found in lc.extension_limits(lc.Account(loan, [deferral]), "2026-06-01")] == [
        "2027-08-15",
        "2027-08-15",
    ]
    both = lc.Account(loan, [deferral, lc.Extension("2026-06-02", 6)])
    # 7 + 6 = 13 months
    assert [found.is_exceeded for found in lc.extension_limits(both, "2026-06-02")] == [True, True]
    anew = lc.Restructuring("2026-06-01", installments=36, overdue="capitalize")
    assert [found.is_exceeded for found in lc.extension_limits(lc.Account(loan, [anew]), "2026-06-01")] == [True, True]
    same = lc.Deferral("2026-06-01", 3, interest="next", term="same")
    assert lc.extension_limits(lc.Account(loan, [same]), "2026-06-01") == ()
