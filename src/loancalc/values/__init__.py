"""How much, and by which name? Money, rates and their quotations, rounding, dates, and tables of rules."""
