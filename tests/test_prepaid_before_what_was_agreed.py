"""A prepayment before something that was agreed for later: the plan goes on as if that were heard of on its own day (decision 12)."""

from __future__ import annotations

from typing import Any

import pytest

import loancalc as lc

PAID = [lc.Payment("2026-02-15", "1066.19")]


def totals(account: lc.Account, day: str) -> list[str]:
    return [str(row.agreed.total) for row in account.schedule(day)]


def loan(accrual: str, **agreed: Any) -> lc.Loan:
    return lc.Loan(12_000, agreed.pop("rate", "12%"), "2026-01-15", installments=12, accrual=accrual, **agreed)


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
@pytest.mark.parametrize("effect", ["shorten", "last", "lower"])
@pytest.mark.parametrize("day", ["2026-05-01", "2026-06-20"])
def test_a_tranche(accrual: str, effect: str, day: str) -> None:
    paid = [*PAID, lc.Payment("2026-03-15", "7066.19", effect=effect)]
    agreed = lc.Account(loan(accrual, tranches=[lc.Tranche(day, 1_000)]), paid)
    heard = lc.Account(loan(accrual), [*paid, lc.Draw(day, 1_000)])
    assert totals(agreed, day) == totals(heard, day)


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
@pytest.mark.parametrize("effect", ["shorten", "last", "lower"])
@pytest.mark.parametrize("keep", ["term", "payment"])
def test_a_rate(accrual: str, effect: str, keep: str) -> None:
    paid = [*PAID, lc.Payment("2026-03-15", "7066.19", effect=effect)]
    agreed = lc.Account(loan(accrual, rate=lc.RatePath("12%", {"2026-05-01": "24%"}, keep=keep)), paid)
    heard = lc.Account(loan(accrual), [*paid, lc.RateChange("2026-05-01", "24%", keep=keep)])
    assert totals(agreed, "2026-05-01") == totals(heard, "2026-05-01")


def test_by_hand() -> None:
    """6,000 leave 4,098.16, and the parts 965.21, 974.86, 984.61, 994.45 and 179.03, to 15 August. 1,000 come on 1 May: May bears
    1 % on 3,132.95 and 14/30 of it on 1,000, 36.00; four payments of 1,057.84 leave 3,111.11, 2,084.38, 1,047.38 and nothing.
    """
    paid = [*PAID, lc.Payment("2026-03-15", "7066.19", effect="last")]
    account = lc.Account(loan("scheduled", tranches=[lc.Tranche("2026-05-01", 1_000)]), paid)
    assert totals(account, "2026-05-01")[3:] == ["1057.84", "1057.84", "1057.84", "1057.85"]


@pytest.mark.parametrize(("accrual", "last"), [("scheduled", "790.36"), ("daily", "790.35")])
def test_a_rate_in_the_same_period_keeps_the_payment_that_was_kept(accrual: str, last: str) -> None:
    """5,000 over five months: 1,030.20, and 2,029.90 are left in April. 250 on 1 May pay 10.83 for 16 nights, and 239.17. The rest of May
    bears 1 % on 1,790.73 for 4 of its 30 nights and 2 % for 10, 14.33 (by the night 10.8261 + 14.3258 - 10.83 = 14.32): 1,030.20
    repay 1,015.87 too, and June asks for the other 774.86 and 2 %, 15.50.
    """
    rate = lc.RatePath("12%", {"2026-05-05": "24%"}, keep="payment")
    agreed = lc.Loan(5_000, rate, "2026-01-15", installments=5, accrual=accrual)
    paid = [lc.Payment(row.due, row.total) for row in agreed.schedule()[:3] if row.due]
    account = lc.Account(agreed, [*paid, lc.Payment("2026-05-01", 250, effect="shorten")])
    assert totals(account, "2026-05-05")[3:] == ["1280.20", last]
