"""What identifies a company: its social credit code (GB 32100) and the core of its name. No ORM."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from accounts.geography import regions
from core.search import normalise

USCC_OK: Final = "ok"
USCC_CHECK: Final = "check"
USCC_FORMAT: Final = "format"

_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_FORMAT: Final = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}")

USCC_CLASSES: Final[dict[str, str | Promise]] = {
    "91": pgettext_lazy("social credit code", "Enterprise"),
    "92": pgettext_lazy("social credit code", "Sole proprietor"),
    "93": pgettext_lazy("social credit code", "Farmers' cooperative"),
    "11": pgettext_lazy("social credit code", "Government body"),
    "12": pgettext_lazy("social credit code", "Public institution"),
    "51": pgettext_lazy("social credit code", "Social organisation"),
    "52": pgettext_lazy("social credit code", "Private non-enterprise unit"),
    "53": pgettext_lazy("social credit code", "Foundation"),
    "N1": pgettext_lazy("social credit code", "Village group economic organisation"),
    "N2": pgettext_lazy("social credit code", "Village economic organisation"),
    "N3": pgettext_lazy("social credit code", "Township economic organisation"),
    "A1": pgettext_lazy("social credit code", "Armed forces"),
    "Y1": pgettext_lazy("social credit code", "Other"),
}

_FORMS: Final = (
    "有限责任公司", "股份有限公司", "集团有限公司", "有限公司", "股份公司", "总公司", "分公司", "子公司", "公司",
    "集团", "股份", "有限责任", "总厂", "研究院", "工厂", "厂", "控股", "实业",
)  # fmt: skip
_BRACKETED: Final = re.compile(r"[(\[【〔][^)\]】〕]*[)\]】〕]")
_BRANCH_OFFICE: Final = re.compile(r"公司.+(分公司|分厂|办事处|项目部|子公司)$")


def normal_uscc(text: str) -> str:
    """A code as it is stored: NFKC, upper case, without blanks and hyphens."""
    return re.sub(r"[\s-]+", "", unicodedata.normalize("NFKC", text)).upper()


def check_uscc(text: str) -> str:
    """`ok`, `check` (well formed, check digit wrong) or `format`.

    Issued codes that fail the check exist, so a wrong check digit only warns and asks for a scan of the licence; a
    wrong format is refused.
    """
    code = normal_uscc(text)
    if not _FORMAT.fullmatch(code):
        return USCC_FORMAT
    return USCC_OK if code[17] == uscc_check_digit(code[:17]) else USCC_CHECK


def uscc_check_digit(first_17: str) -> str:
    """The 18th character of a code: (31 − Σ value · 3^place) mod 31 [GB 32100]."""
    total = sum(_ALPHABET.index(char) * weight for char, weight in zip(first_17, _WEIGHTS, strict=True))
    return _ALPHABET[(31 - total) % 31]


def uscc_class(text: str) -> str | Promise:
    """What kind of body the first two characters name; empty when unknown."""
    return USCC_CLASSES.get(normal_uscc(text)[:2], "")


def organisation_code_is_valid(nine: str) -> bool:
    """Positions 9–17 are the older organisation code with a check character of its own [GB 11714]."""
    code = normal_uscc(nine)
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code):
        return False
    total = sum(int(char, 36) * weight for char, weight in zip(code[:8], _ORGANISATION_WEIGHTS, strict=True))
    return code[8] == "0123456789X0"[11 - total % 11]


def full_name_key(name: str) -> str:
    """The name as rule D2 compares it: width, case, brackets, blanks and signs do not count."""
    return normalise(name)


def core_name(name: str) -> str:
    """The 字号 of a company: its name without place, bracketed words and legal form.

    云润水务 of 北京云润水务集团有限公司, 青屿石化 of 青屿石化（山东）有限公司. A name that is nothing else stays whole.
    """
    whole = normalise(name)
    text = normalise(_BRACKETED.sub("", unicodedata.normalize("NFKC", name))) or whole
    text = _without_form(_without_place(text))
    return text if len(text) > 1 and text not in _FORMS else whole


def is_branch_office(name: str) -> bool:
    """Whether the name is that of a branch or project office of another company: linked to it, never a duplicate."""
    return _BRANCH_OFFICE.search(unicodedata.normalize("NFKC", name)) is not None


def head_office_name(name: str) -> str:
    """The company a branch office belongs to, as its name says: 甲有限公司 of 甲有限公司天津分公司; else empty."""
    text = unicodedata.normalize("NFKC", name)
    return text[: text.index("公司") + 2] if is_branch_office(name) else ""


def _without_form(text: str) -> str:
    """Legal forms stripped from the end, as long as something is left."""
    for form in (*_FORMS, *_FORMS):
        if text.endswith(form) and len(text) > len(form) + 1:
            text = text.removesuffix(form)
    return text


def _without_place(text: str) -> str:
    """Provinces and cities stripped from the start (广东省广州市…), as long as two characters are left."""
    for _ in range(2):
        place = next((place for place in _places().get(text[:2], ()) if text.startswith(place)), "")
        if not place or len(text) < len(place) + 2:
            break
        text = text.removeprefix(place)
    return text


@cache
def _places() -> dict[str, list[str]]:
    """Names of places by their first two characters, longest first."""
    names = {
        name
        for region in regions().values()
        for name in (region.name_zh, region.short_zh, f"{region.short_zh}市")
    }
    found: dict[str, list[str]] = {}
    for name in sorted(names, key=len, reverse=True):
        found.setdefault(name[:2], []).append(name)
    return found
