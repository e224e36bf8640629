"""What is still to come: a replay that goes on after a day, under a stated assumption of what is paid from then on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from loancalc.errors import InvalidEvent
from loancalc.plan.loan import Loan
from loancalc.servicing.book import Booked
from loancalc.servicing.effects import happen
from loancalc.servicing.events import BECOMES_DUE, ORDER_OF_DAY, Payment, Waiver
from loancalc.servicing.money_events import Chargeback, Refund
from loancalc.servicing.owed import NOTHING
from loancalc.servicing.record import Receipt
from loancalc.servicing.replay import Replay
from loancalc.values.money import to_decimal
from loancalc.values.names import Names

ASSUMPTIONS = Names(
    "then",
    {
        "as-planned": ["paid as planned", "按期还款"],
        "caught-up": ["arrears with the next installment", "补齐"],
        "nothing": ["nothing paid", "不还"],
    },
)
"""What is taken to be paid from a day on, beside what is known to happen."""

MEANINGS = {
    "as-planned": "what falls due is paid on its due date; what is past due stays until the last due date",
    "caught-up": "on each due date all that is past due and due is paid",
    "nothing": "nothing is paid before the last due date, and all that is owed on it",
}

_AFTER_MONEY = ORDER_OF_DAY[Waiver]
_END_OF_DAY = max(ORDER_OF_DAY.values())


class Projection:
    """A replay from a day on, stopped on each day on which something falls due or happens; money of the assumption comes
    after the other money of the day, and after what is waived on it.

    Attributes:
        then: The assumption.
        replay: The replay, at the end of the last of these days.
        payments: Day and minor units of what is taken to be paid.
        outstanding: Principal outstanding at the end of the due date of each installment, by its number.
        happening: The event that happens now; None between events.
    """

    def __init__(self, loan: Loan, book: Sequence[Booked], then: str) -> None:
        self._digits = loan.digits
        self.then = then
        self.replay = Replay(loan, book)
        self.payments: list[tuple[date, int]] = []
        self.outstanding: dict[int, int] = {}
        self.happening: Booked | None = None

    def run_from(self, day: date, *, order: int = _AFTER_MONEY) -> Projection:
        """Go on from a day, on which what falls due may still be paid, after everything up to an order within it, until nothing
        falls due or happens any more.
        """
        replay, since = self.replay, day - timedelta(1)
        while True:
            self._run_through(day, order)
            order = _AFTER_MONEY
            self._pay(self._asked(since) if self._next_day() else replay.payoff())
            self._run_through(day, _END_OF_DAY)
            self._note(since)
            since, coming = day, self._next_day()
            if coming is None:
                break
            day = coming
        self._pay(replay.payoff())
        return self

    def _run_through(self, day: date, order: int) -> None:
        """Do everything up to a day, and on it up to an order within it."""
        replay = self.replay
        while (ahead := replay.agenda.next) is not None and ahead[:2] <= (day, order):
            self.happening = ahead[-1]
            replay.step()
        self.happening = None
        if day > replay.today:
            replay.advance(day)

    def _next_day(self) -> date | None:
        """The next day on which something falls due or happens."""
        return next((on for on, order, _, _, entry in self.replay.agenda.tasks if entry or order == BECOMES_DUE), None)

    def _asked(self, since: date) -> int:
        """What is paid today of what fell due after a day."""
        debts = self.replay.debts
        owed = [(item.due > since, sum(debts.claims(item))) for item in debts.live()]
        if self.then == "nothing" or not any(is_new for is_new, _ in owed):
            return 0
        return sum(amount for is_new, amount in owed if is_new or self.then == "caught-up")

    def _pay(self, amount: int) -> None:
        if amount <= 0:
            return
        day = self.replay.today
        payment, name = Payment(day, to_decimal(amount, self._digits)), f"taken to be paid {len(self.payments)}"
        happen(self.replay, Booked(day, ORDER_OF_DAY[Payment], 0, name, payment, amount))
        self.payments.append((day, amount))

    def _note(self, since: date) -> None:
        replay = self.replay
        for item in replay.debts.items[: replay.debts.due_count]:
            if item.due > since:
                self.outstanding[item.number] = replay.outstanding_principal

    # What it comes to

    def settled(self, before: Iterable[Receipt] = ()) -> list[int]:
        """What money settles by component, but for what receipts had settled `before`."""
        return list(map(int.__sub__, _by_component(self.replay.receipts), _by_component(before)))

    def paid(self, known: Collection[str | None]) -> int:
        """Money paid, less what went back, beside that of the events `known`."""
        return sum(_money(receipt) for receipt in self.replay.receipts if receipt.id not in known)


def project(
    loan: Loan, book: Sequence[Booked], day: date, then: str, asked_for: Collection[str | None] = ()
) -> tuple[Projection, tuple[Booked, ...]]:
    """Go on from a day under an assumption, and what is left out of the book for it: later events that cannot happen where
    that is paid, such as the write-off of a debt that is taken to be repaid. Where that event is of the day itself, it comes first.

    Args:
        loan: The agreed terms.
        book: What happens.
        day: The day.
        then: The assumption.
        asked_for: Ids of events that are never left out.

    Raises:
        InvalidEvent: If an event cannot happen, and not for what is taken to be paid.
    """
    left_out: list[Booked] = []
    order = _AFTER_MONEY
    while True:
        projection = Projection(loan, [entry for entry in book if entry not in left_out], then)
        try:
            return projection.run_from(day, order=order), tuple(left_out)
        except InvalidEvent:
            entry = projection.happening
            if entry is not None and entry.on == day and order < entry.order:
                order = entry.order
                continue
            if entry is None or entry.on <= day or entry.id in asked_for:
                raise
            Replay(loan, book).run_to(entry.on)
            left_out.append(entry)


def _by_component(receipts: Iterable[Receipt]) -> list[int]:
    """What receipts settled."""
    sums = [*NOTHING]
    for receipt in receipts:
        for _, component, amount, _ in receipt.parts:
            sums[component] += amount
    return sums


def _money(receipt: Receipt) -> int:
    """What a receipt moved from the borrower's side to the lender's."""
    event = receipt.event
    if isinstance(event, Refund | Chargeback):
        return -receipt.amount
    return 0 if isinstance(event, Payment) and event.source == "lender" else receipt.amount


def principal_outstanding(replay: Replay, until: date) -> dict[int, int]:
    """Run to the end of a day; the principal outstanding at the end of each due date on the way, by installment."""
    outstanding: dict[int, int] = {}
    noted = 0
    while (ahead := replay.agenda.next) is not None and ahead[0] <= until:
        replay.run_to(ahead[0])
        items = replay.debts.items[noted : replay.debts.due_count]
        outstanding |= {item.number: replay.outstanding_principal for item in items}
        noted = replay.debts.due_count
    replay.run_to(until)
    return outstanding
