"""The picture of the page 我逾期了，怎么办: `python docs/pictures/overdue_zh.py` writes the SVG beside it.

It is that of `overdue`, in Chinese.
"""

from __future__ import annotations

from drawing import Drawing
from overdue import drawn

CHINESE = {
    "principal": "本金",
    "interest": "利息",
    "late_interest": "罚息",
    "compound_interest": "复利",
    "penalty": "违约金",
    "cost": "费用",
    "title": "一笔不再还款的贷款，逐日的逾期金额及其构成",
    "all": "全部逾期金额",
    "late": "其中因逾期多出来的",
    "day": "%m-%d",
    "mark": "状态",
}


def drawing() -> Drawing:
    """The same picture with Chinese words."""
    return drawn(CHINESE)


if __name__ == "__main__":
    drawing().write(__file__)
