"""Other people's names of trades and ours: the table by which an import maps an industry text to our list.

Only where a foreign name clearly is one of ours; everything else stays "other", and the text is kept beside it.
"""

import unicodedata

from crm.choices import Industry

OURS: dict[str, tuple[str, ...]] = {
    Industry.MUNICIPAL_WATER: ("市政供水", "市政", "供水", "自来水", "水务", "水司", "water", "water supply"),
    Industry.WASTEWATER: ("污水", "污水处理", "排水", "环境保护", "环保", "sewage", "waste water"),
    Industry.POWER: (
        "电力",
        "火力发电",
        "水力发电",
        "新型电力",
        "供气供热",
        "热力",
        "热电",
        "核电",
        "电厂",
        "power plant",
        "energy",
    ),
    Industry.PETROCHEMICAL: (
        "石化",
        "石油化工",
        "石油加工",
        "石油开采",
        "石油贸易",
        "炼油",
        "oil and gas",
        "refinery",
    ),
    Industry.CHEMICAL: (
        "化工",
        "化工原料",
        "农药化肥",
        "染料涂料",
        "日用化工",
        "化纤",
        "塑料",
        "橡胶",
        "焦炭加工",
        "chemicals",
    ),
    Industry.METALLURGY: (
        "冶金",
        "钢铁",
        "普钢",
        "特种钢",
        "钢加工",
        "铝",
        "铜",
        "铅锌",
        "小金属",
        "steel",
        "steel/metallurgy",
    ),
    Industry.MINING: ("矿山", "矿业", "煤炭", "煤炭开采", "黄金", "矿物制品", "mine", "coal"),
    Industry.BUILDING_HVAC: (
        "建筑",
        "建筑暖通",
        "暖通",
        "暖通空调",
        "楼宇",
        "建筑工程",
        "装修装饰",
        "全国地产",
        "区域地产",
        "房产服务",
        "园区开发",
        "building",
        "hvac",
    ),
    Industry.FIRE: ("消防", "消防工程", "fire"),
    Industry.IRRIGATION: (
        "农田水利",
        "水利",
        "灌溉",
        "种植业",
        "农业综合",
        "irrigation/hydraulic works",
        "agriculture",
    ),
    Industry.PULP_PAPER: ("造纸", "制浆造纸", "paper"),
    Industry.PHARMA_FOOD: (
        "医药食品",
        "医药",
        "制药",
        "食品",
        "饮料",
        "化学制药",
        "生物制药",
        "中成药",
        "食品加工",
        "乳制品",
        "白酒",
        "啤酒",
        "红黄酒",
        "软饮料",
        "pharma",
        "food",
    ),
    Industry.MARINE: ("船舶", "船舶海工", "水运", "港口", "渔业", "ship"),
    Industry.OTHER: ("其他", "其它", "综合", "综合类"),
}


def _key(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


_TABLE = {_key(name): code for code, names in OURS.items() for name in names}
_TABLE.update({_key(code): code for code in Industry.values})


def industry_of(text: str) -> str:
    """Our code for somebody's industry text (a label of ours, a code, or a name of the table); else "other"."""
    return str(_TABLE.get(_key(text), Industry.OTHER))
