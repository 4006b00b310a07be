"""The guess at a header: which field a column of somebody's list holds, by what it is called and by what stands in it.

People call the same column by many names; a guess that is wrong is seen and changed before anything is read. The surest
way decides first: the name itself, the name without remarks in brackets and numbers, one of several names, the last word
of a Chinese compound (所属省份 is a 省份), and at last the values.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation

from accounts.geography import province_code_of
from core.phones import parse_phone
from crm.identifiers import USCC_OK, check_uscc, normal_uscc
from crm.imports.choices import ImportKind
from crm.imports.fields import TABLES, folded

ENOUGH_VALUES, MOST_OF_THEM = 2, 0.7
REMARK = re.compile(r"[(\[【<].*?[)\]】>]")
NUMBERED = re.compile(r"[\d一二三①②③]+$")
ALTERNATIVES = re.compile(r"[/、|,;]|或|\bor\b")
OTHER_THINGS = ("脱敏", "masked", "传真", "fax", "开户", "银行", "账号", "紧急", "下次", "预计")
"""What is called by these is none of ours, whatever else it is called."""
ENDINGS: Mapping[str, str] = {
    "客户名称": "name", "单位名称": "name", "公司名称": "name", "企业名称": "name", "客户全称": "name", "单位全称": "name",
    "简称": "short_name", "省份": "province", "城市": "city", "地址": "address", "网站地址": "website", "网址": "website",
    "网站": "website", "主页": "website", "信用代码": "uscc", "税号": "uscc", "纳税人识别号": "uscc", "行业": "industry",
    "业务员": "owner", "客户经理": "owner", "项目经理": "owner", "客户来源": "source", "备注": "notes",
    "联系人": "contact_name", "联系人姓名": "contact_name", "职务": "contact_title", "职位": "contact_title",
    "手机": "contact_mobile", "手机号": "contact_mobile", "手机号码": "contact_mobile", "移动电话": "contact_mobile",
    "电话": "contact_phone", "电话号码": "contact_phone", "座机": "contact_phone", "微信": "contact_wechat",
    "邮箱": "contact_email", "邮件": "contact_email", "邮箱地址": "contact_email", "邮件地址": "contact_email",
    "日期": "occurred_at", "时间": "occurred_at", "内容": "summary", "记录": "summary", "跟进人": "author", "下一步": "next_step",
}  # fmt: skip
OURS = re.compile(r"KH-.+", re.IGNORECASE)  # how our own customer numbers begin
ORGANISATION = re.compile(
    r"(公司|集团|总厂|工厂|电厂|水厂|钢厂|矿|局|处|委|院|所|站|中心|学校|大学|医院|co\.?,? ?ltd\.?|inc\.?|gmbh|llc)"
    r"([(（].{1,12}[)）])?$",
    re.IGNORECASE,
)


def guess_mapping(
    headers: Sequence[str],
    kind: str = ImportKind.CUSTOMERS,
    lines: Sequence[Sequence[str]] = (),
) -> dict[str, int]:
    """Field → column number for the columns we understand; of two that say the same the first, of two ways the surer."""
    mapping: dict[str, int] = {}
    columns = [(column, header or "") for column, header in enumerate(headers)]
    ours = [(column, header) for column, header in columns if not _is_other(header)]
    for way in (_by_name, _without_remarks, _by_one_of_its_names, _by_its_ending):
        for column, header in columns if way is _by_name else ours:
            if column not in mapping.values() and (code := way(header, kind)):
                mapping.setdefault(code, column)
    fields = {field.code for field in TABLES[kind]}
    for column, _header in ours:
        if column not in mapping.values() and (code := _by_its_values(column, lines, fields - set(mapping))):
            mapping[code] = column
    return mapping


def first_mapping(headers: Sequence[str], kind: str, lines: Sequence[Sequence[str]]) -> dict[str, int]:
    """The guess for a new file, without columns that would only have its rows refused: customer numbers of another
    system, and telephones and addresses of people whom a list of companies does not name. Their first number is then
    the company's own."""
    mapping = guess_mapping(headers, kind, lines)
    if "code" in mapping and not any(map(OURS.fullmatch, _values(mapping["code"], lines))):
        del mapping["code"]
    if kind != ImportKind.CUSTOMERS or "contact_name" in mapping:
        return mapping
    numbers = [mapping[code] for code in ("contact_phone", "contact_mobile") if code in mapping]
    found = {code: column for code, column in mapping.items() if not code.startswith("contact_")}
    return {**({"switchboard": numbers[0]} if numbers else {}), **found}


def _is_other(header: str) -> bool:
    return any(word in folded(header) for word in OTHER_THINGS)


def _by_name(header: str, kind: str) -> str:
    return _header_names(kind).get(folded(header), "")


def _without_remarks(header: str, kind: str) -> str:
    return _by_name(_bare(header), kind)


def _bare(header: str) -> str:
    """A header without what stands in brackets, and without its number: 联系电话1, 单位名称（全称）."""
    plain = REMARK.sub("", unicodedata.normalize("NFKC", header)).strip(" *:")
    return NUMBERED.sub("", plain) or plain


def _by_one_of_its_names(header: str, kind: str) -> str:
    parts = ALTERNATIVES.split(_bare(header))
    return next((code for part in parts if (code := _by_name(part, kind))), "") if len(parts) > 1 else ""


def _by_its_ending(header: str, kind: str) -> str:
    bare = folded(_bare(header))
    known = {field.code for field in TABLES[kind]}
    fitting = [ending for ending, code in ENDINGS.items() if code in known and bare.endswith(ending)]
    return ENDINGS[max(fitting, key=len)] if fitting else ""


@cache
def _header_names(kind: str) -> dict[str, str]:
    """Every header we understand, in both languages of the product, to its field."""
    found: dict[str, str] = {}
    for field in TABLES[kind]:
        words = [field.code, *field.names]
        for language in ("zh-hans", "en"):
            with translation.override(language):
                words.append(str(field.label))
        for word in words:
            found.setdefault(folded(word), field.code)
    return found


# --- by what stands in a column ---------------------------------------------------------------------------------------
def _by_its_values(column: int, lines: Sequence[Sequence[str]], wanted: set[str]) -> str:
    values = _values(column, lines)
    if len(values) < ENOUGH_VALUES:
        return ""
    for code, fits in SIGNS.items():
        if code in wanted and sum(map(fits, values)) >= MOST_OF_THEM * len(values):
            return code
    return ""


def _values(column: int, lines: Sequence[Sequence[str]]) -> list[str]:
    return [text for line in lines if column < len(line) and (text := line[column].strip())]


def _is_mobile(text: str) -> bool:
    phone = parse_phone(text)
    return phone is not None and phone.kind == "mobile"


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


SIGNS: Mapping[str, Callable[[str], bool]] = {
    "contact_mobile": _is_mobile,
    "contact_phone": lambda text: parse_phone(text) is not None,
    "contact_email": _is_email,
    "uscc": lambda text: check_uscc(normal_uscc(text)) == USCC_OK,
    "website": lambda text: text.casefold().startswith(("http://", "https://", "www.")),
    "province": lambda text: len(text) < 8 and bool(province_code_of(text)),
    "name": lambda text: len(text) >= 4 and ORGANISATION.search(text) is not None,
}
"""By what most values of a column give their field away, the clearest sign first."""
