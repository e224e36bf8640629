"""The law of caps: on no day do the covered charges exceed the limit, counted again here, night by night."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from changing import with_terms
from loancalc.plan.charge_caps import CUT_ORDER
from loancalc.testing import events, late_terms, loans
from loancalc.values.money import to_minor
from loancalc.values.names import COMPONENTS

NIGHTS_OF_A_YEAR = {"ACT/360": 360, "ACT/365F": 365}
COVERED = ("penalty", "compound_interest", "late_interest")

DAYS = 150


@st.composite
def caps(draw: st.DrawFn, among: tuple[str, ...] = COVERED, name: str | None = None) -> lc.Cap:
    """Caps whose limit can be added up night by night, small enough to cut."""
    covers = draw(st.lists(st.sampled_from(among), min_size=1, unique=True))
    terms: dict[str, Any] = {"covers": covers, "recover": draw(st.booleans()), "name": name}
    kind = draw(st.sampled_from(["yearly", "daily", "share", "amount"]))
    if kind == "share":
        return lc.Cap(share=Fraction(draw(st.integers(0, 20)), 1000), **terms)
    if kind == "amount":
        return lc.Cap(amount=draw(st.integers(0, 30)), **terms)
    base = draw(st.sampled_from(["outstanding-principal", "past-due-principal"]))
    if kind == "daily":
        return lc.Cap(rate=f"{draw(st.integers(0, 20))}bp/day", base=base, **terms)
    day_count = draw(st.sampled_from(list(NIGHTS_OF_A_YEAR)))
    return lc.Cap(rate=Fraction(draw(st.integers(0, 24)), 100), base=base, day_count=day_count, **terms)


@st.composite
def capped_loans(draw: st.DrawFn) -> lc.Loan:
    loan = draw(loans(late=False, most_installments=5))
    late = draw(late_terms(loan.rate).filter(lambda late: late.interest is not None or late.penalties))
    return with_terms(loan, late=replace_caps(late, [draw(caps())]))


def replace_caps(late: lc.LateTerms, caps: list[lc.Cap]) -> lc.LateTerms:
    return lc.LateTerms(late.interest, late.penalties, late.grace, caps)


def cap_of(loan: lc.Loan) -> lc.Cap:
    assert loan.late is not None
    return loan.late.caps[0]


def watched_days(loan: lc.Loan) -> list[date]:
    """Every night from the start to long after the last due date, in as many days as a test has time for."""
    last = min((loan.dates[-1] - loan.start).days + 60, DAYS)
    return [loan.start + timedelta(day) for day in range(last + 1)]


def limits(loan: lc.Loan, positions: tuple[lc.Position, ...], cap: lc.Cap | None = None) -> list[int]:
    """What the covered components may come to on each of consecutive days from the start, in minor units."""
    cap, unit = cap or cap_of(loan), 10**loan.digits
    if cap.amount is not None:
        return [int(cap.amount * unit)] * len(positions)
    if cap.share is not None:
        return [int(Fraction(loan.principal) * unit * cap.share)] * len(positions)
    assert cap.rate is not None
    per_night = cap.rate.value / (1 if cap.rate.per == "day" else NIGHTS_OF_A_YEAR[str(cap.day_count)])
    total, found = Fraction(0), []
    for position in positions:
        found.append(total.numerator // total.denominator)
        past_due = position.past_due.principal + position.due.principal
        base = past_due if cap.base == "past-due-principal" else position.outstanding_principal
        total += Fraction(base) * unit * per_night
    return found


def charged(position: lc.Position, covers: tuple[str, ...]) -> int:
    """What was paid, waived and is still owed of the covered components, interest to date, and what was charged to
    installments that are not yet due, in minor units.
    """
    amounts = [part for item in position.installments for part in (item.paid, item.waived, item.written_off, item.owed)]
    running = Fraction(position.interest_to_date) if "interest" in covers else 0
    settled = int(
        (sum(Fraction(part[name]) for part in amounts for name in covers) + running) * 10**position.figures.digits
    )
    return settled + sum(charged_ahead(position).get(name, 0) for name in covers)


def charged_ahead(position: lc.Position) -> dict[str, int]:
    """What was charged to installments not yet due and is neither cut nor settled, by component, in minor units."""
    left: dict[str, int] = {}
    rows = {row.number: row for row in position.figures.items if row.due > position.as_of}
    for charge in position.figures.charges:
        row, component = rows.get(charge.installment), charge.component
        name = COMPONENTS[component]
        if row is not None:
            left[name] = left.get(name, 0) + charge.amount
    for row in rows.values() if left else ():
        for component in (0, 1, 2):
            gone = row.cut[component] + row.paid[component] + row.waived[component] + row.written_off[component]
            left[COMPONENTS[component]] = left.get(COMPONENTS[component], 0) - gone
    return left


@given(st.data(), capped_loans())
def test_no_day_exceeds_its_limit(data: st.DataObject, loan: lc.Loan) -> None:
    account = lc.Account(loan, data.draw(events(loan, most=4)))
    positions = account.on_days(watched_days(loan))
    for position, limit in zip(positions, limits(loan, positions), strict=True):
        assert charged(position, cap_of(loan).covers) <= limit, position.as_of


@st.composite
def loans_with_caps(draw: st.DrawFn) -> lc.Loan:
    """Loans with fees, penalties that may recur, and several caps on whatever a cap may cover."""
    loan = draw(loans(late=False, most_installments=4))
    late = draw(late_terms(loan.rate, every_kind=True).filter(lambda late: late.interest is not None or late.penalties))
    some = [draw(caps(CUT_ORDER, f"cap {place}")) for place in range(draw(st.integers(1, 3)))]
    fees = [lc.Fee(draw(st.integers(1, 20)), each="installment")]
    return with_terms(
        loan, late=replace_caps(late, some), fees=fees, taxes=(), early="hold", allocation="oldest-installment-first"
    )


@given(st.data(), loans_with_caps())
def test_no_day_exceeds_any_of_several_limits_and_what_each_cut_adds_up(data: st.DataObject, loan: lc.Loan) -> None:
    assert loan.late is not None
    account = lc.Account(loan, data.draw(events(loan, most=3)))
    positions = account.on_days(watched_days(loan)[:90])
    for cap in loan.late.caps:
        for position, limit in zip(positions, limits(loan, positions, cap), strict=True):
            assert charged(position, cap.covers) <= limit, (position.as_of, cap)
    said = {str(cap): cap.covers for cap in loan.late.caps}
    for position in positions[:: max(1, len(positions) // 10)]:
        assert all(cut.amount > 0 and cut.component in said[cut.cap] for cut in position.cuts)
        for item in position.installments:
            for name in CUT_ORDER:
                cuts = [c.amount for c in position.cuts if (c.installment, c.component) == (item.number, name)]
                assert sum(cuts) == item.cut[name], (position.as_of, item.number, name)


@st.composite
def charged_by_hand(draw: st.DrawFn, loan: lc.Loan) -> list[lc.Event]:
    """Costs, fees and penalties to any installment, due or not; some of them to all that is left when the loan is called."""
    count, days = len(loan.schedule()), st.integers(0, (loan.dates[-1] - loan.start).days)
    made = st.builds(
        lc.Charge,
        days.map(lambda day: loan.start + timedelta(day)),
        st.sampled_from(["cost", "fee", "penalty"]),
        st.integers(1, 40),
        installment=st.none() | st.integers(1, count),
    )
    happened: list[lc.Event] = list(draw(st.lists(made, min_size=1, max_size=3)))
    if draw(st.booleans()):
        last = max(event.on for event in happened)
        happened.append(lc.Acceleration(last + timedelta(draw(st.integers(0, 40)))))
    return happened


@given(st.data(), loans_with_caps())
def test_what_is_charged_ahead_counts_on_its_day_and_a_payoff_asks_for_no_more_than_every_cap_allows(
    data: st.DataObject, loan: lc.Loan
) -> None:
    assert loan.late is not None
    paid = [event for event in data.draw(events(loan, most=2, payoff=False)) if isinstance(event, lc.Payment)]
    called = data.draw(charged_by_hand(loan))
    account = lc.Account(loan, [*paid, *called])
    positions = account.on_days(watched_days(loan)[:90])
    of = [limits(loan, positions, cap) for cap in loan.late.caps]
    for place, position in enumerate(positions):
        for cap, allowed in zip(loan.late.caps, of, strict=True):
            assert charged(position, cap.covers) <= allowed[place], (position.as_of, cap)
        assert sum(charged_ahead(position).values()) == to_minor(position.charged_ahead, loan.digits)
        assert sum(cut.amount for cut in position.cuts) == position.cut.total
    place = data.draw(st.integers(0, len(positions) - 1))
    day = positions[place].as_of
    if positions[place].payoff < 0 or any(event.on > day for event in account.events):
        return
    closed = account.with_events(lc.Payoff(day, id="off"))
    for off in closed.on_days([day, day + timedelta(1), day + timedelta(99)]):
        assert (off.payoff, off.credit, off.is_closed) == (0, 0, True)
        for cap, allowed in zip(loan.late.caps, of, strict=True):
            assert charged(off, cap.covers) <= allowed[place], (off.as_of, cap)


@given(st.data(), loans_with_caps())
def test_the_order_in_which_caps_are_listed_has_no_say(data: st.DataObject, loan: lc.Loan) -> None:
    assert loan.late is not None
    happened = data.draw(events(loan, most=2))
    other = with_terms(loan, late=replace_caps(loan.late, list(loan.late.caps[::-1])))
    days = watched_days(loan)[:90:7]
    for ours, theirs in zip(*(lc.Account(each, happened).on_days(days) for each in (loan, other)), strict=True):
        assert (ours.payoff, ours.past_due, ours.due, ours.cut) == (
            theirs.payoff,
            theirs.past_due,
            theirs.due,
            theirs.cut,
        )


@given(capped_loans())
def test_what_a_cap_takes_off_is_what_is_not_owed(loan: lc.Loan) -> None:
    assert loan.late is not None
    uncapped = lc.Account(with_terms(loan, late=replace_caps(loan.late, [])))
    days = watched_days(loan)
    for with_cap, without in zip(lc.Account(loan).on_days(days), uncapped.on_days(days), strict=True):
        for name in with_cap.past_due:
            assert with_cap.past_due[name] + with_cap.due[name] + with_cap.cut[name] == (
                without.past_due[name] + without.due[name]
            )


@given(capped_loans())
def test_what_was_cut_stays_cut_unless_it_recovers(loan: lc.Loan) -> None:
    assert loan.late is not None
    cap, days = cap_of(loan), watched_days(loan)
    positions = lc.Account(loan).on_days(days)
    uncapped = lc.Account(with_terms(loan, late=replace_caps(loan.late, []))).on_days(days)
    allowed, before = 0, 0
    for position, free, limit in zip(positions, uncapped, limits(loan, positions), strict=True):
        gross = charged(free, cap.covers)
        allowed = min(gross, limit) if cap.recover else allowed + min(gross - before, limit - allowed)
        before = gross
        assert charged(position, cap.covers) == allowed, position.as_of


def test_a_capped_loan_to_the_cent() -> None:
    # 1 000.00 past due from 15 February bears 0.1 % a night, 1.00; the cap grows by 24 % / 365 of 1 000.00, 0.657...
    late = lc.LateTerms(interest=lc.LateInterest("0.1%/day"), caps=[lc.Cap(rate="24%", covers="late interest")])
    loan = lc.Loan(1000, "0%", "2026-01-15", installments=1, late=late)
    positions = {recover: _capped(loan, recover).as_of("2026-05-01") for recover in (False, True)}
    # 106 nights since 15 January allow 69.69 of the 75.00 that 75 nights bear
    assert [str(positions[recover].past_due.late_interest) for recover in (False, True)] == ["69.69", "69.69"]
    assert str(positions[True].cut.late_interest) == "5.31"


def _capped(loan: lc.Loan, recover: bool) -> lc.Account:
    late = loan.late
    assert late is not None
    return lc.Account(with_terms(loan, late=replace_caps(late, [replace_recover(late.caps[0], recover)])))


def replace_recover(cap: lc.Cap, recover: bool) -> lc.Cap:
    return lc.Cap(rate=cap.rate, covers=cap.covers, base=cap.base, day_count=cap.day_count, recover=recover)


@pytest.mark.parametrize("penalties", [[], [lc.Penalty(25)]], ids=["", "penalty"])
@pytest.mark.parametrize("kind", ["free", "deferred", "status-only"])
def test_a_cap_of_nothing_leaves_nothing_also_on_the_day_on_which_a_grace_ends(
    kind: str, penalties: list[lc.Penalty]
) -> None:
    late = lc.LateTerms(
        lc.LateInterest("18%", day_count="ACT/360", compound="interest"),
        penalties=penalties,
        grace=lc.Grace(3, kind),
        caps=[lc.Cap(amount=0)],
    )
    loan = lc.Loan(1000, "12%", "2026-01-01", installments=2, late=late)
    for day in range(31, 80):
        position = lc.Account(loan).as_of(loan.start + timedelta(day))
        assert charged(position, cap_of(loan).covers) == 0, position.as_of


def test_interest_on_late_interest_that_is_cut_is_never_less_than_nothing() -> None:
    """51.171 at 12 % bear 0.0168 a night; rounded up to 0.017 and cut, so that 0.0002 less than nothing was left to bear."""
    late = lc.LateTerms(
        interest=lc.LateInterest(rate="12%", day_count="ACT/365F", compound="interest-and-late-interest"),
        caps=[lc.Cap(amount=0, covers=["late_interest", "compound_interest"])],
    )
    loan = lc.Loan(
        "51.171", "0%", "2018-01-03", installments=1, late=late, currency="KWD", rounding=lc.Rounding(mode="up")
    )
    for position in lc.Account(loan).on_days([date(2018, 2, 4) + timedelta(n) for n in range(9)]):
        assert [str(amount) for amount in (position.past_due.late_interest, position.past_due.compound_interest)] == [
            "0.000",
            "0.000",
        ]


@pytest.mark.parametrize(
    ("paid", "cut"),
    [
        # 3.885 -> 3.85 in 10 nights, 2.33 allowed: paid, and so is the next night, 0.35 of which 0.23 are allowed. Both lines
        # end: 3.85 + 0.35 + 0.35 - 2.79
        (("2.33", "0.23"), "1.76"),
        # 1.33 are left of the first line, and the 1.30 that come settle nothing of the second: 3.85 + 0.75 - 2.79
        (("1.00", "1.30"), "1.81"),
        # 0.02 of the second line are settled: it ends
        (("1.00", "1.35"), "1.76"),
    ],
)
def test_what_a_cap_cut_of_a_line_is_nothing_that_a_payment_settles_before_it(paid: tuple[str, str], cut: str) -> None:
    """777.00 past due from 31 January bear 0.05 % a night, 0.3885, rounded down to 0.05, and the cap grows by 0.03 %, 0.2331.

    A line ends where a payment settles something of what accrued on it. What was cut of an older line is not owed of that one,
    and what was cut of the line that runs is no less left of the older one. On 12 February 2.79 are allowed in 12 nights.
    """
    late = lc.LateTerms(
        lc.LateInterest("0.05%/day"), caps=lc.Cap("0.03%/day", covers="late_interest", base="past-due-principal")
    )
    first = ["late_interest", "principal", "cost", "fee", "penalty", "compound_interest", "interest"]
    loan = lc.Loan(
        777, "0%", "2026-01-01", end="2026-01-31", method="lump_sum", day_count="ACT/365F", late=late,
        allocation=lc.Allocation(first, "vertical"), rounding=lc.Rounding(5, "down"),
    )  # fmt: skip
    days = ("2026-02-10", "2026-02-11")
    found = lc.Account(loan, [lc.Payment(day, amount) for day, amount in zip(days, paid, strict=True)]).as_of(
        "2026-02-12"
    )
    owed = Decimal("2.79") - sum(map(Decimal, paid))
    assert (str(found.cut), found.past_due.late_interest) == (f"late_interest {cut}", owed)


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_a_fee_for_repaying_early_is_no_more_than_what_a_cap_leaves_for_it(accrual: str) -> None:
    # 122.30 were paid on 15 February; on 1 March 11 056.39 x 12 % x 14/365 = 50.89 have accrued, and of a fee of 5 % the limit
    # of 200.00 leaves 26.81
    late = lc.LateTerms(caps=lc.Cap(amount=200, covers=["fee", "interest"]))
    costs = lc.Prepayment(fee=lc.Fee(percent="5%", of="prepaid-principal", at="prepayment"))
    loan = lc.Loan(
        12_000, "12%", "2026-01-15", installments=12, accrual=accrual, day_count="ACT/365F", late=late, prepayment=costs
    )
    paid = lc.Account(loan, [lc.Payment("2026-02-15", "1065.91")])
    assert str(paid.payoff("2026-03-01")) == "11134.09"
    part = paid.with_events(lc.Payment("2026-03-01", 3_000, effect="lower"))
    for account in (paid.with_events(lc.Payoff("2026-03-01")), part):
        assert str(account.receipts[-1]).split(", principal")[0].endswith("fee 26.81, interest 50.89")
        later = account.as_of("2026-04-20")
        assert min(later.figures.past_due) >= 0
        assert sum(row.paid.fee + row.paid.interest + row.owed.interest for row in later.installments) == 200
