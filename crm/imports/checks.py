"""From the texts of one line to the columns of a customer: what each cell means and what is wrong with it. No ORM."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.geography import city_code_of, place_of_address, province_code_of
from core.phones import parse_phone
from crm.choices import CustomerKind, Industry
from crm.identifiers import USCC_CHECK, USCC_OK, check_uscc, normal_uscc
from crm.imports.choices import ERROR, FINDINGS
from crm.imports.fields import (
    BY_CODE,
    CONTACT_FIELDS,
    PHONE_FIELDS,
    ImportField,
    by_code,
    choice_code,
    folded,
)
from crm.industries import industry_of
from crm.name_keys import name_key

FORMULA_ERRORS = {"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"}
SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E\+?\d{1,3}", re.IGNORECASE)
WHOLE_FLOAT = re.compile(r"(\d{5,18})\.0+")
EXACT_SCIENTIFIC = re.compile(r"(\d)\.(\d{6,17})E\+?(\d{1,2})", re.IGNORECASE)
LEFT_EMPTY = "~"  # what a word of the file means that shall be taken as if the cell were empty
NUMBERS = ("uscc", "switchboard", "contact_mobile", "contact_phone")
LIST_SEPARATORS = re.compile(r"[;；、|\n]+")
BETWEEN_NUMBERS = (
    re.compile(r"[/;；、，,|\n]"),
    re.compile(r"[/;；、，,|\s]+"),
)  # blanks may stand inside a number too
TOTALS = {"合计", "总计", "小计", "共计", "汇总", "total", "sum", "grandtotal"}


@dataclass
class Draft:
    """One line understood: customer columns, contact columns, the owner as written, and the findings."""

    number: int
    columns: dict[str, Any] = field(default_factory=dict)
    contact: dict[str, Any] = field(default_factory=dict)
    owner_word: str = ""
    code: str = ""
    findings: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_rejected(self) -> bool:
        return any(FINDINGS[finding["code"]].level == ERROR for finding in self.findings)

    @cached_property
    def key(self) -> str:
        """What makes two lines the same customer by name; asked once the line has been read."""
        return name_key(self.columns.get("name", ""))

    def note(self, code: str, field_code: str = "", **data: Any) -> None:
        """Add a finding; `data` fills the sentence's places and never holds a cell's text."""
        found: dict[str, Any] = {"code": code}
        if field_code:
            found["field"] = field_code
        if data:
            found["data"] = data
        self.findings.append(found)


@dataclass(frozen=True)
class Layout:
    """How a file's lines are read: which field stands in which column, what holds for all rows, whose words are ours."""

    kind: str
    mapping: Mapping[str, int]
    constants: Mapping[str, str] = field(default_factory=dict)
    value_maps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def read_texts(draft: Draft, cells: Sequence[str], layout: Layout) -> dict[str, str]:
    """The texts of a line by field: cleaned, numbers mended, the file's words turned into ours, constants filled in."""
    fields = by_code(layout.kind)
    texts = {
        code: clean(draft, fields[code], cells[column] if column < len(cells) else "")
        for code, column in layout.mapping.items()
    }
    for code, words in layout.value_maps.items():
        if texts.get(code):
            meant = words.get(folded(texts[code]), texts[code])
            texts[code] = "" if meant == LEFT_EMPTY else meant
    for code, constant in layout.constants.items():
        if not texts.get(code):
            texts[code] = constant
    return texts


def read_line(number: int, cells: Sequence[str], layout: Layout) -> Draft:
    """Understand one line of a customer file."""
    draft = Draft(number)
    texts = read_texts(draft, cells, layout)
    _names(draft, texts)
    _plain(draft, texts)
    _choices(draft, texts)
    _place(draft, texts)
    _uscc(draft, texts)
    read_person(draft, texts)
    draft.owner_word = texts.get("owner", "")
    draft.code = texts.get("code", "").upper()
    draft.columns["needs_completion"] = _needs_completion(draft.columns)
    return draft


def clean(draft: Draft, column: ImportField, raw: str) -> str:
    """The text of a cell without outer blanks; characters the database or a page cannot carry reject the row."""
    code, text = column.code, raw.replace("\u00a0", " ").strip()
    if not text.isprintable() and any(map(_cannot_be_kept, text)):
        draft.note("bad_characters", code)
        return ""
    if text in FORMULA_ERRORS:
        draft.note("bad_formula", code)
        return ""
    if code in NUMBERS:
        text = _mended(draft, code, text)
    if len(text) > column.limit:
        draft.note("too_long", code, limit=column.limit)
        return ""
    return text


def _mended(draft: Draft, code: str, text: str) -> str:
    """A number as a spreadsheet spoilt it, where nothing is lost: 13800138000.0 and 1.3800138000E+10."""
    match = WHOLE_FLOAT.fullmatch(text) or EXACT_SCIENTIFIC.fullmatch(text)
    if match is None:
        return text
    if match.re is WHOLE_FLOAT:
        draft.note("number_mended", code)
        return match[1]
    digits = match[1] + match[2]
    if len(digits) != int(match[3]) + 1:
        return text
    draft.note("number_mended", code)
    return digits


def _cannot_be_kept(char: str) -> bool:
    """Control characters, halves of characters, and code points without meaning."""
    return unicodedata.category(char) in ("Cc", "Cs", "Cn") and char not in "\t\r\n"


def _names(draft: Draft, texts: Mapping[str, str]) -> None:
    name = " ".join(texts.get("name", "").split()) or texts.get("short_name", "")
    if not name_key(name) and not any(
        found["field"] in ("name", "short_name") for found in draft.findings if "field" in found
    ):
        draft.note("name_missing", "name" if "name" in texts else "short_name")
    if folded(name) in TOTALS:
        draft.note("totals_line", "name" if "name" in texts else "short_name")
    draft.columns["name"] = name
    draft.columns["short_name"] = texts.get("short_name", "")
    draft.columns["former_names"] = _list(texts.get("former_names", ""))


def _plain(draft: Draft, texts: Mapping[str, str]) -> None:
    for code in ("name_en", "address", "website", "notes"):
        draft.columns[code] = texts.get(code, "")
    draft.columns["tags"] = [tag[:30] for tag in _list(texts.get("tags", ""))]
    switchboard = texts.get("switchboard", "")
    if switchboard and _is_shortened(switchboard):
        draft.note("number_lost", "switchboard")
    draft.columns["switchboard"] = switchboard


def _choices(draft: Draft, texts: Mapping[str, str]) -> None:
    for code in ("kind", "ownership", "enterprise_size", "source"):
        text, choices = texts.get(code, ""), BY_CODE[code].choices
        found = choice_code(choices, text) if text and choices else ""
        if found is None:
            draft.note("unknown_choice", code)
        draft.columns[code] = found or ""
    draft.columns["kind"] = draft.columns["kind"] or CustomerKind.END_USER
    if draft.columns["kind"] == CustomerKind.INTERNAL_DEPT:
        draft.note("unknown_choice", "kind")
    industry = texts.get("industry", "")
    draft.columns["industry"] = industry_code(industry)
    draft.columns["industry_text"] = "" if industry in Industry.values else industry


def industry_code(text: str) -> str:
    """Our industry for a text in a file: label or code of ours, else by the table; empty stays empty."""
    return (choice_code(Industry, text) or industry_of(text)) if text else ""


def _place(draft: Draft, texts: Mapping[str, str]) -> None:
    province, city = texts.get("province", ""), texts.get("city", "")
    province_code = province_code_of(province) if province else ""
    if province and not province_code:
        draft.note("unknown_province", "province")
    city_code = city_code_of(city, province_code or "") if city else ""
    if province_code and not city:
        city_code = city_code_of(province, province_code)  # 江苏-南京
    if not (province or city):
        province_code, city_code = place_of_address(draft.columns.get("address", ""))
        if province_code:
            draft.note("place_from_address", "address")
    if city and not city_code:
        draft.note("unknown_city", "city")
        draft.columns["address"] = f"{city} {draft.columns.get('address', '')}".strip()[:200]
    if city_code and not province_code:
        province_code = city_code[:2]
    draft.columns["province_code"] = province_code or ""
    draft.columns["city_code"] = city_code or ""


def _uscc(draft: Draft, texts: Mapping[str, str]) -> None:
    text = normal_uscc(texts.get("uscc", ""))
    draft.columns["uscc"] = ""
    if not text:
        return
    if _is_shortened(text):
        draft.note("number_lost", "uscc")
        return
    verdict = check_uscc(text)
    if verdict in (USCC_OK, USCC_CHECK):
        draft.columns["uscc"] = text
        if verdict == USCC_CHECK:
            draft.note("uscc_check", "uscc")
    else:
        draft.note("uscc_format", "uscc")


def read_person(draft: Draft, texts: Mapping[str, str]) -> None:
    given = {code.removeprefix("contact_"): texts[code] for code in CONTACT_FIELDS if texts.get(code)}
    first = given.pop("given", "")
    if first:
        given["name"] = joined_name(first, given.get("name", ""))
    if not given:
        return
    _numbers(draft, given)
    if "email" in given:
        try:
            validate_email(given["email"])
        except ValidationError:
            draft.note("bad_email", "contact_email")
    if "role" in given:
        role = choice_code(BY_CODE["contact_role"].choices, given.pop("role"))  # type: ignore[arg-type]
        if role is None:
            draft.note("unknown_choice", "contact_role")
        given["decision_role"] = role or ""
    if "name" not in given:
        if set(given) & {"mobile", "phone", "wechat", "email"}:
            draft.note("contact_name_missing", "contact_name")
        return
    draft.contact = given


def _numbers(draft: Draft, given: dict[str, str]) -> None:
    """Each number where its kind belongs, whatever column and company it came in: 13800138000 / 0311-8654 3210."""
    found: dict[str, list[str]] = {"mobile": [], "phone": []}
    for code in PHONE_FIELDS:
        text = given.pop(code.removeprefix("contact_"), "")
        if text and _is_shortened(text):
            draft.note("number_lost", code)
            continue
        numbers = numbers_in(text)
        if numbers is None:
            draft.note("bad_phone", code)
            continue
        for number, kind in numbers:
            found["mobile" if kind == "mobile" else "phone"].append(number)
    if len(found["mobile"]) > 1 and not found["phone"]:
        found["phone"].append(found["mobile"].pop(1))
    for code, numbers in found.items():
        if numbers:
            given[code] = numbers[0]
        if len(numbers) > 1:
            draft.note("more_numbers", f"contact_{code}", n=len(numbers) - 1)


def numbers_in(text: str) -> list[tuple[str, str]] | None:
    """The numbers of a cell with their kinds; None when some of it is no number."""
    for parts in ([text], *(between.split(text) for between in BETWEEN_NUMBERS)):
        phones = [(part.strip(), parse_phone(part)) for part in parts if part.strip()]
        if all(phone for _part, phone in phones):
            return [(part, phone.kind) for part, phone in phones if phone]
    return None


def joined_name(given: str, family: str) -> str:
    """One name of two columns: 周敏 in Chinese, Min Zhou in Latin letters."""
    return f"{given} {family}".strip() if f"{given}{family}".isascii() else f"{family}{given}"


def _is_shortened(text: str) -> bool:
    """Whether a spreadsheet has shown a long number as 1.38E+10: its last digits are gone for good."""
    return SCIENTIFIC.fullmatch(text.strip()) is not None


def _list(text: str) -> list[str]:
    return [part.strip()[:100] for part in LIST_SEPARATORS.split(text) if part.strip()]


def _needs_completion(columns: Mapping[str, Any]) -> bool:
    """Place and industry are what assignment and tests of the pumps need; without them somebody must complete it."""
    return not (columns.get("province_code") and columns.get("city_code") and columns.get("industry"))
