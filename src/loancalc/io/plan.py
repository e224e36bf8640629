"""The plan of a loan as text for people."""

from __future__ import annotations

from collections.abc import Sequence

from loancalc.io.findings import Finding
from loancalc.io.layout import table, wrap
from loancalc.io.phrases import calculations, footing, unit
from loancalc.plan.disbursement import Disbursement
from loancalc.plan.loan import Loan
from loancalc.plan.schedule import Schedule


def plan_text(loan: Loan, *, explain: bool, notes: Sequence[Finding] = ()) -> str:
    """The plan of a loan: what it asks for, and each installment.

    Args:
        loan: The loan.
        explain: Whether to show every figure as a calculation.
        notes: How the files were read.

    >>> loan = Loan(principal=1200, rate="1%/month", start="2026-01-15", installments=2, method="flat")
    >>> print(plan_text(loan, explain=False).partition("What")[0].rstrip())
    2 installments of 612.00, due 2026-02-15 to 2026-03-15.
    To repay 1200.00 takes 1224.00: interest 24.00.
    <BLANKLINE>
      no.         due  principal  interest    total  balance
        1  2026-02-15     600.00     12.00   612.00   600.00
        2  2026-03-15     600.00     12.00   612.00     0.00
      sum                1200.00     24.00  1224.00
    """
    plan = loan.schedule()
    explained = [calculations(plan.explain())] if explain else []
    paid_out = [_paid_out(out, loan) for out in loan.disbursements if out.lines]
    return "\n\n".join([_answer(plan), *paid_out, _table(plan), *explained, *footing(plan.assumptions, notes)])


def _answer(plan: Schedule) -> str:
    count, money = len(plan), unit(plan.currency)
    level = f" of {plan.payment}{money}" if plan.payment is not None and count > 1 else ""
    span = f"{plan[0].due} to {plan[-1].due}" if count > 1 else str(plan[0].due)
    fees = f", fees {plan.total_fees}{money}" if plan.total_fees else ""
    taxes = f", taxes {plan.total_taxes}{money}" if plan.total_taxes else ""
    plural = "s" if count > 1 else ""
    interest = f"interest {plan.total_interest}{money}"
    cost = f"To repay {plan.total_principal}{money} takes {plan.total}{money}: {interest}{fees}{taxes}."
    return f"{count} installment{plural}{level}, due {span}.\n{wrap(cost)}"


def _paid_out(disbursement: Disbursement, loan: Loan) -> str:
    return str(disbursement) if disbursement.on == loan.start else f"{disbursement.on}: {disbursement}"


def _table(plan: Schedule) -> str:
    beside = [name for name, total in (("fee", plan.total_fees), ("tax", plan.total_taxes)) if total]
    names = ["principal", "interest", "total", *([*beside, "payable"] if beside else []), "balance"]
    rows = [[str(row.number), str(row.due), *(str(getattr(row, name)) for name in names)] for row in plan]
    sums = {
        "principal": plan.total_principal,
        "interest": plan.total_interest,
        "fee": plan.total_fees,
        "tax": plan.total_taxes,
        "total": plan.total - plan.total_fees - plan.total_taxes,
        "payable": plan.total,
    }
    return table(["no.", "due", *names], [*rows, ["sum", "", *(str(sums.get(name, "")) for name in names)]], indent=2)
