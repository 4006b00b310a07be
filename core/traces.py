"""What a person is known by, and taking it out of texts: whole names only, numbers in every spelling. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from urllib.parse import quote, quote_plus

from core.phones import parse_phone

GONE: Final = "＊＊＊"
_SHORTEST: Final = 6
_WIDE: Final = {str(digit): chr(0xFF10 + digit) for digit in range(10)}
_BETWEEN: Final = r"[-\s()（）·.]{0,2}"
_BLANK: Final = "[ \u3000]{0,2}"


@dataclass(frozen=True)
class Traces:
    """What a person is known by. `label` comes in the name's place.

    `numbers` and `addresses` are the person's own: what a switchboard or a colleague shares is left out by whoever makes
    this. `longer` are known names that only contain the name (王伟 in 王伟国, in 王伟水泵厂): they stay as they are. A name of one
    letter and an address of fewer than six counts for nothing.
    """

    name: str
    label: str
    numbers: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    longer: frozenset[str] = field(default_factory=frozenset)

    def pattern(self, *, named: bool) -> str:
        """A regular expression, for Python and PostgreSQL alike, that finds whatever may have to go; "" finds nothing."""
        return "|".join([*self._own, *([self._name] if named and self._name else [])])

    def scrub(self, text: str, *, named: bool) -> str:
        """The text without the person; the name only where `named` says that it is this person's."""
        for own in self._own:
            text = re.sub(own, GONE, text, flags=re.IGNORECASE)
        if named and self._name:
            text = self._named.sub(lambda found: found[0] if found["longer"] else self.label, text)
        return text

    def scrub_value(self, value: Any, *, named: bool) -> Any:
        """The same for a text inside lists and dictionaries, keys included."""
        if isinstance(value, str):
            return self.scrub(value, named=named)
        if isinstance(value, list):
            return [self.scrub_value(part, named=named) for part in value]
        if isinstance(value, dict):
            return {
                self.scrub(str(key), named=named): self.scrub_value(part, named=named)
                for key, part in value.items()
            }
        return value

    def found_in(self, text: str, *, named: bool) -> bool:
        """Whether the text speaks of the person."""
        return bool(self.pattern(named=named)) and self.scrub(text, named=named) != text

    @cached_property
    def _own(self) -> list[str]:
        numbers = [_number(number) for number in self.numbers]
        addresses = [_address(one) for one in self.addresses if len(one) >= _SHORTEST]
        return [one for one in (*numbers, *addresses) if one]

    @cached_property
    def _name(self) -> str:
        name = self.name.strip()
        return "" if len(name) < 2 else "|".join([_name(name), *_encoded(name)])

    @cached_property
    def _named(self) -> re.Pattern[str]:
        longer = sorted((one for one in self.longer if one != self.name), key=lambda one: (-len(one), one))
        kept = "|".join(re.escape(one) for one in longer) or "(?!)"
        return re.compile(f"(?P<longer>{kept})|(?:{self._name})", re.IGNORECASE)


def _digits(digits: Iterable[str]) -> str:
    """Digits in half or full width, with the usual signs between them."""
    return _BETWEEN.join(f"[{digit}{_WIDE[digit]}]" for digit in digits)


def _number(number: str) -> str:
    """A telephone number however it is written; nothing for what is too short to be one's own."""
    phone = parse_phone(number)
    digits = phone.national if phone else "".join(filter(str.isdigit, unicodedata.normalize("NFKC", number)))
    digits = digits.removeprefix("+")
    if phone and phone.kind == "landline":
        digits = digits.removeprefix("0")
    if len(digits) < _SHORTEST:
        return ""
    start = "(?<![0-9０-９])"
    country = (
        rf"(?:(?:\+|00)?86{_BETWEEN})?(?:0{_BETWEEN})?"
        if phone and phone.kind in ("mobile", "landline")
        else r"\+?"
    )
    return f"{start}{country}{_digits(digits)}(?![0-9０-９])"


def _address(address: str) -> str:
    """An e-mail address or WeChat name that is not part of a longer one."""
    ways = "|".join(re.escape(one) for one in dict.fromkeys((address, quote(address, safe=""))))
    return rf"(?<![A-Za-z0-9_%+-])(?:{ways})(?![A-Za-z0-9_-]|\.[A-Za-z0-9])"


def _name(name: str) -> str:
    """A name as a whole: letters on neither side of a Latin one; a blank between the characters of a Chinese one."""
    parts = [re.escape(part) for part in name.split()]
    if name.isascii():
        return rf"(?<![A-Za-z])(?:{r'\s+'.join(parts)})(?![A-Za-z])"
    return _BLANK.join(re.escape(char) for char in "".join(name.split()))


def _encoded(name: str) -> list[str]:
    """The name as it stands in an address, for kept searches."""
    found = dict.fromkeys((quote(name, safe=""), quote_plus(name)))
    return [re.escape(one) for one in found if one != name]
