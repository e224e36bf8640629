"""What does it mean? Arrears, limits of extensions, the cost of credit, and a lender's claim against our figures."""
