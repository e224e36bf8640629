"""Which days, and how much of a year are they? Day counts, due dates and accrual periods, holidays, rates that change."""
