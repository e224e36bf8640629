"""The fold: terms and events in, the state of the account at the end of any day out.

State lives only here, and only while a replay runs, in whole minor units. A replay walks its tasks in order of date and
of the order within a day: an installment falls due, money comes, something is waived, a penalty is assessed. Between
tasks nothing is computed: an accrual line knows its base and its start, and is exact whenever it is asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from operator import itemgetter
from typing import NamedTuple

from loancalc.caps import CapMeter
from loancalc.errors import InvalidEvent, InvalidTerms
from loancalc.events import BECOMES_DUE, ORDER_OF_DAY, PENALTIES, Event, Payment, Payoff, Waiver
from loancalc.loan import Loan
from loancalc.money import format_minor, to_minor
from loancalc.names import COMPONENTS
from loancalc.overdue import COMPOUND, FEE, INTEREST, LATE, PENALTY, PRINCIPAL, PenaltyCharge, PenaltyRule
from loancalc.owed import Lines, Owed, Part
from loancalc.running import RunningPeriod

_ONE_DAY = timedelta(days=1)
_WAKE = 0


class Receipt(NamedTuple):
    """An event that moved money, what it settled so far, and whether it did so as a payoff."""

    event: Event
    amount: int
    parts: list[Part]
    is_payoff: bool


class Task(NamedTuple):
    """Something to do on a day, in the order of the day."""

    on: date
    order: int
    sequence: int
    item: Owed | None
    event: Event | None


class Replay:
    """One account being replayed. `run_to` moves it forward; it never goes back."""

    def __init__(self, loan: Loan, events: Iterable[Event]) -> None:
        if loan.rounding.unit_places:
            raise InvalidTerms("rounding: an account needs amounts in whole minor units; this loan's are kept finer")
        columns = loan.schedule().columns
        self.loan = loan
        self.today = loan.start
        fee = loan.fee_minor
        rows = zip(loan.dates[1:], columns.principal, columns.interest, strict=False)
        self.items = [Owed(number, *row, fee) for number, row in enumerate(rows, 1)]
        self.lines = Lines(loan)
        self.running = RunningPeriod(loan) if loan.accrual == "daily" else None
        self.undue = loan.principal_minor
        self.held: list[tuple[Receipt, int]] = []
        self.penalties: list[PenaltyCharge] = []
        self.receipts: list[Receipt] = []
        self.due_count = 0
        self._first_open = 0
        self._opened = 0
        self._released = 0
        self._order = [COMPONENTS.index(name) for name in loan.allocation.order]
        self._horizontal = loan.allocation.direction == "horizontal"
        self._keeps_unpaid = [FEE, INTEREST, PRINCIPAL, *(COMPONENTS.index(name) for name in loan.past_due_counts)]
        self._read_late_terms()
        self._tasks = self._plan_tasks(events)
        self._done = 0

    def _read_late_terms(self) -> None:
        late = self.loan.late
        interest = late.interest if late else None
        grace = late.grace if late else None
        self._on_interest = interest is not None and interest.compound == "interest"
        self._on_both = interest is not None and interest.base == "principal+interest"
        self._grace = timedelta(days=grace.charge_free_days if grace else 0)
        self._free = self._grace if grace and grace.kind == "free" else timedelta(0)
        self._deferred = bool(self._grace and not self._free)
        self._penalty_rules = [PenaltyRule(penalty, self.loan) for penalty in late.penalties] if late else []
        self._cap = CapMeter(late.caps[0], self.loan) if late and late.caps else None

    def _plan_tasks(self, events: Iterable[Event]) -> list[Task]:
        tasks = [Task(item.due, BECOMES_DUE, 0, item, None) for item in self.items]
        if self._penalty_rules:
            after = self._grace + _ONE_DAY
            tasks += [Task(item.due + after, PENALTIES, 0, item, None) for item in self.items]
        if self._grace and (self.running or self._cap):
            wait = self._free or self._grace + _ONE_DAY
            tasks += [Task(item.due + wait, _WAKE, 0, item, None) for item in self.items]
        for index, event in enumerate(events):
            if event.on < self.loan.start:
                raise InvalidEvent(
                    f"{event!r}: got {event.on}; expected {self.loan.start}, the start of the loan, or later"
                )
            tasks.append(Task(event.on, ORDER_OF_DAY[type(event)], index, None, event))
        tasks.sort(key=itemgetter(0, 1, 2))
        return tasks

    # Moving forward

    def run_to(self, day: date) -> None:
        """Do everything up to the end of `day`."""
        tasks = self._tasks
        while self._done < len(tasks) and tasks[self._done].on <= day:
            task = tasks[self._done]
            self._done += 1
            if task.on > self.today:
                self._advance(task.on)
            self._do(task)
        if day > self.today:
            self._advance(day)

    def _do(self, task: Task) -> None:
        event = task.event
        if event is None:
            if task.item is not None and task.order == BECOMES_DUE:
                self._fall_due(task.item)
            elif task.item is not None and task.order == PENALTIES:
                self._assess_penalties(task.item)
        elif isinstance(event, Payment):
            self._pay(event, to_minor(event.amount, self.loan.digits, "payment.amount"))
        elif isinstance(event, Payoff):
            self._pay_off(event)
        elif isinstance(event, Waiver):
            self._waive(event)

    def _advance(self, day: date) -> None:
        """From the end of `today` to the start of `day`: lines open on what became late, interest runs."""
        items = self.items
        while self._opened < self.due_count and items[self._opened].due + self._free < day:
            self._open_lines(items[self._opened])
            self._opened += 1
        while self._deferred and self._released < self.due_count and items[self._released].due + self._grace < day:
            self._release(items[self._released])
            self._released += 1
        if self.running:
            bearing = self.bearing()
            if self.due_count < len(items):
                self.running.rebase(self.today, bearing)
            else:
                self.lines.rebase(items[-1], INTEREST, bearing, self.today)
        if self._cap:
            self._run_cap(self._cap, day)
        self.today = day
        while self._first_open < self.due_count and items[self._first_open].is_clear:
            self._first_open += 1

    def _open_lines(self, item: Owed) -> None:
        if self.lines.late_rate is not None and not self.is_settled(item):
            item.held = self._deferred
            self._rebase_late(item, item.due + self._free)

    def _rebase_late(self, item: Owed, on: date) -> None:
        owed = item.owed
        self.lines.rebase(item, LATE, owed[PRINCIPAL] + owed[INTEREST] if self._on_both else owed[PRINCIPAL], on)
        if self._on_interest:
            self.lines.rebase(item, COMPOUND, owed[INTEREST], on)

    def _release(self, item: Owed) -> None:
        """The deferred grace is over: if the installment is unpaid, its late charges stand since the due date."""
        if not item.held:
            return
        late = item.lines[LATE]
        spans = [(line.base, line.start, line.end) for component, line in item.held_lines if component == LATE]
        if late is not None:
            spans.append((late.base, late.start, self.today))
        self.lines.release(item)
        item.held_lines.clear()
        if self.running:
            self._take_off_contract_interest([span for span in spans if span[1] < span[2]])

    def _take_off_contract_interest(self, spans: list[tuple[int, date, date]]) -> None:
        assert self.running is not None
        twice = sum((self.running.interest_on(*span) for span in spans), Fraction(0))
        if self.due_count < len(self.items):
            self.running.take_off(twice)
            return
        last = self.items[-1]
        self.lines.end(last, INTEREST, self.today)
        over = self.lines.divide(twice.numerator, twice.denominator)
        last.owed[INTEREST] -= min(over, last.owed[INTEREST])

    def bearing(self) -> int:
        """Principal that bears contract interest: all that is outstanding, but what bears the late rate."""
        bearing = self.undue
        for item in self._live():
            if item.lines[LATE] is None or item.held:
                bearing += item.owed[PRINCIPAL]
        return bearing

    # What is owed

    def _live(self) -> list[Owed]:
        """The installments that are due and not cleared, oldest first."""
        return self.items[self._first_open : self.due_count]

    def is_settled(self, item: Owed) -> bool:
        """Whether nothing that keeps an installment past due is unpaid."""
        owed = item.owed
        return not any(owed[component] for component in self._keeps_unpaid)

    def claim(self, item: Owed, component: int) -> int:
        """What a due installment owes of a component today, open lines included, cuts taken off."""
        amount = item.owed[component] - item.cut[component]
        return amount if item.lines[component] is None else amount + self.lines.quote(item, component, self.today)

    @property
    def credit(self) -> int:
        """Money received and not yet applied."""
        return sum(amount for _, amount in self.held)

    @property
    def outstanding_principal(self) -> int:
        """Principal advanced and not yet repaid, due or not."""
        return self.undue + sum(item.owed[PRINCIPAL] for item in self._live())

    def accrued_interest(self) -> int:
        """Interest of the running period up to today that is not yet due and not yet paid, rounded."""
        if self.due_count >= len(self.items):
            return 0
        if self.running:
            return self.running.accrued(self.today)
        if not self.undue:
            return 0
        loan, item = self.loan, self.items[self.due_count]
        start = loan.dates[self.due_count]
        flat = loan.method in ("flat", "lump_sum") or not self.due_count
        balance = loan.principal_minor if flat else loan.schedule().columns.balance[self.due_count - 1]
        numerator, denominator = loan.interest_factor(item.number, start, self.today)
        exact = loan.rounding.divide("interest")(balance * numerator, denominator)
        return max(0, exact - item.paid[INTEREST])

    def payoff(self) -> int:
        """What leaves exactly nothing if it is paid today, held credit taken off."""
        claims = sum(self.claim(item, component) for item in self._live() for component in self._order)
        return claims + self.accrued_interest() + self.undue - self.credit

    # Falling due

    def _fall_due(self, item: Owed) -> None:
        """Interest is added up, the installment is owed, held credit is applied."""
        owed, paid = item.owed, item.paid
        if self.running:
            accrued = self.running.accrued(item.due)
            owed[INTEREST], owed[PRINCIPAL] = self.running.split(item, self.undue, accrued)
            self.running.close(item.due, owed[INTEREST], accrued)
            item.interest, item.principal = owed[INTEREST] + paid[INTEREST], owed[PRINCIPAL] + paid[PRINCIPAL]
        else:
            owed[INTEREST] = item.interest - paid[INTEREST]
            owed[PRINCIPAL] = item.principal - paid[PRINCIPAL]
        owed[FEE] = item.fee - paid[FEE]
        self.undue -= owed[PRINCIPAL]
        self.due_count += 1
        if item.settled_on is None and not any(owed):
            item.settled_on = item.due
        while self.held and any(not live.is_clear for live in self._live()):
            receipt, amount = self.held.pop(0)
            left = self._settle(amount, receipt.parts)
            if left:
                self.held.insert(0, (receipt, left))
                break

    # Money in

    def _pay(self, event: Event, amount: int) -> None:
        if not self.running and self.undue and amount >= self.undue - self.credit and amount == self.payoff():
            self._receive_payoff(event, amount)
            return
        receipt = Receipt(event, amount, [], is_payoff=False)
        self.receipts.append(receipt)
        left = self._settle(amount, receipt.parts)
        if left and self.loan.early == "apply":
            left = self._apply_early(left, receipt.parts)
        if left:
            self.held.append((receipt, left))

    def _pay_off(self, event: Payoff) -> None:
        amount = self.payoff()
        if amount < 0:
            over = format_minor(-amount, self.loan.digits)
            raise InvalidEvent(
                f"{event!r}: the account holds {over} more than is owed on that day; there is nothing to pay off"
            )
        self._receive_payoff(event, amount)

    def _receive_payoff(self, event: Event, amount: int) -> None:
        """Past due, due, interest to date and all principal are paid; interest of later periods is not owed."""
        receipt = Receipt(event, amount, [], is_payoff=True)
        self.receipts.append(receipt)
        pieces = [*self.held, (receipt, amount)]
        self.held = []
        interest = self.accrued_interest()
        for source, piece in pieces:
            left = self._settle(piece, source.parts)
            for item in self.items[self.due_count :]:
                first = item.number == self.due_count + 1
                if first and interest:
                    taken = min(left, interest)
                    interest -= taken
                    left -= self._record(item, INTEREST, taken, source.parts)
                undue = self.undue if self.running else item.principal - item.paid[PRINCIPAL]
                taken = min(left, undue)
                self.undue -= taken
                left -= self._record(item, PRINCIPAL, taken, source.parts)
        for item in self.items[self.due_count :]:
            item.principal, item.interest, item.fee = item.paid[PRINCIPAL], item.paid[INTEREST], item.paid[FEE]
            item.settled_on = item.settled_on or self.today
        if self.running:
            self.running.stop(self.today)

    def _record(self, item: Owed, component: int, amount: int, parts: list[Part]) -> int:
        if amount:
            item.paid[component] += amount
            parts.append(Part(item.number, component, amount, self.today))
        return amount

    def _settle(self, amount: int, parts: list[Part]) -> int:
        """Walk the allocation over what is past due and due; returns what is left."""
        items, before = self._live(), len(parts)
        if self._horizontal:
            for item in items:
                for component in self._order:
                    if item.owed[component] or item.lines[component] is not None:
                        amount -= self._record(item, component, self._take(item, component, amount), parts)
                if not amount:
                    break
        else:
            for component in self._order:
                for item in items:
                    if item.owed[component] or item.lines[component] is not None:
                        amount -= self._record(item, component, self._take(item, component, amount), parts)
                if not amount:
                    break
        for number in {part.installment for part in parts[before:]}:
            self._after_settling(self.items[number - 1])
        return amount

    def _take(self, item: Owed, component: int, most: int) -> int:
        """Settle up to `most` of a component; a line ends if something of what accrued on it is settled."""
        taken = min(self.claim(item, component), most)
        if taken <= 0:
            return 0
        if item.lines[component] is not None and taken > item.owed[component] - item.cut[component]:
            self.lines.end(item, component, self.today)
        item.owed[component] -= taken
        return taken

    def _after_settling(self, item: Owed) -> None:
        """Bases follow what is unpaid; an installment that is paid inside a deferred grace never was late."""
        if item.lines[LATE] is not None or item.lines[COMPOUND] is not None:
            self._rebase_late(item, self.today)
        last = self.items[-1]
        if last.lines[INTEREST] is not None:
            self.lines.rebase(last, INTEREST, self.bearing(), self.today)
        if item.settled_on is None and self.is_settled(item):
            item.settled_on = self.today
            if item.held:
                item.forget_lines()
                item.held = False

    def _apply_early(self, amount: int, parts: list[Part]) -> int:
        """Money that came early: on daily loans interest to date, then principal; else the next installments."""
        if not self.running:
            return self._apply_ahead(amount, parts)
        if self.due_count >= len(self.items):
            return amount
        item = self.items[self.due_count]
        interest = min(amount, self.accrued_interest())
        principal = min(amount - interest, self.undue)
        self.undue -= principal
        self.running.pay(interest, principal)
        self._record(item, INTEREST, interest, parts)
        self._record(item, PRINCIPAL, principal, parts)
        return amount - interest - principal

    def _apply_ahead(self, amount: int, parts: list[Part]) -> int:
        for item in self.items[self.due_count :]:
            agreed = {FEE: item.fee, INTEREST: item.interest, PRINCIPAL: item.principal}
            for component in self._order:
                taken = min(amount, agreed.get(component, 0) - item.paid[component])
                if taken > 0:
                    amount -= self._record(item, component, taken, parts)
                    self.undue -= taken if component == PRINCIPAL else 0
            if all(item.paid[component] == agreed[component] for component in agreed):
                item.settled_on = item.settled_on or self.today
            if not amount:
                break
        return amount

    def _waive(self, event: Waiver) -> None:
        component = COMPONENTS.index(event.component)
        items = self._live()
        owed = sum(self.claim(item, component) for item in items)
        amount = owed if event.amount == "all" else to_minor(event.amount, self.loan.digits, "waiver.amount")
        if amount > owed:
            raise InvalidEvent(
                f"{event!r}: got {event.amount}; expected at most {format_minor(owed, self.loan.digits)}, "
                f"the {event.component} owed on {event.on}"
            )
        receipt = Receipt(event, amount, [], is_payoff=False)
        self.receipts.append(receipt)
        for item in items:
            taken = self._take(item, component, amount)
            if taken:
                amount -= taken
                item.waived[component] += taken
                receipt.parts.append(Part(item.number, component, taken, self.today))
                self._after_settling(item)

    # Penalties and caps

    def _assess_penalties(self, item: Owed) -> None:
        if self.is_settled(item):
            return
        for rule in self._penalty_rules:
            base = rule.base(item.owed, self.outstanding_principal)
            amount = rule.amount(base)
            if amount:
                item.owed[PENALTY] += amount
                self.penalties.append(PenaltyCharge(item.number, self.today, rule.name, base, amount))
        if self._cap:
            self._cap.check(self._live(), self.lines.quote, self.today)

    def _run_cap(self, cap: CapMeter, day: date) -> None:
        """Let the limit grow to the start of `day`; where accruals are covered, look at every day on the way."""
        if cap.past_due_only:
            cap.rebase(self.today, sum(item.owed[PRINCIPAL] for item in self._live()))
        else:
            cap.rebase(self.today, self.outstanding_principal)
        if cap.looks_daily:
            while self.today < day:
                self.today += _ONE_DAY
                cap.check(self._live(), self.lines.quote, self.today)
        elif cap.cap.recover:
            cap.check(self._live(), self.lines.quote, day)
