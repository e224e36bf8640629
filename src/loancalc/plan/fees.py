"""Fees: what is charged besides interest by agreement, when, and of what it is a percentage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from loancalc.errors import InvalidTerms
from loancalc.values.dates import DateLike, read_date
from loancalc.values.listed import yes_or_no
from loancalc.values.money import Amount, read_decimal, to_minor
from loancalc.values.names import Names
from loancalc.values.quotations import percent as show_share
from loancalc.values.rounding import Divide
from loancalc.values.shares import Share, read_percent

_EACH = Names(
    "fees.each",
    {
        "installment": ["period", "每期"],
        "year": ["yearly", "anniversary", "每年"],
        "pay-out": ["tranche", "draw", "每次放款"],
    },
)
_AT = Names("fees.at", {"disbursement": ["pay-out", "放款时"], "prepayment": ["提前还款时"]})
_SETTLED = Names(
    "settled",
    {
        "paid": ["paid apart", "另付"],
        "deducted": ["withheld", "从放款中扣除"],
        "financed": ["added to the principal", "计入本金"],
    },
)
_OF = Names(
    "fees.of",
    {
        "original-principal": ["原始本金", "贷款金额"],
        "outstanding-principal": ["outstanding balance", "剩余本金"],
        "installment": ["payment", "每期还款额"],
        "interest": ["利息"],
        "prepaid-principal": ["prepaid", "提前还款本金"],
        "pay-out": ["disbursed principal", "放款金额"],
    },
)
_REBATES = Names(
    "fees.rebate",
    {
        "by-days": ["pro rata temporis", "按剩余天数"],
        "by-installments": ["pro rata", "按剩余期数"],
        "rule-of-78": ["sum of digits", "78法则"],
    },
)
_KINDS = Names("fees.kind", {"fee": ["service charge", "服务费", "手续费"], "interest": ["砍头息", "预扣利息"]})

_BASES = {
    "installment": ("original-principal", "outstanding-principal", "installment", "interest"),
    "year": ("original-principal", "outstanding-principal"),
    "day": ("original-principal", "outstanding-principal"),
    "disbursement": ("original-principal",),
    "pay-out": ("pay-out",),
    "prepayment": ("prepaid-principal", "outstanding-principal", "original-principal"),
}


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Fee:
    """An agreed service charge (服务费, 手续费): flat, or a percentage within bounds.

    Args:
        amount: A flat amount, in units of the loan's currency; or
        percent: a share such as "1%" of
        of: "original-principal", "outstanding-principal" (before the installment it is due with; of a day or a year, what
            is outstanding on that day, with what is paid out on it), "installment" (principal and interest), "interest";
            for a prepayment also "prepaid-principal". At disbursement it is the
            principal before anything that is financed.
        each: "installment": due with every installment; "year": charged on every anniversary of the start; "pay-out":
            charged when the loan is paid out and with each of its tranches.
        in_advance: A yearly fee is charged at the beginning of each year of the loan: when it is paid out, and on every
            anniversary on which it goes on.
        at: "disbursement" (of the loan, not of its tranches), or "prepayment".
        on: The day on which it is charged. A fee of a day is due with the first installment on or after that day.
        settled: For what is charged when money is paid out, how the borrower bears it: "paid" beside the pay-out, "deducted" from it, or
            "financed" (added to the principal, and bearing interest with it).
        min, max: Bounds of a percentage, in units of the currency.
        name: What it is called in tables and explanations.
        rebate: What of a fee at disbursement is given back when the loan is repaid before its end: `"by-days"`, the share of
            the nights of the term that are left; `"by-installments"`, the share of the installments that are wholly ahead;
            or by the `"rule-of-78"`, of n installments with k wholly ahead k (k + 1) / (n (n + 1)) of it. Nothing without it.
        kind: "fee", or "interest" for what is taken in advance at disbursement and is interest by nature (砍头息).

    Raises:
        InvalidTerms: If it does not say once how much and once when, or if one of them does not go with the other.

    >>> Fee("20", each="installment")
    Fee('20', each='installment')
    >>> Fee(percent="1.5%", of="original-principal", at="disbursement", settled="deducted", min="50")
    Fee(percent='1.5%', of='original-principal', min='50', at='disbursement', settled='deducted')
    """

    amount: Decimal | None
    percent: Fraction | None
    of: str | None
    min: Decimal | None
    max: Decimal | None
    each: str | None
    in_advance: bool
    at: str | None
    on: date | None
    settled: str | None
    rebate: str | None
    name: str
    kind: str

    def __init__(
        self,
        amount: Amount | None = None,
        *,
        percent: Share | None = None,
        of: str | None = None,
        min: Amount | None = None,
        max: Amount | None = None,
        each: str | None = None,
        in_advance: bool = False,
        at: str | None = None,
        on: DateLike | None = None,
        settled: str | None = None,
        rebate: str | None = None,
        name: str | None = None,
        kind: str = "fee",
    ) -> None:
        put = object.__setattr__
        if (amount is None) == (percent is None):
            raise InvalidTerms(f"fees: got amount={amount!r}, percent={percent!r}; expected exactly one of them")
        if sum(given is not None for given in (each, at, on)) != 1:
            raise InvalidTerms(f"fees: got each={each!r}, at={at!r}, on={on!r}; expected exactly one of them")
        put(self, "each", None if each is None else _EACH.find(each))
        put(self, "in_advance", yes_or_no(in_advance, "fees.in_advance"))
        if in_advance and self.each != "year":
            raise InvalidTerms(f"fees.in_advance: got True with each={each!r}; it belongs to each='year'")
        put(self, "at", None if at is None else _AT.find(at))
        put(self, "on", None if on is None else read_date(on, "fees.on"))
        put(self, "amount", _not_negative(amount, "fees.amount"))
        put(self, "percent", None if percent is None else read_percent(percent, "fees.percent"))
        put(self, "of", _base(of, percent, self.when))
        put(self, "min", _not_negative(min, "fees.min"))
        put(self, "max", _not_negative(max, "fees.max"))
        put(self, "kind", _KINDS.find(kind))
        put(self, "settled", read_settled(settled, "fees.settled", needed=self.at_pay_out))
        put(self, "rebate", None if rebate is None else _REBATES.find(rebate))
        if self.rebate is not None and self.at != "disbursement":
            raise InvalidTerms(
                f"fees.rebate: got {rebate!r} for a fee of a {self.when}; it belongs to at='disbursement'"
            )
        put(self, "name", self.kind if name is None else name)
        self._check_bounds()
        if self.kind == "interest" and self.settled != "deducted":
            raise InvalidTerms(
                "fees.kind: got 'interest'; expected it with at='disbursement' or each='pay-out' and settled='deducted', as interest "
                "taken in advance; other interest is the rate's"
            )

    def _check_bounds(self) -> None:
        if self.percent is None and not (self.min is None and self.max is None):
            raise InvalidTerms("fees: min and max belong to percent; a flat amount takes neither")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise InvalidTerms(f"fees.min: got {self.min}; expected at most max, {self.max}")

    @property
    def at_pay_out(self) -> bool:
        """Whether it, or the first of it, is charged when the loan is paid out."""
        return self.at == "disbursement" or self.each == "pay-out" or self.in_advance

    @property
    def when(self) -> str:
        """When it is charged: "installment", "year", "pay-out", "day", "disbursement" or "prepayment"."""
        return self.each or self.at or "day"

    def amount_of(self, base: int, digits: int, divide: Divide) -> int:
        """What is charged, in units of `digits` decimals: flat, or the percentage of `base`, rounded, within bounds.

        >>> from loancalc import Rounding
        >>> fee = Fee(percent="0.5%", of="outstanding-principal", each="year", max="50")
        >>> [fee.amount_of(base, 2, Rounding().divide("fee")) for base in (123_456, 1_200_000)]
        [617, 5000]
        """
        if self.percent is None:
            assert self.amount is not None
            return to_minor(self.amount, digits, "fees.amount")
        amount = divide(base * self.percent.numerator, self.percent.denominator)
        if self.min is not None:
            amount = max(amount, to_minor(self.min, digits, "fees.min"))
        return amount if self.max is None else min(amount, to_minor(self.max, digits, "fees.max"))

    def check_decimals(self, digits: int) -> None:
        """Refuse amounts with more decimals than the currency has.

        Raises:
            InvalidAmount: If there are any.
        """
        for field, amount in (("amount", self.amount), ("min", self.min), ("max", self.max)):
            if amount is not None:
                to_minor(amount, digits, f"fees.{field}")

    def __repr__(self) -> str:
        shown = {
            "percent": None if self.percent is None else show_share(self.percent),
            "of": self.of,
            "min": None if self.min is None else f"{self.min:f}",
            "max": None if self.max is None else f"{self.max:f}",
            "each": self.each,
            "in_advance": self.in_advance or None,
            "at": self.at,
            "on": None if self.on is None else str(self.on),
            "settled": self.settled,
            "rebate": self.rebate,
            "name": None if self.name == self.kind else self.name,
            "kind": None if self.kind == "fee" else self.kind,
        }
        flat = [] if self.amount is None else [repr(f"{self.amount:f}")]
        return f"Fee({', '.join(flat + [f'{name}={value!r}' for name, value in shown.items() if value is not None])})"


def _base(of: str | None, percent: object, when: str) -> str | None:
    if percent is None:
        if of is not None:
            raise InvalidTerms(f"fees.of: got {of!r}; it belongs to percent; a flat amount takes none")
        return None
    if of is None:
        raise InvalidTerms(f"fees.of: missing; percent {percent!r} of what? accepted: {', '.join(_BASES[when])}")
    name = _OF.find(of)
    if name not in _BASES[when]:
        raise InvalidTerms(
            f"fees.of: got {of!r} for a fee of a {when}; it is not known then; accepted: {', '.join(_BASES[when])}"
        )
    return name


def read_settled(value: str | None, field: str, *, needed: bool) -> str | None:
    """How a charge at disbursement is settled; asked for there, and refused elsewhere."""
    if needed and value is None:
        raise InvalidTerms(f"{field}: missing; where money is paid out, expected one of: {', '.join(_SETTLED.names)}")
    if not needed and value is not None:
        raise InvalidTerms(f"{field}: got {value!r}; it belongs to what is charged when money is paid out")
    return None if value is None else _SETTLED.find(value, field)


def _not_negative(value: Amount | None, field: str) -> Decimal | None:
    if value is None:
        return None
    amount = read_decimal(value, field)
    if amount < 0:
        raise InvalidTerms(f"{field}: got {value}; expected 0 or more")
    return amount
