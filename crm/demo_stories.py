"""The invented customers of the demo company, their people and what is said with them; data only."""

from typing import NamedTuple


class Story(NamedTuple):
    """One customer: who owns it (login), where and what it is, and how the relation stands."""

    key: str
    name: str
    short_name: str
    kind: str
    industry: str
    province: str
    city: str
    owner: str
    tier: str
    stage: str
    days_in_stage: int
    rule: str = ""
    risk: float | None = None
    strength: float | None = None
    clv5: str = ""
    sponsor: str = ""
    name_en: str = ""
    people: tuple[tuple[str, str, str, str, int], ...] = ()
    """Name, title, decision role, attitude, influence; each reports to the first."""


STORIES = (
    Story(
        "yunrun", "云润水务集团有限公司（示例）", "云润水务", "end_user", "municipal_water", "11", "110100", "pm1",
        "vip", "consolidated", 412, "T5", 18, 82, "2386400.00", "ex1", "Yunrun Water",
        (("许文博", "分管副总", "decision_maker", "supporter", 5), ("郭丽萍", "设备部部长", "technical", "supporter", 4),
         ("邓家豪", "采购经理", "purchaser", "neutral", 4), ("罗小勇", "水厂厂长", "user", "supporter", 3)),
    ),
    Story(
        "qingyu", "青屿石化有限公司（示例）", "青屿石化", "end_user", "petrochemical", "37", "370200", "pm1",
        "vip", "wavering", 1, "T3", 63, 48, "1656557.25", "ex1", "Qingyu Petrochemical",
        (("周维岳", "设备副总", "decision_maker", "neutral", 5), ("沈若琳", "采购主任", "purchaser", "opponent", 4),
         ("陆知行", "动力车间主任", "user", "supporter", 3), ("许映", "采购专员", "gatekeeper", "unknown", 2),
         ("秦铮", "设备工程师", "user", "supporter", 2), ("顾衡", "总工", "technical", "supporter", 4)),
    ),
    Story(
        "hefen", "河汾热电有限公司（示例）", "河汾热电", "end_user", "power", "14", "140100", "pm2",
        "professional", "wavering", 23, "T3", 66, 41, "412900.00", "", "Hefen Power",
        (("武建军", "生产厂长", "decision_maker", "neutral", 5), ("郝志刚", "汽机专工", "technical", "opponent", 4),
         ("乔燕", "物资部主管", "purchaser", "neutral", 3), ("段小虎", "检修班长", "user", "neutral", 3)),
    ),
    Story(
        "beilan", "北岚钢铁股份有限公司（示例）", "北岚钢铁", "end_user", "metallurgy", "13", "130200", "pm2",
        "professional", "stable", 260, "T2", 38, 57, "893150.00", "", "Beilan Steel",
        (("冉国庆", "能源中心主任", "decision_maker", "neutral", 5), ("魏青", "采购处处长", "purchaser", "neutral", 4),
         ("白冰", "机动处工程师", "technical", "supporter", 3)),
    ),
    Story(
        "chengyuan", "澄源污水处理有限公司（示例）", "澄源污水", "end_user", "wastewater", "12", "120100", "pm1",
        "standard", "reserved", 74, "T1", 29, 36, "", "", "Chengyuan Wastewater",
        (("石云飞", "总经理", "decision_maker", "neutral", 5), ("付晓", "工艺工程师", "technical", "supporter", 3)),
    ),
    Story(
        "shuoye", "朔野矿业有限责任公司（示例）", "朔野矿业", "end_user", "mining", "15", "150600", "pm4",
        "standard", "acquaintance", 31, "new", None, None, "", "", "Shuoye Mining",
        (("云海峰", "机电矿长", "decision_maker", "unknown", 4),),
    ),
    Story(
        "haiyan", "海晏消防工程有限公司（示例）", "海晏消防", "epc", "fire", "33", "330100", "pm3",
        "professional", "stable", 188, "T2", 22, 64, "527300.00", "", "Haiyan Fire",
        (("章启明", "项目总监", "decision_maker", "supporter", 5), ("楼海燕", "采购经理", "purchaser", "supporter", 4),
         ("俞强", "现场经理", "user", "neutral", 3), ("骆一凡", "给排水工程师", "technical", "supporter", 3)),
    ),
    Story(
        "hengchuan", "衡川市政总承包有限公司（示例）", "衡川市政", "epc", "municipal_water", "13", "130100", "pm2",
        "professional", "stable", 305, "T2", 44, 52, "318000.00", "", "Hengchuan EPC",
        (("阎利民", "副总经理", "decision_maker", "neutral", 5), ("齐东", "商务经理", "purchaser", "neutral", 4),
         ("聂鹏", "机电工程师", "technical", "neutral", 3)),
    ),
    Story(
        "huazhu", "华筑水利设计研究院（示例）", "华筑设计院", "design_institute", "irrigation", "11", "110100", "pm1",
        "na", "", 0, "", None, 61, "", "", "Huazhu Design",
        (("费仲明", "水机室主任", "influencer", "supporter", 5), ("余秋实", "主任工程师", "technical", "supporter", 4)),
    ),
    Story(
        "dingliu", "鼎流机电设备有限公司（示例）", "鼎流机电", "dealer", "building_hvac", "44", "440100", "pm6",
        "standard", "stable", 220, "T2", 31, 49, "96800.00", "", "Dingliu Dealer",
        (("麦志成", "总经理", "decision_maker", "supporter", 5), ("冼丽华", "商务", "purchaser", "neutral", 3)),
    ),
    Story(
        "hengzhu", "恒铸铸件有限公司（示例）", "恒铸铸件", "supplier", "metallurgy", "32", "320500", "",
        "na", "", 0, name_en="Hengzhu Castings",
        people=(("蒋伯年", "质量部长", "technical", "neutral", 3), ("陶慧", "销售主管", "gatekeeper", "neutral", 3)),
    ),
    Story(
        "ningchuan", "宁川市市场监督管理局（示例）", "宁川市监局", "regulator", "other", "64", "640100", "",
        "na", "", 0, name_en="Ningchuan regulator",
        people=(("马德海", "质量科科长", "influencer", "unknown", 4),),
    ),
)  # fmt: skip

# Further invented customers: name, short name, kind, industry, province, city, owner, tier, stage.
OTHERS = (
    ("清漪供水有限公司", "清漪供水", "end_user", "municipal_water", "11", "110100", "pm1", "professional", "stable"),
    ("燕岭水务投资有限公司", "燕岭水务", "end_user", "municipal_water", "13", "131000", "pm1", "standard", "reserved"),
    ("泉城热力有限公司", "泉城热力", "end_user", "power", "37", "370100", "pm1", "standard", "stable"),
    ("碧澜污水治理有限公司", "碧澜治污", "end_user", "wastewater", "11", "110100", "pm1", "standard", "acquaintance"),
    ("京西建筑机电安装有限公司", "京西机电", "epc", "building_hvac", "11", "110100", "pm1", "standard", "reserved"),
    ("长城酒业股份有限公司", "长城酒业", "end_user", "pharma_food", "13", "130700", "pm1", "standard", "stable"),
    ("津沽化工有限公司", "津沽化工", "end_user", "chemical", "12", "120100", "pm1", "professional", "stable"),
    ("太行煤焦有限责任公司", "太行煤焦", "end_user", "mining", "14", "140500", "pm2", "standard", "reserved"),
    ("晋源发电有限公司", "晋源发电", "end_user", "power", "14", "140100", "pm2", "professional", "stable"),
    ("滹沱灌区管理处", "滹沱灌区", "end_user", "irrigation", "13", "130100", "pm2", "standard", "stable"),
    ("渤海船舶修造有限公司", "渤海船修", "end_user", "marine", "12", "120100", "pm2", "standard", "acquaintance"),
    ("云冈制药有限公司", "云冈制药", "end_user", "pharma_food", "14", "140200", "pm2", "standard", "reserved"),
    ("蒙源铝业有限公司", "蒙源铝业", "end_user", "metallurgy", "15", "150200", "pm2", "professional", "reserved"),
    ("齐鲁纸业股份有限公司", "齐鲁纸业", "end_user", "pulp_paper", "37", "370700", "pm8", "standard", "stable"),
    ("胶东供水集团有限公司", "胶东供水", "end_user", "municipal_water", "37", "370600", "pm8", "professional", "stable"),
    ("岱岳水利枢纽管理局", "岱岳枢纽", "end_user", "irrigation", "37", "370900", "pm8", "standard", "reserved"),
    ("塞北奶业有限公司", "塞北奶业", "end_user", "pharma_food", "15", "150100", "pm4", "standard", "acquaintance"),
    ("桑干河水电开发有限公司", "桑干水电", "end_user", "power", "13", "130700", "pm4", "standard", "reserved"),
    ("古北口文旅开发有限公司", "古北文旅", "end_user", "building_hvac", "11", "110100", "pm4", "standard", "acquaintance"),
    ("浦江自来水有限公司", "浦江水司", "end_user", "municipal_water", "31", "310100", "pm3", "professional", "stable"),
    ("太湖治理工程有限公司", "太湖治理", "epc", "wastewater", "32", "320200", "pm3", "standard", "reserved"),
    ("钱塘精细化工有限公司", "钱塘精化", "end_user", "chemical", "33", "330100", "pm3", "professional", "stable"),
    ("徽州电力检修有限公司", "徽州电检", "end_user", "power", "34", "341000", "pm3", "standard", "stable"),
    ("甬江港务股份有限公司", "甬江港务", "end_user", "marine", "33", "330200", "pm3", "standard", "acquaintance"),
    ("淮上矿业集团有限公司", "淮上矿业", "end_user", "mining", "34", "340400", "pm3", "standard", "reserved"),
    ("苏湖印染有限公司", "苏湖印染", "end_user", "other", "32", "320500", "pm5", "standard", "stable"),
    ("申安消防设备工程有限公司", "申安消防", "epc", "fire", "31", "310100", "pm5", "standard", "reserved"),
    ("运河水务发展有限公司", "运河水务", "end_user", "municipal_water", "32", "321000", "pm5", "professional", "stable"),
    ("天目湖造纸有限公司", "天目湖纸业", "end_user", "pulp_paper", "32", "320400", "pm5", "standard", "acquaintance"),
    ("珠澳供排水有限公司", "珠澳供排水", "end_user", "municipal_water", "44", "440400", "pm6", "professional", "stable"),
    ("闽江化纤有限公司", "闽江化纤", "end_user", "chemical", "35", "350100", "pm6", "standard", "reserved"),
    ("琼海度假酒店管理有限公司", "琼海酒店", "end_user", "building_hvac", "46", "460100", "pm7", "standard", "acquaintance"),
    ("邕江糖业股份有限公司", "邕江糖业", "end_user", "pharma_food", "45", "450100", "pm7", "standard", "stable"),
    ("南岭冶炼有限公司", "南岭冶炼", "end_user", "metallurgy", "44", "440200", "pm7", "standard", "reserved"),
    ("巴山水电工程有限公司", "巴山水电", "epc", "irrigation", "51", "510100", "", "standard", "acquaintance"),
    ("渝北自来水有限公司", "渝北水司", "end_user", "municipal_water", "50", "500100", "", "standard", "acquaintance"),
    ("秦岭煤电有限公司", "秦岭煤电", "end_user", "power", "61", "610100", "", "standard", "acquaintance"),
    ("松辽石化工程有限公司", "松辽石化", "epc", "petrochemical", "21", "210100", "", "standard", "acquaintance"),
    ("荆楚环保科技有限公司", "荆楚环保", "end_user", "wastewater", "42", "420100", "", "standard", "acquaintance"),
    ("永定河生态修复有限公司", "永定生态", "end_user", "wastewater", "11", "110100", "", "standard", "acquaintance"),
    ("白洋淀水产加工有限公司", "白洋淀水产", "end_user", "pharma_food", "13", "130600", "", "standard", "acquaintance"),
    ("沧海盐化有限公司", "沧海盐化", "end_user", "chemical", "13", "130900", "", "standard", "reserved"),
    ("东都城建设计院", "东都设计院", "design_institute", "building_hvac", "31", "310100", "pm3", "na", ""),
    ("岭南市政设计研究院", "岭南设计院", "design_institute", "municipal_water", "44", "440100", "pm6", "na", ""),
    ("通达招标代理有限公司", "通达招标", "tender_agency", "other", "11", "110100", "pm1", "na", ""),
    ("信衡工程监理有限公司", "信衡监理", "supervisor", "other", "13", "130100", "pm2", "na", ""),
    ("江右机电贸易有限公司", "江右机电", "dealer", "mining", "36", "360100", "", "standard", "acquaintance"),
    ("辽源电机有限公司", "辽源电机", "supplier", "other", "22", "220400", "", "na", ""),
)  # fmt: skip

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷龙黎史陶贺毛郝顾龚邵万覃武钱戴莫孔向汤"
GIVEN = (
    "志强", "建国", "丽娟", "海涛", "晓东", "文静", "立军", "春梅", "永刚", "雪峰", "国栋", "慧敏", "浩然", "雅琴", "俊杰",
    "思远", "红梅", "新宇", "振华", "玉兰", "明远", "佳怡", "少华", "美玲", "东升", "静怡", "宏伟", "晓燕", "天宇", "秀英",
)  # fmt: skip
TITLES = (
    ("设备部部长", "technical"), ("采购经理", "purchaser"), ("总经理", "decision_maker"), ("生产厂长", "decision_maker"),
    ("车间主任", "user"), ("机电工程师", "technical"), ("采购专员", "gatekeeper"), ("副总经理", "decision_maker"),
    ("运行班长", "user"), ("项目经理", "influencer"),
)  # fmt: skip

# What is said, by turn of the relation: channel chip, words, next step. {pump} and {day} are filled in.
TALKS = (
    ("call_reached", "电话介绍了我们在同类泵站的业绩，对方负责人说今年有{pump}的更换预算，但还没有立项，让我们先发一份选型样本。", "发选型样本和三家同类业绩"),
    ("visit_met", "到现场看了泵房，{pump}现用的是外地品牌，机封一年换了两次。设备负责人愿意谈，要求我们给一份节能对比。", "给出节能对比测算"),
    ("email_sent", "发送了{pump}的选型样本、性能曲线和三份业绩证明，抄送了设备部和采购。", "电话确认样本收到"),
    ("wechat_replied", "微信回复说样本已收到，技术上没有疑问，关心的是备件交期和驻点服务，请我们写进方案里。", "补充备件和服务承诺"),
    ("call_missed", "上午和下午各打了一次都没有接通，前台说在开年度预算会。", "换时间再打一次"),
    ("visit_met", "与采购和设备一起过了技术协议，{pump}的材质改为双相钢，汽蚀余量要按夏季水温核算，周五前给出答复。", "技术部核算汽蚀余量并书面答复"),
    ("online_meeting", "视频会讲解了{pump}的方案，参会有分管领导、设备和运行。运行班组担心检修空间不够，需要补一张布置图。", "补泵房布置图"),
    ("call_reached", "对方通报了评标进度，我们技术分第一，价格比第二名高百分之六。采购希望我们在付款方式上让一步。", "与分公司经理商量付款方式"),
    ("visit_met", "带技术部一起回访，现场测了振动和电流，{pump}运行平稳。用户对噪声满意，提出再加一套备用转子。", "报备用转子价格"),
    ("wechat_replied", "对方发来验收单照片，说试运行七十二小时没有问题，下周走内部签字流程，请我们准备质保文件。", "寄出质保文件"),
    ("call_reached", "回访电话：{pump}使用正常，上个月的机封泄漏已经处理完，对我们工程师的到场速度表示认可。", "季度回访"),
    ("visit_met", "节前拜访，了解到明年有一个扩建项目，预计需要{pump}六到八台，设计院正在做可研，请我们提前介入。", "联系设计院了解可研进度"),
    ("email_sent", "按对方要求寄出了完整报价和交货期说明，价格有效期一个月，{pump}交期十二周。", "确认报价收到并约谈"),
    ("online_meeting", "与采购、财务一起开会核对应收，{pump}的到货款卡在验收单上，对方承诺月底前补齐手续。", "跟催到货款手续"),
)  # fmt: skip
PUMPS = (
    "IS100-80-160", "ISG150-315", "300S58", "500S35", "D46-50×6", "DG85-80×8", "WQ100-25-15", "WQ400-13-30", "CZ80-200",
    "LC350-30", "ZX50-20-30", "XBD8/40",
)  # fmt: skip
