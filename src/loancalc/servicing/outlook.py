"""What is still to come of a loan from a day on, and what an event would make of it: the ways out on one table."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from loancalc.plan.loan import Loan
from loancalc.servicing.actual_schedule import ActualSchedule, actual_schedule
from loancalc.servicing.book import Booked, booked_in_force
from loancalc.servicing.events import Event
from loancalc.servicing.happening import kind_name
from loancalc.servicing.overdue import COMPOUND, COST, FEE, INTEREST, LATE, PENALTY
from loancalc.servicing.parts import Parts
from loancalc.servicing.position import NextDue, Position
from loancalc.servicing.projecting import MEANINGS, principal_outstanding, project
from loancalc.servicing.replay import Replay
from loancalc.servicing.standing import position_of
from loancalc.values.money import to_decimal, to_minor
from loancalc.values.tables import align, html_table

_ASKING = ("upcoming", "due", "partly paid", "past due")


@dataclass(frozen=True, repr=False)
class Outlook:
    """What is still to come from the end of a day on, if what is known happens and otherwise what `then` says is paid.

    Attributes:
        position: Where the loan stands at the end of the day.
        then: The assumption: "as-planned", "caught-up" or "nothing".
        payments: What is taken to be paid by it, and when.
        settled: What is still settled by component, by money and by credit held on the day.
        in_all: What is settled over the whole life of the loan, by component: by the day and from then on.
        to_pay: Money still to be paid, less what goes back. Less than `settled` by held credit that is applied and by
            what the lender gives.
        schedule: The installments as they were paid, then the rest as it stands.
        left_out: Later events of the account that cannot happen where that is paid, such as the write-off of what is taken to be
            repaid.

    >>> from loancalc import Account, Loan, Payment
    >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
    >>> account = Account(loan, [Payment("2026-02-15", "106.62")])
    >>> ahead = account.outlook("2026-03-20", then="caught-up")
    >>> print(ahead.payments[0], ahead.to_pay, ahead.last_due)
    213.24 on 2026-04-15 1172.80 2027-01-15
    """

    position: Position
    then: str
    payments: tuple[NextDue, ...]
    settled: Parts
    in_all: Parts
    to_pay: Decimal
    schedule: ActualSchedule
    left_out: tuple[Event, ...] = ()

    def _sum(self, *places: int) -> Decimal:
        return to_decimal(sum(self.settled.minor[place] for place in places), self.settled.digits)

    @property
    def interest(self) -> Decimal:
        """Contract interest still to be paid."""
        return self._sum(INTEREST)

    @property
    def fees(self) -> Decimal:
        """Fees and costs still to be paid."""
        return self._sum(COST, FEE)

    @property
    def late_charges(self) -> Decimal:
        """Penalties, late interest and compound interest still to be paid."""
        return self._sum(PENALTY, LATE, COMPOUND)

    @property
    def next_payment(self) -> NextDue | None:
        """The next installment that is not fully paid, gross."""
        return self.position.next_due

    @property
    def last_due(self) -> date | None:
        """Due date of the last installment that still asks for money; None if none does."""
        return next((row.due for row in reversed(self.schedule) if row.state in _ASKING), None)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the figures rest on."""
        taken = f"from {self.position.as_of} on, {self.then!r}: {MEANINGS[self.then]}"
        if self.left_out:
            kinds = [kind_name(type(event).__name__).replace("_", " ") for event in self.left_out]
            named = ", ".join(
                f"{kind} {event.id} of {event.on}" for kind, event in zip(kinds, self.left_out, strict=True)
            )
            taken += f"; left out, as it cannot happen then: {named}"
        return (taken, *(note for note in self.position.assumptions if not note.startswith("nothing else happened")))

    def figures(self) -> dict[str, Any]:
        """The figures by their names: those of the table of a comparison."""
        position = self.position
        return {
            "to_pay": self.to_pay,
            "interest": self.interest,
            "fees": self.fees,
            "late_charges": self.late_charges,
            "next_payment": self.next_payment,
            "last_due": self.last_due,
            "past_due": position.past_due.total,
            "days_past_due": position.days_past_due,
            "outstanding": position.outstanding_principal,
        }

    def __str__(self) -> str:
        return f"{_table({f'{self.position.as_of}': self})}\n{self.assumptions[0]}"

    def __repr__(self) -> str:
        return f"<Outlook on {self.position.as_of}, {self.then}: {self.to_pay} to pay>"

    def _repr_html_(self) -> str:
        head, *body = _cells({f"{self.position.as_of}": self})
        return html_table(head, body)


def outlook_of(
    loan: Loan,
    book: tuple[Booked, ...],
    day: date,
    then: str,
    known: Collection[str | None],
    asked_for: Collection[str | None] = (),
) -> Outlook:
    """What is still to come from a day on.

    Args:
        loan: The agreed terms.
        book: All that happens, after the day too.
        day: The day.
        then: What is taken to be paid from then on.
        known: Ids of the events whose money had been paid by the day; that of others is still to be paid.
        asked_for: Ids of the events that are looked at; they have to be possible where that is paid.
    """
    happening = booked_in_force(book)
    now = Replay(loan, happening)
    outstanding = principal_outstanding(now, day)
    before = [receipt for receipt in now.receipts if receipt.id in known]
    position = position_of(now, book, None)
    projection, left_out = project(loan, happening, day, then, asked_for)
    projected = position_of(projection.replay, book, None)
    return Outlook(
        position=position,
        then=then,
        payments=tuple(NextDue(on, to_decimal(amount, loan.digits)) for on, amount in projection.payments),
        settled=Parts(projection.settled(before), loan.digits),
        in_all=Parts(projection.settled(), loan.digits),
        to_pay=to_decimal(projection.paid(known), loan.digits),
        schedule=actual_schedule(position, now, outstanding, projected, projection),
        left_out=tuple(entry.named for entry in left_out),
    )


@dataclass(frozen=True, repr=False)
class Preview:
    """What events would make of a loan: before and after, on one day, under one assumption.

    Attributes:
        events: The events that are looked at.
        before: What is to come without them.
        after: What is to come with them.

    >>> from loancalc import Account, Deferral, Loan, Payment
    >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
    >>> account = Account(loan, [Payment("2026-02-15", "106.62")])
    >>> preview = account.preview(Deferral("2026-03-01", 2, interest="spread"))
    >>> print(preview.before.next_payment, preview.after.next_payment, preview.cost, sep=", ")
    106.62 on 2026-03-15, 108.63 on 2026-05-15, 22.10
    """

    events: tuple[Event, ...]
    before: Outlook
    after: Outlook

    @property
    def cost(self) -> Decimal:
        """How much more there is to pay after than before; less than nothing if it saves."""
        return self._more(self.after.to_pay, self.before.to_pay)

    @property
    def interest_cost(self) -> Decimal:
        """How much more contract interest the loan costs over its whole life. Money that was paid before may settle more or less
        of it than it did, where the plan that it paid ahead ends or changes.
        """
        return self._more(self.after.in_all.interest, self.before.in_all.interest)

    def _more(self, after: Decimal, before: Decimal) -> Decimal:
        digits = self.after.settled.digits
        return to_decimal(to_minor(after, digits) - to_minor(before, digits), digits)

    def __str__(self) -> str:
        return f"{_table({'before': self.before, 'after': self.after})}\n{self.after.assumptions[0]}"

    def __repr__(self) -> str:
        return f"<Preview of {len(self.events)} events on {self.after.position.as_of}: cost {self.cost}>"

    def _repr_html_(self) -> str:
        head, *body = _cells({"before": self.before, "after": self.after})
        return html_table(head, body)


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Mapping[str, Outlook]):
    """Ways to go on, by name, on one table.

    Attributes:
        ways: Each name with what is to come by that way.

    >>> from loancalc import Account, Loan, Payment, Payoff
    >>> loan = Loan(principal=1200, rate="12%", start="2026-01-15", installments=12)
    >>> account = Account(loan, [Payment("2026-02-15", "106.62")])
    >>> ways = account.compare({"go on": [], "pay it off": Payoff("2026-03-01")}, "2026-03-01")
    >>> [(way, str(ahead.to_pay)) for way, ahead in ways.items()]
    [('go on', '1172.80'), ('pay it off', '1110.91')]
    """

    ways: tuple[tuple[str, Outlook], ...]

    def __getitem__(self, way: str) -> Outlook:
        return dict(self.ways)[way]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self.ways)

    def __len__(self) -> int:
        return len(self.ways)

    def __hash__(self) -> int:
        return hash(self.ways)

    @property
    def cheapest(self) -> str:
        """The way with the least to pay; of several, the first."""
        return min(self.ways, key=lambda way: way[1].to_pay)[0]

    def to_dict(self) -> dict[str, list[Any]]:
        """The table as plain columns, ready for any data-frame library."""
        rows = [{"way": way, "then": outlook.then} | _plain(outlook) for way, outlook in self.ways]
        return {name: [row[name] for row in rows] for name in rows[0]} if rows else {}

    def __str__(self) -> str:
        notes = dict.fromkeys(outlook.assumptions[0] for _, outlook in self.ways)
        return "\n".join([_table(self), *notes])

    def __repr__(self) -> str:
        return f"<Comparison of {', '.join(self)}>"

    def _repr_html_(self) -> str:
        head, *body = _cells(self)
        return html_table(head, body)


def _cells(outlooks: Mapping[str, Outlook]) -> list[list[str]]:
    rows = [{"": way} | outlook.figures() for way, outlook in outlooks.items()]
    differ = len({outlook.then for outlook in outlooks.values()}) > 1
    if differ:
        rows = [row | {"then": outlook.then} for row, outlook in zip(rows, outlooks.values(), strict=True)]
    return [
        [name.replace("_", " ") for name in rows[0]],
        *([_text(value) for value in row.values()] for row in rows),
    ]


def _plain(outlook: Outlook) -> dict[str, Any]:
    """The figures one by one: the date and the amount of the next payment apart."""
    figures = outlook.figures()
    date_of, amount = figures.pop("next_payment") or (None, None)
    return figures | {"next_due": date_of, "next_payment": amount}


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _table(outlooks: Mapping[str, Outlook]) -> str:
    return align(_cells(outlooks))
