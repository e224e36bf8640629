"""How money settles what is due: the walk of the allocation over the installments that are not cleared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from weakref import WeakMethod

from loancalc.plan.loan import Loan
from loancalc.plan.waterfall import Waterfall
from loancalc.servicing.bearing import Bearing
from loancalc.servicing.events import Payment
from loancalc.servicing.owed import NO_LINES, NOTHING, Owed, Part


class Debts(Bearing):
    """What is due and not yet cleared, as nights go by and money comes."""

    def __init__(self, loan: Loan, *, may_be_charged: bool = True) -> None:
        super().__init__(loan)
        self._waterfall = loan.allocation.waterfall if may_be_charged else loan.allocation.without_charges
        self._beyond = [(days, other.waterfall) for days, other in loan.allocation.after]
        self.excused: WeakMethod[Callable[[], bool]] | None = None

    def settle(self, amount: int, parts: list[Part], meant: Payment | None = None) -> int:
        """Walk the allocation over what is past due and due; returns what is left.

        What is `meant` for something settles only that: first its installment, then any; where early money is held, it
        waits until that one is due.
        """
        first, count = self._first_open, self.due_count
        if first == count or not amount:
            return amount
        waterfall = self.waterfall() if self._beyond else self._waterfall
        if meant is not None:
            waterfall = waterfall.only(meant.only)
            if meant.installment is not None:
                own = self.item(meant.installment)
                if own.number > count and self.lines.loan.early == "hold":
                    return amount
                amount = self._walk([own] if own.number <= count else [], amount, parts, waterfall)
                if not amount:
                    return 0
        item, today = self.items[first], self.today
        if count - first > 1 or item.lines is not NO_LINES or item.cut is not NOTHING or item.capital:
            return self._walk(self.items[first:count], amount, parts, waterfall)
        # what the walk comes to on one installment on which nothing accrues and of which nothing was cut or capitalized
        owed, paid, number, left = item.owed, item.paid, item.number, amount
        for component in waterfall.past_due if item.due < today else waterfall.due:
            claim = owed[component]
            if claim > 0:
                taken = claim if claim < left else left
                owed[component] = claim - taken
                paid[component] += taken
                parts.append((number, component, taken, today))
                left -= taken
                if not left:
                    break
        if left != amount:
            self.follow_up(item)
        return left

    def waterfall(self) -> Waterfall:
        """The steps that hold today: another order may hold beyond a number of days past due."""
        oldest = (self.oldest_unpaid_due() if self._beyond else None) or self.today
        late = 0 if self.excused and (excused := self.excused()) and excused() else (self.today - oldest).days
        return next((waterfall for days, waterfall in self._beyond if late > days), self._waterfall)

    def _walk(self, items: Sequence[Owed], amount: int, parts: list[Part], waterfall: Waterfall) -> int:
        touched: dict[int, Owed] = {}
        left = self._take_in_order(items, amount, parts, waterfall, touched)
        for item in touched.values():
            self.follow_up(item)
        return left

    def _take_in_order(
        self, items: Sequence[Owed], left: int, parts: list[Part], waterfall: Waterfall, touched: dict[int, Owed]
    ) -> int:
        today = self.today
        for late, due in waterfall.steps if len(items) > 1 else waterfall.at_once:
            for item in items:
                owed, lines = item.owed, item.lines
                for component in late if item.due < today else due:
                    line, claim = lines[component], owed[component]
                    if line is None and not claim:
                        continue
                    claim -= item.cut[component]
                    if line is not None and claim < left:
                        claim = self._post(item, component, claim, left)
                    if claim <= 0:
                        continue
                    taken = claim if claim < left else left
                    owed[component] -= taken
                    item.paid[component] += taken
                    parts.append((item.number, component, taken, today))
                    touched[item.number] = item
                    left -= taken
                    if not left:
                        return 0
        return left

    def _post(self, item: Owed, component: int, posted: int, wanted: int) -> int:
        """What is owed of a component beside what is `posted`; its line ends if something of what accrued on it is wanted."""
        line = item.lines[component]
        claim = posted + self.lines.quote(item, component, self.today)
        if line is not None and min(claim, wanted) > posted + line.cut:
            self.lines.end(item, component, self.today)
        return claim

    def take(self, item: Owed, component: int, most: int, parts: list[Part]) -> int:
        """Settle up to `most` of one component of an installment; returns how much."""
        only = (component,)
        return most - self._walk([item], most, parts, Waterfall([(only, only)], (), None))

    def let_go(self, item: Owed, component: int, most: int, parts: list[Part], bucket: str) -> int:
        """Waive or write off (the `bucket`) up to `most` of a component."""
        taken = self.take(item, component, most, parts)
        if taken:
            item.paid[component] -= taken
            item.add(bucket, component, taken)
        return taken
