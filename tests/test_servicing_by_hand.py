"""Decisions about what happens to a debt, each with one small account worked out by hand."""

from __future__ import annotations

import pytest

import loancalc as lc

# The end of a plan: charges come before principal, whichever installment they were charged to


@pytest.mark.parametrize("installment", [1, 2])
def test_held_money_pays_every_charge_before_principal_when_the_debt_is_written_off(installment: int) -> None:
    loan = lc.Loan(1000, "0%", "2026-01-01", installments=2, every="6 months", method="equal_principal")
    fee = lc.Charge("2026-02-01", "fee", "5.29", installment=installment)
    account = lc.Account(loan, [fee, lc.Payment("2026-03-01", 900), lc.WriteOff("2026-04-20")])
    # 900.00 held - 5.29 fee = 894.71 of 1000.00 principal; 1000.00 - 894.71 = 105.29 is left
    assert str(account.receipts[0].parts) == "fee 5.29, principal 894.71"
    assert str(account.as_of("2026-04-20").written_off) == "principal 105.29"


def test_a_settlement_for_less_pays_every_charge_before_principal() -> None:
    loan = lc.Loan(1000, "0%", "2026-01-01", installments=1, every="6 months", method="interest_only")
    account = lc.Account(loan, [lc.Charge("2026-02-01", "cost", 40), lc.Settlement("2026-03-01", 700, rest="waive")])
    # 700.00 - 40.00 cost = 660.00 of 1000.00 principal; 340.00 is left
    assert str(account.receipts[0].parts) == "cost 40.00, principal 660.00"
    assert str(account.as_of("2026-03-01").waived) == "principal 340.00"
