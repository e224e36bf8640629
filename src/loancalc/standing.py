"""Reading a replay: from the state at the end of a day to a Position, and the defaults it rests on."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from loancalc.events import Event, in_force
from loancalc.explaining import explain_position
from loancalc.names import COMPONENTS
from loancalc.overdue import FEE, INTEREST, PRINCIPAL, AccrualLine
from loancalc.owed import Owed
from loancalc.position import Figures, Item, Position
from loancalc.replay import Replay

if TYPE_CHECKING:
    from loancalc.account import Account

_AGREED = (FEE, INTEREST, PRINCIPAL)
_NOTHING = (0,) * len(COMPONENTS)


def position_of(account: Account, replay: Replay, known_on: date | None) -> Position:
    """The position that a replay has reached."""
    today = replay.today
    oldest = next(
        (item.due for item in replay.debts.items[: replay.debts.due_count] if not replay.debts.is_settled(item)), None
    )
    days = 0 if oldest is None else (today - oldest).days
    return Position(
        as_of=today,
        oldest_unpaid_due=oldest,
        days_past_due=days,
        delinquent_days=delinquent_days(account, days),
        currency=account.loan.currency,
        figures=_figures(replay),
        source=_Source(account, today, known_on),
    )


def delinquent_days(account: Account, days_past_due: int) -> int:
    """Days past due after a status-only grace: none inside it, and beyond it all of them, or those after it."""
    grace = account.loan.late.grace if account.loan.late else None
    if grace is None or grace.kind != "status-only":
        return days_past_due
    if days_past_due <= grace.days:
        return 0
    return days_past_due - grace.days if grace.counted == "after-grace" else days_past_due


def _figures(replay: Replay) -> Figures:
    components = range(len(COMPONENTS))
    past_due, due, cut = [0] * len(COMPONENTS), [0] * len(COMPONENTS), [0] * len(COMPONENTS)
    debts, today = replay.debts, replay.today
    states = []
    for index, item in enumerate(debts.items):
        owed = _NOTHING
        if index < debts.due_count and not item.is_clear:
            owed = tuple(debts.claim(item, component) for component in components)
            sums = past_due if item.due < today else due
            for component in components:
                sums[component] += owed[component]
                cut[component] += item.cut[component]
        states.append(
            Item(
                item.number,
                item.due,
                _state(item, today),
                (0, item.fee, 0, 0, 0, item.interest, item.principal),
                tuple(item.paid),
                tuple(item.waived),
                tuple(item.cut),
                owed,
                item.settled_on,
            )
        )
    return Figures(
        digits=replay.loan.digits,
        past_due=tuple(past_due),
        due=tuple(due),
        cut=tuple(cut),
        undue=replay.undue,
        accrued=replay.accrued_interest(),
        accrued_how=replay.accrued_how(),
        credit=replay.credit,
        next_due=_next_due(replay),
        items=tuple(states),
        lines=_all_lines(replay),
        penalties=tuple(replay.penalties),
    )


def _state(item: Owed, today: date) -> str:
    if item.settled_on is not None:
        return "paid" if item.settled_on <= item.due else "paid late"
    if item.due > today:
        return "upcoming"
    if item.due == today:
        return "due"
    return "partly paid" if any(item.paid[component] for component in _AGREED) else "past due"


def _all_lines(replay: Replay) -> tuple[AccrualLine, ...]:
    running = []
    for item in replay.debts.items[: replay.debts.due_count]:
        if any(item.lines) and not item.held:
            records = (
                replay.debts.lines.record(item, component, replay.today, is_open=True)
                for component in range(len(COMPONENTS))
            )
            running += [record for record in records if record is not None]
    return (*replay.debts.lines.ended, *running)


def _next_due(replay: Replay) -> tuple[date, int] | None:
    if replay.debts.due_count:
        latest = replay.debts.items[replay.debts.due_count - 1]
        if latest.due == replay.today and not replay.debts.is_settled(latest):
            return latest.due, sum(latest.owed[component] for component in _AGREED)
    ahead = replay.debts.items[replay.debts.due_count :]
    if replay.running is not None:
        return _next_due_daily(replay, ahead)
    for item in ahead:
        amount = item.fee + item.interest + item.principal - sum(item.paid[component] for component in _AGREED)
        if amount:
            return item.due, amount
    return None


def _next_due_daily(replay: Replay, ahead: list[Owed]) -> tuple[date, int] | None:
    """What will be due next if nothing else happens."""
    running, undue = copy(replay.running), replay.undue
    assert running is not None
    running.rebase(replay.today, replay.bearing())
    for item in ahead:
        accrued = running.accrued(item.due)
        interest, principal = running.split(item, undue, accrued)
        fee = item.fee - item.paid[FEE]
        if interest + principal + fee:
            return item.due, interest + principal + fee
        running.close(item.due, interest, accrued)
    return None


@dataclass(frozen=True)
class _Source:
    """The account, day and knowledge that a position was read from."""

    account: Account
    day: date
    known_on: date | None

    def assumptions(self) -> tuple[str, ...]:
        loan, position = self.account.loan, self.account.as_of(self.day, known_on=self.known_on)
        notes = list(loan.assumptions)
        if loan.accrual == "scheduled":
            notes.append("accrual 'scheduled': the plan's interest stands whatever day a payment comes")
        if "allocation" in loan.defaulted:
            notes.append(self._allocation_note())
        if position.credit:
            notes.append(f"early {loan.early!r}: {position.credit} is held as credit until an installment falls due")
        if loan.late is None and position.days_past_due:
            notes.append("no late terms: nothing is charged for lateness")
        last = max((event.on for event in self._events() if event.on <= self.day), default=None)
        since = f"after {last}" if last else "so far"
        notes.append(
            f"nothing else happened {since}, as far as is known{f' on {self.known_on}' if self.known_on else ''}"
        )
        return tuple(notes)

    def explain(self) -> str:
        receipts = self.account.receipts_as_of(self.day, known_on=self.known_on)
        settled = [line for receipt in receipts for line in receipt.lines]
        return explain_position(self.account.as_of(self.day, known_on=self.known_on), settled)

    def _events(self) -> list[Event]:
        return in_force(self.account.events, self.known_on)

    def _allocation_note(self) -> str:
        loan = self.account.loan
        replay = Replay(loan.with_allocation("oldest-installment-first"), in_force(self.account.events, self.known_on))
        replay.run_to(self.day)
        figures = position_of(self.account, replay, self.known_on)
        mine = self.account.as_of(self.day, known_on=self.known_on)
        if (figures.past_due, figures.days_past_due) == (mine.past_due, mine.days_past_due):
            return f"allocation {loan.allocation.name!r} (default): one installment after the other would give the same"
        return (
            f"allocation {loan.allocation.name!r} (default), vertical: one installment after the other would give "
            f"{figures.days_past_due} days past due and {figures.past_due.total} past due"
        )
