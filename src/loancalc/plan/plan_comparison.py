"""Two plans side by side: what one saves against the other, figure by figure and year by year."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from loancalc.errors import InvalidTerms
from loancalc.plan import plan_totals
from loancalc.plan.plan_totals import PlanTotals
from loancalc.values.money import add, subtract
from loancalc.values.tables import align, html_table

if TYPE_CHECKING:
    from loancalc.plan.schedule import Schedule

_HEAD = ["", "this", "other", "saved"]


@dataclass(frozen=True)
class PlanComparison:
    """A plan against another one. What is saved is what the other asks for less what this one does; below zero it costs
    more. Amounts are in units of the currency that both share.

    Attributes:
        plan, other: The plans that are compared.

    Raises:
        InvalidTerms: If their currencies differ.

    Examples:
        >>> from loancalc import Loan
        >>> one, two = (
        ...     Loan(12_000, "12%", "2026-01-15", installments=count).schedule() for count in (12, 24)
        ... )
        >>> print(one.against(two))
                            this       other     saved
        installments          12          24        12
             payment     1066.19      564.88   -501.31
            last due  2027-01-15  2028-01-15  365 days
           principal    12000.00    12000.00      0.00
            interest      794.23     1557.18    762.95
               total    12794.23    13557.18    762.95
    """

    plan: Schedule
    other: Schedule

    def __post_init__(self) -> None:
        if self.plan.currency != self.other.currency:
            raise InvalidTerms(
                f"other.currency: got {self.other.currency!r} against {self.plan.currency!r}; expected plans in one currency"
            )

    @property
    def saved(self) -> PlanTotals:
        """Installments, principal, interest, fees and taxes of the installments that are saved."""
        return _less(plan_totals.whole(self.other), plan_totals.whole(self.plan))

    @property
    def charges_saved(self) -> Decimal:
        """What is charged less at disbursement, however it is settled."""
        return subtract(self.other.charged_at_disbursement, self.plan.charged_at_disbursement)

    @property
    def cost_saved(self) -> Decimal:
        """Interest, fees, taxes and what is charged at disbursement together: all but the principal that was asked for."""
        saved = self.saved
        return add(saved.interest, saved.fees, saved.taxes, self.charges_saved)

    @property
    def days_saved(self) -> int | None:
        """By how many days the last installment is due earlier; None where a plan has no dates."""
        ours, others = self.plan.last_due, self.other.last_due
        return None if ours is None or others is None else (others - ours).days

    def by_year(self) -> dict[int, PlanTotals]:
        """What is saved in each calendar year.

        Raises:
            InvalidTerms: If a plan has no dates.
        """
        ours, others = self.plan.by_year(), self.other.by_year()
        nothing = _less(plan_totals.whole(self.plan), plan_totals.whole(self.plan))
        years = sorted(ours.keys() | others.keys())
        return {year: _less(others.get(year, nothing), ours.get(year, nothing)) for year in years}

    @property
    def rows(self) -> tuple[tuple[str, object, object, object], ...]:
        """The figures that the table shows: name, of this plan, of the other, what is saved."""
        ours, others = plan_totals.whole(self.plan), plan_totals.whole(self.other)
        rows: list[tuple[str, object, object, object]] = [
            ("installments", ours.installments, others.installments, others.installments - ours.installments)
        ]
        if self.plan.payment is not None and self.other.payment is not None:
            rows.append(_row("payment", self.plan.payment, self.other.payment))
        if self.days_saved is not None:
            rows.append(("last due", self.plan.last_due, self.other.last_due, f"{self.days_saved} days"))
        rows += [_row("principal", ours.principal, others.principal), _row("interest", ours.interest, others.interest)]
        beside = [
            _row("fees", ours.fees, others.fees),
            _row("taxes", ours.taxes, others.taxes),
            _row("at disbursement", self.plan.charged_at_disbursement, self.other.charged_at_disbursement),
        ]
        shown = [row for row in beside if row[1] or row[2]]
        if shown:
            shown.append(_row("cost", _cost(self.plan), _cost(self.other)))
        return (*rows, *shown, _row("total", ours.total, others.total))

    def _cells(self) -> list[list[str]]:
        return [_HEAD, *([str(cell) for cell in row] for row in self.rows)]

    def __str__(self) -> str:
        return align(self._cells())

    def _repr_html_(self) -> str:
        head, *body = self._cells()
        return html_table(head, body)


def _row(name: str, ours: Decimal, others: Decimal) -> tuple[str, Decimal, Decimal, Decimal]:
    return name, ours, others, subtract(others, ours)


def _less(more: PlanTotals, less: PlanTotals) -> PlanTotals:
    amounts = map(subtract, more[1:], less[1:])
    return PlanTotals(more.installments - less.installments, *amounts)


def _cost(plan: Schedule) -> Decimal:
    whole = plan_totals.whole(plan)
    return add(whole.interest, whole.fees, whole.taxes, plan.charged_at_disbursement)
