"""What lateness does to a credit record: rule sets as data, and the code that reads them.

A rule set has a source, dates of validity and a status; a result prints which one it used. The library states facts
by the rules; it makes no score and gives no legal advice.
"""

from loancalc.credit.grades import Grade, classify
from loancalc.credit.monthly import CreditReport, MonthMark, report
from loancalc.credit.rulebook import Framework, framework, frameworks

__all__ = ["CreditReport", "Framework", "Grade", "MonthMark", "classify", "framework", "frameworks", "report"]
