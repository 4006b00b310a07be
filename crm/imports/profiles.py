"""Profiles: how the exports of other systems, and the files of one's own branch, are read without assigning columns anew."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from core import audit
from core.rules import require
from crm.imports.fields import folded
from crm.imports.guess import guess_mapping
from crm.models import ImportBatch, ImportProfile

READY_FILE = Path(__file__).resolve().parents[1] / "data" / "import_profiles.json"
ENOUGH = 0.6
"""A ready profile is offered when it knows this share of the file's headers."""
LEFT_OUT = "-"


@dataclass(frozen=True)
class Offer:
    """A profile that fits a file: `key` names it ("ready-odoo_customers", "saved-12"), `share` is 0–1 of the headers it knows."""

    key: str
    name: str
    share: float
    columns: Mapping[str, str]
    constants: Mapping[str, str]
    value_maps: Mapping[str, Mapping[str, str]]
    policy: str = ""
    saved: ImportProfile | None = None

    def mapping(self, headers: Sequence[str]) -> dict[str, int]:
        """Field → column; what the profile does not know is guessed from the header as without it."""
        found: dict[str, int] = {}
        for number, header in enumerate(headers):
            code = self.columns.get(folded(header), "")
            if code not in ("", LEFT_OUT):
                found.setdefault(code, number)
        known = {number for number, header in enumerate(headers) if folded(header) in self.columns}
        for code, number in guess_mapping(headers, self.kind).items():
            if number not in known and code not in found:
                found[code] = number
        return found

    @property
    def kind(self) -> str:
        return self.saved.kind if self.saved else ready_profiles()[self.key]["kind"]


@cache
def ready_profiles() -> dict[str, dict[str, Any]]:
    """The profiles that come with the product, their headers and words folded, by key."""
    found = {}
    for row in json.loads(READY_FILE.read_text(encoding="utf-8")):
        columns = {folded(header): code for header, code in row["columns"].items()}
        maps = {
            code: {folded(word): ours for word, ours in words.items()}
            for code, words in row["value_maps"].items()
        }
        found[f"ready-{row['code']}"] = {**row, "columns": columns, "value_maps": maps}
    return found


def header_key(headers: Sequence[str]) -> str:
    """The digest of a file's headers in their order."""
    return hashlib.sha256("|".join(map(folded, headers)).encode()).hexdigest()


def offers(batch: ImportBatch, user: Any) -> list[Offer]:
    """Profiles that fit the file: the branch's own with exactly these headers, then ready ones, the best first."""
    saved = ImportProfile.objects.visible_to(user).filter(
        kind=batch.kind, header_key=header_key(batch.headers)
    )
    mine = [_saved(row) for row in saved.order_by("-used_at", "name")[:5]]
    return mine + sorted(_ready(batch), key=lambda offer: -offer.share)[:3]


def _saved(row: ImportProfile) -> Offer:
    return Offer(
        key=f"saved-{row.pk}",
        name=row.name,
        share=1.0,
        columns=row.columns,
        constants=row.constants,
        value_maps=row.value_maps,
        policy=row.policy,
        saved=row,
    )


def _ready(batch: ImportBatch) -> list[Offer]:
    headers = {folded(header) for header in batch.headers} - {""}
    found = []
    for key, row in ready_profiles().items():
        known = headers & set(row["columns"])
        share = len(known) / len(headers) if headers else 0.0
        if row["kind"] == batch.kind and share >= ENOUGH:
            found.append(Offer(key, row["name"], share, row["columns"], {}, row["value_maps"]))
    return found


def keep_profile(batch: ImportBatch, *, by: Any, now: datetime, name: str) -> ImportProfile:
    """Save how this file is read under a name, for the branch; the same name is written over."""
    require(by, "crm.add_importprofile", ImportProfile(owner=by, branch=batch.branch))
    at = {number: code for code, number in batch.mapping.items()}
    columns = {folded(header): at.get(number, LEFT_OUT) for number, header in enumerate(batch.headers)}
    profile, created = ImportProfile.objects.update_or_create(
        branch=batch.branch,
        kind=batch.kind,
        name=name.strip()[:60],
        defaults={
            "header_key": header_key(batch.headers),
            "columns": columns,
            "constants": batch.constants,
            "value_maps": batch.value_maps,
            "policy": batch.policy,
            "used_at": now,
        },
        create_defaults={
            "owner": by,
            "header_key": header_key(batch.headers),
            "columns": columns,
            "constants": batch.constants,
            "value_maps": batch.value_maps,
            "policy": batch.policy,
            "used_at": now,
        },
    )
    audit.record(
        "crm.add_importprofile", profile, by=by, now=now, data={"new": created, "columns": len(columns)}
    )
    return profile
