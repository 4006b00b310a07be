"""Words put on customers: how they are written and compared; pure, no rows."""

import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from core.errors import RuleBroken

MOST_TAGS = 12
LONGEST = 30


def tag_name(typed: str) -> str:
    """A word as it is shown: full-width letters made plain, blanks joined, no comma. Refuses nothing; may be empty."""
    plain = unicodedata.normalize("NFKC", typed).replace(",", " ").replace("#", " ")
    return " ".join(plain.split())[:LONGEST]


def tag_key(name: str) -> str:
    """What makes two words the same: "VIP 客户" and "ｖｉｐ客户" are one."""
    return tag_name(name).casefold().replace(" ", "")


def changed_tags(have: Iterable[str], add: Iterable[str], remove: Iterable[str]) -> list[str]:
    """The words after adding and removing, in the order they came. Raises RuleBroken beyond 12 words."""
    gone = {tag_key(word) for word in remove}
    kept: dict[str, str] = {}
    for word in (*have, *add):
        if tag_key(word) not in gone or word in add:
            kept.setdefault(tag_key(word), word)
    if len(kept) > MOST_TAGS:
        sentence = _("A customer carries at most %(most)s words.") % {"most": MOST_TAGS}
        raise RuleBroken(errors={"add": [sentence]})
    return list(kept.values())
