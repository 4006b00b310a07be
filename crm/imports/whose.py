"""Files of people and of old logs name the customer they belong to; here it is found."""

from collections import defaultdict
from collections.abc import Sequence

from crm.identifiers import normal_uscc
from crm.imports.checks import Draft, Layout, read_texts
from crm.imports.chunk import Chunk, Verdict
from crm.key_ids import ids_by_key
from crm.match_keys import short_key
from crm.models import Customer
from crm.name_keys import name_key


def read_whose(draft: Draft, cells: Sequence[str], layout: Layout) -> dict[str, str]:
    """The line's texts; its customer's name, number and credit code go into the draft."""
    texts = read_texts(draft, cells, layout)
    draft.columns["name"] = texts.get("name", "")
    draft.columns["uscc"] = normal_uscc(texts.get("uscc", ""))[:18]
    draft.code = texts.get("code", "").upper()
    return texts


class Whose:
    """The customers a chunk's lines name, found in two queries."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        keys = sorted({draft.key for draft in drafts} - {""})
        usccs = sorted({draft.columns["uscc"] for draft in drafts} - {""})
        codes = sorted({draft.code for draft in drafts} - {""})
        self.by_key: dict[str, set[Customer]] = defaultdict(set)
        self.by_uscc: dict[str, Customer] = {}
        self.by_code: dict[str, Customer] = {}
        shorts = {mark for draft in drafts for mark in short_key(draft.columns["name"])}
        ids = ids_by_key({"names": keys, "usccs": usccs, "codes": codes, "shorts": shorts})["customer"]
        rows = Customer.objects.filter(pk__in=ids).select_related("owner", "branch")
        for row in rows if ids else ():
            for key in {*row.name_keys, name_key(row.short_name)} - {""}:
                self.by_key[key].add(row)
            self.by_uscc[row.uscc] = row
            self.by_code[row.code] = row

    def find(self, one: Verdict, chunk: Chunk) -> Customer | None:
        """The line's customer; without one, or one out of the importer's reach, the line is refused with the same words."""
        draft = one.draft
        named = self.by_key.get(draft.key, set())
        exact = [row for row in named if draft.key in row.name_keys]
        found = self.by_code.get(draft.code) if draft.code else self.by_uscc.get(draft.columns["uscc"] or "-")
        if found is None and not draft.code:
            candidates = exact or list(named)
            if len(candidates) > 1:
                one.reject("customer_unclear", "name")
                return None
            found = candidates[0] if candidates else None
        if found is None or not chunk.may("crm.import_customer", found):
            one.reject("customer_missing", "name" if draft.columns["name"] else "code")
            return None
        return found
