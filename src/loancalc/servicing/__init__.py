"""What really happened? Events, and the account that is folded from them: what is owed, late, paid and left to pay."""
