"""What an account answers beyond where it stands: what is still to come, and what events would make of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Self

from loancalc.errors import InvalidDate, InvalidEvent
from loancalc.plan.loan import Loan
from loancalc.servicing.actual_schedule import ActualSchedule
from loancalc.servicing.book import Booked, booked_in_force, in_force
from loancalc.servicing.bookkeeping import Bookkeeper
from loancalc.servicing.events import Event, Reversal
from loancalc.servicing.happening import Happening
from loancalc.servicing.ledger import Ledger
from loancalc.servicing.movement import Movement, movement
from loancalc.servicing.outlook import Comparison, Outlook, Preview, outlook_of
from loancalc.servicing.position import NextDue, Position
from loancalc.servicing.projecting import ASSUMPTIONS
from loancalc.servicing.standing import position_of
from loancalc.values.dates import DateLike, in_order, read_date


class Answers(ABC):
    """The part of an account that looks ahead and tells its story; the events and the state are its own."""

    loan: Loan
    _book: tuple[Booked, ...]

    @property
    @abstractmethod
    def events(self) -> tuple[Event, ...]:
        """What happened, in order of replay."""

    @abstractmethod
    def with_events(self, *events: Event | Iterable[Event]) -> Self:
        """The same account with more events."""

    @abstractmethod
    def as_of(self, day: DateLike) -> Position:
        """Where the loan stands at the end of a day."""

    def next_due(self, day: DateLike) -> NextDue | None:
        """The first due date from a day on of an installment that is not fully paid, and what is unpaid of all due then, gross.

        >>> from loancalc import Account, Loan
        >>> Account(Loan(1200, "12%", "2026-01-15", installments=12)).next_due("2026-02-20")
        NextDue(date=datetime.date(2026, 3, 15), amount=Decimal('106.62'))
        """
        return self.as_of(day).next_due

    def cure(self, day: DateLike) -> Decimal:
        """What makes the loan current if it is paid on a day: all that is past due and due; 0 if nothing is.

        >>> from loancalc import Account, Loan
        >>> account = Account(Loan(1200, "12%", "2026-01-15", installments=12))
        >>> account.cure("2026-03-20"), account.with_payment("2026-03-20", "213.24").as_of("2026-03-21").days_past_due
        (Decimal('213.24'), 0)
        """
        return self.as_of(day).cure

    def schedule(self, as_of: DateLike, *, then: str = "as-planned") -> ActualSchedule:
        """The installments as they were really paid by the end of a day, then the rest as it now stands.

        Args:
            as_of: The day.
            then: What is taken to be paid from then on, as for `outlook`.

        >>> from loancalc import Account, Loan, Payment, Payoff
        >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
        >>> print(Account(loan, [Payment("2026-02-20", "106.62")]).schedule("2026-02-28")[0])
        1, due 2026-02-15: paid late; agreed 106.62; paid 106.62 on 2026-02-20
        """
        return self.outlook(as_of, then=then).schedule

    def outlook(self, as_of: DateLike, *, then: str = "as-planned") -> Outlook:
        """What is still to be paid from the end of a day on, under an assumption.

        Args:
            as_of: The day; what falls due on it and is unpaid at its end may still be paid on it.
            then: What is taken to be paid, beside events that are known: "as-planned" (what falls due is paid on its due
                date; what is past due stays until the last), "caught-up" (on each due date all that is past due and due)
                or "nothing" (all that is owed, on the last due date). A later event that cannot happen where that is paid,
                such as the write-off of what is taken to be repaid, is left out, and `left_out` names it.

        >>> from loancalc import Account, Loan, Payment, Payoff
        >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
        >>> ahead = Account(loan).outlook("2026-01-15")
        >>> ahead.to_pay, ahead.interest, len(ahead.payments)
        (Decimal('1279.42'), Decimal('79.42'), 12)
        """
        known = {event.id for event in self.events if event.on <= read_date(as_of, "as_of")}
        return self._outlook(as_of, then, known)

    def _outlook(
        self, as_of: DateLike, then: str, known: Collection[str | None], asked_for: Collection[str | None] = ()
    ) -> Outlook:
        day = existing_day(self.loan, as_of)
        return outlook_of(self.loan, self._book, day, ASSUMPTIONS.find(then), known, asked_for)

    def ledger(self, as_of: DateLike | None = None) -> Ledger:
        """Everything that moved money between accounts up to the end of a day, as balanced entries.

        Args:
            as_of: The day; that of the last event, or the last due date of the plan as it then stands if that is later,
                if not given.

        >>> from loancalc import Account, Loan, Payment
        >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
        >>> books = Account(loan, [Payment("2026-02-15", "106.62")]).ledger("2026-03-01")
        >>> {account: str(amount) for account, amount in books.balances().items()}
        {'interest not due': '5.53', 'principal not due': '1105.38', 'cash': '-1093.38', 'interest earned': '-17.53'}
        """
        last = self._last_day()
        books = Bookkeeper(self.loan, booked_in_force(self._book))
        books.run_to(existing_day(self.loan, last if as_of is None else as_of))
        return books.ledger()

    def _last_day(self) -> date:
        """The day of the last event, or the last due date if it is later: by the terms, or as events have moved it."""
        last = max([self.loan.dates[-1], *(event.on for event in self.events)])
        return max(last, self.as_of(last).figures.items[-1].due)

    def between(self, first: DateLike, last: DateLike) -> Movement:
        """What moved from the end of one day to the end of another, component by component.

        >>> from loancalc import Account, Loan, Payment
        >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
        >>> moved = Account(loan, [Payment("2026-02-15", "106.62")]).between("2026-01-31", "2026-02-28")
        >>> moved["interest"].earned, moved["interest"].paid, moved["total"].closing
        (Decimal('10.94'), Decimal('12.00'), Decimal('1110.51'))
        """
        start, end = existing_day(self.loan, first, "between.first"), existing_day(self.loan, last, "between.last")
        in_order(start, end, "between.first", "between.last")
        books = Bookkeeper(self.loan, booked_in_force(self._book))
        books.run_to(start)
        opening = position_of(books.replay, self._book, None)
        books.run_to(end)
        closing = position_of(books.replay, self._book, None)
        happened = [event for event in in_force(self.events) if start < event.on <= end]
        return movement(opening, closing, happened, books.entries)

    def preview(
        self, event: Event | Iterable[Event], as_of: DateLike | None = None, *, then: str = "as-planned"
    ) -> Preview:
        """What one event, or several, would make of the loan: before and after, and what it costs.

        Args:
            event: What would happen.
            as_of: The day on which both are looked at; the last day of the events if not given.
            then: What is taken to be paid from then on, as for `outlook`.

        Raises:
            InvalidDate: If there is neither an event nor a day.

        >>> from loancalc import Account, Loan, Payment, Payoff
        >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
        >>> off = Account(loan).preview(Payoff("2026-01-30"))
        >>> off.before.to_pay, off.after.to_pay, off.cost
        (Decimal('1279.42'), Decimal('1205.81'), Decimal('-73.61'))
        """
        events = _listed(event)
        if as_of is None and not events:
            raise InvalidDate("as_of: missing; expected a day where no event gives one")
        day = max(one.on for one in events) if as_of is None else read_date(as_of, "as_of")
        known = {one.id for one in self.events if one.on <= day}
        after = self.with_events(*events)
        new = tuple(one for one in after.events if one.id not in {before.id for before in self.events})
        return Preview(
            new, self._outlook(day, then, known), after._outlook(day, then, known, {event.id for event in new})
        )

    def compare(
        self, ways: Mapping[str, Event | Iterable[Event] | Preview], as_of: DateLike, *, then: str = "as-planned"
    ) -> Comparison:
        """Ways to go on, by name, on one table; a way without events goes on as it is.

        Args:
            ways: For each name the event, or events, of it; or a preview, which brings its own assumption.
            as_of: The day from which all of them are looked at.
            then: What is taken to be paid from then on, as for `outlook`.

        Raises:
            InvalidEvent: If there is no way, or one is no event.

        >>> from loancalc import Account, Loan, Payment, Payoff
        >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
        >>> account = Account(loan, [Payment("2026-02-15", "106.62")])
        >>> ways = account.compare({"go on": [], "pay it off": Payoff("2026-03-01")}, "2026-03-01")
        >>> {way: str(ahead.to_pay) for way, ahead in ways.items()}, ways.cheapest
        ({'go on': '1172.80', 'pay it off': '1110.91'}, 'pay it off')
        """
        if not isinstance(ways, Mapping) or not ways:
            raise InvalidEvent(
                f"ways: got {ways!r}; expected a name and its events for each way, such as {{'go on': []}}"
            )
        seen = {
            name: way if isinstance(way, Preview) else self.preview(way, as_of, then=then) for name, way in ways.items()
        }
        return Comparison(tuple((name, preview.after) for name, preview in seen.items()))


def existing_day(loan: Loan, as_of: DateLike, field: str = "as_of") -> date:
    """A day on which there is a loan.

    Raises:
        InvalidDate: If it is before the start of the loan.
    """
    day = read_date(as_of, field)
    if day < loan.start:
        raise InvalidDate(f"{field}: got {day}; expected {loan.start}, the start of the loan, or later")
    return day


def _listed(event: Event | Iterable[Event]) -> list[Event]:
    listed = [event] if isinstance(event, Happening | Reversal) else event
    if isinstance(listed, Iterable) and not isinstance(listed, str | bytes):
        found = list(listed)
        if all(isinstance(one, Happening | Reversal) for one in found):
            return found
    raise InvalidEvent(f"event: got {event!r}; expected an event, or several")
