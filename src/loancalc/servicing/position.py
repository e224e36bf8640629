"""Position: where a loan stands at the end of a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple, Protocol

from loancalc.lazily import Lazily, cached_property
from loancalc.servicing.figures import AGREED, Figures, Item, ended_by
from loancalc.servicing.overdue import AccrualLine, PenaltyCharge
from loancalc.servicing.parts import Parts
from loancalc.servicing.position_table import position_cells
from loancalc.values.money import to_decimal
from loancalc.values.names import COMPONENTS
from loancalc.values.tables import html_table


class CapCut(NamedTuple):
    """What a cap cut of a component of an installment."""

    cap: str
    installment: int
    component: str
    amount: Decimal

    def __str__(self) -> str:
        return f"installment {self.installment}: {self.component} {self.amount} cut by {self.cap}"


class NextDue(NamedTuple):
    """The first due date from today on of an installment that is not fully paid, and what is unpaid of all that is due then, gross.

    >>> from loancalc import Account, Loan
    >>> coming = Account(Loan(1200, "12%", "2026-01-15", installments=12)).next_due("2026-02-20")
    >>> print(coming)
    106.62 on 2026-03-15
    """

    date: date
    amount: Decimal

    def __str__(self) -> str:
        return f"{self.amount} on {self.date}"


@dataclass(frozen=True)
class InstallmentState:
    """One installment as it stands.

    Attributes:
        state: "paid", "paid late", "partly paid", "past due", "due", "upcoming", "waived" (nothing of its principal, interest
            and fee was paid, and the lender let them go), "written off" or "rescheduled" (what was unpaid of it joined a new
            plan).
        agreed: Scheduled principal and interest and the agreed fee; on daily loans what fell due.
        paid, waived, cut: What was paid of it, let go by the lender, and taken off by a cap, by component.
        written_off: What was written off of it and is not recovered, by component.
        moved: What was moved from it to a new plan, by component.
        owed: What is owed of it now, late charges included.
        settled_on: The day since which nothing of principal, interest and fee is unpaid.

    >>> from loancalc import Account, Loan, Payment
    >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
    >>> account = Account(loan, [Payment("2026-02-15", "106.62")])
    >>> print(account.as_of("2026-03-20").installments[1])
    2, due 2026-03-15: past due; owed: interest 11.05, principal 95.57
    """

    number: int
    due: date
    state: str
    agreed: Parts
    paid: Parts
    waived: Parts
    written_off: Parts
    moved: Parts
    cut: Parts
    owed: Parts
    settled_on: date | None

    @property
    def charged(self) -> Parts:
        """Of an installment that is due: what was charged beside what was agreed, late charges and charges by event, caps
        not taken off. Agreed and charged are what was paid, waived, written off, moved and cut, and what is owed. Of one to
        come: what was settled of such charges so far; `charged_ahead` of the position is what is not.
        """
        became = zip(
            *(part.minor for part in (self.paid, self.waived, self.written_off, self.moved, self.cut, self.owed)),
            strict=True,
        )
        agreed = self.agreed
        beside = [sum(parts) - asked for parts, asked in zip(became, agreed.minor, strict=True)]
        if min(beside) < 0:  # it is to come: what was agreed is still open, or covered by principal alone
            beside = [0 if place in AGREED else amount for place, amount in enumerate(beside)]
        return Parts(beside, agreed.digits)

    def __str__(self) -> str:
        left = f"; owed: {self.owed}" if any(self.owed.minor) else ""
        return f"{self.number}, due {self.due}: {self.state}{left}"


class Source(Protocol):
    """What a position was read from, and can be asked about."""

    def assumptions(self, position: Position, /) -> tuple[str, ...]:
        """The defaults on which the figures rest."""
        ...

    def explain(self, position: Position, /) -> str:
        """Every figure as a calculation."""
        ...


@dataclass(frozen=True)
class Position(Lazily):
    """Where a loan stands at the end of a day, after its events. Amounts are in units of the currency.

    Attributes:
        as_of: The day.
        oldest_unpaid_due: Due date of the oldest installment of which scheduled principal, interest or an agreed fee is
            unpaid, today's included; None if there is none. Frameworks count from this primitive.
        days_past_due: Days from it to `as_of`; 0 on the due date itself.
        delinquent_days: The same after a status-only grace, without the nights of a `DelinquencyPause`.

    >>> from loancalc import Account, Loan, Payment
    >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
    >>> account = Account(loan, [Payment("2026-02-15", "106.62")])
    >>> print(account.as_of("2026-03-20"))
    2026-03-20: 5 days past due
    past due 106.62: interest 11.05, principal 95.57
    outstanding principal 1105.38, payoff 1118.06
    next due 106.62 on 2026-04-15
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
        """What caps took off what was accrued and charged so far, due or not."""
        return Parts(self.figures.cut, self.figures.digits)

    @cached_property
    def cuts(self) -> tuple[CapCut, ...]:
        """What each cap cut of which installment and component, as far as it did not come back."""
        return tuple(
            CapCut(cap, number, COMPONENTS[component], self._amount(amount))
            for cap, number, component, amount in self.figures.cuts
        )

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
    def payoff_interest(self) -> Decimal:
        """Contract interest not yet due that a payoff pays: the interest to date, or what the loan's `prepayment` says; less
        what was paid of installments ahead, so that it may be less than nothing.
        """
        return self._amount(self.figures.payoff_interest)

    @property
    def payoff_fee(self) -> Decimal:
        """What repaying all principal on `as_of` costs by agreement (提前还款违约金), less what is given back of fees and what
        was paid of those of installments ahead.
        """
        return self._amount(self.figures.payoff_fee)

    @property
    def charged_ahead(self) -> Decimal:
        """Costs, fees and penalties charged by event to installments that are not yet due."""
        return self._amount(self.figures.charged_ahead)

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
        owed += figures.payoff_interest + figures.payoff_fee + figures.charged_ahead + figures.undue
        return self._amount(owed - figures.credit)

    @property
    def next_due(self) -> NextDue | None:
        """The first due date from `as_of` on of an installment that is not fully paid, with all that is due then, gross; held
        credit stands beside it.
        """
        found = self.figures.next_due
        return None if found is None else NextDue(found[0], self._amount(found[1]))

    @property
    def is_closed(self) -> bool:
        """Whether nothing is owed any more, and nothing will be: no principal, no charge, no interest of a later date."""
        figures = self.figures
        is_owed = figures.undue or figures.charged_ahead or any(figures.past_due) or any(figures.due)
        return not is_owed and all(settled_on is not None for *_, settled_on in figures.rows)

    @cached_property
    def waived(self) -> Parts:
        """What the lender let go of so far."""
        return self._sum("waived")

    @cached_property
    def written_off(self) -> Parts:
        """What is written off and not recovered."""
        return self._sum("written_off")

    def _sum(self, name: str) -> Parts:
        columns = zip(*(getattr(item, name) for item in self.figures.items), strict=True)
        return Parts([sum(column) for column in columns], self.figures.digits)

    @property
    def cure(self) -> Decimal:
        """What paid on `as_of` leaves nothing past due the next day: all that is past due and due.

        A payment of that day is in time for a penalty that is assessed on it. Held credit does not make it less: what
        could be applied was, and what is meant for something else, or for what falls due next, is not.
        """
        figures = self.figures
        return self._amount(sum(figures.past_due) + sum(figures.due) - figures.assessed_today)

    @property
    def kept(self) -> Decimal:
        """What the lender kept of payments that were a little too much, by the small-balance rule of the loan."""
        return self._amount(self.figures.kept)

    @property
    def ending(self) -> str | None:
        """How the loan ended for the lender: "repaid", "settled for less", "written off" or "transferred"; None while it
        goes on. A loan of which part stays written off was settled for less, though all that was left was paid.
        """
        figures = self.figures
        whole = not any(any(item.written_off) for item in figures.items)
        return ended_by(figures.ending, is_closed=self.is_closed, is_whole=whole)

    @property
    def charged_off(self) -> date | None:
        """The day on which the lender took the loan off its books as an asset."""
        return self.figures.charged_off

    @property
    def holder(self) -> str | None:
        """Who holds the claim, where it was transferred."""
        return self.figures.holder

    @property
    def installments_past_due(self) -> int:
        """Number of installments that are past due (逾期期数)."""
        return sum(item.settled_on is None and item.due < self.as_of for item in self.figures.items)

    @cached_property
    def installments(self) -> tuple[InstallmentState, ...]:
        """Every installment with its state: paid, partly paid, past due, due, upcoming and so on."""
        return tuple(_state_of(item, self.as_of, self.figures.digits) for item in self.figures.items)

    @cached_property
    def lines(self) -> tuple[AccrualLine, ...]:
        """Every accrual line so far, ended and open, with its arithmetic: of late and compound interest, and of contract interest after
        the last due date of a daily loan.
        """
        show, digits = self.figures.rates.show, self.figures.digits
        ended = [show(line, digits, is_open=False) for line in self.figures.ended_lines]
        return (*ended, *(show(line, digits, is_open=True) for line in self.figures.open_lines))

    @property
    def penalties(self) -> tuple[PenaltyCharge, ...]:
        """Every penalty assessed so far, with its base."""
        return tuple(charge.show(self.figures.digits) for charge in self.figures.penalties)

    @property
    def _status(self) -> str:
        return f"{self.days_past_due} days past due" if self.days_past_due else "not past due"

    def _ending_told(self) -> str:
        told = {"transferred": [f"transferred to {self.holder}"], "settled for less": ["settled for less"]}
        let_go = {"written off": self.written_off.total, "waived": self.waived.total}
        amounts = [f"{name} {amount}" for name, amount in let_go.items() if amount]
        return ", ".join([*told.get(self.ending or "", []), *amounts])

    def __repr__(self) -> str:
        return f"<Position on {self.as_of}: {self._status}, payoff {self.payoff}>"

    def __str__(self) -> str:
        lines = [f"{self.as_of}: {self._status}"]
        if any(self.figures.past_due):
            lines.append(f"past due {self.past_due.total}: {self.past_due}")
        lines.append(f"outstanding principal {self.outstanding_principal}, payoff {self.payoff}")
        if any(self.figures.cut):
            lines.append(f"cut by caps {self.cut.total}: {self.cut}")
        if self.ending not in (None, "repaid"):
            lines.append(self._ending_told())
        if self.next_due:
            lines.append(f"next due {self.next_due}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        head, *body = position_cells(self)
        return html_table(head, body)


def _state_of(item: Item, day: date, digits: int) -> InstallmentState:
    return InstallmentState(
        number=item.number,
        due=item.due,
        state=item.state_on(day),
        agreed=Parts(item.agreed, digits),
        paid=Parts(item.paid, digits),
        waived=Parts(item.waived, digits),
        written_off=Parts(item.written_off, digits),
        moved=Parts(item.moved, digits),
        cut=Parts(item.cut, digits),
        owed=Parts(item.owed, digits),
        settled_on=item.settled_on,
    )
