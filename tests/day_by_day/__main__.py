"""Compare many random accounts: `python -m day_by_day scheduled-usual --accounts 2000 --seed 7`, from `tests`.

It goes on after a difference, prints the account as code to paste, and counts at the end what the accounts had.
"""

from __future__ import annotations

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections import Counter

from hypothesis import HealthCheck, Phase, given, seed, settings

import loancalc as lc
from day_by_day.book import Book
from day_by_day.comparing import differences
from day_by_day.features import features_of
from day_by_day.kinds import KINDS


class Comparison:
    """What came of the accounts of a kind so far.

    Attributes:
        seen: The accounts, as code.
        apart: How many of them the engines tell apart.
        features: How many have each feature.
    """

    def __init__(self, *, stops: bool) -> None:
        self.stops = stops
        self.seen: set[str] = set()
        self.apart = 0
        self.features = Counter[str]()

    def compare(self, account: lc.Account) -> None:
        """Compare an account unless it was met before, and tell its story if the engines differ."""
        story = repr(account)
        if story in self.seen and not self.stops:
            return
        self.seen.add(story)
        book, found = Book(account.loan, account.events), None
        try:
            found = next(differences(account, book), None)
        except Exception as error:  # an engine that fails is a difference too, and the others are still to be compared
            found = f"{book.day}: {error!r}"
        self.features.update(features_of(account, book))
        if found:
            self.apart += 1
            print(f"# {found}\naccount = {story}\n", flush=True)
            assert not self.stops, found

    def __str__(self) -> str:
        counts = [f"{count:7} {name}" for name, count in sorted(self.features.items())]
        return "\n".join(
            [f"{len(self.seen)} accounts, {len(self.seen) - self.apart} agree, {self.apart} differ", *counts]
        )


def compare(kind: str, accounts: int, start: int, *, shrink: bool) -> Comparison:
    """Random accounts of a kind, those that come again once; an interrupt ends it sooner."""
    comparison, phases = Comparison(stops=shrink), [Phase.generate, *([Phase.shrink] if shrink else [])]
    some = settings(max_examples=accounts, phases=phases, deadline=None, database=None,
                    suppress_health_check=[*HealthCheck])  # fmt: skip
    try:
        seed(start)(some(given(KINDS[kind])(comparison.compare)))()
    except KeyboardInterrupt:
        print("interrupted")
    return comparison


def main() -> None:
    """Read the command line and print what came of each kind."""
    parser = ArgumentParser("python -m day_by_day", description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("kind", nargs="+", choices=KINDS, metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--accounts", type=int, default=200, help="how many of each kind (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="where hypothesis begins (%(default)s)")
    parser.add_argument("--shrink", action="store_true", help="end at the first difference, with its smallest account")
    chosen = parser.parse_args()
    for kind in chosen.kind:
        print(f"{kind}, seed {chosen.seed}")
        print(compare(kind, chosen.accounts, chosen.seed, shrink=chosen.shrink), flush=True)


if __name__ == "__main__":
    main()
