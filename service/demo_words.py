"""The invented facts of the demo's pumps and tickets, as data."""

from typing import NamedTuple

CATALOGUE = (
    ("500S35", 2020, 35, 970, 280), ("300S58", 790, 58, 1480, 185), ("DG85-80×8", 85, 640, 2950, 280),
    ("IS100-80-160", 100, 32, 2900, 15), ("ISG150-315", 200, 32, 1480, 30), ("D46-50×6", 46, 300, 2950, 75),
    ("WQ100-25-15", 100, 25, 1480, 15), ("WQ400-13-30", 400, 13, 980, 30), ("CZ80-200", 100, 50, 2950, 30),
    ("LC350-30", 900, 30, 1480, 110), ("XBD8/40", 144, 80, 2950, 55), ("ZX50-20-30", 20, 30, 2900, 5.5),
)  # fmt: skip
POSITIONS = ("P-101A", "P-101B", "P-102", "P-2107A", "P-2107B", "P-301", "P-302", "1#", "2#", "3#")

# days ago, symptom, impact, the customer's word on the engineer's manner (1–5)
FINISHED = (
    (330, "F07", "i2", 5), (287, "F06", "i3", 5), (262, "F09", "i1", 4), (221, "F07", "i3", 3), (190, "F04", "i2", 5),
    (158, "F15", "i2", 5), (142, "F06", "i3", 2), (121, "F07", "i2", 5), (93, "F04", "i3", 5), (82, "F10", "i2", 5),
    (55, "F07", "i1", 5), (47, "F11", "i3", 3), (30, "F04", "i2", 4), (23, "F06", "i3", 5), (17, "F08", "i4", 5),
    (12, "F07", "i2", 1), (8, "F14", "i3", 5), (6, "F04", "i3", 4),
)  # fmt: skip


class Live(NamedTuple):
    """A ticket of the running board: where it stands and since how many hours; `slot` is the hour of the plan."""

    reaches: str
    hours: float
    symptom: str
    impact: str
    tier: str
    words: str
    engineer: str = ""
    slot: float = 0
    minutes: int = 120
    diagnosis: str = ""
    safety: bool = False
    by: str = "dp1"
    type: str = "repair"


LIVE = (
    # the queue
    Live("queue", 0.1, "F09", "i1", "vip", "消防泵停机，联动失败", safety=True),
    Live("queue", 0.2, "F07", "i1", "vip", "机封大量泄漏，装置降负荷"),
    Live("queue", 0.5, "F04", "i2", "vip", "振动 9.2 mm/s，无备用"),
    Live("queue", 3, "F06", "i2", "professional", "轴承温度 92 ℃"),
    Live("queue", 1.5, "F02", "i2", "professional", "流量下降 12 %"),
    Live("queue", 1, "F06", "i3", "vip", "轴承温度 78 ℃，备用泵运行", by="pm1"),
    Live("queue", 5, "F02", "i3", "standard", "流量不足"),
    Live("queue", 2, "F15", "i3", "professional", "电缆密封报警"),
    Live("queue", 4, "F14", "i3", "professional", "控制柜压力传感器漂移"),
    Live("queue", 6, "F03", "i3", "standard", "扬程不足", by="bm1"),
    Live("queue", 3, "F16", "i4", "vip", "能耗评估咨询（2 台）", type="consult"),
    Live("queue", 20, "", "i4", "professional", "安装调试，约时段", type="install"),
    Live("queue", 26, "", "i4", "vip", "2,000 h 轴承脂更换", type="maintain"),
    # offered, not answered
    Live("assigned", 1, "F04", "i2", "professional", "泵组振动", "ae6", 10.5),
    Live("assigned", 2, "F12", "i3", "standard", "泵体法兰渗漏", "ae1", 15.5),
    Live("assigned", 2.5, "F01", "i3", "professional", "启动不上水", "ae3", 14),
    # under way
    Live(
        "remote",
        1.5,
        "F14",
        "i2",
        "professional",
        "变频参数核对",
        "ae3",
        8.5,
        90,
        "远程核对参数",
        type="consult",
    ),
    Live("remote", 2, "F10", "i3", "standard", "电机过热", "ae7", 9, 60, "先降负荷并测绝缘"),
    Live("travel", 3, "F07", "i2", "vip", "机封滴漏加大", "ae5", 9.5, 180, "带机封一套上门"),
    Live("travel", 4, "F11", "i2", "professional", "盘车不动", "ae4", 10, 120, "判断异物卡涩"),
    Live("on_site", 5, "F04", "i1", "vip", "P-2107B 振动联锁停机", "ae2", 8.25, 225, "对中超差，现场找正"),
    Live("on_site", 9, "F06", "i2", "vip", "轴承异响", "ae1", 8, 120, "轴承游隙超标"),
    Live("on_site", 80, "F07", "i1", "professional", "机封泄漏，装置停车", "ae5", 13, 120, "更换机封中"),
    Live("on_site", 7, "F02", "i3", "standard", "流量低", "ae6", 13.5, 120, "检查口环"),
    # waiting
    Live("waiting_parts", 50, "F13", "i3", "professional", "叶轮磨蚀", "ae4", 0, 120, "叶轮到货后更换"),
    Live("waiting_parts", 30, "F10", "i3", "standard", "电机绝缘低", "ae6", 0, 120, "等电机绕组返修"),
    Live("waiting_parts", 28, "F07", "i2", "vip", "双端面机封", "ae2", 0, 120, "等机封总成"),
    Live("waiting_customer", 40, "F05", "i3", "professional", "汽蚀异响", "ae3", 0, 120, "等客户提高液位"),
    Live("waiting_customer", 26, "F03", "i3", "standard", "扬程不足", "ae7", 0, 120, "等客户办动火票"),
    Live("waiting_window", 44, "F04", "i2", "vip", "机组振动", "ae1", 0, 120, "等停机窗口"),
    # towards the end
    Live("resolved", 20, "F08", "i4", "standard", "填料漏", "ae4", 0, 60, "压盖调整"),
    Live("resolved", 10, "F14", "i3", "professional", "仪表漂移", "ae7", 0, 60, "更换变送器"),
    Live("pending_confirm", 30, "F06", "i3", "standard", "轴承温升", "ae3", 0, 60, "补脂"),
    Live("pending_confirm", 52, "F01", "i3", "professional", "不上水", "ae6", 0, 60, "更换底阀"),
    Live("pending_confirm", 76, "F12", "i3", "standard", "渗漏", "ae2", 0, 60, "更换垫片"),
    Live("pending_callback", 28, "F07", "i2", "vip", "机封泄漏", "ae1", 0, 60, "更换机封"),
    Live("pending_callback", 50, "F04", "i2", "professional", "振动", "ae5", 0, 60, "重新找正"),
    Live("pending_callback", 74, "F09", "i1", "vip", "跳闸停机", "ae2", 0, 60, "更换接触器"),
    Live("reopened", 60, "F07", "i3", "professional", "机封再次泄漏", "ae3", 0, 60, "更换机封"),
    Live("cancelled", 12, "F16", "i4", "standard", "能耗偏高", type="consult"),
    Live("cancelled", 30, "F02", "i3", "professional", "流量低"),
)
