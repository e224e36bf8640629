"""Excel's time-value functions: its names, signs, order of arguments and optional type and guess.

Money received is positive, money paid negative, and a rate is a fraction per period. Floats give a float, accurate to
1e-13 of its value; where one argument is a `Decimal`, the answer is one, to 34 digits. Where amounts nearly cancel, a
float means the shortest decimal that prints it (0.1 is one tenth). There is always a figure, or an error with the
reason, never NaN.

>>> from loancalc import tvm
>>> round(tvm.pmt(0.07 / 12, 360, 200_000), 2)
-1330.6
>>> round(tvm.nper(0.07 / 12, -1330.60, 200_000), 3)
360.005
"""

from loancalc.tvm.interest_and_principal import cumipmt, cumprinc, ipmt, ispmt, ppmt
from loancalc.tvm.level_payments import fv, nper, pmt, pv
from loancalc.tvm.present_values import mirr, npv, xnpv
from loancalc.tvm.solved_rates import irr, rate, xirr
from loancalc.tvm.yearly_rates import effect, fvschedule, nominal, pduration, rri

__all__ = [
    "cumipmt",
    "cumprinc",
    "effect",
    "fv",
    "fvschedule",
    "ipmt",
    "irr",
    "ispmt",
    "mirr",
    "nominal",
    "nper",
    "npv",
    "pduration",
    "pmt",
    "ppmt",
    "pv",
    "rate",
    "rri",
    "xirr",
    "xnpv",
]
