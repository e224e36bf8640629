"""The installments of an account, which of them are due, and what is owed of those."""

from __future__ import annotations

from datetime import date
from itertools import count

from loancalc.plan.loan import Loan
from loancalc.servicing.lines import Lines
from loancalc.servicing.overdue import FEE, INTEREST, PRINCIPAL
from loancalc.servicing.owed import NO_LINES, NOTHING, Amounts, Owed
from loancalc.values.names import COMPONENTS


class Due:
    """All installments, oldest first, of which the first `due_count` are due; `today` is the day that has been reached."""

    def __init__(self, loan: Loan) -> None:
        plan = loan.schedule()
        columns = plan.columns
        self.items = [*map(Owed, count(1), loan.dates[1:], columns.principal, columns.interest, plan.charges.each)]
        self.lines = Lines(loan)
        self.today = loan.start
        self.due_count = 0
        self._first_open = 0
        self._widened = [COMPONENTS.index(name) for name in loan.past_due_counts]

    def item(self, number: int) -> Owed:
        """An installment by its number; the last one also stands for those that an acceleration merged into it."""
        return self.items[min(number, len(self.items)) - 1]

    @property
    def has_ahead(self) -> bool:
        """Whether installments are not due yet."""
        return self.due_count < len(self.items)

    def live(self) -> list[Owed]:
        """The installments that are due and not cleared."""
        return self.items[self._first_open : self.due_count]

    def is_settled(self, item: Owed) -> bool:
        """Whether nothing that keeps an installment past due is unpaid; an installment that is clear is settled."""
        owed = item.owed
        if owed[PRINCIPAL] or (owed[INTEREST] and item.unpaid(INTEREST)) or (owed[FEE] and item.unpaid(FEE)):
            return False
        return not (self._widened and any(owed[component] for component in self._widened))

    def oldest_unpaid_due(self) -> date | None:
        """The due date of the oldest installment of which something that keeps it past due is unpaid."""
        for item in self.live():
            if not self.is_settled(item):
                return item.due
        return None

    def claim(self, item: Owed, component: int) -> int:
        """What a due installment owes of a component today, open lines included, cuts taken off."""
        amount = item.owed[component] - item.cut[component]
        return amount if item.lines[component] is None else amount + self.lines.quote(item, component, self.today)

    def claims(self, item: Owed) -> Amounts:
        """What a due installment owes today of every component."""
        amounts = [*item.owed] if item.cut is NOTHING else [*map(int.__sub__, item.owed, item.cut)]
        if item.lines is not NO_LINES:
            for component, line in enumerate(item.lines):
                if line is not None:
                    amounts[component] += self.lines.quote(item, component, self.today)
        return tuple(amounts)

    def total(self) -> int:
        """All claims of all installments."""
        return sum(sum(self.claims(item)) for item in self.live())

    def principal(self) -> int:
        """Principal that is due and unpaid."""
        return sum(item.owed[PRINCIPAL] for item in self.live())
