"""What is overdue when a new plan begins: it stays so, joins the principal, is asked for later, or is let go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from loancalc.errors import InvalidEvent
from loancalc.plan.waiting import Brought
from loancalc.servicing.events import Event
from loancalc.servicing.overdue import INTEREST, PRINCIPAL
from loancalc.servicing.owed import Owed
from loancalc.servicing.record import Charged, Receipt
from loancalc.servicing.recovery_events import Reaging, Reamortization, Restructuring
from loancalc.values.money import format_minor
from loancalc.values.names import COMPONENTS

if TYPE_CHECKING:
    from loancalc.servicing.replay import Replay


@dataclass(slots=True)
class Moved:
    """What overdue amounts become: what joins the principal, how much of that was none before, and how much is principal of
    the plan that runs; interest that is brought; charges of the first installment.
    """

    joined: int = 0
    capitalized: int = 0
    of_this_plan: int = 0
    interest: list[Brought] = field(default_factory=list)
    charges: list[tuple[int, int]] = field(default_factory=list)


def treat_overdue(replay: Replay, event: Reamortization | Reaging | Restructuring) -> Moved:
    """Take what is past due off its installments as the event says for each component."""
    treatments = dict(event.overdue)
    moved, debts, receipt = Moved(), replay.debts, Receipt(event, 0)
    late = [item for item in debts.live() if item.due < replay.today]
    for component, name in enumerate(COMPONENTS):
        amount = sum(debts.claim(item, component) for item in late)
        word = treatments.get(name, "") if amount else "keep"
        if not word:
            shown = format_minor(amount, replay.loan.digits)
            raise InvalidEvent(f"{event!r}: {shown} of {name} is past due; expected overdue to say what becomes of it")
        if word == "keep":
            continue
        if word == "capitalize" and component == PRINCIPAL:
            moved.of_this_plan = sum(debts.claim(item, PRINCIPAL) for item in late if item.number > replay.before)
        for item in late:
            _take_off(replay, item, component, receipt, "waived" if word == "waive" else "moved")
        if word == "spread" and replay.running:
            raise InvalidEvent(
                f"{event!r}: got 'spread' for {name} on a loan with daily accrual, whose payments settle interest first; "
                "expected 'next'"
            )
        if word == "capitalize":
            moved.joined += amount
            moved.capitalized += amount if component != PRINCIPAL else 0
        elif word != "waive" and component == INTEREST:
            moved.interest.append(Brought(amount, "carried" if word == "next" else word))
        elif word == "next":
            moved.charges.append((component, amount))
    if receipt.let_go:
        replay.receipts.append(receipt)
    return moved


def _take_off(replay: Replay, item: Owed, component: int, receipt: Receipt, bucket: str) -> None:
    replay.debts.let_go(item, component, replay.debts.claim(item, component), receipt.let_go, bucket)


def ask_of_the_first(replay: Replay, event: Event, first: Owed, moved: Moved) -> None:
    """Overdue charges that are asked for with the first installment of the new plan; caps have seen them before."""
    book = replay.late.book if replay.late else None
    for component, amount in moved.charges:
        first.owed[component] += amount
        replay.charges.append(Charged(first.number, component, event.on, amount))
    if book is not None:
        for component, amount in [*moved.charges, *((INTEREST, part.amount) for part in moved.interest)]:
            book.know(first, component, amount)
