"""The fold: terms and events in, the state of the account at the end of any day out.

State lives only here, and only while a replay runs, in whole minor units. A replay walks its tasks in order of date and
of the order within a day: an installment falls due, money comes, something is waived, a penalty is assessed. Between
tasks nothing is computed: an accrual line knows its base and its start, and is exact whenever it is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from weakref import WeakMethod

from loancalc.errors import InvalidTerms
from loancalc.plan import planned_interest
from loancalc.plan.continuing import in_the_first_row
from loancalc.plan.loan import Loan
from loancalc.servicing.agenda import Agenda, all_tasks
from loancalc.servicing.book import Booked
from loancalc.servicing.charging import charged_ahead, may_be_charged
from loancalc.servicing.debts import Debts
from loancalc.servicing.early_settlement import early_end
from loancalc.servicing.effects import happen
from loancalc.servicing.end_of_grace import end_grace
from loancalc.servicing.endings import end_with_little
from loancalc.servicing.events import BECOMES_DUE, NEW_TERMS, PAID_OUT, PENALTIES, WAKE
from loancalc.servicing.late_charges import ONE_DAY, LateCharges
from loancalc.servicing.overdue import FEE, INTEREST, PRINCIPAL, Assessed
from loancalc.servicing.owed import Owed, Part
from loancalc.servicing.paid_ahead import is_performed
from loancalc.servicing.record import Charged, Receipt
from loancalc.servicing.replanning import agreed_change, pay_out
from loancalc.servicing.running import RunningPeriod
from loancalc.values.money import format_minor, to_minor


class Replay:
    """One account being replayed. `run_to` moves it forward; it never goes back. Amounts are in minor units.

    Attributes:
        loan, agreed: The terms that hold by now, and those of the beginning.
        debts: The installments, and what is owed of those that are due.
        running: The running period of a daily loan; None where interest stands whatever day money comes.
        undue, advanced: The principal that is not due yet, and all that was paid out.
        capitalized: What joined the principal.
        before: How many installments are of plans before the one that runs.
        planned: How many the longest plan so far had.
        held: Money that is not applied yet: of each receipt how much, oldest first.
        receipts, charges: What is written down: of events, and of charges by event.
        pauses: Nights that the count of delinquent days leaves out.
        charged_off: The day of the charge-off.
        accrues_no_more: Whether the loan was charged off without further interest.
        ending, holder, is_ended: How the loan ended for the lender, who holds the claim then, and whether nothing falls due any more.
        small_balance, kept: How little counts as nothing at the end, and what the lender kept by that.
        late: What lateness charges; None without late terms.
        agenda: What is still to be done.
    """

    def __init__(self, loan: Loan, book: Sequence[Booked]) -> None:
        """Replay the entries of a book that are in force, in its order."""
        if loan.rounding.unit_places:
            raise InvalidTerms(
                f"rounding: got {loan.rounding.unit_places} places beyond the minor unit; an account settles money that was paid, so "
                "expected amounts in whole minor units; 'none' and 'display-only' are for plans"
            )
        late = loan.late
        self.loan = self.agreed = loan
        self.debts = Debts(loan, may_be_charged=may_be_charged(loan, book))
        self.running = RunningPeriod(loan) if loan.accrual == "daily" else None
        self.undue = self.advanced = loan.principal_minor
        self.capitalized = 0
        self.before = 0
        self.held: list[tuple[Receipt, int]] = []
        self.receipts: list[Receipt] = []
        self.charges: list[Charged] = []
        self.pauses: list[tuple[date, date]] = []
        self.charged_off: date | None = None
        self.ending: str | None = None
        self.holder: str | None = None
        self.is_ended = False
        self.small_balance = to_minor(loan.small_balance, loan.digits) if loan.small_balance else 0
        self.kept = 0
        self.accrues_no_more = False
        self.late = LateCharges(loan, self.debts, self.accrued_uncut, self.receipts, self.charges) if late else None
        self._limits = self.late if self.late and self.late.has_limits else None
        if loan.allocation.after and loan.late and loan.late.tolerance:
            self.debts.excused = WeakMethod(self.is_excused)
        self.planned = len(self.debts.items)
        self.agenda = Agenda(all_tasks(self, book))

    # Moving forward

    @property
    def today(self) -> date:
        """The day that has been reached."""
        return self.debts.today

    def run_to(self, day: date) -> None:
        """Do everything up to the end of `day`."""
        self._run(day)
        if day > self.debts.today:
            self.advance(day)

    def step(self) -> None:
        """Do the next task, on its day."""
        self._run(self.agenda.tasks[0][0], once=True)

    def _run(self, day: date, *, once: bool = False) -> None:
        """Do the tasks up to the end of a day, or one of them."""
        tasks, debts = self.agenda.tasks, self.debts
        while tasks and tasks[0][0] <= day:
            on, order, number, item, entry = tasks.popleft()
            if on > debts.today:
                self.advance(on)
            if entry is not None:
                happen(self, entry)
            elif item is not None and order == BECOMES_DUE:
                self._fall_due(item)
            else:
                self._recur(order, number, item)
            if once:
                break

    def _recur(self, order: int, number: int, item: Owed | None) -> None:
        if item is not None and order == PENALTIES:
            self.agenda.add(order, number, item, self._assess(item))
        elif order == WAKE and self.late and (item is not None or number < 0):
            self.agenda.add(order, number, item, self.late.turn(item))
        elif order == NEW_TERMS:
            agreed_change(self)
        elif order == PAID_OUT and self.debts.has_ahead and not self.is_ended:
            pay_out(self, number)

    def _assess(self, item: Owed) -> date | None:
        late = None if self.accrues_no_more else self.late
        return late.assess(item, self.outstanding_principal) if late else None

    def advance(self, day: date) -> None:
        """From the end of `today` to the start of `day`: lines open on what became late, interest runs."""
        debts, running, limits = self.debts, self.running, self._limits
        debts.end_day(day)
        if limits is not None:
            limits.tolerate(self.outstanding_principal)
        if running is not None:
            if debts.due_count < len(debts.items):
                running.rebase(debts.today, self.bearing())
            else:
                debts.lines.rebase(debts.items[-1], INTEREST, self.bearing(), debts.today)
        if limits is not None and not limits.run_to(day, self.outstanding_principal):
            self.advance(day)
            return
        debts.today = day
        if debts.deferred:
            end_grace(self)
        elif limits is not None:
            limits.arrive()

    def bearing(self) -> int:
        """Principal that bears contract interest: all that is outstanding, but what bears the late rate; and what rests."""
        resting = self.running.at_rest if self.running else 0
        return 0 if self.accrues_no_more else self.undue + self.debts.at_contract_rate() + resting

    # What is owed

    @property
    def credit(self) -> int:
        """Money received and not yet applied."""
        return sum([amount for _, amount in self.held]) if self.held else 0

    @property
    def outstanding_principal(self) -> int:
        """Principal advanced and not yet repaid, due or not."""
        return self.undue + self.debts.principal()

    def accrued_interest(self) -> int:
        """Interest of the running period up to today that is not yet due and not yet paid, rounded; what caps cut is off."""
        accrued = self.accrued_uncut()
        if accrued and self.late and self.late.book:
            accrued -= self.cut_to_date()
        return accrued

    def cut_to_date(self) -> int:
        """What caps cut of the interest of the running period."""
        debts = self.debts
        return debts.items[debts.due_count].cut[INTEREST] if debts.has_ahead else 0

    def accrued_uncut(self) -> int:
        """The same with what caps cut of it."""
        if self.debts.due_count == len(self.debts.items):
            return 0
        if self.running:
            return self.running.accrued(self.today)
        if self.is_ended:
            return self.cut_to_date()
        if is_performed(self):  # who has paid every installment ahead has paid the plan, and its interest
            return 0
        item = self.debts.items[self.debts.due_count]
        if item.number <= self.before or self.accrues_no_more:  # by the plan, or the interest, that has ended
            return max(0, item.interest + item.capitalized - item.settled(INTEREST))
        interest = planned_interest.to_date(self.loan, item.number - self.before, self.today)
        return max(0, interest - item.settled(INTEREST) + item.prepaid[INTEREST])

    def accrued_how(self) -> str:
        """The calculation of the interest to date as text; nothing where none has accrued."""
        number, count = self.debts.due_count + 1 - self.before, len(self.debts.items) - self.before
        if number > count or self.is_ended:
            return ""
        if self.today <= self.loan.timeline.opens(number - 1) and not (number == 1 and in_the_first_row(self.loan)):
            return ""
        item, digits = self.debts.items[self.debts.due_count], self.loan.digits
        cut = f" - {format_minor(item.cut[INTEREST], digits)} above the cap" if item.cut[INTEREST] else ""
        if self.running:
            return self.running.how(self.today) + cut
        how = planned_interest.show_to_date(self.loan, number, self.today)
        settled = item.settled(INTEREST) - item.prepaid[INTEREST]
        paid = min(settled, planned_interest.to_date(self.loan, number, self.today))
        return how + (f" - {format_minor(paid, digits)} paid" if paid else "") + cut

    def payoff(self) -> int:
        """What leaves exactly nothing if it is paid today, held credit taken off.

        A payment of today is in time for a penalty that is assessed today, so that penalty is not in it.
        """
        owed = self.debts.total() - self.assessed_today() + self.charged_ahead()
        return owed + sum(early_end(self, self.accrued_interest())) + self.undue - self.credit

    def charged_ahead(self) -> int:
        """Charges that belong to installments not yet due, caps taken off."""
        return sum(sum(item.charged) for item in charged_ahead(self.debts, self.charges))

    def assessed_today(self) -> int:
        """Penalties assessed at the end of today, as far as they are owed."""
        return self.late.assessed_today() if self.late else 0

    @property
    def penalties(self) -> Sequence[Assessed]:
        """Every penalty so far."""
        return self.late.penalties if self.late else ()

    def is_excused(self) -> bool:
        """Whether what is past due is so little that it counts as nothing."""
        return self.late is not None and self.late.is_within_tolerance(self.outstanding_principal)

    # Falling due

    def lend(self, principal: int) -> None:
        """More is paid out."""
        self.owe_more(principal)
        self.advanced += principal

    def owe_more(self, principal: int) -> None:
        """More principal is owed, and bears interest from today on."""
        self.undue += principal
        if self.running:
            self.running.bear_more(self.today, principal)

    def _fall_due(self, item: Owed) -> None:
        """Interest is added up, the installment is owed, held credit is applied."""
        debts, running, owed, settled = self.debts, self.running, item.owed, item.settled_so_far()
        if running is not None:
            accrued = running.accrued(item.due)
            if item.capitalized:
                item.capitalized = running.joins(item.due)
            else:
                owed[INTEREST], owed[PRINCIPAL] = running.split(item, self.undue, accrued)
            running.close(item.due, item.capitalized or owed[INTEREST], accrued)
            item.interest = owed[INTEREST] + settled[INTEREST]
            item.principal = owed[PRINCIPAL] + settled[PRINCIPAL]
        else:
            if settled[INTEREST] > item.interest:
                item.pass_on_waived(debts.items[debts.due_count + 1 :])
                settled = item.settled_so_far()
            owed[INTEREST] = item.interest - settled[INTEREST]
            owed[PRINCIPAL] = item.principal - settled[PRINCIPAL]
        if item.fee or settled[FEE]:
            owed[FEE] += item.fee - settled[FEE]
        if item.capitalized:
            self.undue += item.capitalized
            self.capitalized += item.capitalized
        self.undue -= owed[PRINCIPAL]
        debts.due_count += 1
        if self._limits:
            self._limits.fall_due()
        is_unpaid = owed[PRINCIPAL] or not debts.is_settled(item)
        item.settled_on = None if is_unpaid else item.settled_on or item.due
        if self.held:
            self.apply_held()

    def apply_held(self) -> None:
        """Held credit is applied to what is past due and due, oldest first, as far as it was not meant for something else."""
        held, self.held = self.held, []
        for receipt, amount in held:
            left = self.debts.settle(amount, receipt.parts, receipt.meant)
            if left:
                self.held.append((receipt, left))
        if self.small_balance and held:
            end_with_little(self, receipt)

    def owe(self, item: Owed, component: int, amount: int) -> None:
        """An installment that is due owes more from today; what recurs while it is unpaid goes on where it had ended."""
        self.debts.owe(item, component, amount)
        if self.late is None or not self.late.has_days or self.debts.is_settled(item):
            return
        agenda, number = self.agenda, item.number - 1
        agenda.stop_recurring(item)
        agenda.add(PENALTIES, number, item, self.late.next_penalty(item, self.today - ONE_DAY))
        agenda.add(WAKE, number, item, self.late.next_turn(item, self.today))

    def record(self, item: Owed, component: int, amount: int, parts: list[Part]) -> int:
        """Something of an installment is paid."""
        if amount:
            item.paid[component] += amount
            parts.append((item.number, component, amount, self.today))
        return amount
