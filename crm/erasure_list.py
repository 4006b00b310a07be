"""The list of erasures outside the database: numbers and days only, so that a restored backup can erase the same people again."""

import json
import os
from collections.abc import Iterable
from pathlib import Path

from crm.models import Erasure


def listed_here() -> dict[int, str]:
    """Who was erased in this database: contact number → the instant."""
    return {pk: at.isoformat() for pk, at in Erasure.objects.order_by("pk").values_list("contact_id", "at")}


def read_lists(paths: Iterable[Path]) -> dict[int, str]:
    """The union of the lists that exist. Raises ValueError for one that cannot be read: nobody may be forgotten silently."""
    found: dict[int, str] = {}
    for path in paths:
        if path.exists():
            found |= {int(pk): str(at) for pk, at in json.loads(path.read_text(encoding="utf-8")).items()}
    return found


def keep_list(path: Path, *, also: Iterable[Path] = ()) -> dict[int, str]:
    """Write the list anew with everybody it, the other lists and the database know; returns it."""
    everybody = read_lists([path, *also]) | listed_here()
    draft = path.with_suffix(".new")
    path.parent.mkdir(parents=True, exist_ok=True)
    draft.write_text(json.dumps({str(pk): at for pk, at in sorted(everybody.items())}), encoding="utf-8")
    os.replace(draft, path)
    return everybody
