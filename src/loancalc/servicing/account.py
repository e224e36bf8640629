"""Account: terms and events, and nothing else; where it stands on a day is a fold over them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar, Unpack, overload

from loancalc.errors import InvalidDate, InvalidEvent, InvalidTerms
from loancalc.lazily import cached_property
from loancalc.plan.loan import Loan
from loancalc.servicing.account_table import account_cells, account_text
from loancalc.servicing.answers import Answers, existing_day
from loancalc.servicing.book import Booked, booked_in_force, enter, in_force, not_an_event, replace_event
from loancalc.servicing.changes import PrepaymentOptions, prepayment_options
from loancalc.servicing.events import ORDER_OF_DAY, Event, Payment, Payoff
from loancalc.servicing.happening import When
from loancalc.servicing.money_events import Recovery, Settlement
from loancalc.servicing.payoff_quotes import PayoffQuotes, quotes_of
from loancalc.servicing.position import Position
from loancalc.servicing.receipts import Receipt, receipt_of
from loancalc.servicing.replay import Replay
from loancalc.servicing.standing import Standing, position_of, standing_of
from loancalc.time.frequency import month_ends
from loancalc.values.counts import read_count
from loancalc.values.dates import DateLike, read_date, read_dates
from loancalc.values.money import Amount, to_minor
from loancalc.values.tables import html_table

Read = TypeVar("Read")


@dataclass(frozen=True, init=False, eq=False, repr=False)
class Account(Answers):
    """A loan and what happened to it. A value: nothing acts in place, and the state is never stored.

    Args:
        loan: The agreed terms.
        events: Payments, waivers, reversals, payoffs; one, or several in any order. Events without a `sequence` are taken
            as booked in the order of the list, which matters only among events of the same kind on the same day.

    Raises:
        InvalidEvent: If one is before the start, two share an id, or a reversal names what was not booked when it was,
            or what another one takes back already.

    Examples:
        >>> loan = Loan(principal=12_000, rate="12%", start="2026-01-15", installments=12)
        >>> account = Account(loan, [Payment("2026-02-15", "1066.19")])
        >>> print(account)
        2026-01-15 paid out 12000: 12%/year, annuity, 12 installments every 1 month
        2026-02-15 payment 1066.19: id e1
        >>> account.as_of("2026-03-20").days_past_due
        5
    """

    loan: Loan
    _book: tuple[Booked, ...]
    _positions: dict[tuple[date, date | None], Position]
    _resting: list[Replay]

    def __init__(self, loan: Loan, events: Iterable[Event] | Event = ()) -> None:
        if not isinstance(loan, Loan):
            raise InvalidTerms(f"loan: got {loan!r}; expected a Loan")
        object.__setattr__(self, "loan", loan)
        object.__setattr__(self, "_book", enter(events, loan.digits))
        object.__setattr__(self, "_positions", {})
        object.__setattr__(self, "_resting", [])
        if self._book and self._book[0].on < loan.start:
            first = self._book[0].named
            raise InvalidEvent(f"{first!r}: got {first.on}; expected {loan.start}, the start of the loan, or later")

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """What happened, in order of replay; each event with an id and a booking sequence."""
        return tuple(entry.named for entry in self._book)

    @property
    def book(self) -> tuple[Booked, ...]:
        """What happened, in order of replay: each event as it was given, beside the id and the sequence it goes by.

        >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
        >>> [(entry.id, str(entry.on), entry.minor) for entry in Account(loan, [Payment("2026-02-15", "106.62")]).book]
        [('e1', '2026-02-15', 10662)]
        """
        return self._book

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Account):
            return NotImplemented
        return (self.loan, self.events) == (other.loan, other.events)

    def __hash__(self) -> int:
        return hash((self.loan, self.events))

    def __repr__(self) -> str:
        return f"Account(loan={self.loan!r}, events={self.events!r})"

    def __str__(self) -> str:
        return account_text(self.loan, self.events)

    def _repr_html_(self) -> str:
        head, *body = account_cells(self.loan, self.events)
        return html_table(head, body)

    # What was computed is not part of the value: a copy begins without it.
    def __reduce__(self) -> tuple[type[Account], tuple[Loan, tuple[Event, ...]]]:
        return type(self), (self.loan, self.events)

    def with_events(self, *events: Event | Iterable[Event]) -> Account:
        """The same account with more events, booked after those it has; one by one, or in a list.

        >>> account = Account(Loan(principal=1200, rate="12%", start="2026-01-15", installments=12))
        >>> more = [Payment("2026-02-15", "106.62"), Payment("2026-03-15", "106.62")]
        >>> len(account.with_events(more).events), len(account.with_events(*more).events)
        (2, 2)
        """
        listed = [one for given in events for one in (given if isinstance(given, list | tuple) else (given,))]
        return Account(self.loan, [*self.events, *_numbered(listed, self.events)])

    def with_payment(
        self,
        on: DateLike,
        amount: Amount,
        *,
        source: str = "borrower",
        installment: int | None = None,
        only: str | Iterable[str] = (),
        effect: str | None = None,
        **when: Unpack[When],
    ) -> Account:
        """The same account with one more payment; everything that a `Payment` may say can be said here.

        >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
        >>> Account(loan).with_payment("2026-02-15", "106.62").as_of("2026-02-16").days_past_due
        0
        """
        return self.with_events(
            Payment(on, amount, source=source, installment=installment, only=only, effect=effect, **when)
        )

    def without(self, event_id: str) -> Account:
        """The same account as if an event had not been written down, nor what names it: its reversal or chargeback, and
        the reversals of those.

        Raises:
            InvalidEvent: If no event has that id.

        >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
        >>> paid = Account(loan, [Payment("2026-02-15", "106.62", id="february")])
        >>> paid.without("february").events
        ()
        """
        names = [event.id for event in self.events]
        if event_id not in names:
            raise InvalidEvent(f"event_id: got {event_id!r}; accepted: {', '.join(map(str, names)) or 'none'}")
        gone: set[str | None] = {event_id}
        while more := {event.id for event in self.events if getattr(event, "of", None) in gone} - gone:
            gone |= more
        return Account(self.loan, [event for event in self.events if event.id not in gone])

    def known_on(self, day: DateLike) -> Account:
        """The account as it was known at the end of a day: only what was booked by then.

        >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
        >>> late = Account(loan, [Payment("2026-02-15", "106.62", booked="2026-02-18")])
        >>> late.known_on("2026-02-17").as_of("2026-02-17").days_past_due, late.as_of("2026-02-17").days_past_due
        (2, 0)
        """
        known = read_date(day, "known_on")
        return Account(self.loan, [event for event in self.events if event.booked <= known])

    def history(self, until: DateLike | None = None) -> tuple[Position, ...]:
        """The positions at the month ends from the month of the start on.

        Args:
            until: The last day that may be looked at; the day of the last event, or the last due date of the plan as it then
                stands if that is later.

        >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=3)
        >>> [(str(p.as_of), p.days_past_due) for p in Account(loan).history("2026-03-31")]
        [('2026-01-31', 0), ('2026-02-28', 13), ('2026-03-31', 44)]
        """
        last = self._last_day()
        return self.on_days(month_ends(self.loan.start, last if until is None else read_date(until, "until")))

    def as_of(self, day: DateLike, *, known_on: DateLike | None = None) -> Position:
        """Where the loan stands at the end of a day, after its events.

        Args:
            day: The day. After the last event this is a projection: nothing else happens.
            known_on: Count only what was booked by this day: "what did we know then".

        Raises:
            InvalidDate: If the day is before the start of the loan.
        """
        return self.on_days([read_date(day, "as_of")], known_on=known_on)[0]

    def on_days(self, days: Iterable[DateLike], *, known_on: DateLike | None = None) -> tuple[Position, ...]:
        """Positions on several days, in the order of the days given, in one replay.

        Asked again for later days, the account goes on from the last day asked; for earlier ones it begins anew.
        """
        known = None if known_on is None else read_date(known_on, "known_on")
        wanted = read_dates(days, "days")
        missing = sorted({day for day in wanted if (day, known) not in self._positions})
        found = self._walk(missing, known, lambda replay: position_of(replay, self._book, known))
        self._positions.update(((position.as_of, known), position) for position in found)
        return tuple(self._positions[day, known] for day in wanted)

    def standings(self, days: Iterable[DateLike], *, known_on: DateLike | None = None) -> tuple[Standing, ...]:
        """Where the loan stands on several days, earliest first, by what bureaus count from; much less work than as many
        positions.

        >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=3)
        >>> [(str(standing.as_of), standing.days_past_due) for standing in Account(loan).standings(["2026-03-31"])]
        [('2026-03-31', 44)]
        """
        known = None if known_on is None else read_date(known_on, "known_on")
        return tuple(self._walk(sorted(read_dates(days, "days")), known, standing_of))

    def _walk(self, days: Sequence[date], known: date | None, read: Callable[[Replay], Read]) -> list[Read]:
        """What is read off one replay on each of the days, which are in order."""
        if not days:
            return []
        existing_day(self.loan, days[0])
        replay = self._replay_before(days[0], known)
        found = []
        for day in days:
            replay.run_to(day)
            found.append(read(replay))
        if known is None:
            self._resting[:] = [replay]
        return found

    def _replay_before(self, day: date, known: date | None) -> Replay:
        """A replay that has not gone beyond a day: the one at rest, which no other thread finds then, or a new one."""
        if known is None:
            try:
                resting = self._resting.pop()
            except IndexError:
                pass
            else:
                if resting.today <= day:
                    return resting
        return Replay(self.loan, booked_in_force(self._book, known))

    @overload
    def payoff(self, day: DateLike) -> Decimal: ...
    @overload
    def payoff(self, day: DateLike, days: int) -> PayoffQuotes: ...
    def payoff(self, day: DateLike, days: int | None = None) -> Decimal | PayoffQuotes:
        """What leaves exactly nothing if it is paid on a day: past due, due, interest to date and all principal, less
        held credit.

        Args:
            day: The day.
            days: Quote it for so many days more too, if nothing else happens: a table, by day.
        """
        return self.as_of(day).payoff if days is None else self.payoffs(day, days)

    def payoffs(self, day: DateLike, days: int) -> PayoffQuotes:
        """The payoff on a day and on each of the following, if nothing else happens.

        >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
        >>> [str(amount) for amount in Account(loan).payoffs("2026-01-20", 2).values()]
        ['1201.94', '1202.32', '1202.71']
        """
        first = read_date(day, "payoff.day")
        count = read_count(days, "payoff.days")
        if count > (date.max - first).days:
            raise InvalidDate(f"payoff.days: got {days} from {first} on; expected a last day by {date.max}")
        return quotes_of(self.on_days([first + timedelta(number) for number in range(count + 1)]))

    def prepayment_options(self, day: DateLike, amount: Amount) -> PrepaymentOptions:
        """What a partial prepayment could do: those of "keep", "lower", "shorten" and "last" that the loan can give, each
        with its fee, what is left to pay if all is paid as it falls due, and what it saves beside doing nothing.

        Args:
            day: The day on which the money comes; what happened later is left out.
            amount: In units of the loan's currency.

        Raises:
            InArrears: If the loan is past due; the message names the amount to cure first.
            InvalidTerms: If the amount does not exceed what is due, or would pay the loan off; if nothing is left to repay.
            InvalidDate: If the day is before the start of the loan.

        >>> loan = Loan(principal=12_000, rate="12%", start="2026-01-15", installments=12)
        >>> paid = Account(loan, [Payment(f"2026-{month:02}-15", "1066.19") for month in range(2, 8)])
        >>> print(paid.prepayment_options("2026-07-15", 3_000)["shorten"])
        shorten: payment 1066.19, 4 installments left, the last 45.14, interest left 64.69, saved 153.38, 61 days earlier
        """
        on = existing_day(self.loan, day, "day")
        minor = to_minor(amount, self.loan.digits, "amount")
        so_far = Account(self.loan, [event for event in in_force(self.events) if event.on <= on])

        def with_effect(effect: str | None) -> tuple[Booked, ...]:
            account = so_far if effect is None else so_far.with_events(Payment(on, amount, effect=effect))
            return account._book

        return prepayment_options(self.loan, on, minor, with_effect)

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        """What each payment settled, up to the day of the last event.

        >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
        >>> print(Account(loan, [Payment("2026-02-15", "106.62")]).receipts[0])
        2026-02-15 payment 106.62: interest 12.00, principal 94.62
        """
        events = in_force(self.events)
        return () if not events else self.receipts_as_of(max(event.on for event in events))

    def receipts_as_of(self, day: DateLike, *, known_on: DateLike | None = None) -> tuple[Receipt, ...]:
        """What each payment had settled by the end of a day."""
        known = None if known_on is None else read_date(known_on, "known_on")
        replay = Replay(self.loan, booked_in_force(self._book, known))
        replay.run_to(read_date(day, "as_of"))
        return tuple(
            receipt_of(receipt, self.loan.digits)
            for receipt in replay.receipts
            if isinstance(receipt.event, Payment | Payoff | Settlement | Recovery)
        )


def _numbered(events: Sequence[Event], before: Sequence[Event]) -> list[Event]:
    taken = {event.id for event in before}
    latest = max((event.sequence or 0 for event in before), default=-1)
    numbered = []
    for offset, event in enumerate(events, 1):
        if type(event) not in ORDER_OF_DAY:
            raise not_an_event(event, offset - 1)
        name = event.id
        if name is None:
            number = len(before) + offset
            while f"e{number}" in taken:
                number += 1
            name = f"e{number}"
        taken.add(name)
        numbered.append(replace_event(event, name, event.sequence if event.sequence is not None else latest + offset))
    return numbered
