"""The fold: terms and events in, the state of the account at the end of any day out.

State lives only here, and only while a replay runs, in whole minor units. A replay walks its tasks in order of date and
of the order within a day: an installment falls due, money comes, something is waived, a penalty is assessed. Between
tasks nothing is computed: an accrual line knows its base and its start, and is exact whenever it is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from operator import itemgetter
from typing import NamedTuple

from loancalc.caps import CapMeter
from loancalc.debts import Debts, Span
from loancalc.early_money import pay_ahead
from loancalc.errors import InvalidEvent, InvalidTerms
from loancalc.events import BECOMES_DUE, ORDER_OF_DAY, PENALTIES, Event, Payment, Payoff, Waiver
from loancalc.loan import Loan
from loancalc.money import format_minor
from loancalc.names import COMPONENTS
from loancalc.overdue import FEE, INTEREST, LATE, PENALTY, PRINCIPAL, PenaltyCharge, PenaltyRule
from loancalc.owed import Owed, Part
from loancalc.running import RunningPeriod

ONE_DAY = timedelta(days=1)
_WAKE = 0


class Receipt(NamedTuple):
    """An event that moved money, what it settled so far, and whether it did so as a payoff; itself again in `meant`, if
    it is a payment that the borrower meant for something.
    """

    event: Event
    amount: int
    parts: list[Part]
    is_payoff: bool
    meant: Payment | None = None


Task = tuple[date, int, int, Owed | None, Event | None]
"""Something to do: its day, its order within the day, its sequence within both; an installment or an event."""


class Replay:
    """One account being replayed. `run_to` moves it forward; it never goes back."""

    def __init__(self, loan: Loan, events: Iterable[Event], minor: Mapping[str | None, int]) -> None:
        """Replay `events`, whose amounts in minor units are in `minor` by their ids."""
        self._minor = minor
        if loan.rounding.unit_places:
            raise InvalidTerms("rounding: an account needs amounts in whole minor units; this loan's are kept finer")
        late = loan.late
        self.loan = loan
        self.debts = Debts(loan)
        self.running = RunningPeriod(loan) if loan.accrual == "daily" else None
        self.undue = loan.principal_minor
        self.held: list[tuple[Receipt, int]] = []
        self.penalties: list[PenaltyCharge] = []
        self.receipts: list[Receipt] = []
        self._penalty_rules = [PenaltyRule(penalty, loan) for penalty in late.penalties] if late else []
        self._cap = CapMeter(late.caps[0], loan) if late and late.caps else None
        self._tasks = self._plan_tasks(events)
        self._done = 0
        self._assessed_on: date | None = None
        self._penalties_before = 0

    def _plan_tasks(self, events: Iterable[Event]) -> list[Task]:
        debts = self.debts
        items = list(enumerate(debts.items))
        tasks: list[Task] = [(item.due, BECOMES_DUE, n, item, None) for n, item in items]
        if self._penalty_rules:
            after = debts.grace + ONE_DAY
            tasks += [(item.due + after, PENALTIES, n, item, None) for n, item in items]
        if debts.grace and (self.running or self._cap):
            wait = debts.free or debts.grace + ONE_DAY
            tasks += [(item.due + wait, _WAKE, n, item, None) for n, item in items]
        tasks += [(event.on, ORDER_OF_DAY[type(event)], n, None, event) for n, event in enumerate(events)]
        tasks.sort(key=itemgetter(0, 1, 2))
        return tasks

    # Moving forward

    @property
    def today(self) -> date:
        """The day that has been reached."""
        return self.debts.today

    def run_to(self, day: date) -> None:
        """Do everything up to the end of `day`."""
        tasks, debts = self._tasks, self.debts
        while self._done < len(tasks) and tasks[self._done][0] <= day:
            on, order, _, item, event = tasks[self._done]
            self._done += 1
            if on > debts.today:
                self._advance(on)
            if event is not None:
                self._happen(event)
            elif item is not None and order == BECOMES_DUE:
                self._fall_due(item)
            elif item is not None and order == PENALTIES:
                self._assess_penalties(item)
        if day > debts.today:
            self._advance(day)

    def _happen(self, event: Event) -> None:
        if isinstance(event, Payment):
            self._pay(event, self._minor[event.id])
        elif isinstance(event, Payoff):
            self._pay_off(event)
        elif isinstance(event, Waiver):
            self._waive(event)

    def _advance(self, day: date) -> None:
        """From the end of `today` to the start of `day`: lines open on what became late, interest runs."""
        debts = self.debts
        debts.open_lines(day)
        if self.running:
            if debts.due_count < len(debts.items):
                self.running.rebase(debts.today, self.bearing())
            else:
                debts.lines.rebase(debts.items[-1], INTEREST, self.bearing(), debts.today)
        if self._cap:
            self._run_cap(self._cap, day)
        debts.move_to(day)
        if debts.deferred:
            for item, spans in debts.end_grace():
                self._take_off_contract_interest(item, spans)
            if self._cap:
                self._cap.check(debts.live(), debts.lines.quote, day)

    def bearing(self) -> int:
        """Principal that bears contract interest: all that is outstanding, but what bears the late rate."""
        return self.undue + self.debts.at_contract_rate()

    def _take_off_contract_interest(self, item: Owed, spans: list[Span]) -> None:
        """Nights that turn out to bear the late rate do not bear the contract rate (daily loans, deferred grace)."""
        if self.running is None:
            return
        debts = self.debts
        if debts.due_count < len(debts.items):
            for span in spans:
                self.running.take_off(self.running.interest_on(*span))
            return
        last = debts.items[-1]
        debts.lines.end(last, INTEREST, self.today)
        for span in spans:
            paid = debts.lines.correct(last, INTEREST, span)
            last.paid[INTEREST] -= paid
            item.paid[LATE] += paid
            item.owed[LATE] -= paid

    # What is owed

    @property
    def credit(self) -> int:
        """Money received and not yet applied."""
        return sum(amount for _, amount in self.held) if self.held else 0

    @property
    def outstanding_principal(self) -> int:
        """Principal advanced and not yet repaid, due or not."""
        return self.undue + self.debts.principal()

    def accrued_interest(self) -> int:
        """Interest of the running period up to today that is not yet due and not yet paid, rounded."""
        number = self.debts.due_count + 1
        if number > len(self.debts.items):
            return 0
        if self.running:
            return self.running.accrued(self.today)
        if not self.undue:
            return 0
        interest = self.loan.interest_to_date(number, self.today)
        return max(0, interest - self.debts.items[number - 1].paid[INTEREST])

    def accrued_how(self) -> str:
        """The calculation of the interest to date as text; nothing where none has accrued."""
        number = self.debts.due_count + 1
        if number > len(self.debts.items) or not self.undue or self.today <= self.loan.timeline.accrual[number - 1]:
            return ""
        if self.running:
            return self.running.how(self.today)
        return self.loan.show_interest_to_date(number, self.today)

    def payoff(self) -> int:
        """What leaves exactly nothing if it is paid today, held credit taken off.

        A payment of today is in time for a penalty that is assessed today, so that penalty is not in it.
        """
        return self.debts.total() - self.assessed_today() + self.accrued_interest() + self.undue - self.credit

    def assessed_today(self) -> int:
        """Penalties assessed at the end of today, as far as they are owed."""
        if self._assessed_on != self.today:
            return 0
        return sum(self.debts.claim(item, PENALTY) for item in self.debts.live()) - self._penalties_before

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
        self.debts.due_count += 1
        if item.settled_on is None and not any(owed):
            item.settled_on = item.due
        if self.held and any(owed):
            self._apply_held(owed)

    def _apply_held(self, owed: list[int]) -> None:
        """Held credit is applied, oldest first, as far as it was not meant for something else."""
        held, self.held = self.held, []
        for place, (receipt, amount) in enumerate(held):
            if not any(owed):
                self.held += held[place:]
                break
            left = self.debts.settle(amount, receipt.parts, receipt.meant)
            if left:
                self.held.append((receipt, left))

    # Money in

    def _pay(self, event: Event, amount: int) -> None:
        meant = event if type(event) is Payment and event.is_designated else None
        if (
            (self.undue or self.held)
            and amount >= self.undue - self.credit
            and meant is None
            and amount == self.payoff()
        ):
            self._receive_payoff(event, amount)
            return
        receipt = Receipt(event, amount, [], False, meant)
        self.receipts.append(receipt)
        left = amount if meant is None else self._pay_ahead_of_others(meant, amount, receipt.parts)
        left = self.debts.settle(left, receipt.parts, meant)
        if left and self.loan.early == "apply":
            left = self._apply_early(left, receipt.parts, meant)
        if left:
            self.held.append((receipt, left))

    def _pay_off(self, event: Payoff) -> None:
        amount = self.payoff()
        if amount < 0:
            over = format_minor(-amount, self.loan.digits)
            raise InvalidEvent(f"{event!r}: the account holds {over} more than is owed; there is nothing to pay off")
        self._receive_payoff(event, amount)

    def _receive_payoff(self, event: Event, amount: int) -> None:
        """Past due, due, interest to date and all principal are paid; interest of later periods is not owed."""
        receipt = Receipt(event, amount, [], is_payoff=True)
        self.receipts.append(receipt)
        pieces = [*self.held, (receipt, amount)]
        self.held = []
        interest, ahead = self.accrued_interest(), self.debts.items[self.debts.due_count :]
        for source, piece in pieces:
            left = self.debts.settle(piece, source.parts)
            for item in ahead:
                taken = self._record(item, INTEREST, min(left, interest), source.parts)
                interest -= taken
                left -= taken
                undue = self.undue if self.running else item.principal - item.paid[PRINCIPAL]
                taken = self._record(item, PRINCIPAL, min(left, undue), source.parts)
                self.undue -= taken
                left -= taken
        self._end_plan()

    def _end_plan(self) -> None:
        """Nothing more falls due: later installments ask for no more than was paid of them."""
        for item in self.debts.items[self.debts.due_count :]:
            item.principal, item.interest, item.fee = item.paid[PRINCIPAL], item.paid[INTEREST], item.paid[FEE]
            item.settled_on = item.settled_on or self.today
        if self.running:
            self.running.stop(self.today)

    def _record(self, item: Owed, component: int, amount: int, parts: list[Part]) -> int:
        if amount:
            item.paid[component] += amount
            parts.append((item.number, component, amount, self.today))
        return amount

    def _apply_early(self, amount: int, parts: list[Part], meant: Payment | None) -> int:
        """Money that came early: on daily loans interest to date, then principal; else the next installments."""
        ahead = self.debts.items[self.debts.due_count :]
        if self.running and ahead:
            only = meant.only if meant else ()
            interest = min(amount, self.accrued_interest()) if not only or "interest" in only else 0
            principal = min(amount - interest, self.undue) if not only or "principal" in only else 0
            self.undue -= principal
            self.running.pay(interest, principal)
            self._record(ahead[0], INTEREST, interest, parts)
            self._record(ahead[0], PRINCIPAL, principal, parts)
            if not self.undue and not self.accrued_interest():
                self._end_plan()
            elif self.running.covers(ahead[0], self.undue):
                ahead[0].settled_on = ahead[0].settled_on or self.debts.today
            return amount - interest - principal
        waterfall = self.debts.waterfall() if meant is None else self.debts.waterfall().only(meant.only)
        left, principal = pay_ahead(ahead, amount, waterfall, self.today, parts)
        self.undue -= principal
        return left

    def _pay_ahead_of_others(self, meant: Payment, amount: int, parts: list[Part]) -> int:
        """Money that is meant for an installment not yet due covers that one first, unless it is held until then."""
        number, count = meant.installment or 0, len(self.debts.items)
        if number > count:
            raise InvalidEvent(f"{meant!r}: got installment {number}; expected one of 1 to {count}")
        if number <= self.debts.due_count or self.loan.early == "hold":
            return amount
        if self.running:
            raise InvalidEvent(
                f"{meant!r}: got installment {number} on {meant.on}; expected one of 1 to {self.debts.due_count}, which "
                "are due: early money lowers the principal of this loan at once"
            )
        waterfall = self.debts.waterfall().only(meant.only)
        left, principal = pay_ahead([self.debts.items[number - 1]], amount, waterfall, self.today, parts)
        self.undue -= principal
        return left

    def _waive(self, event: Waiver) -> None:
        debts, component = self.debts, COMPONENTS.index(event.component)
        owed = sum(debts.claim(item, component) for item in debts.live())
        amount = owed if event.amount == "all" else self._minor[event.id]
        if amount > owed:
            raise InvalidEvent(
                f"{event!r}: got {event.amount}; expected at most {format_minor(owed, self.loan.digits)}, "
                f"the {event.component} owed on {event.on}"
            )
        receipt = Receipt(event, amount, [], is_payoff=False)
        self.receipts.append(receipt)
        for item in debts.live():
            amount -= debts.waive(item, component, amount, receipt.parts)

    # Penalties and caps

    def _assess_penalties(self, item: Owed) -> None:
        if self.debts.is_settled(item):
            return
        if self._assessed_on != self.today:
            self._assessed_on = self.today
            self._penalties_before = sum(self.debts.claim(live, PENALTY) for live in self.debts.live())
        for rule in self._penalty_rules:
            base = rule.base(item.owed, self.outstanding_principal)
            amount = rule.amount(base)
            if amount:
                item.owed[PENALTY] += amount
                self.penalties.append(PenaltyCharge(item.number, self.today, rule.name, base, amount))
        if self._cap:
            self._cap.check(self.debts.live(), self.debts.lines.quote, self.today)

    def _run_cap(self, cap: CapMeter, day: date) -> None:
        """Let the limit grow to the start of `day`; where accruals are covered, look at every day on the way."""
        debts = self.debts
        cap.rebase(self.today, debts.principal() if cap.past_due_only else self.outstanding_principal)
        if cap.looks_daily:
            while debts.today < day:
                debts.today += ONE_DAY
                cap.check(debts.live(), debts.lines.quote, debts.today)
        elif cap.cap.recover:
            cap.check(debts.live(), debts.lines.quote, day)
