"""Interest that installments ask for in equal parts, when another plan follows: worked out by hand."""

from __future__ import annotations

import pytest

import loancalc as lc

LOAN = lc.Loan(1200, "12%", "2026-01-15", installments=6, method="equal_principal")
OVERDUE = lc.Reamortization("2026-02-20", overdue={"interest": "spread", "principal": "capitalize"})
# 12.00 was due on 15 February with 200.00: five installments of 240.00 ask for 12.00 / 5 = 2.40 each beside their interest


def interest(account: lc.Account, day: str) -> list[str]:
    """What each installment after the first asks for beside principal."""
    return [str(row.agreed.interest) for row in account.schedule(day)][1:]


def test_what_is_spread_stays_spread_while_others_wait() -> None:
    off = lc.Account(LOAN, [OVERDUE, lc.Deferral("2026-02-25", installments=2, interest="next")])
    # two wait: (1000.00 x 5 + 1200.00 x 23) x 1 % / 28 = 11.64 and 12.00, which the next one asks for beside its own 12.00 and 2.40:
    # 38.04; then 960.00 x 1 % + 2.40 = 12.00, 720.00 x 1 % + 2.40 = 9.60, ...
    as_agreed = ["0.00", "0.00", "38.04", "12.00", "9.60", "7.20", "4.80"]
    assert interest(off, "2026-02-25") == as_agreed
    for day in ("2026-02-26", "2026-03-20", "2026-04-20", "2026-05-20"):  # the same plan made anew
        assert interest(off.with_events(lc.Reamortization(day, overdue="keep")), day) == as_agreed
    # one more waits: 1200.00 x 1 % = 12.00 more for the first
    later = off.with_events(lc.Deferral("2026-03-20", installments=1, interest="next"))
    assert interest(later, "2026-03-20") == ["0.00", "0.00", "0.00", "50.04", "12.00", "9.60", "7.20", "4.80"]


NEW_PLANS = [
    # 960.00 over 6 are 160.00; 9.60 / 6 = 1.60 each beside 9.60, 8.00, 6.40, 4.80, 3.20, 1.60
    (lc.Extension("2026-03-20", installments=2), ["11.20", "9.60", "8.00", "6.40", "4.80", "3.20"]),
    # 960.00 over 3 are 320.00; 9.60 / 3 = 3.20 each beside 9.60, 6.40, 3.20
    (lc.Restructuring("2026-03-20", installments=3, overdue="keep"), ["12.80", "9.60", "6.40"]),
    # 960.00 over 3 are 320.00; 9.60 of the month that waits and 9.60 are spread, 6.40 each beside 9.60, 6.40, 3.20
    (lc.Deferral("2026-03-20", 1, interest="spread", term="same"), ["0.00", "16.00", "12.80", "9.60"]),
]


@pytest.mark.parametrize(("event", "asked"), NEW_PLANS)
def test_what_is_left_of_spread_interest_is_spread_over_the_installments_of_the_next_plan(
    event: lc.Event, asked: list[str]
) -> None:
    account = lc.Account(LOAN, [OVERDUE, lc.Payment("2026-03-15", "254.04"), event])
    assert interest(account, "2026-03-20")[1:] == asked
