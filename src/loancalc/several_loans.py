"""Several loans of one borrower: how one payment is shared among them where the borrower does not say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from loancalc.account import Account
from loancalc.errors import InvalidTerms
from loancalc.events import Payment
from loancalc.money import format_minor, to_decimal, to_minor
from loancalc.penalties import not_negative


@dataclass(frozen=True, slots=True)
class Standing:
    """What the law weighs besides the due date, as the caller knows it.

    Args:
        security: What secures the loan, as an amount in units of the currency or any other measure: less comes first.
        burden: How burdensome it is, such as its late rate: more comes first; equal, if not given.

    >>> Standing(security=0, burden=Fraction(18, 100)).security
    Decimal('0')
    """

    security: Decimal
    burden: Fraction = Fraction(0)

    def __init__(self, security: int | str | Decimal, burden: Fraction | int = Fraction(0)) -> None:
        object.__setattr__(self, "security", not_negative(security, "standing.security"))
        object.__setattr__(self, "burden", Fraction(burden))


def allocate_across(
    accounts: Mapping[str, Account], payment: Payment, standings: Mapping[str, Standing] | None = None
) -> dict[str, Payment]:
    """One payment shared among the loans of one borrower who did not say which it is for.

    What is due comes first; of that the loan that is least secured, then the most burdensome one, then what fell due
    first; what is equal in all is shared in proportion. What exceeds everything due goes on to the loans not yet due, by
    the same marks and their next due dates, up to their payoffs. How a loan uses its part is its own allocation.

    Args:
        accounts: The accounts by a name of the caller's; all of one currency.
        payment: The money; it is meant for nothing in particular.
        standings: Security and burden of each by its name; all equal, if not given.

    Returns:
        The payment of each account that gets a part, to be given to `with_events`.

    Raises:
        InvalidTerms: If there is no account, currencies differ, a standing is missing, the payment is designated, or it
            is more than all payoffs together.

    Source: Civil Code of China art. 560.

    >>> from loancalc.loan import Loan
    >>> one = Account(Loan(1200, "12%", "2026-01-15", installments=12))
    >>> two = Account(Loan(2400, "12%", "2026-01-15", installments=12))
    >>> across = allocate_across({"one": one, "two": two}, Payment("2026-02-20", 300))
    >>> {name: str(paid.amount) for name, paid in across.items()}
    {'one': '100.00', 'two': '200.00'}
    """
    _check(accounts, payment, standings)
    digits = next(iter(accounts.values())).loan.digits
    left = to_minor(payment.amount, digits, "payment.amount")
    payoff = {name: to_minor(account.payoff(payment.on), digits) for name, account in accounts.items()}
    if left > sum(payoff.values()):
        raise InvalidTerms(
            f"payment.amount: got {payment.amount}; expected at most {format_minor(sum(payoff.values()), digits)}"
        )
    shares = dict.fromkeys(accounts, 0)
    for claims in (_due_now(accounts, payment.on), None):
        claims = claims if claims is not None else {name: payoff[name] - shares[name] for name in accounts}
        for group in _groups(accounts, payment.on, standings or {}):
            asked = {name: claims[name] for name in group}
            for name, part in _in_proportion(min(left, sum(asked.values())), asked).items():
                shares[name] += part
                left -= part
    return {
        name: Payment(payment.on, to_decimal(share, digits), booked=payment.booked)
        for name, share in shares.items()
        if share
    }


def _check(accounts: Mapping[str, Account], payment: Payment, standings: Mapping[str, Standing] | None) -> None:
    currencies = {account.loan.currency for account in accounts.values()}
    if len(currencies) != 1:
        raise InvalidTerms(
            f"accounts: got currencies {sorted(map(str, currencies))}; expected accounts of one currency"
        )
    if payment.is_designated:
        raise InvalidTerms(f"payment: got {payment!r}; expected one that is meant for nothing in particular")
    missing = [name for name in accounts if standings is not None and name not in standings]
    if missing:
        raise InvalidTerms(f"standings: got none for {', '.join(missing)}; expected one for each account")


def _due_now(accounts: Mapping[str, Account], on: date) -> dict[str, int]:
    """What is past due or due of each, held credit taken off, in minor units."""
    found = {}
    for name, account in accounts.items():
        figures = account.as_of(on).figures
        found[name] = max(0, sum(figures.past_due) + sum(figures.due) - figures.credit)
    return found


def _groups(accounts: Mapping[str, Account], on: date, standings: Mapping[str, Standing]) -> list[Sequence[str]]:
    """The names in the order of the law; those that are equal in every mark together."""
    marks: dict[tuple[Decimal, Fraction, date], list[str]] = {}
    for name, account in accounts.items():
        position = account.as_of(on)
        standing = standings.get(name, Standing(0))
        due = position.oldest_unpaid_due or (position.next_due.date if position.next_due else account.loan.dates[-1])
        marks.setdefault((standing.security, -standing.burden, due), []).append(name)
    return [marks[mark] for mark in sorted(marks)]


def _in_proportion(amount: int, asked: Mapping[str, int]) -> dict[str, int]:
    """An amount shared in proportion to what is asked, rounded down; the first ones take what rounding leaves."""
    total = sum(asked.values())
    if not total:
        return {}
    shares = {name: amount * claim // total for name, claim in asked.items()}
    for name in asked:
        if sum(shares.values()) < amount and shares[name] < asked[name]:
            shares[name] += 1
    return shares
