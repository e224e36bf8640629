"""Keeping the books of a replay: the debt is looked at before and after everything that happens, and what moved is
posted. Whatever an event does, its entries balance, and what they leave on the accounts is what is owed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from operator import attrgetter, neg, sub
from typing import NamedTuple

from loancalc.plan.loan import Loan
from loancalc.servicing.account_table import event_words
from loancalc.servicing.book import Booked
from loancalc.servicing.charging import charged_ahead
from loancalc.servicing.events import BECOMES_DUE, PAID_OUT, PENALTIES, Event, Payment
from loancalc.servicing.ledger import CASH, EARNED, GIVEN, HELD, KEPT, OWED, STAGES, WAIVED, WRITTEN_OFF, Entry, Ledger
from loancalc.servicing.money_events import Chargeback
from loancalc.servicing.overdue import INTEREST, PRINCIPAL
from loancalc.servicing.owed import Owed
from loancalc.servicing.replay import Replay
from loancalc.values.names import COMPONENTS

_AHEAD, _DUE, _PAST = range(len(STAGES))
_EVERY = range(len(STAGES))
_SETTLED = ("paid", "waived", "written_off")
_NOTHING = (0,) * len(COMPONENTS)
_TASKS = {BECOMES_DUE: "falls due", PENALTIES: "penalty", PAID_OUT: "paid out"}
Amounts = dict[tuple[int, int], int]
"""Minor units by component and stage."""


class _Look(NamedTuple):
    """The debt at one moment, in minor units."""

    owed: Amounts
    items: tuple[Owed, ...]
    settled: dict[str, list[tuple[int, ...]]]
    credit: int
    kept: int
    advanced: int


class Bookkeeper:
    """Writes the entries of a replay while it goes forward."""

    def __init__(self, loan: Loan, book: Sequence[Booked]) -> None:
        self.replay = Replay(loan, book)
        self.entries: list[Entry] = []
        self._last = _look(self.replay)
        self._given = {
            entry.id for entry in book if isinstance(entry.event, Payment) and entry.event.source == "lender"
        }
        lent = self._last.advanced
        self._post("debt", "paid out", None, {OWED[PRINCIPAL * len(STAGES)]: lent, CASH: -lent})

    def run_to(self, day: date) -> None:
        """Do and write everything up to the end of a day."""
        replay = self.replay
        while (task := replay.agenda.next) is not None and task[0] <= day:
            self._advance(task[0])
            replay.step()
            self._write(
                _TASKS.get(task[1], "late interest"),
                task[4].named if task[4] else None,
                is_paid_out=task[1] == PAID_OUT,
            )
        self._advance(day)

    def ledger(self) -> Ledger:
        """What was written so far."""
        return Ledger(self.replay.today, tuple(self.entries), self.replay.loan.digits)

    def _advance(self, day: date) -> None:
        """What is due and unpaid is past due the next day; then nights go by."""
        replay = self.replay
        if day > replay.today and any(amount for (_, stage), amount in self._last.owed.items() if stage == _DUE):
            replay.advance(replay.today + timedelta(1))
            self._write("past due", None)
        if day > replay.today:
            replay.advance(day)
            self._write("nights", None)

    def _write(self, what: str, event: Event | None, *, is_paid_out: bool = False) -> None:
        """Post what changed since the last look: what came to be owed, what money settled, what was given up."""
        before, after = self._last, _look(self.replay)
        self._last = after
        what, name = (event_words(event), event.id) if event else (what, None)
        gone = {bucket: self._gone(before, after, bucket) for bucket in _SETTLED}
        became = {key: after.owed.get(key, 0) - before.owed.get(key, 0) for key in {**before.owed, **after.owed}}
        for amounts in gone.values():
            for key, amount in amounts.items():
                became[key] = became.get(key, 0) + amount
        paid_out = after.advanced - before.advanced if is_paid_out else 0
        self._post("debt", what, name, _owed(became) | self._earned(became, paid_out))
        held, kept = after.credit - before.credit, after.kept - before.kept
        money = {self._money(event): held + kept + sum(gone["paid"].values()), HELD: -held, KEPT: -kept}
        self._post("money", what if event else "credit applied", name, money | _owed(gone["paid"], -1))
        for bucket, account in (("waived", WAIVED), ("written_off", WRITTEN_OFF)):
            self._post(account, what, name, {account: sum(gone[bucket].values())} | _owed(gone[bucket], -1))

    def _gone(self, before: _Look, after: _Look, bucket: str) -> Amounts:
        """What was paid, waived or written off, by component and stage; what moves between installments is left out."""
        old, new = before.settled[bucket], after.settled[bucket]
        moved: Amounts = {}
        if old == new:
            return moved
        known = dict(zip(before.items, old, strict=True))
        for item, amounts in zip(after.items, new, strict=True):
            was = known.pop(item, _NOTHING)
            if was != amounts:
                _add(moved, _stage(self.replay, item), map(sub, amounts, was))
        for was in known.values():
            _add(moved, _AHEAD, map(neg, was))
        totals = [sum(moved.get((component, stage), 0) for stage in _EVERY) for component in range(len(COMPONENTS))]
        return {key: amount for key, amount in moved.items() if totals[key[0]]}

    def _earned(self, became: Amounts, paid_out: int) -> dict[str, int]:
        """Where what came to be owed comes from: it was paid out, capitalized from other components, or earned."""
        total = [sum(became.get((component, stage), 0) for stage in _EVERY) for component in range(len(COMPONENTS))]
        capitalized = total[PRINCIPAL] - paid_out
        for component in range(INTEREST, -1, -1):
            joins = max(0, min(capitalized, -total[component]))
            total[component] += joins
            capitalized -= joins
        total[INTEREST] += capitalized  # earned and capitalized at once
        return {CASH: -paid_out} | {account: -amount for account, amount in zip(EARNED, total, strict=False)}

    def _money(self, event: Event | None) -> str:
        paid = event.of if isinstance(event, Chargeback) else event.id if event else None
        return GIVEN if paid in self._given and paid is not None else CASH

    def _post(self, kind: str, what: str, event: str | None, amounts: Mapping[str, int]) -> None:
        minor = tuple((account, amount) for account, amount in amounts.items() if amount)
        if minor:
            self.entries.append(Entry(self.replay.today, what, event, kind, minor, self.replay.loan.digits))


def _look(replay: Replay) -> _Look:
    debts = replay.debts
    owed = {(PRINCIPAL, _AHEAD): replay.undue, (INTEREST, _AHEAD): replay.accrued_interest()}
    for item in debts.live():
        if not item.is_clear:
            _add(owed, _stage(replay, item), debts.claims(item))
    for item in charged_ahead(debts, replay.charges):
        _add(owed, _AHEAD, item.charged)
    settled = {bucket: [*map(tuple, map(attrgetter(bucket), debts.items))] for bucket in _SETTLED}
    return _Look(owed, tuple(debts.items), settled, replay.credit, replay.kept, replay.advanced)


def _add(amounts: Amounts, stage: int, more: Iterable[int]) -> None:
    """Add minor units by component at a stage."""
    for component, amount in enumerate(more):
        if amount:
            amounts[component, stage] = amounts.get((component, stage), 0) + amount


def _stage(replay: Replay, item: Owed) -> int:
    if item.number > replay.debts.due_count:
        return _AHEAD
    return _PAST if item.due < replay.today else _DUE


def _owed(amounts: Amounts, sign: int = 1) -> dict[str, int]:
    return {
        OWED[component * len(STAGES) + stage]: sign * amounts[component, stage] for component, stage in sorted(amounts)
    }
