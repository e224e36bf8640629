"""Position: where a loan stands at the end of a day; and what each payment settled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple, Protocol

from loancalc.events import Event
from loancalc.money import format_minor, to_decimal
from loancalc.names import COMPONENTS, Component
from loancalc.overdue import AccrualLine, Accrued, LineRates, PenaltyCharge


class Parts(Mapping[str, Decimal]):
    """An amount by component of the debt: attributes and items for each, and their `total`. Empty ones are zero.

    >>> parts = Parts([0, 0, 0, 28, 239, 11054, 38679], 2)
    >>> print(parts)
    compound_interest 0.28, late_interest 2.39, interest 110.54, principal 386.79
    >>> parts.interest, parts["fee"], parts.total
    (Decimal('110.54'), Decimal('0.00'), Decimal('500.00'))
    """

    __slots__ = ("_digits", "_minor")

    def __init__(self, minor: list[int] | tuple[int, ...], digits: int) -> None:
        self._minor = tuple(minor)
        self._digits = digits

    def __getitem__(self, component: str) -> Decimal:
        if component not in COMPONENTS:
            raise KeyError(component)
        return to_decimal(self._minor[COMPONENTS.index(component)], self._digits)

    def __iter__(self) -> Iterator[str]:
        return iter(COMPONENTS)

    def __len__(self) -> int:
        return len(COMPONENTS)

    def __hash__(self) -> int:
        return hash((self._minor, self._digits))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Parts):
            return NotImplemented
        return (self._minor, self._digits) == (other._minor, other._digits)

    @property
    def minor(self) -> tuple[int, ...]:
        """The amounts in whole minor units, in the order of `COMPONENTS`."""
        return self._minor

    cost = property(lambda self: self["cost"], doc="Costs of collection or court.")
    fee = property(lambda self: self["fee"], doc="Agreed service charges.")
    penalty = property(lambda self: self["penalty"], doc="Penalties and late fees (违约金).")
    compound_interest = property(lambda self: self["compound_interest"], doc="Interest on unpaid interest (复利).")
    late_interest = property(lambda self: self["late_interest"], doc="Late interest (罚息).")
    interest = property(lambda self: self["interest"], doc="Contract interest.")
    principal = property(lambda self: self["principal"], doc="Principal.")

    @property
    def total(self) -> Decimal:
        """The sum of all components."""
        return to_decimal(sum(self._minor), self._digits)

    def __str__(self) -> str:
        shown = [
            f"{name} {format_minor(amount, self._digits)}"
            for name, amount in zip(COMPONENTS, self._minor, strict=True)
            if amount
        ]
        return ", ".join(shown) or "nothing"

    def __repr__(self) -> str:
        return f"Parts({list(self._minor)}, {self._digits})"


class Settled(NamedTuple):
    """One line of a receipt: what was settled of which installment, and when."""

    installment: int
    component: Component
    amount: Decimal
    on: date


@dataclass(frozen=True)
class Receipt:
    """What one payment settled.

    `parts` adds up what it settled by component; `lines` say of which installment and when (money that came early is
    held and applied later); `credit` is what of it is still held.
    """

    id: str
    on: date
    amount: Decimal
    parts: Parts
    lines: tuple[Settled, ...]
    credit: Decimal
    is_payoff: bool

    def __str__(self) -> str:
        held = f"; held as credit {self.credit}" if self.credit else ""
        kind = "payoff" if self.is_payoff else "payment"
        return f"{self.on} {kind} {self.amount}: {self.parts}{held}"


class NextDue(NamedTuple):
    """The first installment not fully paid that is due today or later: its date and what is unpaid of it, gross."""

    date: date
    amount: Decimal


@dataclass(frozen=True)
class InstallmentState:
    """One installment as it stands.

    Attributes:
        state: "paid", "paid late", "partly paid", "past due", "due" or "upcoming".
        agreed: Scheduled principal and interest and the agreed fee; on daily loans what fell due.
        paid, waived, cut: What was paid of it, let go by the lender, and taken off by a cap, by component.
        owed: What is owed of it now, late charges included.
        settled_on: The day on which principal, interest and fee were paid in full.
    """

    number: int
    due: date
    state: str
    agreed: Parts
    paid: Parts
    waived: Parts
    cut: Parts
    owed: Parts
    settled_on: date | None

    def __str__(self) -> str:
        left = f"; owed: {self.owed}" if any(self.owed.minor) else ""
        return f"{self.number}, due {self.due}: {self.state}{left}"


Minor = tuple[int, ...]
"""An amount for each component, in whole minor units, in the order of `COMPONENTS`."""


class Item(NamedTuple):
    """One installment in whole minor units; the fields are those of `InstallmentState`."""

    number: int
    due: date
    state: str
    agreed: Minor
    paid: Minor
    waived: Minor
    cut: Minor
    owed: Minor
    settled_on: date | None


@dataclass(frozen=True)
class Figures:
    """What a replay hands over at the end of a day, in whole minor units."""

    digits: int
    past_due: Minor
    due: Minor
    cut: Minor
    undue: int
    accrued: int
    assessed_today: int
    credit: int
    next_due: tuple[date, int] | None
    items: tuple[Item, ...]
    ended_lines: tuple[Accrued, ...]
    open_lines: tuple[Accrued, ...]
    rates: LineRates
    penalties: tuple[PenaltyCharge, ...]


class Source(Protocol):
    """What a position was read from, and can be asked about."""

    def assumptions(self, position: Position, /) -> tuple[str, ...]:
        """The defaults on which the figures rest."""
        ...

    def explain(self, position: Position, /) -> str:
        """Every figure as a calculation."""
        ...


@dataclass(frozen=True)
class Position:
    """Where a loan stands at the end of a day, after its events. Amounts are in units of the currency.

    Attributes:
        as_of: The day.
        oldest_unpaid_due: Due date of the oldest installment of which scheduled principal, interest or an agreed fee is
            unpaid, today's included; None if there is none. Frameworks count from this primitive.
        days_past_due: Days from it to `as_of`; 0 on the due date itself.
        delinquent_days: The same after a status-only grace.
    """

    as_of: date
    oldest_unpaid_due: date | None
    days_past_due: int
    delinquent_days: int
    currency: str | None
    figures: Figures
    source: Source = field(compare=False, repr=False)

    @cached_property
    def assumptions(self) -> tuple[str, ...]:
        """Each default that a shown figure rests on, with what would differ under another."""
        return self.source.assumptions(self)

    def explain(self) -> str:
        """Every figure as a calculation, from what was recorded when it was calculated.

        >>> from loancalc import Account, LateInterest, LateTerms, Loan
        >>> late = LateTerms(interest=LateInterest(rate="18%", day_count="ACT/360"))
        >>> loan = Loan(1000, "12%", "2026-01-15", installments=10, method="equal_principal", late=late)
        >>> print("\\n".join(Account(loan).as_of("2026-02-25").explain().splitlines()[:5]))
        days past due: 2026-02-25 - 2026-02-15 (oldest unpaid due date) = 10
        installment 1, due 2026-02-15: past due
          late interest 100.00 x 18% x 10/360 = 0.50 -> 0.50  (2026-02-15 to 2026-02-25, still running)
          interest: 10.00, as agreed
          principal: 100.00, as agreed
        """
        return self.source.explain(self)

    def _amount(self, minor: int) -> Decimal:
        return to_decimal(minor, self.figures.digits)

    @cached_property
    def past_due(self) -> Parts:
        """What is owed of installments due before `as_of`, late charges left over included."""
        return Parts(self.figures.past_due, self.figures.digits)

    @cached_property
    def due(self) -> Parts:
        """What is owed of the installment due on `as_of` itself."""
        return Parts(self.figures.due, self.figures.digits)

    @cached_property
    def cut(self) -> Parts:
        """What caps took off the late charges."""
        return Parts(self.figures.cut, self.figures.digits)

    @property
    def outstanding_principal(self) -> Decimal:
        """Principal advanced and not yet repaid, due or not."""
        figures = self.figures
        return self._amount(figures.undue + figures.past_due[-1] + figures.due[-1])

    @property
    def interest_to_date(self) -> Decimal:
        """Contract interest of the running period up to `as_of`, not yet due."""
        return self._amount(self.figures.accrued)

    @property
    def credit(self) -> Decimal:
        """Money received and not yet applied."""
        return self._amount(self.figures.credit)

    @property
    def payoff(self) -> Decimal:
        """What leaves exactly nothing if it is paid on `as_of`, held credit taken off.

        A payment of that day is in time for a penalty that is assessed on it, so such a penalty is not in the payoff.
        """
        figures = self.figures
        owed = sum(figures.past_due) + sum(figures.due) - figures.assessed_today
        return self._amount(owed + figures.accrued + figures.undue - figures.credit)

    @property
    def next_due(self) -> NextDue | None:
        """The first installment not fully paid that is due on `as_of` or later, gross; held credit stands beside it."""
        found = self.figures.next_due
        return None if found is None else NextDue(found[0], self._amount(found[1]))

    @property
    def is_closed(self) -> bool:
        """Whether nothing is owed any more: no principal, due or not, and no charge."""
        figures = self.figures
        return not (figures.undue or any(figures.past_due) or any(figures.due))

    @property
    def installments_past_due(self) -> int:
        """Number of installments that are past due (逾期期数)."""
        return sum(item.settled_on is None and item.due < self.as_of for item in self.figures.items)

    @cached_property
    def installments(self) -> tuple[InstallmentState, ...]:
        """Every installment with its state: paid, paid late, partly paid, past due, due or upcoming."""
        return tuple(_state_of(item, self.figures.digits) for item in self.figures.items)

    @cached_property
    def lines(self) -> tuple[AccrualLine, ...]:
        """Every accrual line of late interest so far, ended and open, in minor units, with its arithmetic."""
        show = self.figures.rates.show
        ended = [show(line, is_open=False) for line in self.figures.ended_lines]
        return (*ended, *(show(line, is_open=True) for line in self.figures.open_lines))

    @property
    def penalties(self) -> tuple[PenaltyCharge, ...]:
        """Every penalty assessed so far, in minor units, with its base."""
        return self.figures.penalties

    def __str__(self) -> str:
        status = f"{self.days_past_due} days past due" if self.days_past_due else "not past due"
        lines = [f"{self.as_of}: {status}"]
        if any(self.figures.past_due):
            lines.append(f"past due {self.past_due.total}: {self.past_due}")
        lines.append(f"outstanding principal {self.outstanding_principal}, payoff {self.payoff}")
        if self.next_due:
            lines.append(f"next due {self.next_due.amount} on {self.next_due.date}")
        return "\n".join(lines)


def receipt_of(
    id: str, event: Event, amount: int, parts: Sequence[tuple[int, int, int, date]], is_payoff: bool, digits: int
) -> Receipt:
    """A receipt from what a replay recorded."""
    sums = [0] * len(COMPONENTS)
    for _, component, paid, _ in parts:
        sums[component] += paid
    lines = tuple(
        Settled(number, COMPONENTS[component], to_decimal(paid, digits), on) for number, component, paid, on in parts
    )
    left = amount - sum(sums)
    return Receipt(
        id, event.on, to_decimal(amount, digits), Parts(sums, digits), lines, to_decimal(left, digits), is_payoff
    )


def _state_of(item: Item, digits: int) -> InstallmentState:
    return InstallmentState(
        number=item.number,
        due=item.due,
        state=item.state,
        agreed=Parts(item.agreed, digits),
        paid=Parts(item.paid, digits),
        waived=Parts(item.waived, digits),
        cut=Parts(item.cut, digits),
        owed=Parts(item.owed, digits),
        settled_on=item.settled_on,
    )
