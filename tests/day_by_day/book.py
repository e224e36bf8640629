"""The day-by-day book of one loan: one loop over calendar days, one list of installments.

Each day goes through the order that the meanings fix: interest up to its start; what falls due; held credit; payments;
waivers; penalties; then the night begins, and bears interest on what is left.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

import loancalc as lc
from day_by_day import caps, claims, early_end, end_of_grace, late_interest, paying, penalties, replanning
from day_by_day.agreed_changes import as_it_begins, by_day
from day_by_day.arithmetic import rounded
from day_by_day.clock import Clock, DueDates, Period, agreed_periods
from day_by_day.contract_interest import RunningPeriod
from day_by_day.debt import LATE, SCHEDULED, Installment, Line, nothing
from day_by_day.in_force import happened
from day_by_day.received import Received

ONE_DAY = timedelta(1)

NEW_TERMS = (
    lc.RateChange | lc.InterestPause | lc.Deferral | lc.Extension | lc.Reamortization | lc.Reaging | lc.Restructuring
)


class Book:
    """Where a loan stands, carried from one day to the next.

    Attributes:
        day: The day that was lived through last, to its end.
        installments: What fell due, oldest first.
        ahead: What the plan has still to come; early money may have paid some of it.
        gone: What the plan had still to come when the loan ended.
        undue: Principal that is not due yet.
        paid_early: Interest of the running period that was paid before it is due.
        reckoned_on, resting: When contract interest was last reckoned on what is outstanding, and what each payment repaid
            since then of what bore it: where that is done on due dates only, it goes on to bear it.
        deferred: What becomes of the interest of installments that are put off, and `asked_by` who asks for it.
        received: Payments in the order of their replay.
        assessed: Penalties of the day: whoever pays on it is in time for them.
    """

    def __init__(self, loan: lc.Loan, events: Iterable[lc.Event], *, known_on: date | None = None) -> None:
        self.loan = loan
        self.clock = Clock(loan)
        begins = as_it_begins(loan)
        self.ahead = [
            self._planned(row, period) for row, period in zip(begins.schedule(), agreed_periods(begins), strict=False)
        ]
        self.due_dates = DueDates.of(loan) if loan.method != "lump_sum" else None
        self.method = loan.method
        payment = begins.schedule().payment
        self.level: int | None = self.minor(payment) if payment is not None else None
        self.installments: list[Installment] = []
        self.undue = self.minor(begins.schedule().total_principal)
        self.running = RunningPeriod(loan, self.clock, self.ahead[0].period, self.undue)
        self.paid_early = 0
        self.reckoned_on = loan.start
        self.resting: dict[str | None, int] = {}
        self.received: list[Received] = []
        self.caps = caps.Limits(loan) if loan.late and loan.late.caps else None
        self.gone: list[Installment] = []
        self.has_cut = self.is_charged_off = self.is_frozen = False
        self.charged_by_rule: dict[int, list[int]] = {}
        self.deferred = self.asked_by = "next"
        self.after_maturity: dict[date, dict[int | None, int]] = {}
        self.assessed = 0
        self.agreed = by_day(loan)
        self.events: dict[date, list[lc.Event]] = {}
        for event in happened(events, known_on):
            self.events.setdefault(event.on, []).append(event)
        self.day = loan.start - ONE_DAY

    def run_to(self, day: date) -> None:
        """Live through every day up to the end of `day`."""
        while self.day < day:
            self.day += ONE_DAY
            self._live_through(self.day)

    def _live_through(self, day: date) -> None:
        events = self.events.get(day, [])
        end_of_grace.comes(self)
        self.enforce_caps()
        if late_interest.capitalize(self):
            self.enforce_caps()
        changes = [
            *(self.agreed.get(day, []) if self.ahead else []),
            *events,
        ]  # nothing more comes of a plan that has ended
        terms = [event for event in changes if isinstance(event, NEW_TERMS)]
        terms += [event for event in changes if isinstance(event, lc.Draw)]
        while (
            self.gone and self.gone[0].due <= day
        ):  # a date of a plan that has ended: it asks for what was charged to it
            self.installments.append(self.gone.pop(0))
            if self.gone:  # its nights are those of the period in which they lie
                self.running.period = self.gone[0].period
            paying.apply_held_credit(self)
        falls_due = bool(self.ahead) and self.ahead[0].due == day
        waits_for_what_is_due = falls_due and self.loan.accrual == "daily"
        for event in () if waits_for_what_is_due else terms:
            with paying.uncovered(self):
                replanning.new_terms(self, event)
        if falls_due:
            self._fall_due(self.ahead.pop(0))
            for event in terms if waits_for_what_is_due else ():
                replanning.new_terms(self, event)
            self.enforce_caps()
            paying.apply_held_credit(self)
        for charge in (event for event in events if isinstance(event, lc.Charge)):
            paying.charge(self, charge)
        waivers = [event for event in events if isinstance(event, lc.Waiver)]
        gone: list[lc.Waiver | lc.WriteOff] = []
        let_go = [*waivers, *claims.written_off_first(events)]
        for money in (event for event in events if isinstance(event, paying.Money)):
            if let_go and paying.ends_all_with(self, money, let_go):
                paying.let_all_go(self, let_go)
                gone, waivers, let_go = let_go, [], []
            paying.receive(self, money)
        paying.let_all_go(self, waivers)
        before = self._owed_penalties()
        if penalties.assess(self) or events:
            self.enforce_caps()
        self.assessed = self._owed_penalties() - before
        for event in (event for event in events if isinstance(event, claims.AT_THE_END_OF_A_DAY)):
            if event not in gone:
                claims.happens(self, event)
        self._night_begins(day)

    def _planned(self, row: lc.Installment, period: Period) -> Installment:
        agreed = nothing() | {name: self.minor(getattr(row, name)) for name in SCHEDULED}
        agreed["fee"] += self.minor(row.tax)  # it is asked for with the fees
        return self.installment(row.number, period, agreed)

    def installment(self, number: int, period: Period, agreed: dict[str, int]) -> Installment:
        """One that will fall due at the end of a period."""
        deferred = self.loan.late and self.loan.late.grace and self.loan.late.grace.kind == "deferred"
        return Installment(number, period.closes, period, agreed, stands=not deferred)

    def _fall_due(self, installment: Installment) -> None:
        """The plan's figures on a scheduled loan; on a daily one the plan's payment, what accrued first.

        Early money counts toward it; interest for which it leaves no room is carried to the next. The last one clears.
        """
        agreed, paid = installment.agreed, installment.paid
        carried = 0
        if self.loan.accrual == "daily":
            accrued = self.running.accrued(self.day, self.paid_early)
            left = agreed["interest"] + agreed["principal"] - paid["interest"] - paid["principal"]
            left, installment.beyond = max(0, left), max(0, -left)
            is_last = not self.ahead or left >= accrued + self.undue
            interest = accrued if is_last else min(accrued, left)
            principal = self.undue if is_last else min(left - interest, self.undue)
            agreed["interest"], agreed["principal"] = paid["interest"] + interest, paid["principal"] + principal
            carried = accrued - interest
            if installment.joins:
                installment.joins = min(carried, max(0, carried - self.running.carried))
                carried -= installment.joins  # what was put off before it to be asked for later waits on
        self.undue += installment.joins - (agreed["principal"] - paid["principal"])
        self.running.waiting += installment.waits
        self.installments.append(installment)
        if not installment.is_unpaid:
            installment.settled_on = self.day
        period = self.ahead[0].period if self.ahead else None
        self.running.next(self.day, period, carried, self._bears_planned_interest())
        self.paid_early = 0
        self.reckon_anew()

    def reckon_anew(self) -> None:
        """From today contract interest runs on what is outstanding."""
        self.reckoned_on, self.resting = self.day, {}

    def _night_begins(self, day: date) -> None:
        late_interest.rate_changes(self, day)
        if not self.is_frozen:
            self._accrues(day)
        if self.caps:
            self.caps.night(self, day)

    def _accrues(self, day: date) -> None:
        for installment in self.installments:
            for component, base, growing in late_interest.bases(self, installment, day):
                installment.runs(day, component, base, growing=growing)
        if self.loan.accrual == "daily":
            bases = self.contract_bases(day)
            for of, base in bases.items() if self.ahead else ():
                self.running.bears(day, base, of)
            for installment in self.installments if self.ahead else ():  # a new plan ends what ran after the last one
                installment.runs(day, "interest", 0)
            if not self.ahead and self.installments:  # it is owed at once, with the last installment
                self.after_maturity[day] = bases
                self.installments[-1].runs(day, "interest", sum(bases.values()))

    def contract_bases(self, day: date) -> dict[int | None, int]:
        """All outstanding principal bears the contract rate, but for the past-due principal that bears a late one.

        What is in a deferred grace stands apart, by its installment: its nights may turn out to bear the late rate.
        """
        bases: dict[int | None, int] = {None: self.undue + sum(self.resting.values())}
        for installment in self.installments:
            principal = installment.unpaid("principal")
            bases[installment.number] = 0
            if not self._is_late_night(installment, day):
                bases[None] += principal
            elif not installment.stands:
                bases[installment.number] = principal
        return bases

    def _is_late_night(self, installment: Installment, day: date) -> bool:
        late = self.loan.late
        return bool(late and late.interest) and late_interest.is_late_night(self, installment, day)

    def at_contract_rate(self) -> list[Installment]:
        """The installments whose principal bears the contract rate tonight, as far as is known."""
        due = [each for each in self.installments if not each.stands or not self._is_late_night(each, self.day)]
        return [*due, *self.ahead]

    def charged(self, installment: Installment, component: str) -> int:
        """What has been charged of a component so far; lines that run are rounded as if they ended now."""
        if component in LATE and not installment.stands:
            return installment.charges[component]
        charged = installment.agreed[component] + installment.charges[component]
        charged += sum(installment.penalties) if component == "penalty" else 0
        return charged + sum(self.worth(line) for line in installment.lines if line.component == component)

    def gross(self, installment: Installment, component: str) -> int:
        """What caps see of a component: of an installment ahead, what was charged to it and the interest to date."""
        if installment in self.installments:
            return self.charged(installment, component)
        if installment in self.gone:
            return self.charged(installment, component)
        settled = installment.paid[component] + installment.waived[component]
        if component == "interest":
            return settled + (self.accrued_uncut() if installment is self.ahead[0] else 0)
        return max(settled, installment.charges[component])

    def charged_ahead(self, installment: Installment) -> dict[str, int]:
        """What was charged by hand to an installment that is not due yet, caps taken off; only a payoff pays it."""
        names = (*LATE, "cost", "fee")
        if installment in self.gone:
            return {name: self.owed(installment, name) for name in names}
        return {name: installment.charges[name] - installment.cut[name] for name in names}

    def worth(self, line: Line) -> int:
        """A line, exact inside and rounded once."""
        end = line.end or self.day
        if line.worth is None or line.worth[0] != end:
            line.worth = end, self._come_to(line, end)
        return line.worth[1]

    def _come_to(self, line: Line, end: date) -> int:
        if line.component == "interest":
            share = self.clock.earned(self.running.period, line.start, end)
            return rounded(line.base * share, self.loan.rounding, "accrual")
        return late_interest.come_to(self, line, end)

    def owed(self, installment: Installment, component: str) -> int:
        """What is owed of a component now."""
        gone = installment.paid[component] + installment.waived[component] + installment.cut[component]
        return self.charged(installment, component) - gone

    def settle(self, installment: Installment, component: str, amount: int, how: dict[str, int]) -> None:
        """Something of a component is paid or waived. What of it accrued on a line that runs ends the line."""
        how[component] += amount
        if installment in self.installments and installment.settled_on is None and not installment.is_unpaid:
            installment.settled_on = self.day
        line = installment.running(component)
        if line and amount and self.owed(installment, component) < self.worth(line) - line.cut:
            line.end = self.day

    def accrued(self) -> int:
        """Contract interest of the running period up to today that is neither due nor paid, caps taken off."""
        return self.accrued_uncut() - (self.ahead[0].cut["interest"] if self.ahead else 0)

    def accrued_uncut(self) -> int:
        if not self.ahead:
            return 0
        if self.loan.accrual == "daily":
            return self.running.accrued(self.day, self.paid_early)
        if self.is_performed:
            return 0
        return max(0, self.running.planned(self.day) - self.ahead[0].early("interest"))

    @property
    def payoff(self) -> int:
        """What a payment of the day pays the loan off with."""
        return self.quote() - min(self.assessed, self._owed_penalties())

    def quote(self) -> int:
        """What leaves exactly nothing if it is paid now."""
        owed = sum(self.owed(installment, name) for installment in self.installments for name in nothing())
        owed += sum(sum(self.charged_ahead(installment).values()) for installment in self.not_due)
        if self.loan.accrual == "daily" or self.is_performed:
            return owed + early_end.interest(self) + early_end.fee(self, self.undue) + self.undue - self.credit
        principal = self.undue + sum(installment.early("principal") for installment in self.ahead)
        paid_ahead = sum(
            installment.early(name) for installment in self.ahead for name in nothing() if name != "interest"
        )
        paid_ahead += sum(max(0, installment.early("interest")) for installment in self.ahead)
        return owed + early_end.interest(self) + early_end.fee(self, principal) + principal - paid_ahead - self.credit

    @property
    def is_performed(self) -> bool:
        """Whether the borrower has paid every installment ahead, and so the plan, whatever is owed of those before."""
        return not any(each.agreed_and_unpaid(name) for each in self.ahead for name in SCHEDULED)

    def _bears_planned_interest(self) -> int:
        """On what the plan's interest of the period that begins runs: principal that is not due by it, whatever was paid ahead."""
        if self.loan.method == "flat":
            return self.minor(self.loan.principal)
        return self.undue + sum(installment.early("principal") for installment in self.ahead)

    def _owed_penalties(self) -> int:
        charged = [one for one in self.installments if one.penalties or one.charges["penalty"]]
        return sum(self.owed(installment, "penalty") for installment in charged)

    def fee_with(self, interest: int, due: date) -> int:
        """The agreed fees of an installment that a new plan adds, and the taxes on them and on its interest."""
        fees = sum(self.minor(fee.amount) for fee in self.loan.fees if fee.each == "installment")
        bases = {"interest": interest, "fees": fees}
        taxes = (tax.rate_on(due) * bases[tax.on] for tax in self.loan.taxes)
        return fees + sum(rounded(Fraction(tax), self.loan.rounding, "fee") for tax in taxes)

    @property
    def outstanding_principal(self) -> int:
        """Principal that is not repaid, due or not."""
        return self.undue + sum(installment.unpaid("principal") for installment in self.installments)

    @property
    def credit(self) -> int:
        """Money received and not applied."""
        return sum(received.held for received in self.received)

    @property
    def oldest_unpaid_due(self) -> date | None:
        """Since when something that keeps the loan past due is unpaid; so little of what was due before today that it is
        tolerated does not.
        """
        unpaid = [installment.due for installment in self.installments if installment.is_unpaid]
        if late_interest.within_tolerance(self, self.day - ONE_DAY):
            unpaid = [due for due in unpaid if due == self.day]
        return min(unpaid, default=None)

    @property
    def allocation(self) -> lc.Allocation:
        """What holds now: another one may hold beyond a number of days past due, whatever the money in hand makes of them."""
        agreed, oldest = self.loan.allocation, self.oldest_unpaid_due
        late = (self.day - oldest).days if oldest else 0
        return max(
            ((days, other) for days, other in agreed.after if days < late), default=(0, agreed), key=lambda one: one[0]
        )[1]

    @property
    def not_due(self) -> list[Installment]:
        """What has still to come, of a plan that ended too: what was charged to it is asked for then."""
        return [*self.gone, *self.ahead]

    def end_plan(self, *, stays_charged: bool = False) -> None:
        """Nothing more falls due: what the plan had still to come asks for no more than was settled of it, or than what was
        charged to it, if that stays.
        """
        for installment in self.ahead:
            charged = self.charged_ahead(installment) if stays_charged else {}
            for name in nothing():
                settled = installment.settled(name) + installment.cut[name]
                left = max(0, charged.get(name, 0) - max(0, installment.early(name)) - installment.waived[name])
                installment.agreed[name] = settled + left - installment.charges[name]
        self.undue, self.gone, self.ahead = 0, [*self.gone, *self.ahead], []
        self.reckon_anew()

    def owes_again(self, installment: Installment) -> None:
        """Something that keeps it past due is owed again: late charges go on from today, whatever a grace had put off."""
        if installment.is_unpaid:
            installment.settled_on = None
            if self.day > late_interest.last_of_grace(self.loan, installment.due) and not installment.stands:
                installment.stands = True
                installment.lines = [line for line in installment.lines if line.component not in LATE]

    def enforce_caps(self) -> None:
        """Cut what exceeds a cap now. What one gives back is owed again."""
        if self.caps:
            self.caps.enforce(self)
            for installment in self.installments:
                installment.settled_on = installment.settled_on or self.day
                self.owes_again(installment)

    def knows_of(self, installment: Installment, component: str, amount: int) -> None:
        """Caps have seen what was charged to another installment before."""
        if self.caps:
            seen = self.caps.seen
            seen[installment.number, component] = seen.get((installment.number, component), 0) + amount

    def minor(self, amount: object) -> int:
        """An amount in units of the currency in whole minor units."""
        exact = Fraction(str(amount)) * 10**self.loan.digits
        assert exact.denominator == 1
        return int(exact)
