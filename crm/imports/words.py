"""Words of a file that stand where we have a closed list and mean nothing to us yet."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from crm.choices import Industry
from crm.imports.checks import industry_code
from crm.imports.fields import by_code, choice_code, folded
from crm.models import ImportBatch

SHOWN = 30


def unknown_words(
    batch: ImportBatch, lines: Sequence[Sequence[str]], mapping: Mapping[str, int], offer: Any = None
) -> list[dict[str, Any]]:
    """Each such word of the lines with how often it stands there and what it may mean, the commonest first."""
    maps = offer.value_maps if offer is not None else batch.value_maps
    found: list[dict[str, Any]] = []
    for code, column in mapping.items():
        field = by_code(batch.kind).get(code)
        choices: Any = Industry if code == "industry" else field.choices if field else None
        if field is None or choices is None:
            continue
        texts = Counter(cells[column].strip() for cells in lines if column < len(cells))
        for word, count in texts.most_common():
            ours = maps.get(code, {}).get(folded(word), "")
            if word and not _is_known(code, choices, word):
                found.append(
                    {
                        "key": f"{code}|{word[:60]}",
                        "field": field.label,
                        "word": word[:60],
                        "count": count,
                        "choices": choices.choices,
                        "ours": ours,
                    }
                )
    return sorted(found, key=lambda one: -one["count"])[:SHOWN]


def _is_known(code: str, choices: Any, word: str) -> bool:
    if code == "industry":
        return bool(industry_code(word))
    return choice_code(choices, word) is not None
