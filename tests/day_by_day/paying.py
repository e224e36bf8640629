"""Where money goes: what is past due and due, early money, the payoff; and what is waived."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from typing import TYPE_CHECKING

import loancalc as lc
from day_by_day import early_end, giving_back, prepaying
from day_by_day.debt import COMPONENTS, Installment
from day_by_day.received import Received

if TYPE_CHECKING:
    from day_by_day.book import Book
    from loancalc.plan.allocation import Item

Money = lc.Payment | lc.Payoff | lc.Settlement | lc.Recovery | lc.Refund | lc.Chargeback
"""What moves money at step 6 of a day."""


def receive(book: Book, event: Money) -> None:
    """A payment settles what is past due and due; what is over is early money. The amount quoted pays the loan off.

    So does more than that, if it is to repay principal early, whatever becomes of the plan: the meanings leave it open, and that less
    makes no other plan where nothing accrues any more. Early
    money of a daily loan always does, and where fees are given back it need not be all principal.
    """
    if isinstance(event, lc.Refund):
        return giving_back.refund(book, event)
    if isinstance(event, lc.Chargeback):
        if giving_back.charge_back(book, event):
            apply_held_credit(book)
        return None
    if isinstance(event, lc.Settlement):
        return _settle_for_less(book, event)
    if isinstance(event, lc.Recovery):
        return recover(book, event)
    quote = book.quote()
    is_payoff = isinstance(event, lc.Payoff)
    amount = max(0, quote) if is_payoff else book.minor(event.amount)
    received = Received(event.id, amount, held=amount)
    book.received.append(received)
    repays = not is_payoff and bool(book.ahead) and _is_to_repay(book, event.effect)
    ends = repays or (not is_payoff and not event.is_designated and _repays_less_the_rebate(book))
    if is_payoff or (amount == quote and book.not_due and not event.is_designated) or (ends and amount > quote):
        _pay_off(book)
        return
    received.installment, received.only = event.installment, event.only
    if book.loan.early == "apply":
        pay_what_it_is_meant_for(book, received)
    bearing = book.at_contract_rate()
    _settle_and_repay(book, received, repays=repays and not book.is_frozen, effect=event.effect)
    if book.loan.rests == "due-dates" and book.ahead and book.day > book.reckoned_on:
        book.resting[received.id] = sum(
            part.amount for part in received.settled if part.component == "principal" and part.installment in bearing
        )


def _settle_and_repay(book: Book, received: Received, *, repays: bool, effect: str | None) -> None:
    """What is past due and due, then what comes early."""
    _settle_what_is_due(book, received)
    if repays and book.ahead:
        with uncovered(book):
            repaid = prepaying.prepay(book, received, str(effect))
        if repaid:
            return
    if book.loan.early == "apply" and book.ahead:
        pay_early(book, received)


@contextmanager
def uncovered(book: Book) -> Iterator[None]:
    """While a plan is made anew what had paid installments ahead, where the plan's interest stands, is money; then it pays those of the
    new plan.
    """
    taken = list[tuple[Received, int]]()
    for received in book.received if book.loan.accrual == "scheduled" and not book.is_performed else ():
        held = received.held
        received.takes_back(book)
        taken += [(received, received.held - held)]
        received.held = held
    yield
    for received, amount in taken:
        held, received.held = received.held, amount
        if amount and book.ahead:
            pay_what_it_is_meant_for(book, received)
            pay_early(book, received)
        received.held += held


def _is_to_repay(book: Book, effect: str | None) -> bool:
    """Whether money that comes early is to repay principal at once, because the payment says so."""
    if effect == "keep":  # the money covers installments as it would anyway; on a daily loan that repays principal
        return book.loan.accrual == "daily" and book.loan.early == "apply"
    return effect is not None


def _repays_less_the_rebate(book: Book) -> bool:
    at_once = book.loan.accrual == "daily" and book.loan.early == "apply"
    return at_once and early_end.given_back(book, book.undue) > 0


def again(book: Book, received: Received, installment: Installment, amount: int) -> None:
    """What was paid and was not owed pays late interest of an installment instead; what is over is money of today."""
    received.held, before = amount, received.held
    received.pays(book, installment, "late_interest", book.owed(installment, "late_interest"))
    _settle_what_is_due(book, received)
    if book.loan.early == "apply" and book.ahead:
        pay_early(book, received)
    received.held += before


def apply_held_credit(book: Book) -> None:
    """On each due date held credit settles what is due, the oldest money first."""
    for received in book.received:
        _settle_what_is_due(book, received)


def charge(book: Book, event: lc.Charge) -> None:
    """A cost, fee or penalty belongs to the installment that is named; else to the oldest unpaid one, else to the next."""
    every = [*book.installments, *book.gone, *book.ahead]
    unpaid = [installment for installment in book.installments if installment.is_unpaid]
    following = every[len(book.installments) :] or every[-1:]
    installment = every[event.installment - 1] if event.installment else [*unpaid, *following][0]
    installment.charges[event.component] += book.minor(event.amount)
    book.enforce_caps()
    if installment in book.installments:
        book.owes_again(installment)
        apply_held_credit(book)


def let_go(book: Book, event: lc.Waiver | lc.WriteOff) -> None:
    """The lender lets go of what is owed of a component, or of all of it, oldest due date first."""
    component = str(event.component)
    owed = sum(book.owed(installment, component) for installment in book.installments)
    left = owed if event.amount == "all" else book.minor(event.amount)
    for installment in book.installments:
        part = min(left, book.owed(installment, component))
        _goes(book, installment, component, part, is_written_off=isinstance(event, lc.WriteOff))
        left -= part


def let_all_go(book: Book, waivers: Sequence[lc.Waiver | lc.WriteOff]) -> None:
    """Everything that is waived, or written off of a component, on a day."""
    for waiver in waivers:
        let_go(book, waiver)


def ends_all_with(book: Book, event: Money, waivers: Sequence[lc.Waiver | lc.WriteOff]) -> bool:
    """Whether money is what the waivers of its day leave of all that is owed: it is paid after them."""
    if isinstance(event, lc.Payoff):
        return True
    if not isinstance(event, lc.Payment) or event.is_designated:
        return False
    trial = deepcopy(book)
    let_all_go(trial, waivers)
    return book.minor(event.amount) == trial.quote()


def _goes(book: Book, installment: Installment, component: str, amount: int, *, is_written_off: bool) -> None:
    book.settle(installment, component, amount, installment.waived)
    installment.written_off[component] += amount if is_written_off else 0


def recover(book: Book, event: lc.Recovery) -> None:
    """Money for what was written off, oldest installment first; nothing else becomes of the debt."""
    received = Received(event.id, book.minor(event.amount), held=book.minor(event.amount))
    book.received.append(received)
    for installment in [*book.installments, *book.gone]:
        for component in book.allocation.order:
            part = min(received.held, installment.written_off[component])
            received.held -= part
            received.parts[component] += part
            installment.written_off[component] -= part


def in_order(book: Book) -> Iterator[tuple[Installment, str]]:
    """Every component of every installment in the order of the allocation, which may differ for what is due today: a group is
    finished on one installment first.
    """
    allocation = book.allocation

    def names(installment: Installment, group: Sequence[Item]) -> list[str]:
        timing = "past due" if installment.due < book.day else "due"
        return [item.component for item in group if item.timing == timing]

    if allocation.direction == "vertical":
        yield from (
            (one, name) for group in allocation.groups for one in book.installments for name in names(one, group)
        )
    else:
        yield from (
            (one, name) for one in book.installments for group in allocation.groups for name in names(one, group)
        )


def _in_advance(allocation: lc.Allocation) -> list[str]:
    """What is paid before it is due: as it is named, else in the order of what is due."""
    items = [item for group in allocation.groups for item in group]
    named = [item.component for item in items if item.timing == "in advance"]
    return named or [item.component for item in items if item.timing == "due"]


def _settle_what_is_due(book: Book, received: Received) -> None:
    """In the order that was agreed; the installment that the money is meant for first. If that is still to come, the money
    waits for it, where early money is held.
    """
    if book.loan.early == "hold" and _waits_for(book, received):
        return
    items = [item for item in in_order(book) if received.may_settle(item[1])]
    own = [(installment, component) for installment, component in items if installment is _meant(book, received)]
    for installment, component in [*own, *items]:
        received.pays(book, installment, component, book.owed(installment, component))


def _meant(book: Book, received: Received) -> Installment | None:
    """The installment that the money is meant for; where the loan was called before it fell due, what that made due."""
    every = {each.number: each for each in [*book.installments, *book.gone, *book.ahead]}
    if received.installment is None or not every:
        return None
    return every.get(received.installment, book.installments[-1] if book.installments else None)


def pay_what_it_is_meant_for(book: Book, received: Received) -> None:
    """Early money that is meant for an installment ahead covers that one first."""
    own = _meant(book, received)
    if own and _waits_for(book, received):
        _pay_in_advance(book, received, own, received.held)


def _waits_for(book: Book, received: Received) -> bool:
    return any(installment is _meant(book, received) for installment in book.ahead)


def pay_early(book: Book, received: Received) -> None:
    """On daily loans interest accrued to the day, then principal, that day; it counts toward the running installment, or
    toward those that the surplus rule names.

    On scheduled loans, whose interest stands whatever day the money comes, it pays the next installments, or those that the
    rule names.
    """
    if book.loan.accrual == "daily" and book.allocation.surplus not in (None, "principal"):
        for installment, most in _early_shares(book, received.held):
            _pay_toward(book, received, installment, most)
    elif book.loan.accrual == "daily":
        for component, most in (("interest", book.accrued()), ("principal", book.undue)):
            received.pays(book, book.ahead[0], component, most if received.may_settle(component) else 0)
    else:
        _cover_those_ahead(book, received)
    stands = book.loan.accrual == "scheduled"
    if not (stands or book.outstanding_principal or book.accrued()):  # later fees of a repaid loan are not asked for
        book.end_plan(stays_charged=True)


def _cover_those_ahead(book: Book, received: Received) -> None:
    """The next installments, or those that the rule names, one after the other; a vertical order whose list names what is in
    advance finishes one entry of it over all of them. What is spread evenly is paid of each first.
    """
    allocation = book.allocation
    if allocation.surplus == "spread":
        for installment, most in _early_shares(book, received.held)[: len(book.ahead)]:
            _pay_in_advance(book, received, installment, most)
    names = _in_advance(allocation)
    is_named = any(item.timing == "in advance" for group in allocation.groups for item in group)
    steps = [[name] for name in names] if is_named and allocation.direction == "vertical" else [names]
    for step in steps:
        for installment, _ in _early_shares(book, received.held)[-len(book.ahead) :]:
            _pay_in_advance(book, received, installment, received.held, step)


def _pay_in_advance(
    book: Book, received: Received, installment: Installment, most: int, names: Sequence[str] | None = None
) -> None:
    """What an installment ahead asks for as it was agreed, in the order of what is in advance; of what is not in that list,
    nothing.
    """
    for component in filter(received.may_settle, names or _in_advance(book.allocation)):
        if book.allocation.surplus != "principal" or component == "principal":
            most -= received.pays(book, installment, component, min(most, installment.agreed_and_unpaid(component)))


def _early_shares(book: Book, money: int) -> list[tuple[Installment, int]]:
    """Which installments early money is for, one after the other, and how much of it at most."""
    first, *later = book.ahead
    surplus = book.allocation.surplus
    if surplus == "spread":
        share, rest = divmod(money, len(book.ahead))
        shares = [(each, share + (rest if each is book.ahead[-1] else 0)) for each in book.ahead]
        return [*shares, *((each, money) for each in book.ahead)]
    turns = {"last": [*later[::-1], first], "next-then-last": [first, *later[::-1]]}
    return [(each, money) for each in turns.get(str(surplus), book.ahead)]


def _pay_toward(book: Book, received: Received, installment: Installment, most: int) -> None:
    """The plan's payment of an installment is its room for early money. The interest to date belongs to the first that has
    room, before or after its principal as the order says; where that is the last one, all that is owed has room.
    """
    for component in filter(received.may_settle, _in_advance(book.allocation)):
        with_room = [each for each in book.ahead if _room(each) > 0] or book.ahead[-1:]
        interest = book.accrued() if installment is with_room[0] else 0
        room = max(0, _room(installment))
        if with_room[0] is installment is book.ahead[-1]:
            room = interest + book.undue
        part = 0
        if component == "interest":
            part = received.pays(book, installment, "interest", min(most, interest, room))
        elif component == "principal":
            part = received.pays(book, installment, "principal", min(most, book.undue, max(0, room - interest)))
        most -= part


def _room(installment: Installment) -> int:
    return sum(installment.agreed[name] - installment.paid[name] for name in ("interest", "principal"))


def _settle_for_less(book: Book, event: lc.Settlement) -> None:
    """Held credit and the money pay by the order of a payoff; the lender lets go of the rest, and the loan ends."""
    amount = book.minor(event.amount)
    book.received.append(Received(event.id, amount, held=amount))
    give_back_what_was_paid_ahead(book)
    give_up(book, early_end.fee(book, book.undue), is_written_off=event.rest == "write off", is_repaid=True)


def give_up(book: Book, fee: int = 0, *, is_written_off: bool, is_repaid: bool = False) -> None:
    """The whole debt, after what is held settles of it: the interest to date too, which stays accrued where caps look."""
    interest, fee, principal, charges = settle_everything(book, fee, is_repaid=is_repaid)
    for installment, charged in zip(book.not_due, charges, strict=True):
        # the next one has what an early end asks for, each what was charged to it and its principal
        asked = max(0, min(principal, installment.agreed["principal"] - installment.paid["principal"]))
        part = principal if book.loan.accrual == "daily" or installment is book.not_due[-1] else asked
        left = charged | {"fee": charged["fee"] + fee}
        for component, amount in (left | {"interest": interest, "principal": part}).items():
            installment.waived[component] += amount
            installment.written_off[component] += amount if is_written_off else 0
        interest, fee, principal = 0, 0, principal - part
    for installment in book.installments:
        for component in COMPONENTS:
            owed = book.owed(installment, component)
            _goes(book, installment, component, owed, is_written_off=is_written_off)
    book.end_plan()


def _pay_off(book: Book) -> None:
    """Held credit and the money quoted settle everything that is owed and all principal; interest stops."""
    give_back_what_was_paid_ahead(book)
    interest, fee, principal, _ = settle_everything(book, early_end.fee(book, book.undue), is_repaid=True)
    assert interest == fee == principal == 0
    book.end_plan()


def give_back_what_was_paid_ahead(book: Book) -> None:
    """Where the plan's interest stands, what installments ahead were paid is held again: they will not fall due. Who has paid all of
    them has paid the plan.
    """
    if book.loan.accrual == "scheduled" and not book.is_performed:
        for received in book.received:
            received.takes_back(book)


def settle_everything(
    book: Book, fee: int = 0, *, is_repaid: bool = False
) -> tuple[int, int, int, list[dict[str, int]]]:
    """What is held settles all that is owed, due or not, charges before principal; what is left of interest to date, of the fee,
    of principal not due, and of what was charged to each installment ahead.
    """
    interest, principal = early_end.interest(book) if is_repaid else book.accrued(), book.undue
    charges = [book.charged_ahead(installment) for installment in book.not_due]
    for charged, installment in zip(charges, book.not_due, strict=True):
        for name in charged if installment in book.ahead else ():
            charged[name] = max(0, charged[name] - installment.early(name))
    for received in [one for one in book.received if one.held or one is book.received[-1]]:
        received.installment, received.only = None, ()  # nothing is left that it could wait for
        _settle_what_is_due(book, received)
        if book.ahead:
            interest -= received.pays(book, book.ahead[0], "interest", interest)
            fee -= received.pays(book, book.ahead[0], "fee", fee)  # what is given back is money of the first
        for charged, installment in zip(charges, book.not_due, strict=True):
            for name, left in charged.items():
                charged[name] -= received.pays(book, installment, name, left)
        if book.ahead:
            principal -= received.pays(book, book.ahead[0], "principal", principal)
    return interest, fee, principal, charges
