"""Which number solves it, and to which digit? Roots of functions and of polynomials, for rates and payments."""
