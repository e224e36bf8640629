"""What is still to be done as an account is replayed, in order of date and of the order within a day."""

from __future__ import annotations

from bisect import insort
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import takewhile
from operator import itemgetter
from typing import TYPE_CHECKING

from loancalc.plan.loan import Loan
from loancalc.servicing.book import Booked
from loancalc.servicing.claim_events import WriteOff
from loancalc.servicing.events import BECOMES_DUE, BY_PLAN, NEW_TERMS, PAID_OUT, PENALTIES, WAKE, Waiver
from loancalc.servicing.owed import Owed
from loancalc.values.dates import days_after

if TYPE_CHECKING:
    from loancalc.servicing.replay import Replay

Task = tuple[date, int, int, Owed | None, Booked | None]
"""Something to do: its day, its order within the day, its sequence within both; an installment or an event. The sequence
of a tranche is its amount; less than 0 says that all installments are meant.
"""

_IN_ORDER = itemgetter(0, 1, 2)


def _lets_go(entry: Booked | None) -> bool:
    """Whether an event lets go of a component of what is owed."""
    event = entry.event if entry else None
    return isinstance(event, Waiver) or (isinstance(event, WriteOff) and event.component is not None)


class Agenda:
    """The tasks ahead, the next one first."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self.tasks = deque(sorted(tasks, key=_IN_ORDER))

    @property
    def next(self) -> Task | None:
        """What is to be done next."""
        return self.tasks[0] if self.tasks else None

    def add(self, order: int, number: int, item: Owed | None, day: date | None) -> None:
        """Something recurs on a day, if there is one."""
        if day is not None:
            insort(self.tasks, (day, order, number, item, None), key=_IN_ORDER)

    def _renew(self, tasks: Iterable[Task]) -> None:
        ahead = sorted(tasks, key=_IN_ORDER)
        self.tasks.clear()
        self.tasks.extend(ahead)

    def after(self, count: int, tasks: Iterable[Task]) -> None:
        """For installments after the first ones, these tasks take the place of all others."""
        self._renew([*(task for task in self.tasks if task[3] is None or task[3].number <= count), *tasks])

    def stop_recurring(self, item: Owed) -> None:
        """What recurs while an installment is unpaid is done no more."""
        self._renew([task for task in self.tasks if task[3] is not item or task[1] not in (PENALTIES, WAKE)])

    def turn_all(self, day: date | None) -> None:
        """Late interest of all installments turns next on a day, if at all."""
        self._renew([task for task in self.tasks if task[1] != WAKE or task[2] >= 0])
        self.add(WAKE, -1, None, day)

    def take_out(self, entries: Sequence[Booked]) -> None:
        """Events that happened before their turn are done."""
        self._renew([task for task in self.tasks if task[4] not in entries])

    def let_go_on(self, day: date) -> Sequence[Booked]:
        """The waivers, and the write-offs of a component, that are still to come on a day which is not over; what comes after
        another event about the claim waits for that.
        """
        if not self.tasks or self.tasks[0][0] > day:
            return ()
        on_the_day = takewhile(lambda task: task[0] == day, self.tasks)
        until_the_claim = takewhile(lambda task: task[1] <= PENALTIES or _lets_go(task[4]), on_the_day)
        return [entry for *_, entry in until_the_claim if entry and _lets_go(entry)]

    def tranches(self) -> int:
        """How many tranches that were agreed from the beginning are still to be paid out."""
        return sum(task[1] == PAID_OUT and task[4] is None for task in self.tasks)

    def has_agreed_by(self, day: date | None) -> bool:
        """Whether something is still to come, up to a day if one is named, that was agreed from the beginning beside the installments:
        a tranche, or another rate.
        """
        agreed = (task[0] for task in self.tasks if task[1] in (NEW_TERMS, PAID_OUT) and task[4] is None)
        return any(day is None or on <= day for on in agreed)


def all_tasks(replay: Replay, book: Iterable[Booked]) -> list[Task]:
    """What is to be done from the start of a loan on."""
    loan, items, late = replay.loan, replay.debts.items, replay.late
    tasks = [*tasks_of_plan(items), *late_tasks(replay, items)]
    if late and late.has_days and (day := late.next_turn(None, loan.start)):
        tasks.append((day, WAKE, -1, None, None))
    tasks += [(out.on, PAID_OUT, out.minor(loan.digits), None, None) for out in loan.tranches]
    tasks += [(day, NEW_TERMS, -1, None, None) for day in agreed_changes(loan)]
    tasks += [(entry.on, entry.order, n, None, entry) for n, entry in enumerate(book)]
    return tasks


def tasks_of_plan(items: Iterable[Owed]) -> list[Task]:
    """Installments fall due."""
    return [(item.due, BECOMES_DUE, item.number + BY_PLAN, item, None) for item in items]


def late_tasks(replay: Replay, items: Iterable[Owed]) -> list[Task]:
    """When penalties of installments are assessed, their grace ends and their late interest turns."""
    debts, late, tasks = replay.debts, replay.late, list[Task]()
    if late is None or not late.has_days:
        return tasks
    for item in items:
        n = item.number - 1
        debts.time(item)
        recurring = (PENALTIES, late.next_penalty(item, item.due)), (WAKE, late.next_turn(item, item.due))
        tasks += [(day, order, n, item, None) for order, day in recurring if day]
        if (debts.has_grace or item.bears_from != item.due) and (replay.running or late.book):
            wakes = {item.bears_from, days_after(item.graced, 1) if debts.deferred else item.bears_from} - {item.due}
            tasks += [(day, WAKE, n, None, None) for day in wakes if day]
    return tasks


def agreed_changes(loan: Loan) -> list[date]:
    """The days of agreed changes of the rate on which the rows ahead are solved again on what is really outstanding. A plan
    whose interest stands does not depend on it; a cap on payments, and a moratorium, are of the plan that was agreed. A plan may be
    made longer, so that later days count too.
    """
    path = loan.rate_path
    if loan.accrual == "scheduled" or path is None or "level" in loan.keeps:
        return []
    if path.payment_cap is not None or loan.moratorium is not None:
        return []
    return [day for day in path.turns if day > loan.start]
