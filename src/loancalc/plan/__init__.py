"""What was agreed? The terms of a loan, its repayment methods, fees and taxes, and the schedule that follows from them."""
