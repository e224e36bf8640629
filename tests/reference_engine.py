"""A second engine for accounts, slow and plain: one calendar day after the other, in exact fractions, nothing kept ready.

It is written from the meanings in section 4 of the design page alone and shares no code with the replay of the
library: it reads the agreed terms, the plan and the dates of a loan, the share of a period (`Timeline.part`) and day
counts, and works out the rest itself. `test_two_engines` holds the two against each other.

Amounts are whole minor units. Contract interest on daily loans is summed night by night, so it needs a day count whose
nights add up to the whole (ACT/360, 30E/360 ..., not 30/360).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import count

import loancalc as lc
from loancalc.names import COMPONENTS

NIGHT = timedelta(1)
SCHEDULED = ("interest", "after_maturity", "fee", "principal")
"""What keeps an installment past due; contract interest that daily loans earn after maturity is counted apart."""
ACCRUING = ("late_interest", "compound_interest", "after_maturity")
CUT_ORDER = ("penalty", "compound_interest", "late_interest")


@dataclass
class Line:
    """Interest that runs: on `base` since `start`, less what a cap took off while it ran."""

    start: date
    base: int
    cut: int = 0


@dataclass
class Item:
    """An installment that fell due. `ended` is what is owed of it by component, apart from the lines that run."""

    due: date
    ended: Counter[str]
    lines: dict[str, Line] = field(default_factory=dict)
    settled: Counter[str] = field(default_factory=Counter)
    cut: Counter[str] = field(default_factory=Counter)
    contract: Fraction = Fraction(0)


@dataclass
class Book:
    """A loan at a moment: `undue` principal, and of the running period its exact `interest`, what of that was `posted`,
    and what of its installment was `covered` early. `limit` is the exact sum of a cap.
    """

    loan: lc.Loan
    day: date
    undue: int
    items: list[Item] = field(default_factory=list)
    period: int = 1
    interest: Fraction = Fraction(0)
    posted: int = 0
    covered: int = 0
    credit: int = 0
    limit: Fraction = Fraction(0)
    closed: bool = False


@dataclass(frozen=True)
class Figures:
    """Where a loan stands at the end of a day."""

    days_past_due: int
    delinquent_days: int
    oldest_unpaid_due: date | None
    past_due: dict[str, int]
    outstanding_principal: int
    credit: int
    payoff: int
    next_due: tuple[date, int] | None


def walk(loan: lc.Loan, events: Iterable[lc.Event], known_on: date | None = None) -> Iterator[Book]:
    """The loan at the end of each day from its start on, for ever."""
    happened = in_force(events, known_on)
    book = Book(loan, loan.start, loan.principal_minor)
    for number in count():
        book.day = loan.start + number * NIGHT
        live(book, [event for event in happened if event.on == book.day])
        yield book
        night(book)


def in_force(events: Iterable[lc.Event], known_on: date | None) -> list[lc.Event]:
    """What was booked by a day and not reversed by then, in the order within a day: payments, then waivers."""
    known = [event for event in events if known_on is None or event.booked <= known_on]
    undone: set[str | None] = set()
    for event in sorted((e for e in known if isinstance(e, lc.Reversal)), key=lambda e: (e.booked, e.sequence or 0)):
        undone.add(event.of)
    kept = [event for event in known if not isinstance(event, lc.Reversal) and event.id not in undone]
    return sorted(kept, key=lambda event: (event.on, isinstance(event, lc.Waiver), event.sequence or 0))


def live(book: Book, events: Iterable[lc.Event]) -> None:
    """One day in its order: interest up to it, what falls due, held credit, payments, waivers, charges."""
    end_graces(book)
    cut_to_cap(book)
    if book.day in book.loan.dates[1:]:
        fall_due(book)
        book.credit = allocate(book, book.credit)
    for event in events:
        if isinstance(event, lc.Waiver):
            waive(book, event)
        elif isinstance(event, lc.Payoff):
            pay(book, payoff(book))
        elif isinstance(event, lc.Payment):
            pay(book, minor(book, event.amount))
    assess_penalties(book)
    cut_to_cap(book)
    for item in book.items:
        for component in ACCRUING:
            rebase(book, item, component)


def night(book: Book) -> None:
    """The night that begins: contract interest on daily loans until maturity, and the growth of a cap's limit."""
    loan, day = book.loan, book.day
    if loan.accrual == "daily" and not book.closed and day < loan.dates[plan_length(loan)]:
        share = Fraction(*loan.timeline.part(book.period, day, day + NIGHT))
        book.interest += book.undue * share
        for item in book.items:
            if bears_contract(book, item):
                book.interest += item.ended["principal"] * share
                item.contract += item.ended["principal"] * share
    for cap in loan.late.caps if loan.late else ():
        if cap.rate is not None:
            past_due = sum(item.ended["principal"] for item in book.items)
            base = past_due if cap.base == "past-due-principal" else past_due + book.undue
            share = cap.day_count.ratio(day, day + NIGHT)
            book.limit += base * Fraction(*cap.rate.factor(share, 1))


# What falls due


def fall_due(book: Book) -> None:
    """An installment falls due: as planned, or on a daily loan the planned payment, its interest first."""
    loan = book.loan
    number = loan.dates.index(book.day)
    if book.closed or number > plan_length(loan):
        return
    principal, interest = planned(loan, number)
    accrued = interest_to_date(book) if loan.accrual == "daily" else interest - book.posted
    due = max(principal + interest - book.covered, 0) if number < plan_length(loan) else accrued + book.undue
    interest = min(accrued, due)
    principal = min(due - interest, book.undue)
    book.interest, book.posted, book.covered = Fraction(0), interest - accrued, 0
    book.undue -= principal
    book.period = number + 1
    book.items.append(Item(book.day, Counter(principal=principal, interest=interest, fee=loan.fee_minor)))
    if loan.accrual == "daily":
        close_if_repaid(book)


def close_if_repaid(book: Book) -> None:
    """A loan whose principal was repaid early ends early."""
    book.closed = book.closed or not (book.undue or interest_to_date(book))


def plan_length(loan: lc.Loan) -> int:
    return len(loan.schedule())


def planned(loan: lc.Loan, number: int) -> tuple[int, int]:
    columns = loan.schedule().columns
    return columns.principal[number - 1], columns.interest[number - 1]


def interest_to_date(book: Book) -> int:
    """Contract interest of the running period that is not due yet."""
    loan, number = book.loan, book.period
    if loan.accrual == "daily":
        return rounded(book, book.interest, "interest") - book.posted
    if book.closed or number > plan_length(loan):
        return 0
    start = loan.timeline.accrual[number - 1]
    opening = loan.principal_minor
    if loan.method not in ("flat", "lump_sum"):
        opening -= sum(planned(loan, earlier)[0] for earlier in range(1, number))
    exact = opening * Fraction(*loan.timeline.part(number, start, max(start, book.day)))
    return rounded(book, exact, "interest") - book.posted


# What lateness costs


def grace_days(book: Book, *kinds: str) -> int:
    late = book.loan.late
    return late.grace.days if late and late.grace and late.grace.kind in kinds else 0


def in_deferred_grace(book: Book, item: Item) -> bool:
    return grace_days(book, "deferred") > 0 and (book.day - item.due).days <= grace_days(book, "deferred")


def bears_late(book: Book, item: Item) -> bool:
    """Whether the night that begins bears late interest, be it only once a deferred grace is missed."""
    is_charged = book.loan.late is not None and book.loan.late.interest is not None
    return is_charged and (book.day - item.due).days >= grace_days(book, "free")


def bears_contract(book: Book, item: Item) -> bool:
    """Whether past-due principal bears the contract rate this night: daily loans, until a late rate replaces it."""
    return not bears_late(book, item) or in_deferred_grace(book, item)


def end_graces(book: Book) -> None:
    """The day after a deferred grace: everything since the due date, in place of the contract rate; or nothing."""
    grace = grace_days(book, "deferred")
    for item in book.items:
        if not grace or (book.day - item.due).days != grace + 1:
            continue
        if is_paid(book, item):
            for component in ("late_interest", "compound_interest"):
                item.lines.pop(component, None)
                item.ended[component] = 0
        elif book.loan.late and book.loan.late.interest:
            book.interest -= item.contract
            item.lines.pop("after_maturity", None)
            item.ended["after_maturity"] = 0


def wanted_base(book: Book, item: Item, component: str) -> int:
    """What `component` of an installment accrues on from tonight."""
    late = book.loan.late.interest if book.loan.late else None
    principal, interest = item.ended["principal"], item.ended["interest"]
    if component == "after_maturity":
        is_after = book.loan.accrual == "daily" and book.day >= book.loan.dates[plan_length(book.loan)]
        bearing = [other.ended["principal"] for other in book.items if bears_contract(book, other)]
        return sum(bearing) if is_after and item is book.items[-1] else 0
    if late is None or not bears_late(book, item):
        return 0
    if component == "compound_interest":
        return interest if late.compound == "interest" else 0
    return principal + (interest if late.base == "principal+interest" else 0)


def rebase(book: Book, item: Item, component: str) -> None:
    """A line ends when its base changes, and the next one starts."""
    base = wanted_base(book, item, component)
    if component in item.lines and item.lines[component].base != base:
        end_line(book, item, component)
    if base and component not in item.lines:
        item.lines[component] = Line(book.day, base)


def end_line(book: Book, item: Item, component: str) -> None:
    item.ended[component] += running(book, item, component)
    item.lines.pop(component, None)


def running(book: Book, item: Item, component: str) -> int:
    """What the open line comes to today: exact, rounded once."""
    line = item.lines.get(component)
    if line is None:
        return 0
    loan, nights = book.loan, (book.day - line.start).days
    if component == "after_maturity":
        factor = loan.timeline.part(plan_length(loan), line.start, book.day)
    else:
        assert loan.late
        assert loan.late.interest
        terms = loan.late.interest
        share = terms.day_count.ratio(line.start, book.day) if terms.day_count else (0, 1)
        factor = terms.over(loan.rate).factor(share, nights)
    return rounded(book, line.base * Fraction(*factor), "accrual") - line.cut


def owed(book: Book, item: Item, component: str) -> int:
    if component in ("late_interest", "compound_interest") and in_deferred_grace(book, item):
        return 0
    return item.ended[component] + running(book, item, component)


def is_paid(book: Book, item: Item) -> bool:
    return not any(owed(book, item, component) for component in (*SCHEDULED, *book.loan.past_due_counts))


def assess_penalties(book: Book) -> None:
    """Once for each installment that is unpaid at the end of its first day late, or of the first day after the grace."""
    if not book.loan.late:
        return
    for item in book.items:
        if (book.day - item.due).days == grace_days(book, "free", "deferred") + 1 and not is_paid(book, item):
            for penalty in book.loan.late.penalties:
                item.ended["penalty"] += penalty_of(book, item, penalty)


def penalty_of(book: Book, item: Item, penalty: lc.Penalty) -> int:
    if penalty.percent is None:
        return minor(book, penalty.amount)
    principal, interest = item.ended["principal"], item.ended["interest"]
    bases = {
        "principal": principal,
        "interest": interest,
        "installment": principal + interest,
        "outstanding-principal": outstanding(book),
    }
    amount = rounded(book, penalty.percent * bases[penalty.of or ""], "fee")
    if penalty.min is not None:
        amount = max(amount, minor(book, penalty.min))
    return amount if penalty.max is None else min(amount, minor(book, penalty.max))


def cut_to_cap(book: Book) -> None:
    """What was charged so far is held to the limit, latest first; with `recover`, what was cut comes back first to last."""
    for cap in book.loan.late.caps if book.loan.late else ():
        limit = book.limit
        if cap.rate is None:
            limit = minor(book, cap.amount) if cap.share is None else book.loan.principal_minor * cap.share
        pairs = [(c, item) for c in CUT_ORDER if c in cap.covers for item in reversed(book.items)]
        charged = sum(owed(book, item, c) + item.settled[c] for c, item in pairs)
        excess = charged - limit.__floor__()
        for component, item in pairs if excess > 0 else reversed(pairs) if cap.recover else ():
            most = owed(book, item, component) if excess > 0 else item.cut[component]
            amount = max(min(excess, most), -most)
            item.cut[component] += amount
            excess -= amount
            if component in item.lines and (amount > 0 or item.lines[component].cut >= -amount):
                item.lines[component].cut += amount
            else:
                item.ended[component] -= amount


# Money


def pay(book: Book, amount: int) -> None:
    """A payment settles what is past due and due; the rest is early. A payment of exactly the payoff settles all."""
    if amount == payoff(book):
        for item in book.items:
            for component in (*COMPONENTS, "after_maturity"):
                settle(book, item, component, owed(book, item, component))
        book.undue, book.interest, book.posted, book.credit, book.closed = 0, Fraction(0), 0, 0, True
        return
    left = allocate(book, amount)
    if book.loan.early == "apply" and not book.closed:
        left = apply_early(book, left)
    book.credit += left


def apply_early(book: Book, amount: int) -> int:
    """Early money pays interest accrued to the day, then principal, and counts toward the running installment."""
    interest = min(amount, interest_to_date(book))
    principal = min(amount - interest, book.undue)
    book.posted += interest
    book.undue -= principal
    book.covered += interest + principal
    close_if_repaid(book)
    return amount - interest - principal


def allocate(book: Book, amount: int) -> int:
    """Settle what is past due and due in the agreed order; what is left."""
    allocation = book.loan.allocation
    order = [part for c in allocation.order for part in ((c, "after_maturity") if c == "interest" else (c,))]
    if allocation.direction == "vertical":
        walk_through = [(item, component) for component in order for item in book.items]
    else:
        walk_through = [(item, component) for item in book.items for component in order]
    for item, component in walk_through:
        paid = min(amount, owed(book, item, component))
        settle(book, item, component, paid)
        amount -= paid
    return amount


def settle(book: Book, item: Item, component: str, amount: int) -> None:
    """Take an amount off a component; the line that runs ends if something of what accrued on it is settled."""
    if amount > item.ended[component]:
        end_line(book, item, component)
    item.ended[component] -= amount
    item.settled[component] += amount


def waive(book: Book, waiver: lc.Waiver) -> None:
    """Let go of what is owed of a component, oldest due date first."""
    left = None if waiver.amount == "all" else minor(book, waiver.amount)
    for item in book.items:
        for part in (waiver.component, "after_maturity") if waiver.component == "interest" else (waiver.component,):
            amount = owed(book, item, part) if left is None else min(left, owed(book, item, part))
            settle(book, item, part, amount)
            left = None if left is None else left - amount


# Where it stands


def outstanding(book: Book) -> int:
    return book.undue + sum(item.ended["principal"] for item in book.items)


def payoff(book: Book) -> int:
    return total(book, book.items) + interest_to_date(book) + book.undue - book.credit


def total(book: Book, items: Iterable[Item]) -> int:
    return sum(owed(book, item, component) for item in items for component in (*COMPONENTS, "after_maturity"))


def figures(book: Book) -> Figures:
    """Everything about the end of the day."""
    unpaid = [item.due for item in book.items if not is_paid(book, item)]
    days = (book.day - unpaid[0]).days if unpaid else 0
    grace = book.loan.late.grace if book.loan.late else None
    delinquent = days
    if grace and grace.kind == "status-only":
        beyond = days - grace.days if grace.counted == "after-grace" else days
        delinquent = beyond if days > grace.days else 0
    before = [item for item in book.items if item.due < book.day]
    past_due = {component: sum(owed(book, item, component) for item in before) for component in COMPONENTS}
    past_due["interest"] += sum(owed(book, item, "after_maturity") for item in before)
    return Figures(
        days, delinquent, min(unpaid, default=None), past_due, outstanding(book), book.credit, payoff(book), next_due(book)
    )


def next_due(book: Book) -> tuple[date, int] | None:
    """The first installment from today on that is not fully paid, gross; on daily loans as it will be if nothing happens."""
    ahead = replace(book, items=deepcopy(book.items), credit=0)
    last = book.loan.dates[plan_length(book.loan)]
    while ahead.day <= last:
        for item in ahead.items:
            unpaid = sum(item.ended[component] for component in SCHEDULED)
            if item.due == ahead.day and unpaid:
                return item.due, unpaid
        night(ahead)
        ahead.day += NIGHT
        live(ahead, ())
    return None


def minor(book: Book, amount: object) -> int:
    return int(Fraction(str(amount)) * 10**book.loan.digits)


def rounded(book: Book, exact: Fraction, purpose: str) -> int:
    """Rounded once, as the loan rounds for a purpose."""
    rounding = getattr(book.loan.rounding, purpose) or book.loan.rounding
    steps = exact / rounding.step
    whole, rest = steps.__floor__(), steps - steps.__floor__()
    up = {
        "half-up": rest >= Fraction(1, 2),
        "half-even": rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1),
        "up": rest > 0,
        "down": False,
    }[rounding.mode]
    return (whole + up) * rounding.step
