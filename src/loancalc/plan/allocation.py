"""Which part of a debt a payment settles first: an ordered list of what is past due, due and in advance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, NamedTuple

from loancalc.errors import InvalidTerms, unknown_name
from loancalc.lazily import Lazily
from loancalc.plan.waterfall import Numbers, Waterfall
from loancalc.values.listed import several
from loancalc.values.names import COMPONENT_NAMES, COMPONENTS, Component, Names, fold_name
from loancalc.values.rule_tables import Provenance, rules_of

_DIRECTIONS = Names("allocation.direction", {"horizontal": ["横向"], "vertical": ["纵向"]})
_SURPLUS = Names(
    "allocation.surplus",
    {
        "hold": ["credit", "暂存"],
        "next": ["next installment", "冲抵下一期"],
        "last": ["last installment", "冲抵最后一期"],
        "next-then-last": ["next last installment"],
        "spread": ["all installments", "平摊到各期"],
        "principal": ["lower principal", "冲减本金"],
    },
)

PAST_DUE, DUE, IN_ADVANCE = "past due", "due", "in advance"
AHEAD: tuple[Component, ...] = ("fee", "interest", "principal")
"""The components that an installment has before it is due."""

_TIMINGS = {"pastdue": PAST_DUE, "overdue": PAST_DUE, "due": DUE, "inadvance": IN_ADVANCE}


class Item(NamedTuple):
    """One entry of the list: a component of installments that are past due, due or in advance."""

    timing: str
    component: str

    def __str__(self) -> str:
        return f"{self.timing} {self.component}"


Entry = str | Iterable[str]
"""A component (past due and due), one with its timing such as "past due interest", or a group of them."""


@dataclass(frozen=True, repr=False)
class Allocation(Lazily):
    """The order in which a payment settles a debt (冲账顺序).

    Args:
        order: What is settled first, second ...: components, each meaning what is past due and then due of it; or, for a
            list of its own for each, "past due interest", "due fee", "in advance principal". Every component has to
            stand in it once for past due and once for due. What is in advance follows the order of what is due where it
            is not named; a component left out of it is not paid in advance. An entry that is itself a list is a group
            that is settled on one installment before the next.
        direction: `"horizontal"` finishes one installment, oldest first, then the next; all past due before what is due.
            `"vertical"` finishes one entry over all installments, oldest first, then the next entry.
        surplus: Where money goes that is more than what is past due and due: `"hold"` as credit, to the `"next"`
            installments, the `"last"` ones first, `"next-then-last"` (the running one, then from the last), `"spread"`
            evenly over all, or to `"principal"` only, of the next installments. As the loan's `early` says, if None. On a
            daily loan it repays interest to date and principal at once; installments that a rule names are paid ahead by
            it, one after the other, and ask for so much less of these when they fall due. With `"principal"` or None it counts
            toward the running one only.
        after: Another allocation beyond a number of days past due: `{90: "principal-first"}` from day 91.
        name: What it is called.

    Raises:
        InvalidTerms: If a component is missing or named twice.

    Source: for paying ahead 34 CFR 685.211(a)(3): a prepayment of a whole monthly payment settles interest and principal, and
        the next due date advances unless the borrower asks for something else.

    >>> Allocation("cost interest principal fee penalty late_interest compound_interest".split(), "vertical").direction
    'vertical'
    >>> rest = ["cost", "fee", "penalty", "compound_interest", "late_interest"]
    >>> print(Allocation([[*rest, "interest"], "principal"], "vertical", surplus="last"))
    (cost, fee, penalty, compound_interest, late_interest, interest), principal (vertical; surplus: last)
    """

    groups: tuple[tuple[Item, ...], ...]
    direction: str
    surplus: str | None = None
    after: tuple[tuple[int, Allocation], ...] = ()
    name: str | None = None

    def __init__(
        self,
        order: Iterable[Entry],
        direction: str,
        *,
        surplus: str | None = None,
        after: Mapping[int, Allocation | str] | None = None,
        name: str | None = None,
    ) -> None:
        groups = tuple(_group(entry) for entry in _listed(order))
        _check(groups)
        object.__setattr__(self, "groups", groups)
        object.__setattr__(self, "direction", _DIRECTIONS.find(direction))
        object.__setattr__(self, "surplus", None if surplus is None else _SURPLUS.find(surplus))
        object.__setattr__(self, "after", _after({} if after is None else after))
        object.__setattr__(self, "name", name)

    @classmethod
    def of(cls, value: Allocation | str) -> Allocation:
        """An allocation from itself or from the name of a preset.

        >>> Allocation.of("oldest installment first").order[0]
        'cost'
        """
        return value if isinstance(value, Allocation) else preset(value).allocation

    @property
    def order(self) -> tuple[str, ...]:
        """The components as they are settled of what is past due."""
        return tuple(item.component for group in self.groups for item in group if item.timing == PAST_DUE)

    @property
    def as_stated(self) -> list[str | list[str]]:
        """The order as it is given to an allocation: a word, or a list of those that stand in one group."""
        groups = [_words(group) for group in self.groups]
        return [words[0] if len(words) == 1 else words for words in groups]

    @cached_property
    def waterfall(self) -> Waterfall:
        """The list as money walks it."""
        steps = [(_numbers(late), _numbers(due)) for late, due in self._steps(PAST_DUE, DUE)]
        ahead = [_numbers(items) for (items,) in self._steps(IN_ADVANCE)]
        return Waterfall(steps, ahead or [tuple(number for _, due in steps for number in due)], self.surplus)

    @cached_property
    def without_charges(self) -> Waterfall:
        """The same where no cost, fee or penalty can be owed; late interest is only of what is past due."""
        numbers = range(len(COMPONENTS))
        late, agreed = (COMPONENTS.index(name) for name in ("compound_interest", "interest"))
        return self.waterfall.within(numbers[late:], numbers[agreed:])

    def _steps(self, *timings: str) -> list[list[tuple[Item, ...]]]:
        """For each step, the items of each timing. A step is finished on one installment before the next: horizontal
        orders have one, vertical ones one for each entry.
        """
        groups = [tuple(item for item in group if item.timing in timings) for group in self.groups]
        groups = [group for group in groups if group]
        if self.direction == "horizontal" and groups:
            groups = [tuple(item for group in groups for item in group)]
        return [[tuple(item for item in group if item.timing == timing) for timing in timings] for group in groups]

    def __str__(self) -> str:
        shown = ", ".join(entry if isinstance(entry, str) else f"({', '.join(entry)})" for entry in self.as_stated)
        notes = [self.direction]
        notes += [f"surplus: {self.surplus}"] if self.surplus else []
        notes += [f"beyond {days} days past due: {other.name or other}" for days, other in self.after]
        return f"{f'{self.name}: ' if self.name else ''}{shown} ({'; '.join(notes)})"

    def __repr__(self) -> str:
        more = f", surplus={self.surplus!r}" if self.surplus else ""
        more += f", after={dict(self.after)!r}" if self.after else ""
        return f"Allocation({self.as_stated!r}, {self.direction!r}{more}{f', name={self.name!r}' if self.name else ''})"


def _group(entry: Entry) -> tuple[Item, ...]:
    return tuple(item for word in _listed(entry) for item in _items(word))


def _listed(entries: Iterable[Any] | str) -> tuple[Any, ...]:
    return several(entries, str, "a component", "allocation.order", InvalidTerms)


def _items(word: str) -> tuple[Item, ...]:
    folded = fold_name(word) if isinstance(word, str) else ""
    for prefix, timing in _TIMINGS.items():
        if folded.startswith(prefix):
            return (Item(timing, COMPONENT_NAMES.find(folded.removeprefix(prefix), "allocation.order")),)
    component = COMPONENT_NAMES.find(word, "allocation.order")
    return Item(PAST_DUE, component), Item(DUE, component)


def _check(groups: tuple[tuple[Item, ...], ...]) -> None:
    items = [item for group in groups for item in group]
    for timing in (PAST_DUE, DUE):
        found = [item.component for item in items if item.timing == timing]
        if sorted(found) != sorted(COMPONENTS):
            missing = [component for component in COMPONENTS if component not in found]
            raise InvalidTerms(
                f"allocation.order: got {', '.join(found)}; expected each of the seven components once for what is "
                f"{timing}" + (f"; missing: {', '.join(missing)}" if missing else "")
            )
    ahead = [item.component for item in items if item.timing == IN_ADVANCE]
    if len(set(ahead)) < len(ahead) or not set(ahead) <= set(AHEAD):
        raise InvalidTerms(
            f"allocation.order: got in advance {', '.join(ahead)}; expected some of {', '.join(AHEAD)}, each once"
        )
    timings = [item.timing == IN_ADVANCE for item in items]
    if timings != sorted(timings):
        raise InvalidTerms("allocation.order: got 'in advance' before what is due; expected it at the end of the list")


def _after(others: Mapping[int, Allocation | str]) -> tuple[tuple[int, Allocation], ...]:
    if not isinstance(others, Mapping):
        raise InvalidTerms(f"allocation.after: got {others!r}; expected days past due and the allocation beyond them")
    for days in others:
        if isinstance(days, bool) or not isinstance(days, int) or days < 0:
            raise InvalidTerms(f"allocation.after: got {days!r}; expected a whole number of days past due, 0 or more")
    return tuple((days, Allocation.of(others[days])) for days in sorted(others, reverse=True))


def _numbers(items: Iterable[Item]) -> Numbers:
    return tuple(COMPONENTS.index(item.component) for item in items)


def _words(group: tuple[Item, ...]) -> list[str]:
    """A group as it was written: a component for both past due and due, or each with its timing."""
    words, items = [], list(group)
    while items:
        item = items.pop(0)
        if item.timing == PAST_DUE and items and items[0] == Item(DUE, item.component):
            items.pop(0)
            words.append(item.component)
        else:
            words.append(str(item))
    return words


class Preset(NamedTuple):
    """An allocation that comes with the library: where it was read, and how certain that is."""

    allocation: Allocation
    provenance: Provenance

    def __str__(self) -> str:
        return f"{self.allocation}\n    {self.provenance}"


@cache
def allocation_presets() -> Mapping[str, Preset]:
    """Every allocation that comes with the library, by name.

    >>> list(allocation_presets())[0]
    'cost-interest-principal'
    """
    found: dict[str, Preset] = {}
    for row in rules_of("allocations"):
        after = {int(days): found[name].allocation for days, name in row.table.get("after", {}).items()}
        found[row.provenance.name] = Preset(_allocation(row.provenance.name, row.table, after), row.provenance)
    return found


def _allocation(name: str, table: Mapping[str, Any], after: Mapping[int, Allocation]) -> Allocation:
    return Allocation(table["order"], table["direction"], surplus=table.get("surplus"), after=after, name=name)


def preset(name: object) -> Preset:
    """The preset of a name or an alias.

    Raises:
        UnknownName: If there is none; the message lists the nearest.

    >>> print(preset("民法典561条").provenance.status)
    verified
    """
    presets = allocation_presets()
    if isinstance(name, str):
        if name in presets:
            return presets[name]
        folded = fold_name(name)
        for own, found in presets.items():
            if folded in (fold_name(own), *found.provenance.folded_aliases):
                return found
    raise unknown_name("allocation", name, presets)


def presets() -> str:
    """All allocation presets, printed in full with source, validity and status.

    >>> print(presets().splitlines()[0])
    cost-interest-principal: cost, fee, penalty, compound_interest, late_interest, interest, principal (vertical)
    """
    return "\n".join(map(str, allocation_presets().values()))
