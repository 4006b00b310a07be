"""Telephone numbers as Chinese people write them: understand, compare, show and mask. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.utils.translation import pgettext

_MOBILE: Final = re.compile(r"1[3-9]\d{9}")
_SERVICE: Final = re.compile(r"[48]00\d{7}")
_LANDLINE: Final = re.compile(r"(0(?:10|2[0-57-9]))([2-8]\d{7})|(0[3-9]\d{2})([2-8]\d{6,7})")
_EXTENSION: Final = re.compile(r"^(.*?)[\s,;]*(?:转|分机|ext\.?|x|#)[\s:]*(\d{1,5})$")
_TRAILING: Final = re.compile(r"^(.*\d)-(\d{1,5})$")
_COUNTRY: Final = re.compile(r"^(?:\+86|0086)")
_OTHER_COUNTRY: Final = re.compile(r"\+[1-9]\d{6,14}")
_SIGNS: Final = re.compile(r"[\s().\-‐-―]+")


@dataclass(frozen=True)
class Phone:
    """A valid number: `kind` mobile, landline, service or foreign; `national` in digits with its trunk 0."""

    kind: str
    national: str
    extension: str = ""

    @property
    def e164(self) -> str:
        """The form that is stored and compared: +8613800138000, +861088880000;801."""
        number = self.national if self.kind == "foreign" else f"+86{self.national.removeprefix('0')}"
        return f"{number};{self.extension}" if self.extension else number

    @property
    def last_four(self) -> str:
        return self.national[-4:]


@lru_cache(maxsize=256)
def parse_phone(text: str) -> Phone | None:
    """Understand a number as typed: full-width digits, +86, blanks, brackets and extensions; None if it is none."""
    typed = unicodedata.normalize("NFKC", text).strip().casefold()
    found = _number(typed)
    if found:
        return found
    for pattern in (_EXTENSION, _TRAILING):
        parts = pattern.match(typed)
        base = parts and _number(parts[1])
        if parts and base:
            return Phone(base.kind, base.national, parts[2])
    return None


def comparable_phone(text: str) -> str:
    """What makes two spellings the same number: E.164 without extension, or bare letters and digits if invalid."""
    phone = parse_phone(text)
    if phone:
        return Phone(phone.kind, phone.national).e164
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def show_phone(text: str) -> str:
    """A number as people read it: 138 0000 0000, 010-8888 0000 转 801, 400-888-1234; unknown ones as typed."""
    phone = parse_phone(text)
    if phone is None:
        return text
    digits = phone.national
    if phone.kind == "mobile":
        shown = f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    elif phone.kind == "service":
        shown = f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    elif phone.kind == "landline":
        area, local = _area(digits)
        shown = f"{area}-{local[:-4]} {local[-4:]}"
    else:
        shown = digits
    return f"{shown} {pgettext('telephone', 'ext.')} {phone.extension}" if phone.extension else shown


def mask_phone(text: str) -> str:
    """A number for eyes that need not know it: 138****0000, 010-****0000; of an unknown one only two digits."""
    phone = parse_phone(text)
    if phone is None:
        return f"****{text.strip()[-2:]}" if len(text.strip()) > 5 else "****"
    if phone.kind in ("landline", "service"):
        start = _area(phone.national)[0] if phone.kind == "landline" else phone.national[:3]
        return f"{start}-****{phone.last_four}"
    return f"{phone.national[:3]}****{phone.last_four}"


def _number(typed: str) -> Phone | None:
    """A number without extension."""
    bare = _SIGNS.sub("", typed)
    if bare.startswith("+") and not bare.startswith("+86"):
        return Phone("foreign", bare) if _OTHER_COUNTRY.fullmatch(bare) else None
    digits = _COUNTRY.sub("", bare)
    had_country = digits != bare
    if digits.startswith("86") and _MOBILE.fullmatch(digits[2:]):
        digits = digits[2:]
    if _MOBILE.fullmatch(digits):
        return Phone("mobile", digits)
    if _SERVICE.fullmatch(digits):
        return Phone("service", digits)
    if had_country and not digits.startswith("0"):
        digits = f"0{digits}"
    return Phone("landline", digits) if _LANDLINE.fullmatch(digits) else None


def _area(digits: str) -> tuple[str, str]:
    """A landline taken apart into area code and local number."""
    parts = _LANDLINE.fullmatch(digits)
    groups = parts.groups() if parts else (digits[:4], digits[4:], None, None)
    return (groups[0] or groups[2] or "", groups[1] or groups[3] or "")
