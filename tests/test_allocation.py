"""Orders of allocation: every preset told from its neighbours, timings, groups, surplus rules, orders of given states."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import loancalc as lc
from loancalc.plan.allocation import allocation_presets
from loancalc.values.names import COMPONENTS

# 1 200.00 in twelve parts of 100.00 at 12 %, a fee of 5.00 each, 10.00 for lateness, 0.1 % a night on late principal and on
# late interest. On 15 April nothing has been paid:
#   installment 1: fee 5.00, penalty 10.00, interest 12.00, principal 100.00, 59 nights: late interest 5.90, compound 0.71
#   installment 2: fee 5.00, penalty 10.00, interest 11.00, principal 100.00, 31 nights: late interest 3.10, compound 0.34
#   installment 3, due that day: fee 5.00, interest 10.00, principal 100.00
LATE = lc.LateTerms(lc.LateInterest("0.1%/day", compound="interest"), penalties=[lc.Penalty(10)])
TERMS: dict[str, Any] = {
    "principal": 1200, "rate": "12%", "start": "2026-01-15", "installments": 12, "method": "equal_principal",
    "late": LATE, "fees": [lc.Fee(5, each="installment")],
}  # fmt: skip
OWED = {
    "1F": "5.00", "1P": "10.00", "1C": "0.71", "1L": "5.90", "1I": "12.00", "1A": "100.00",
    "2F": "5.00", "2P": "10.00", "2C": "0.34", "2L": "3.10", "2I": "11.00", "2A": "100.00",
    "3F": "5.00", "3I": "10.00", "3A": "100.00",
}  # fmt: skip
AHEAD = {"4F": "5.00", "4I": "9.00", "4A": "100.00", "5F": "5.00", "5I": "8.00", "5A": "100.00"}
LETTERS = {
    "fee": "F", "penalty": "P", "compound_interest": "C", "late_interest": "L", "interest": "I", "principal": "A",
}  # fmt: skip

VERTICAL = "1F 2F 3F 1P 2P 1C 2C 1L 2L 1I 2I 3I 1A 2A 3A"
ORDERS = {
    "cost-interest-principal": VERTICAL,
    "oldest-installment-first": "1F 1P 1C 1L 1I 1A 2F 2P 2C 2L 2I 2A 3F 3I 3A",
    "penalty-fee-interest-principal": "1P 1F 1C 1L 1I 1A 2P 2F 2C 2L 2I 2A 3F 3I 3A",
    "de-bgb-367": VERTICAL,
    "de-bgb-497": "1F 2F 3F 1I 2I 3I 1A 2A 3A 1L 2L 1C 2C 1P 2P",
    "cn-credit-card-91": "1A 2A 3A 1F 2F 3F 1P 2P 1C 2C 1L 2L 1I 2I 3I",
    "cn-credit-card": VERTICAL,
    "us-rule": "1L 1C 1I 1F 1A 1P 2L 2C 2I 2F 2A 2P 3I 3F 3A",
    "us-actuarial": "1L 1C 1I 1F 1A 1P 2L 2C 2I 2F 2A 2P 3I 3F 3A",
    "mifos-standard": "1P 1C 1L 1F 1I 1A 2P 2C 2L 2F 2I 2A 3F 3I 3A 4F 4I 4A 5F 5I",
    "principal-interest-penalty-fee": "1A 1I 1P 1C 1L 1F 2A 2I 2P 2C 2L 2F 3A 3I 3F 4A 4I 4F 5A",
    "interest-principal-penalty-fee": "1I 1A 1P 1C 1L 1F 2I 2A 2P 2C 2L 2F 3I 3A 3F 4I 4A 4F 5I",
    "due-penalty-fee-interest-principal": "1P 1C 1L 1F 1I 1A 2P 2C 2L 2F 2I 2A 3F 3I 3A 4A 4F 4I 5A",
    "due-penalty-interest-principal-fee": "1P 1C 1L 1I 1A 1F 2P 2C 2L 2I 2A 2F 3I 3A 3F 4I 4A 4F 5I",
    "early-repayment": "1I 1A 1P 1C 1L 1F 2I 2A 2P 2C 2L 2F 3I 3A 3F 4A 5A",
    "heavensfamily": "1P 1C 1L 1F 1I 1A 2P 2C 2L 2F 2I 2A 3F 3I 3A 4A 5A",
    "rbi-india": "1P 1C 1L 1F 1I 2P 2C 2L 2F 2I 3F 3I 1A 2A 3A 4F 4I 4A 5F 5I",
}
"""What 500.00 on 15 April settle, in turn: 378.05 are owed; 121.95 are early money."""

TWINS = {
    "de-bgb-367": "the German rule names the same three in the same order",
    "cn-credit-card": "another order holds beyond 90 days only",
    "us-actuarial": "differs from the United States Rule in what becomes principal, not in the order",
}


def settled(allocation: lc.Allocation | str, amount: int = 500, **terms: Any) -> list[tuple[str, str]]:
    loan = lc.Loan(**TERMS | terms, allocation=allocation)
    receipt = lc.Account(loan, [lc.Payment("2026-04-15", amount)]).receipts[0]
    return [(f"{line.installment}{LETTERS[line.component]}", str(line.amount)) for line in receipt.lines]


def expected(order: str, amount: str = "500.00") -> list[tuple[str, str]]:
    """The amounts of an order, in turn, until the money is used up."""
    left, found = Decimal(amount), []
    for place in order.split():
        full = (OWED | AHEAD)[place]
        taken = min(left, Decimal(full))
        found.append((place, str(taken)))
        left -= taken
    return found


@pytest.mark.parametrize("name", ORDERS)
def test_a_preset_settles_in_its_order(name: str) -> None:
    assert settled(name) == expected(ORDERS[name])


def test_every_preset_differs_from_its_neighbors_or_says_why_not() -> None:
    assert list(allocation_presets()) == list(ORDERS)
    own = {name: order for name, order in ORDERS.items() if name not in TWINS}
    assert len(set(own.values())) == len(own)
    assert sum(map(Decimal, OWED.values())) == Decimal("378.05")


CLASSIC = {
    "mifos-standard-strategy": "mifos-standard",
    "creocore": "mifos-standard",  # its comments promise to waive interest, its code does what the standard does
    "principal-interest-penalties-fees-order": "principal-interest-penalty-fee",
    "interest-principal-penalties-fees-order": "interest-principal-penalty-fee",
    "due-penalty-fee-interest-principal-in-advance-principal-penalty-fee-interest": "due-penalty-fee-interest-principal",
    "due-penalty-interest-principal-fee-in-advance-penalty-interest-principal-fee": "due-penalty-interest-principal-fee",
    "early-repayment": "early-repayment",
    "heavensfamily": "heavensfamily",
    "rbi-india": "rbi-india",
}
"""The nine orders of open servicing systems by the codes that they have there. Two of them do the same."""

NEIGHBORS = [
    # until there both settle the same; then one settles this, and the other that
    ("creocore", "rbi-india", "33.61", "1A 100.00", "2P 10.00"),
    ("creocore", "due-penalty-fee-interest-principal", "378.05", "4F 5.00", "4A 100.00"),
    ("due-penalty-fee-interest-principal", "due-penalty-interest-principal-fee", "16.61", "1F 5.00", "1I 12.00"),
    ("due-penalty-fee-interest-principal", "heavensfamily", "478.05", "4F 5.00", "5A 21.95"),
    ("principal-interest-penalty-fee", "interest-principal-penalty-fee", "0.00", "1A 100.00", "1I 12.00"),
    ("interest-principal-penalty-fee", "early-repayment", "378.05", "4I 9.00", "4A 100.00"),
]


def test_the_nine_classic_orders_are_found_by_their_codes() -> None:
    assert len(CLASSIC) == 9
    assert {code: lc.Allocation.of(code).name for code in CLASSIC} == CLASSIC
    assert len({ORDERS[name] for name in CLASSIC.values()}) == 8


@pytest.mark.parametrize(("one", "other", "alike", "this", "that"), NEIGHBORS)
def test_where_a_classic_order_parts_from_its_neighbor(one: str, other: str, alike: str, this: str, that: str) -> None:
    first, second = settled(one), settled(other)
    place = next(n for n, (mine, yours) in enumerate(zip(first, second, strict=False)) if mine != yours)
    assert sum(Decimal(amount) for _, amount in first[:place]) == Decimal(alike)
    assert (" ".join(first[place]), " ".join(second[place])) == (this, that)


def test_cards_turn_to_principal_on_day_91() -> None:
    loan = lc.Loan(**TERMS, allocation="cn-credit-card")  # the oldest due date is 15 February
    for day, days, first in (("2026-05-16", 90, "fee"), ("2026-05-17", 91, "principal")):
        account = lc.Account(loan, [lc.Payment(day, 1)])
        assert account.as_of(day).days_past_due == days
        assert [line.component for line in account.receipts[0].lines] == [first]


def test_two_passes_pay_the_interest_of_both_installments_before_principal() -> None:
    # the example in the strategy's own source: two installments of 200 + 20 overdue, 40 paid: 20 interest on each
    loan = lc.Loan(2400, "10%", "2026-01-15", installments=12, method="flat", allocation="rbi-india")
    receipt = lc.Account(loan, [lc.Payment("2026-03-20", 40)]).receipts[0]
    assert [(line.installment, line.component, str(line.amount)) for line in receipt.lines] == [
        (1, "interest", "20.00"), (2, "interest", "20.00"),
    ]  # fmt: skip


LATE_ONES = ["past due " + name for name in ("cost", "penalty", "fee", "compound interest", "late interest")]
PAST_DUE = [*LATE_ONES, "past due interest", "past due principal"]
DUE = ["due " + name for name in ("interest", "principal", "fee", "penalty", "cost", "late interest")]
DUE.append("due compound interest")


def places(allocation: lc.Allocation) -> str:
    return " ".join(place for place, _ in settled(allocation))


def test_what_is_due_may_have_an_order_of_its_own() -> None:
    horizontal = lc.Allocation([*PAST_DUE, *DUE], "horizontal")
    assert places(horizontal) == "1P 1F 1C 1L 1I 1A 2P 2F 2C 2L 2I 2A 3I 3A 3F"
    vertical = lc.Allocation([*PAST_DUE[:-1], *DUE, PAST_DUE[-1]], "vertical")
    assert places(vertical) == "1P 2P 1F 2F 1C 2C 1L 2L 1I 2I 3I 3A 3F 1A 2A"


ORDER = ["cost", "fee", "penalty", "compound_interest", "late_interest", "interest", "principal"]


@pytest.mark.parametrize(
    ("surplus", "then"),
    [
        ("hold", []),
        ("next", [("4F", "5.00"), ("4I", "9.00"), ("4A", "100.00"), ("5F", "5.00"), ("5I", "2.95")]),
        ("last", [("12F", "5.00"), ("12I", "1.00"), ("12A", "100.00"), ("11F", "5.00"), ("11I", "2.00"), ("11A", "8.95")]),
        ("next-then-last", [("4F", "5.00"), ("4I", "9.00"), ("4A", "100.00"), ("12F", "5.00"), ("12I", "1.00"), ("12A", "1.95")]),
        ("principal", [("4A", "100.00"), ("5A", "21.95")]),
    ],
)  # fmt: skip
def test_a_surplus_goes_where_its_rule_says(surplus: str, then: list[tuple[str, str]]) -> None:
    paid = settled(lc.Allocation(ORDER, "horizontal", surplus=surplus))
    assert paid[15:] == then
    assert paid[:15] == expected(ORDERS["oldest-installment-first"])


def test_a_spread_surplus_is_shared_evenly_and_the_last_takes_the_rest() -> None:
    paid = settled(lc.Allocation(ORDER, "horizontal", surplus="spread"))[15:]
    # 121.95 over nine installments: 13.55 each: 5.00 fee, then interest of 9.00, 8.00 ... 1.00, then principal
    assert paid[:4] == [("4F", "5.00"), ("4I", "8.55"), ("5F", "5.00"), ("5I", "8.00")]
    for number in range(4, 13):
        assert sum(Decimal(amount) for place, amount in paid if place[:-1] == str(number)) == Decimal("13.55")


def test_a_surplus_rule_settles_what_early_money_does() -> None:
    assert lc.Loan(**TERMS, allocation="mifos-standard").early == "apply"
    assert lc.Loan(**TERMS, allocation=lc.Allocation(ORDER, "vertical", surplus="hold")).early == "hold"
    with pytest.raises(lc.InvalidTerms, match=r"early: got 'hold' with allocation.surplus 'next'; expected 'apply'"):
        lc.Loan(**TERMS, allocation="mifos-standard", early="hold")
    assert (
        lc.Loan(**TERMS, accrual="daily", allocation=lc.Allocation(ORDER, "vertical", surplus="last")).early == "apply"
    )


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ([*ORDER, "past due fee"], "each of the seven components once for what is past due"),
        (PAST_DUE, "for what is due; missing: cost"),
        ([*ORDER, "in advance penalty"], "got in advance penalty; expected some of fee, interest, principal"),
        (["in advance fee", *ORDER], "'in advance' before what is due"),
        ([*ORDER[:6], "past due prinzipal", "due principal"], "nearest: principal"),
    ],
)
def test_a_list_that_is_none_is_refused(order: list[str], message: str) -> None:
    with pytest.raises(lc.LoanError, match=message):
        lc.Allocation(order, "vertical")


@pytest.mark.parametrize("name", ORDERS)
def test_a_preset_is_found_pasted_back_and_printed_with_its_source(name: str) -> None:
    found = allocation_presets()[name]
    assert lc.Allocation.of(name.replace("-", " ").upper()) is found.allocation
    assert eval(repr(found.allocation), {"Allocation": lc.Allocation}) == found.allocation
    assert hash(found.allocation) == hash(eval(repr(found.allocation), {"Allocation": lc.Allocation}))
    assert f"{found.allocation}\n    {found.provenance}" in lc.presets()
    assert found.provenance.source in lc.presets()


def test_what_was_not_verified_says_so() -> None:
    printed = {block.split(":")[0]: block for block in lc.presets().replace("\n    ", "\t").splitlines()}
    assert "recalled, unverified" in printed["cn-credit-card"]
    assert "; verified;" in printed["de-bgb-497"]
    assert "; verified;" not in printed["mifos-standard"]
    assert lc.Allocation.of("creocore").name == "mifos-standard"


@pytest.mark.parametrize("first", ["due", "past due"])
def test_horizontal_orders_settle_what_is_past_due_first_wherever_it_stands_in_the_list(first: str) -> None:
    """300.00 on 15 February and on 15 March: 350.00 on the second day pay the first installment, and 50.00 of the second."""
    timings = [first, "past due" if first == "due" else "due"]
    order = [f"{timing} {component}" for timing in timings for component in COMPONENTS]
    loan = lc.Loan(600, "0%", "2026-01-15", installments=2, allocation=lc.Allocation(order, "horizontal"))
    position = lc.Account(loan, [lc.Payment("2026-03-15", 350)]).as_of("2026-03-15")
    assert (str(position.past_due), str(position.due)) == ("nothing", "principal 250.00")
