"""Reading a replay: from the state at the end of a day to a Position, and the defaults it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from loancalc.errors import LoanError
from loancalc.plan.allocation import allocation_presets
from loancalc.plan.assumptions import of_base_rates
from loancalc.plan.loan import Loan
from loancalc.servicing.book import Booked, booked_in_force
from loancalc.servicing.debts import Debts
from loancalc.servicing.early_settlement import early_end
from loancalc.servicing.endings import is_over
from loancalc.servicing.explaining import explain_position
from loancalc.servicing.figures import Figures, Item, Row, ended_by
from loancalc.servicing.next_due import next_due
from loancalc.servicing.overdue import Accrued
from loancalc.servicing.owed import NOTHING, Amounts, Owed
from loancalc.servicing.position import Position
from loancalc.servicing.receipts import Settled
from loancalc.servicing.replay import Replay
from loancalc.values.money import format_minor, to_decimal
from loancalc.values.names import COMPONENTS


def position_of(replay: Replay, book: tuple[Booked, ...], known_on: date | None) -> Position:
    """The position that a replay of a book has reached, of what was known of it on a day."""
    today, loan, oldest = replay.today, replay.agreed, _oldest_unpaid_due(replay)
    return Position(
        as_of=today,
        oldest_unpaid_due=oldest,
        days_past_due=0 if oldest is None else (today - oldest).days,
        delinquent_days=delinquent_days(loan, oldest, today, replay.pauses),
        currency=loan.currency,
        figures=_figures(replay, next_due(replay, book, known_on)),
        source=_Source(loan, book, known_on),
    )


class Standing(NamedTuple):
    """What bureaus count from: where a loan stands at the end of a day, as its `Position` says it, and the installments
    that fell due in the month of that day. `due` are their rows, in minor units.
    """

    as_of: date
    oldest_unpaid_due: date | None
    days_past_due: int
    delinquent_days: int
    is_closed: bool
    ending: str | None
    due: tuple[Item, ...]


def standing_of(replay: Replay) -> Standing:
    """Where the loan stands at the point that a replay has reached."""
    today, oldest, debts = replay.today, _oldest_unpaid_due(replay), replay.debts
    due = _due_in_month(debts, today)
    claims = {item.number: debts.claims(item) for item in due if not item.is_clear}
    is_closed = is_over(replay)
    return Standing(
        as_of=today,
        oldest_unpaid_due=oldest,
        days_past_due=0 if oldest is None else (today - oldest).days,
        delinquent_days=delinquent_days(replay.agreed, oldest, today, replay.pauses),
        is_closed=is_closed,
        ending=ended_by(replay.ending, is_closed=is_closed, is_whole=not any(any(i.written_off) for i in debts.items)),
        due=tuple(map(Item._make, _rows(due, claims))),
    )


def _due_in_month(debts: Debts, day: date) -> list[Owed]:
    """The installments that fell due in the month of a day, up to it."""
    items, begin, first = debts.items, debts.due_count, day.replace(day=1)
    while begin and items[begin - 1].due >= first:
        begin -= 1
    return items[begin : debts.due_count]


def _oldest_unpaid_due(replay: Replay) -> date | None:
    today, debts = replay.today, replay.debts
    oldest = debts.oldest_unpaid_due()
    if oldest is not None and replay.is_excused():
        return today if any(item.due == today and not debts.is_settled(item) for item in debts.live()) else None
    return oldest


def delinquent_days(loan: Loan, oldest: date | None, today: date, pauses: Sequence[tuple[date, date]]) -> int:
    """Days past due but for pauses of the count, after a status-only grace: none inside it, and beyond it all of them, or
    those after it.
    """
    if oldest is None:
        return 0
    counted = (today - oldest).days - _paused(pauses, oldest, today)
    grace = loan.late.grace if loan.late else None
    if grace is None or grace.kind != "status-only":
        return counted
    free = (grace.last_day(oldest) - oldest).days
    if counted <= free:
        return 0
    return counted - free if grace.counted == "after-grace" else counted


def _paused(pauses: Sequence[tuple[date, date]], since: date, today: date) -> int:
    """The nights from one day to another in which the count rests; one of two pauses rests once."""
    nights, reached = 0, since
    for start, end in sorted(pauses):
        start, end = max(start, reached), min(end, today)
        if start < end:
            nights, reached = nights + (end - start).days, end
    return nights


def _figures(replay: Replay, due_next: tuple[date, int] | None) -> Figures:
    past_due, due = NOTHING, NOTHING
    debts, today, accrued = replay.debts, replay.today, replay.accrued_interest()
    claims, (interest, fee) = _claims(debts), early_end(replay, accrued)
    for item in debts.live():
        owed = claims.get(item.number)
        if owed is None:
            continue
        if item.due < today:
            past_due = _sum(past_due, owed)
        else:
            due = _sum(due, owed)
    cuts = replay.late.cuts() if replay.late else ()
    return Figures(
        digits=replay.loan.digits,
        past_due=past_due,
        due=due,
        cut=_cut(cuts),
        undue=replay.undue,
        advanced=replay.advanced,
        capitalized=replay.capitalized,
        accrued=accrued,
        charged_ahead=replay.charged_ahead(),
        assessed_today=replay.assessed_today(),
        credit=replay.credit,
        next_due=due_next,
        rows=tuple(_rows(debts.items, claims)),
        ended_lines=tuple(debts.lines.ended),
        open_lines=_open_lines(debts),
        rates=debts.lines.rates(),
        penalties=tuple(replay.penalties),
        charges=tuple(replay.charges),
        ending=replay.ending,
        charged_off=replay.charged_off,
        holder=replay.holder,
        payoff_interest=interest,
        payoff_fee=fee,
        cuts=cuts,
        kept=replay.kept,
    )


def _claims(debts: Debts) -> dict[int, Amounts]:
    """What each installment that is due and not clear owes today, by its number."""
    return {item.number: debts.claims(item) for item in debts.live() if not item.is_clear}


def _rows(items: Iterable[Owed], claims: Mapping[int, Amounts]) -> list[Row]:
    return [
        (i.number, i.due, i.fee, i.interest, i.principal, tuple(i.paid), i.waived, i.written_off, i.moved, i.cut,
         claims.get(i.number, NOTHING), i.settled_on)
        for i in items
    ]  # fmt: skip


def _sum(amounts: Amounts, more: Amounts) -> Amounts:
    return tuple(map(int.__add__, amounts, more))


def _cut(cuts: Iterable[tuple[str, int, int, int]]) -> Amounts:
    """What caps took off by component, of what is due and of what is not."""
    sums = [0] * len(COMPONENTS)
    for _, _, component, amount in cuts:
        sums[component] += amount
    return tuple(sums)


def _open_lines(debts: Debts) -> tuple[Accrued, ...]:
    running = [
        debts.lines.record(item, component, debts.today)
        for item in debts.live()
        if not item.held
        for component, line in enumerate(item.lines)
        if line is not None
    ]
    return tuple([record for record in running if record is not None])


def _of_caps(loan: Loan, position: Position) -> Iterator[str]:
    """What each cap took off, and whether that comes back."""
    for cap in loan.late.caps if loan.late else ():
        cut = sum(amount for text, _, _, amount in position.figures.cuts if text == str(cap))
        if cut:
            back = "comes back as far as the limit grows" if cap.recover else "does not come back as the limit grows"
            yield f"{format_minor(cut, loan.digits)} cut by {cap} (recover {cap.recover}): it {back}"


def _rules_of_law(loan: Loan, day: date, *, is_late: bool) -> Iterator[str]:
    """The laws by whose rules a loan counts what is late, and settles what is paid, where it was agreed by their names."""
    if loan.late and loan.late.provenance and is_late:
        yield f"late terms by {loan.late.provenance.cited(day)}"
    preset = allocation_presets().get(loan.allocation.name or "")
    if (
        preset
        and preset.provenance.jurisdiction
        and "allocation" not in loan.defaulted
        and preset.allocation == loan.allocation
    ):
        yield f"allocation by {preset.provenance.cited(day)}"


@dataclass(frozen=True)
class _Source:
    """The terms, book and knowledge that a position was read from."""

    loan: Loan
    book: tuple[Booked, ...]
    known_on: date | None

    def _replay(self, loan: Loan, day: date) -> Replay:
        replay = Replay(loan, booked_in_force(self.book, self.known_on))
        replay.run_to(day)
        return replay

    def explain(self, position: Position, /) -> str:
        replay = Replay(self.loan, booked_in_force(self.book, self.known_on))
        fell_due = dict[int, str]()
        if replay.running:
            replay.running.told = fell_due
        replay.run_to(position.as_of)
        settled = [
            Settled(number, COMPONENTS[component], to_decimal(amount, self.loan.digits), on)
            for receipt in replay.receipts
            for number, component, amount, on in receipt.parts
        ]
        return explain_position(position, settled, replay.accrued_how(), fell_due)

    def assumptions(self, position: Position, /) -> tuple[str, ...]:
        loan = self.loan
        notes = list(loan.assumptions)
        if loan.accrual == "scheduled":
            notes.append("accrual 'scheduled': the plan's interest stands whatever day a payment comes")
        if "allocation" in loan.defaulted:
            notes.append(self._allocation_note(position))
        if position.credit:
            notes.append(f"early {loan.early!r}: {position.credit} is held as credit until an installment falls due")
        if position.payoff <= 0 and not position.is_closed:
            notes.append(
                "what is held or was paid ahead would pay the loan off today: a Payoff ends it, and gives back what is more; "
                "without one the plan goes on, and its interest stands"
            )
        if loan.late is None and position.days_past_due:
            notes.append("no late terms: nothing is charged for lateness")
        late = [line for line in position.lines if line.component != "interest"]
        is_late = bool(late or position.penalties or position.days_past_due)
        notes += _rules_of_law(loan, position.as_of, is_late=is_late)
        notes += _of_caps(loan, position)
        if late:
            nights = min(line.start for line in late), max(line.end for line in late) - timedelta(1)
            notes += of_base_rates(loan, *nights)
        known = booked_in_force(self.book, self.known_on)
        last = max((entry.on for entry in known if entry.on <= position.as_of), default=None)
        since = f"after {last}" if last else "so far"
        notes.append(
            f"nothing else happened {since}, as far as is known{f' on {self.known_on}' if self.known_on else ''}"
        )
        return tuple(notes)

    def _allocation_note(self, mine: Position) -> str:
        name = self.loan.allocation.name
        try:
            replay = self._replay(self.loan.with_allocation("oldest-installment-first"), mine.as_of)
        except LoanError as error:
            return f"allocation {name!r} (default), vertical: one installment after the other, it could not be: {error}"
        other = position_of(replay, self.book, self.known_on)
        if (other.past_due, other.days_past_due) == (mine.past_due, mine.days_past_due):
            return f"allocation {name!r} (default): one installment after the other would give the same"
        if (other.past_due.total, other.days_past_due) == (mine.past_due.total, mine.days_past_due):
            return (
                f"allocation {name!r} (default), vertical: one installment after the other would leave as much past due, for as "
                f"many days, in other parts: {other.past_due}"
            )
        return (
            f"allocation {name!r} (default), vertical: one installment after the other would give "
            f"{other.days_past_due} days past due and {other.past_due.total} past due"
        )
