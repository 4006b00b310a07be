"""The columns a customer file may have: names people give them, and what may stand in them."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cache

from django.db import models
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.search import normalise
from crm.choices import ActivityType, CustomerKind, DecisionRole, EnterpriseSize, Ownership, Source
from crm.imports.choices import ImportKind


@dataclass(frozen=True)
class ImportField:
    """One field of the file: `limit` characters at most; `choices` are codes with labels; `constant` may be set for all rows."""

    code: str
    label: str | Promise
    hint: str | Promise = ""
    names: tuple[str, ...] = ()
    choices: type[models.TextChoices] | None = None
    limit: int = 100
    sample: str = ""
    mandatory: bool = False
    constant: bool = False
    in_template: bool = True


FIELDS: tuple[ImportField, ...] = (
    ImportField(
        "name",
        pgettext_lazy("customer", "Full name"),
        _("Required. As on the licence."),
        (
            "全称", "名称", "full name", "客户名称", "客户全称", "公司名称", "企业名称", "单位名称", "公司全称", "单位全称", "客户", "单位", "公司", "企业",
            "客户单位", "用户单位", "用户名称", "业主", "业主单位", "建设单位", "使用单位", "往来单位", "往来单位名称", "机构名称", "供应商", "供应商名称", "经销商名称",
            "company", "company name", "customer", "customer name", "account", "account name", "client", "client name",
            "organization", "organisation",
        ),
        sample="华北云润水务集团有限公司",
        mandatory=True,
    ),
    ImportField(
        "short_name",
        _("Short name"),
        _("What people call it; stands in for a missing full name."),
        ("简称", "股票名称", "证券简称", "股票简称", "客户简称", "公司简称", "abbreviation", "ticker name"),
        limit=40,
        sample="云润水务",
    ),
    ImportField("code", _("Customer no."), _("Only to recognise customers we have."), ("客户编号", "客户编码", "customer id", "customer code"), limit=24, sample="KH-01-2026-00001"),
    ImportField("name_en", _("English name"), "", ("英文名", "英文名称", "english"), limit=120),
    ImportField("former_names", _("Former names"), _("Several names: separate them with a semicolon."), ("曾用名", "原名", "former name"), limit=400),
    ImportField("kind", pgettext_lazy("customer", "Kind"), _("What the customer is to us."), ("客户类型", "客户类别", "客户性质", "类型", "性质类别", "type", "customer type"), choices=CustomerKind, constant=True, sample="end_user"),
    ImportField("industry", _("Industry"), _("Other texts are kept and mapped where ours fits."), ("行业", "所属行业", "行业分类", "所属行业名称", "sector", "trade"), limit=60, constant=True, sample="municipal_water"),
    ImportField("ownership", _("Ownership"), "", ("企业性质", "单位性质", "所有制", "性质"), choices=Ownership, constant=True),
    ImportField("enterprise_size", _("Enterprise size"), "", ("企业规模", "规模", "size"), choices=EnterpriseSize, constant=True),
    ImportField("province", _("Province"), _("Name or GB/T 2260 code; decides the branch."), ("省", "省份", "所在省", "省市", "地区", "region", "state"), limit=40, constant=True, sample="河北省"),
    ImportField("city", _("City"), _("Name or code of the city."), ("市", "城市", "所在市", "地级市"), limit=40, sample="石家庄市"),
    ImportField("address", _("Address"), _("Street and number."), ("详细地址", "注册地址", "地址", "通讯地址", "办公地址"), limit=200, sample="裕华东路 88 号"),
    ImportField("uscc", _("Social credit code"), _("18 characters, as text."), ("统一社会信用代码", "信用代码", "社会信用代码", "税号", "税务登记号", "纳税人识别号", "uscc", "tax number"), limit=40, sample="91110000600037341L"),
    ImportField("website", _("Website"), "", ("网址", "网站", "公司网址", "url", "web"), limit=120),
    ImportField("switchboard", _("Switchboard"), _("As text, with area code."), ("总机", "公司电话", "座机", "单位电话", "main phone"), limit=30, sample="0311-8888 0000"),
    ImportField("source", pgettext_lazy("customer", "Source"), _("How we came to know the customer."), ("来源", "客户来源", "lead source"), choices=Source, constant=True, sample="fair"),
    ImportField("tags", _("Tags"), _("Several tags: separate them with a semicolon."), ("标签", "labels"), limit=300, constant=True),
    ImportField("notes", _("Notes"), "", ("备注", "说明", "remark", "remarks", "comment"), limit=2000),
    ImportField("owner", _("Owner"), _("User name or full name of a project manager of the branch."), ("负责人", "项目经理", "业务员", "客户经理", "归属人", "sales", "account manager"), limit=60, constant=True),
    ImportField("contact_name", _("Contact"), "", ("联系人", "联系人姓名", "姓名", "contact name", "contact person", "last name"), limit=40, sample="周敏"),
    ImportField("contact_given", _("Contact's given name"), _("Joined to the contact's family name."), ("名", "名字", "first name", "given name"), limit=40, in_template=False),
    ImportField("contact_title", _("Contact's title"), "", ("职务", "职位", "联系人职务", "position", "job title"), limit=40, sample="设备部部长"),
    ImportField("contact_dept", _("Contact's department"), "", ("部门", "联系人部门", "department"), limit=40),
    ImportField("contact_mobile", _("Contact's mobile"), _("As text: a spreadsheet must not shorten it."), ("手机", "手机号", "手机号码", "移动电话", "联系人手机", "mobile", "cell", "mobile phone"), limit=40, sample="13800000000"),
    ImportField("contact_phone", _("Contact's landline"), _("As text, with area code."), ("电话", "联系电话", "固定电话", "联系人电话", "phone", "telephone", "tel"), limit=40),
    ImportField("contact_wechat", _("Contact's WeChat"), "", ("微信", "微信号", "联系人微信"), limit=40),
    ImportField("contact_email", _("Contact's e-mail"), "", ("邮箱", "电子邮箱", "邮件", "联系人邮箱", "email", "mail"), limit=120),
    ImportField("contact_role", _("Contact's decision role"), "", ("决策角色", "角色", "role"), choices=DecisionRole),
)  # fmt: skip

BY_CODE: dict[str, ImportField] = {field.code: field for field in FIELDS}

_WHOSE = ("name", "code", "uscc")
_PERSON = tuple(field for field in FIELDS if field.code.startswith("contact_"))

CONTACT_FILE: tuple[ImportField, ...] = (
    *(replace(BY_CODE[code], mandatory=False) for code in _WHOSE),
    replace(_PERSON[0], mandatory=True),
    *_PERSON[1:],
)
"""A file of people: whose they are, by name, number or credit code, and who."""

ACTIVITY_FILE: tuple[ImportField, ...] = (
    *(replace(BY_CODE[code], mandatory=False) for code in _WHOSE),
    ImportField("occurred_at", pgettext_lazy("activity", "When"), _("Day, or day and time."), ("日期", "时间", "跟进时间", "跟进日期", "拜访日期", "联系时间", "联系日期", "创建时间", "date", "activity date", "due date", "start"), limit=40, sample="2024-03-18 14:30", mandatory=True),
    ImportField("summary", _("What was said"), _("The text of the log."), ("跟进内容", "跟进记录", "内容", "沟通内容", "拜访内容", "记录", "description", "comments", "full comments", "note", "body"), limit=5000, sample="设备部周部长确认二期泵房流量 320 m³/h，下周发选型。", mandatory=True),
    ImportField("type", _("Channel"), _("How contact was made; other words: Other contact."), ("跟进方式", "方式", "跟进类型", "类型", "联系方式", "type", "activity type"), limit=40, choices=ActivityType, constant=True, sample="site_visit"),
    ImportField("author", _("Author"), _("User name or full name; an unknown name is kept as text."), ("跟进人", "记录人", "填写人", "创建人", "负责人", "业务员", "assigned to", "owner", "created by", "user"), limit=60, constant=True, sample="林知远"),
    ImportField("contact_name", _("Contact"), _("Who took part."), ("联系人", "联系人姓名", "contact", "contact name", "name contact"), limit=40, sample="周敏"),
    ImportField("next_step", _("Next step"), _("Kept in the log; plans nothing."), ("下一步", "下次计划", "下步计划", "next step"), limit=200),
)  # fmt: skip
"""A file of old contact logs: whose, when, what, by whom."""

TABLES: dict[str, tuple[ImportField, ...]] = {
    ImportKind.CUSTOMERS: FIELDS,
    ImportKind.CONTACTS: CONTACT_FILE,
    ImportKind.ACTIVITIES: ACTIVITY_FILE,
}
NEEDED: dict[str, tuple[tuple[str, ...], ...]] = {
    ImportKind.CUSTOMERS: (("name", "short_name"),),
    ImportKind.CONTACTS: (_WHOSE, ("contact_name",)),
    ImportKind.ACTIVITIES: (_WHOSE, ("occurred_at",), ("summary",)),
}
"""Of each group a file must have one column at least."""


@cache
def by_code(kind: str) -> dict[str, ImportField]:
    """The fields of a kind of file by their codes."""
    return {field.code: field for field in TABLES[kind]}


def missing_columns(kind: str, mapping: Collection[str]) -> list[str]:
    """Labels of what a file of this kind lacks."""
    fields = by_code(kind)
    return [
        " / ".join(str(fields[code].label) for code in group)
        for group in NEEDED[kind]
        if not set(group) & set(mapping)
    ]


CONTACT_FIELDS = tuple(field.code for field in FIELDS if field.code.startswith("contact_"))
CONSTANT_FIELDS = tuple(field.code for field in FIELDS if field.constant)
FILLABLE = (
    "short_name",
    "name_en",
    "industry",
    "industry_text",
    "ownership",
    "enterprise_size",
    "province_code",
    "city_code",
    "address",
    "uscc",
    "website",
    "switchboard",
    "source",
    "notes",
)
"""Columns of a customer an import may fill in where they are empty."""
PHONE_FIELDS = ("contact_mobile", "contact_phone")


OTHER_WORDS: dict[type[models.TextChoices], dict[str, str]] = {
    CustomerKind: {
        "终端用户": CustomerKind.END_USER, "终端客户": CustomerKind.END_USER, "最终客户": CustomerKind.END_USER,
        "直接客户": CustomerKind.END_USER, "业主": CustomerKind.END_USER, "用户": CustomerKind.END_USER,
        "总包": CustomerKind.EPC, "总包方": CustomerKind.EPC, "总承包": CustomerKind.EPC, "工程公司": CustomerKind.EPC,
        "工程商": CustomerKind.EPC, "承包商": CustomerKind.EPC, "施工单位": CustomerKind.EPC, "设计单位": CustomerKind.DESIGN_INSTITUTE,
        "代理": CustomerKind.DEALER, "代理商": CustomerKind.DEALER, "渠道": CustomerKind.DEALER, "渠道商": CustomerKind.DEALER,
        "供货商": CustomerKind.SUPPLIER, "招标代理": CustomerKind.TENDER_AGENCY, "监理": CustomerKind.SUPERVISOR,
        "监理单位": CustomerKind.SUPERVISOR,
    },
}  # fmt: skip
"""What lists of other houses call our kinds of customers."""


def folded(text: str) -> str:
    """The form in which headers and words of a file are compared; the template's star at a mandatory one is left out."""
    return normalise(unicodedata.normalize("NFKC", text))


@cache
def _choice_words(choices: type[models.TextChoices]) -> dict[str, str]:
    words: dict[str, str] = dict(OTHER_WORDS.get(choices, {}))
    for code, label in choices.choices:
        words[folded(code)] = str(code)
        for language in ("zh-hans", "en"):
            with translation.override(language):
                words.setdefault(folded(str(label)), str(code))
    return words


def choice_code(choices: type[models.TextChoices], text: str) -> str | None:
    """The code of a choice named by code or by its label in either language; None when it is none of them."""
    return _choice_words(choices).get(folded(text))
