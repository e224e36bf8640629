"""A second engine for what happens to a loan: slow, plain, and written from the meanings instead of from the library."""

from day_by_day.book import Book
from day_by_day.figures import figures_of_book, figures_of_position, next_due_of_book

__all__ = ["Book", "figures_of_book", "figures_of_position", "next_due_of_book"]
