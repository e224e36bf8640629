"""Schedule and Installment: the rows of a plan, their totals, how they show and where they come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, overload

from loancalc.errors import InvalidTerms
from loancalc.lazily import Lazily, cached_property
from loancalc.plan import plan_proof, plan_totals
from loancalc.plan.basis import Basis, Origin
from loancalc.plan.charges import Charges
from loancalc.plan.columns import Columns
from loancalc.plan.plan_comparison import PlanComparison
from loancalc.plan.plan_explaining import explain_row
from loancalc.plan.plan_totals import PlanTotals
from loancalc.values.counts import read_count
from loancalc.values.dates import DateLike, read_date
from loancalc.values.money import add, to_decimal
from loancalc.values.tables import align, html_table


class _Figures(NamedTuple):
    number: int
    start: date | None
    due: date | None
    principal: Decimal
    interest: Decimal
    fee: Decimal
    tax: Decimal
    total: Decimal
    balance: Decimal


class Installment(_Figures):
    """One installment of a plan. Amounts are in units of the currency.

    `total` is principal plus interest; the agreed `fee` and the `tax` stand beside it and are due with it: `payable` is
    all three. `balance` is the principal outstanding after it. `start` is the first day of its interest period, `due`
    the day after its last night; both are None in a schedule without dates.

    >>> from loancalc import Fee, Loan
    >>> loan = Loan(1200, "12%", "2026-01-15", installments=12, fees=Fee(2, each="installment"))
    >>> row = loan.schedule()[0]
    >>> row.total, row.fee, row.payable, row.balance
    (Decimal('106.62'), Decimal('2.00'), Decimal('108.62'), Decimal('1105.38'))
    """

    _plan: Schedule

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"an installment is a value; {name!r} cannot be set")

    def explain(self) -> str:
        """How it was calculated, from the plan that it is a row of.

        Raises:
            InvalidTerms: If it was made by hand and belongs to no plan.

        >>> from loancalc import Loan
        >>> print(Loan(principal=12_000, rate="12%", start="2026-01-15", installments=12).schedule()[1].explain())
        2: interest 11053.81 x 12% x 1/12 = 110.5381 -> 110.54; principal 1066.19 - 110.54 = 955.65
        """
        plan = vars(self).get("_plan")
        if plan is None:
            raise InvalidTerms(f"explain: got {self!r}, a row of no plan; expected one that a schedule gave")
        return explain_row(plan, self.number - 1)

    @property
    def payable(self) -> Decimal:
        """All that is to be paid on its due date: principal, interest, fee and tax."""
        return add(self.total, self.fee, self.tax)

    def __str__(self) -> str:
        when = f", due {self.due}" if self.due else ""
        beside = (f", fee {self.fee}" if self.fee else "") + (f", tax {self.tax}" if self.tax else "")
        return (
            f"Installment {self.number}{when}: principal {self.principal}, interest {self.interest}{beside}, "
            f"total {self.total}, balance {self.balance}"
        )


@dataclass(frozen=True, eq=False, init=False)
class Schedule(Lazily, Sequence[Installment]):
    """A plan: rows made on demand from columns of whole minor units, so that two looks at a figure cannot differ.

    Examples:
        >>> from loancalc import Loan
        >>> plan = Loan(principal=12_000, rate="12%", start="2026-01-15", installments=12).schedule()
        >>> print(plan[0])
        Installment 1, due 2026-02-15: principal 946.19, interest 120.00, total 1066.19, balance 11053.81
        >>> plan.payment, plan.total_interest, len(plan)
        (Decimal('1066.19'), Decimal('794.23'), 12)
    """

    columns: Columns
    principal_lent: int
    digits: int
    dates: tuple[date, ...] | None
    charges: Charges
    origin: Origin
    currency: str | None
    starts: tuple[date, ...] | None

    def __init__(
        self,
        columns: Columns,
        principal_lent: int,
        digits: int,
        dates: tuple[date, ...] | None,
        charges: Charges,
        origin: Origin,
        currency: str | None,
        starts: tuple[date, ...] | None = None,
    ) -> None:
        vars(self).update(
            columns=columns, principal_lent=principal_lent, digits=digits, dates=dates, charges=charges, origin=origin,
            currency=currency, starts=starts,
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.columns.principal)

    @overload
    def __getitem__(self, index: int) -> Installment: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Installment]: ...
    def __getitem__(self, index: int | slice) -> Installment | Sequence[Installment]:
        return self.rows[index]

    def __iter__(self) -> Iterator[Installment]:
        return iter(self.rows)

    @property
    def basis(self) -> Basis:
        """What the interest of the rows was calculated from."""
        return self.origin.basis

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The defaults that the figures rest on, one sentence each."""
        return self.origin.assumptions

    @cached_property
    def rows(self) -> tuple[Installment, ...]:
        """All installments, oldest first."""
        columns, charges, amounts = self.columns, self.charges, self.amounts
        count = len(columns.principal)
        dates: Sequence[date | None] = self.dates or [None] * (count + 1)
        principal, interest = columns.principal, columns.interest
        rows = tuple(
            map(
                Installment._make,
                zip(
                    range(1, count + 1),
                    self.starts or dates,
                    dates[1:],
                    amounts(principal),
                    amounts(interest),
                    amounts(charges.fees),
                    amounts(charges.taxes),
                    amounts(map(int.__add__, principal, interest)),
                    amounts(columns.balance),
                    strict=False,
                ),
            )
        )
        plan = replace(self)  # whose rows are not made, so that neither keeps the other alive
        for row in rows:
            vars(row)["_plan"] = plan
        return rows

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Schedule):
            return NotImplemented
        return self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple[object, ...]:
        columns, charges = self.columns, self.charges
        return (
            tuple(columns.principal), tuple(columns.interest), columns.level, self.digits, self.dates,
            tuple(charges.fees), tuple(charges.taxes), charges.upfront, self.currency, self.basis.rounding.displayed,
        )  # fmt: skip

    def amounts(self, units: Iterable[int]) -> list[Decimal]:
        """Units of the columns as amounts of the currency, rounded where the plan is rounded for display only."""
        return self.basis.rounding.amounts(units, self.digits)

    def _amount(self, units: int) -> Decimal:
        return self.amounts([units])[0]

    @property
    def payment(self) -> Decimal | None:
        """The level installment, principal and interest; None for methods without one."""
        return None if self.columns.level is None else self._amount(self.columns.level)

    @property
    def total_principal(self) -> Decimal:
        """Sum of the principal parts: what was lent."""
        return self._amount(sum(self.columns.principal))

    @property
    def total_interest(self) -> Decimal:
        """Sum of the interest parts."""
        return self._amount(sum(self.columns.interest))

    @property
    def total_fees(self) -> Decimal:
        """Sum of the agreed fees of the installments."""
        return self._amount(sum(self.charges.fees))

    @property
    def total_taxes(self) -> Decimal:
        """Sum of the taxes of the installments."""
        return self._amount(sum(self.charges.taxes))

    @property
    def charged_at_disbursement(self) -> Decimal:
        """What is charged when the loan is paid out, whether paid, deducted or financed."""
        whole_units = self.digits - self.basis.rounding.unit_places
        return to_decimal(sum(line.amount for line in self.charges.upfront), whole_units)

    @property
    def total(self) -> Decimal:
        """All that the installments ask for: principal, interest, agreed fees and taxes."""
        columns = self.columns
        return self._amount(sum(columns.principal) + sum(columns.interest) + self.charges.total)

    @property
    def last_due(self) -> date | None:
        """The day of the last installment; None in a schedule without dates."""
        return self.dates[len(self)] if self.dates else None

    @property
    def residue(self) -> Decimal:
        """What rounding left over: how much the last installment differs from what it was meant to be (zero where it is
        meant to clear).
        """
        columns = self.columns
        if columns.asked is None:
            return self._amount(0)
        return self._amount(columns.residue or columns.total(-1) - columns.asked)

    def by_year(self) -> dict[int, PlanTotals]:
        """The installments of each calendar year added up.

        >>> from loancalc import Loan
        >>> plan = Loan(principal=12_000, rate="12%", start="2026-01-15", installments=12).schedule()
        >>> {year: str(totals.interest) for year, totals in plan.by_year().items()}
        {2026: '783.67', 2027: '10.56'}
        """
        return plan_totals.by_year(self)

    def remaining(self, day: DateLike) -> PlanTotals:
        """The installments due after a day added up.

        >>> from loancalc import Loan
        >>> plan = Loan(principal=12_000, rate="12%", start="2026-01-15", installments=12).schedule()
        >>> left = plan.remaining("2026-12-15")
        >>> left.installments, str(left.total)
        (1, '1066.14')
        """
        return plan_totals.remaining(self, read_date(day, "remaining.day"))

    def against(self, other: Schedule) -> PlanComparison:
        """What this plan saves against another one: interest, fees, taxes, installments and days.

        Raises:
            InvalidTerms: If it is no plan, or their currencies differ.

        >>> from loancalc import Loan
        >>> one, two = (Loan(12_000, "12%", "2026-01-15", installments=count).schedule() for count in (12, 24))
        >>> one.against(two).saved.interest
        Decimal('762.95')
        """
        if not isinstance(other, Schedule):
            raise InvalidTerms(f"against.other: got {other!r}; expected a plan, as Loan.schedule() gives it")
        return PlanComparison(self, other)

    def check(self) -> None:
        """Prove the laws for this very plan: its rows add up to what was lent, ask for nothing below zero, each for the interest that
        its balance, rate and time make and for the fees and taxes that were agreed, and for equal payments or parts where the
        method promises them; for tests of code that makes plans.

        Raises:
            InvalidTerms: If they do not; the message names the row.

        >>> from loancalc import Loan
        >>> Loan(principal=12_000, rate="12%", start="2026-01-15", installments=12).schedule().check()
        """
        plan_proof.check(self)

    def explain(self, number: int | None = None) -> str:
        """How installment `number` (all, if None) was calculated: interest, principal, fees and taxes.

        Raises:
            InvalidTerms: If there is no installment of that number; the first one is 1.

        >>> from loancalc import Loan
        >>> print(Loan(principal=12_000, rate="12%", start="2026-01-15", installments=12).schedule().explain(2))
        2: interest 11053.81 x 12% x 1/12 = 110.5381 -> 110.54; principal 1066.19 - 110.54 = 955.65
        """
        numbers = range(1, len(self) + 1) if number is None else (read_count(number, "explain.number", 1),)
        if numbers[-1] > len(self):
            raise InvalidTerms(f"explain.number: got {number}; expected one from 1 to {len(self)}")
        return "\n".join(explain_row(self, n - 1) for n in numbers)

    def to_dict(self) -> dict[str, list[Any]]:
        """The rows as plain columns, ready for any data-frame library."""
        names = ("number", "due", "principal", "interest", "fee", "tax", "total", "balance")
        return {name: [getattr(row, name) for row in self.rows] for name in names}

    def _cells(self) -> list[list[str]]:
        beside = [name for name, total in (("fee", self.total_fees), ("tax", self.total_taxes)) if total]
        payable = [*beside, "payable"] if beside else []
        names = ["number", "due", "principal", "interest", "total", *payable, "balance"]
        rows = [
            [str(getattr(row, name) or "") if name == "due" else str(getattr(row, name)) for name in names]
            for row in self
        ]
        sums = {
            "number": "total",
            "principal": self.total_principal,
            "interest": self.total_interest,
            "fee": self.total_fees,
            "tax": self.total_taxes,
            "total": self._amount(sum(self.columns.principal) + sum(self.columns.interest)),
            "payable": self.total,
        }
        return [names, *rows, [str(sums.get(name, "")) for name in names]]

    def __str__(self) -> str:
        return align(self._cells())

    def __repr__(self) -> str:
        first = self.dates[1] if self.dates else None
        return f"<Schedule of {len(self)} installments{f', first due {first}' if first else ''}, total {self.total}>"

    def _repr_html_(self) -> str:
        head, *body = self._cells()
        return html_table(head, body)
