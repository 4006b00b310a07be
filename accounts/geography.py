"""Provinces and cities of China by GB/T 2260 code: what a written place means, and what a code is called. No ORM."""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from django.utils.translation import get_language

DATA: Final = Path(__file__).parent / "data" / "regions.csv"

_OTHER_ABBREVIATIONS: Final = {"秦": "61", "陇": "62", "黔": "52", "滇": "53", "蜀": "51", "内蒙": "15"}
_ENDINGS: Final = ("省", "市", "自治区", "壮族自治区", "回族自治区", "维吾尔自治区", "特别行政区")


@dataclass(frozen=True)
class Region:
    """A province (two digits) or a city (six digits), with every way it is written."""

    code: str
    name_zh: str
    short_zh: str
    abbreviation: str
    name_en: str
    pinyin: str

    @property
    def is_province(self) -> bool:
        return len(self.code) == 2

    @property
    def province_code(self) -> str:
        return self.code[:2]

    @property
    def spellings(self) -> frozenset[str]:
        """Every text that means this region and nothing but it, folded."""
        written = {self.code, self.code.ljust(6, "0"), self.name_zh, self.short_zh, self.name_en, self.pinyin}
        if not self.is_province and self.code.endswith("00"):
            written.add(self.code[:4])
        return frozenset(_folded(text) for text in {*written, self.abbreviation} if text)


@cache
def regions() -> dict[str, Region]:
    """All provinces and cities by code, in the order of the codes."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return {row["code"]: Region(**row) for row in csv.DictReader(file)}


def provinces() -> list[Region]:
    """The 34 provinces, for drop-downs and reports."""
    return [region for region in regions().values() if region.is_province]


def cities_of(province_code: str) -> list[Region]:
    """The cities of one province; a municipality has itself."""
    return [
        region
        for region in regions().values()
        if not region.is_province and region.province_code == province_code
    ]


def region_name(code: str) -> str:
    """The name of a province or city in the reader's language; an unknown code is shown as it is."""
    region = regions().get(code)
    if region is None:
        return code
    return region.short_zh if (get_language() or "zh").startswith("zh") else region.name_en


@lru_cache(maxsize=2048)
def province_code_of(text: str) -> str:
    """The province a text names or begins with: 粤, 广东, 广东省, Guangdong, 44, 广东省广州市; "" if none."""
    wanted = _folded(text)
    exact = _provinces_by_spelling().get(wanted)
    if exact:
        return exact
    _, code = _without_province(wanted)
    return code


@lru_cache(maxsize=8192)
def city_code_of(text: str, province_code: str = "") -> str:
    """The city a text names, within a province where one is known; "" if unknown or ambiguous (Suzhou, 海南)."""
    rest, prefixed = _without_province(_folded(text))
    province = province_code or prefixed
    for wanted in dict.fromkeys((_folded(text), rest)):
        found = [code for code in _cities_by_spelling().get(wanted, ()) if code.startswith(province)]
        if len(found) == 1:
            return found[0]
    found = [code for start, code in _city_starts() if rest.startswith(start) and code.startswith(province)]
    return found[0] if province and len(set(found)) == 1 else ""


@lru_cache(maxsize=2048)
def place_of_address(text: str) -> tuple[str, str]:
    """Province and city with whose full names an address begins (河北省石家庄市…, 石家庄市…, 北京市海淀区…); "" if none.

    Short names are not enough: 河南路 and 北京路 are streets anywhere.
    """
    folded = _folded(text)
    name, province = next((pair for pair in _full_province_names() if folded.startswith(pair[0])), ("", ""))
    rest = folded.removeprefix(name)
    cities = {
        code
        for start, code in _city_starts()
        if code.startswith(province) and (rest.startswith(start) or folded.startswith(start))
    }
    city = cities.pop() if len(cities) == 1 else ""
    return province or city[:2], city


@cache
def _full_province_names() -> list[tuple[str, str]]:
    """Names that only a province has: 河北省, 北京市, 内蒙古自治区."""
    return [
        (name, region.code)
        for region in provinces()
        for name in dict.fromkeys((region.name_zh, *(region.short_zh + ending for ending in _ENDINGS)))
        if name != region.short_zh
    ]


def _folded(text: str) -> str:
    """Without width, case, blanks and apostrophes: Xi'an is xian, 广东　省 is 广东省."""
    normal = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in normal if char.isalnum())


@cache
def _provinces_by_spelling() -> dict[str, str]:
    found = {spelling: region.code for region in provinces() for spelling in region.spellings}
    return found | _OTHER_ABBREVIATIONS


@cache
def _cities_by_spelling() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for region in regions().values():
        if not region.is_province:
            for spelling in region.spellings:
                found[spelling] = (*found.get(spelling, ()), region.code)
    return found


@cache
def _city_starts() -> list[tuple[str, str]]:
    """Full city names with which a longer text such as 石家庄市长安区 may begin."""
    return [(region.name_zh, region.code) for region in regions().values() if not region.is_province]


def _without_province(text: str) -> tuple[str, str]:
    """A text without the province it begins with, and that province's code; 北京市 itself stays a city."""
    for region in provinces():
        for name in (region.name_zh, *(region.short_zh + ending for ending in _ENDINGS), region.short_zh):
            if text.startswith(name) and len(text) > len(name):
                return text[len(name) :], region.code
    return text, ""
