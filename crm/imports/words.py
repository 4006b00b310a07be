"""Words of a file that stand where we have a closed list and mean nothing to us yet."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.geography import province_code_of, provinces, region_name
from crm.choices import Industry
from crm.imports.checks import LEFT_EMPTY, industry_code
from crm.imports.choices import ImportKind
from crm.imports.fields import by_code, choice_code, folded
from crm.imports.owners import owner_words, project_managers
from crm.models import ImportBatch

SHOWN = 30


def unknown_words(
    batch: ImportBatch,
    lines: Sequence[Sequence[str]],
    mapping: Mapping[str, int],
    offer: Any = None,
    *,
    now: datetime,
) -> list[dict[str, Any]]:
    """Each such word of the lines with how often it stands there and what it may mean, the commonest first."""
    maps = offer.value_maps if offer is not None else batch.value_maps
    found: list[dict[str, Any]] = []
    for code, column in mapping.items():
        closed = _closed_list(batch.kind, code, now)
        if closed is None:
            continue
        choices, is_known = closed
        texts = Counter(cells[column].strip() for cells in lines if column < len(cells))
        for word, count in texts.most_common():
            ours = maps.get(code, {}).get(folded(word), "")
            if word and not is_known(word):
                found.append(
                    {
                        "key": f"{code}|{word[:60]}",
                        "field": by_code(batch.kind)[code].label,
                        "word": word[:60],
                        "count": count,
                        "choices": [(LEFT_EMPTY, _("(leave empty)")), *choices],
                        "ours": ours,
                    }
                )
    return sorted(found, key=lambda one: -one["count"])[:SHOWN]


def _closed_list(
    kind: str, code: str, now: datetime
) -> tuple[Sequence[tuple[str, Any]], Callable[[str], bool]] | None:
    """What may stand in a field, and whether a word is understood without help; None where any text may stand."""
    if kind == ImportKind.CUSTOMERS and code == "owner":
        named = {word for _branch, word in owner_words(now)}
        people = [(user.username, f"{user.name} · {user.branch.name}") for user in project_managers(now)]
        return people, lambda word: word.casefold() in named
    if code == "province":
        return [(row.code, region_name(row.code)) for row in provinces()], lambda word: bool(
            province_code_of(word)
        )
    if code == "industry":
        return Industry.choices, lambda word: bool(industry_code(word))
    field = by_code(kind).get(code)
    if field is None or field.choices is None:
        return None
    choices = field.choices
    return choices.choices, lambda word: choice_code(choices, word) is not None
