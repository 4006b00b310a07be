"""Invented names and sentences. None of the syllables makes one of the search words by accident."""

from random import Random
from typing import Final

CITIES: Final = (
    ("11", "110100", "北京"), ("12", "120100", "天津"), ("13", "130100", "石家庄"), ("14", "140100", "太原"),
    ("21", "210100", "沈阳"), ("31", "310100", "上海"), ("32", "320100", "南京"), ("33", "330100", "杭州"),
    ("34", "340100", "合肥"), ("37", "370100", "济南"), ("42", "420100", "武汉"), ("43", "430100", "长沙"),
    ("44", "440100", "广州"), ("50", "500100", "重庆"), ("51", "510100", "成都"), ("61", "610100", "西安"),
)  # fmt: skip
FIRST: Final = "联瑞恒泰嘉鼎宏盛博远华信安达启明卓越荣兴康宁腾飞正源中天利民永固丰禾金石青松立诚德润"
SECOND: Final = "禾川岳屿岭泽源浦澄淮津湾岩洲溪汀垣坤晟琛铭骏昊轩逸弘毅维新捷展邦本泉江昌裕佳元"
TRADES: Final = (
    ("水务", "municipal_water"), ("污水处理", "wastewater"), ("热电", "power"), ("石化", "petrochemical"),
    ("化工", "chemical"), ("钢铁", "metallurgy"), ("矿业", "mining"), ("暖通设备", "building_hvac"),
    ("消防工程", "fire"), ("灌溉设备", "irrigation"), ("纸业", "pulp_paper"), ("制药", "pharma_food"),
)  # fmt: skip
FORMS: Final = ("有限公司", "有限公司", "有限公司", "有限责任公司", "股份有限公司", "集团有限公司")
SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余"
GIVEN: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红建文辉力永健世广志义兴良海山仁波"
TITLES: Final = ("总经理", "设备部长", "采购经理", "动力主任", "技术主管", "车间主任", "采购员", "工程师")
ROLES: Final = (
    "decision_maker",
    "technical",
    "purchaser",
    "user",
    "technical",
    "user",
    "purchaser",
    "influencer",
)
SAID: Final = (
    "沟通二期循环水泵选型，对方要求补充效率曲线。", "现场查看机封泄漏情况，已建议更换机封套件。",
    "确认年度检修窗口在下月中旬，需提前备件。", "讨论付款节点，财务要求先开票。",
    "回访运行情况，振动值稳定在二点八毫米每秒。", "客户转来新增加压泵站的流量与扬程要求。",
    "电话确认发货时间，对方同意分两批到货。", "拜访设备部，了解备用泵长期停用的原因。",
)  # fmt: skip
STEPS: Final = ("发选型书", "报备件价格", "约现场查看", "确认检修时间", "寄样册", "催回款", "安排技术交流")
FAULTS: Final = (
    "运行中振动突然增大，轴承温度七十八度。", "机封处滴漏，约每分钟二十滴。", "启动后电流超额定，十分钟后跳停。",
    "流量比上月下降两成，进口压力正常。", "变频器报过流，重启后仍有。", "填料函发热，需现场调整压盖。",
)  # fmt: skip


def person(rng: Random) -> str:
    """A name: one or two given characters."""
    given = rng.choice(GIVEN) + (rng.choice(GIVEN) if rng.random() < 0.87 else "")
    return rng.choice(SURNAMES) + given


def company(rng: Random, *, brand: str = "", broad: str = "") -> tuple[str, str, str, str, str]:
    """(full name, short name, province code, city code, industry) of an invented company."""
    province, city, place = rng.choice(CITIES)
    trade, industry = rng.choice(TRADES)
    brand = brand or rng.choice(FIRST) + rng.choice(SECOND)
    name = f"{place}{brand}{trade}{broad}{rng.choice(FORMS)}"
    return name, f"{brand}{trade}", province, city, industry
