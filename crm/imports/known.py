"""What the product and the earlier lines of a file already hold of the customers of a chunk."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from django.db.models import Min

from core.crypto import blind_hash
from core.phones import comparable_phone
from crm.duplicate_search import Found, find_all
from crm.duplicates import Party, company_domain
from crm.identifiers import full_name_key
from crm.imports.checks import Draft
from crm.imports.choices import ImportState, RowOutcome
from crm.imports.chunk import Verdict
from crm.key_ids import ids_by_key
from crm.models import Contact, Customer, ImportBatch

SHARED_BY = 5
"""A landline more lines of a chunk share is a switchboard or a filler; it says nothing about sameness."""
RULE_FINDINGS = {
    "dup_rule_3": ("alike_name", "name"),
    "dup_rule_4": ("phone_known", "contact_mobile"),
    "dup_rule_5": ("shared_line", ""),
    "head_office": ("office_of", "name"),
}


class Known:
    """Answers for each draft: is it there, who of its people, which line came first. A handful of queries a chunk."""

    def __init__(self, batch: ImportBatch, drafts: Sequence[Draft]) -> None:
        self.batch = batch
        keys = sorted({draft.key for draft in drafts} - {""})
        usccs = sorted({draft.columns["uscc"] for draft in drafts} - {""})
        codes = sorted({draft.code for draft in drafts} - {""})
        first = min((draft.number for draft in drafts), default=0)
        self.lines = self._creating_lines(keys, usccs, first)
        self.mates: dict[str, Verdict] = {}
        self.by_key: dict[str, Customer] = {}
        self.by_uscc: dict[str, Customer] = {}
        self.by_code: dict[str, Customer] = {}
        ids = ids_by_key({"names": keys, "usccs": usccs, "codes": codes, "deleted": keys})
        rows = Customer.objects.filter(pk__in=ids["customer"]).select_related("owner", "branch")
        for row in rows.defer("search_terms").order_by("-pk") if ids["customer"] else ():
            self.by_key.update(dict.fromkeys(row.name_keys, row))
            self.by_uscc[row.uscc] = row
            self.by_code[row.code] = row
        self.deleted = self._deleted(ids["deleted"])
        self.people = self._people(drafts)
        self.hits = self._hits([draft for draft in drafts if not draft.is_rejected])

    def _creating_lines(self, keys: list[str], usccs: list[str], first: int) -> dict[str, int]:
        """By name and code the first earlier line that makes the customer."""
        before = self.batch.rows.filter(number__lt=first, outcome=RowOutcome.CREATED).order_by()
        lines: dict[str, int] = {}
        for column, words in (("name_key", keys), ("uscc", usccs)):
            if words:
                found = before.filter(**{f"{column}__in": words}).values(column).annotate(line=Min("number"))
                lines.update({row[column]: row["line"] for row in found})
        return lines

    def _deleted(self, ids: list[int]) -> dict[str, int]:
        """Customers once deleted, by their names; what an undone import had made is not meant."""
        rows = Customer.objects.filter(pk__in=ids).exclude(import_batch__state=ImportState.UNDONE)
        return {key: row.pk for row in rows.only("pk", "name_keys") for key in row.name_keys} if ids else {}

    def _people(self, drafts: Sequence[Draft]) -> dict[int, set[str]]:
        """The people of the customers met, by name and by number."""
        met = {row.pk for row in (self.customer(draft)[0] for draft in drafts) if row is not None}
        found: dict[int, set[str]] = defaultdict(set)
        rows = Contact.objects.alive().filter(customer__in=met).values_list("customer", "name", "mobile_hash")
        for customer, name, mobile in rows if met else ():
            found[customer] |= {full_name_key(name), mobile} - {""}
        return found

    def _hits(self, drafts: Sequence[Draft]) -> dict[int, list[Found]]:
        """What the five rules say of the lines whose customer we do not have, by line number."""
        new = [draft for draft in drafts if self.customer(draft)[0] is None]
        lines = Counter(line for draft in new for line in _landlines(draft))
        parties = [
            party_of(draft, {line for line, count in lines.items() if count > SHARED_BY}) for draft in new
        ]
        return dict(zip((draft.number for draft in new), find_all(parties) if parties else (), strict=True))

    def customer(self, draft: Draft) -> tuple[Customer | None, str]:
        """The customer we have, and by what it is the same: number, credit code, then name."""
        if draft.code:
            return self.by_code.get(draft.code), "exists_code"
        uscc = draft.columns["uscc"]
        if uscc and uscc in self.by_uscc:
            return self.by_uscc[uscc], "exists_uscc"
        return self.by_key.get(draft.key), "exists_name"

    def created_by(self, draft: Draft, found: Customer | None) -> bool:
        """Whether an earlier line of this file makes the customer."""
        return self.first_line(draft) is not None or (
            found is not None and found.import_batch_id == self.batch.pk
        )

    def first_line(self, draft: Draft) -> int | None:
        """The number of that line."""
        uscc = draft.columns["uscc"]
        return self.lines.get(draft.key) or (self.lines.get(uscc) if uscc else None)

    def mate(self, draft: Draft) -> Verdict | None:
        """The line of this very chunk that makes the customer."""
        return self.mates.get(draft.key) or self.mates.get(draft.columns["uscc"] or draft.key)

    def has_person(self, draft: Draft, found: Customer | None) -> bool:
        """Whether the line brings nobody, or somebody who stands with the customer already."""
        marks = person_marks(draft)
        mate = self.mate(draft)
        there = self.people[found.pk] if found is not None else set()
        return not marks or bool(marks & (there | (mate.people if mate else set())))

    def anybody(self, draft: Draft, found: Customer | None) -> bool:
        """Whether the line's customer has people already, with us or by earlier lines."""
        mate = self.mate(draft)
        return bool(found is not None and self.people[found.pk]) or bool(mate and mate.people)

    def alike(self, draft: Draft) -> Customer | None:
        """The customer whose name is so like this one's that a person should look."""
        for hit in self.hits.get(draft.number, ()):
            if any(match.rule == "dup_rule_3" for match in hit.matches):
                return hit.customer
        return None

    def warn(self, draft: Draft) -> None:
        """Note what does not stand in the way of a new customer but should be looked at."""
        if not draft.columns["province_code"]:
            draft.note("city_missing")
        if draft.key in self.deleted:
            draft.note("was_deleted", "name", customer=self.deleted[draft.key])
        for hit in self.hits.get(draft.number, ())[:3]:
            for match in hit.matches:
                if match.rule in RULE_FINDINGS:
                    code, column = RULE_FINDINGS[match.rule]
                    draft.note(code, column, customer=hit.customer.pk)

    def remember(self, one: Verdict) -> None:
        """This line now stands before those that follow."""
        draft = one.draft
        if one.outcome == RowOutcome.CREATED:
            for key in filter(None, (draft.key, draft.columns["uscc"])):
                self.lines.setdefault(key, draft.number)
                self.mates.setdefault(key, one)
        marks = person_marks(draft)
        if one.customer is not None:
            self.people[one.customer.pk] |= marks
        (self.mate(draft) or one).people.update(marks)


def person_marks(draft: Draft) -> set[str]:
    """What makes two lines bring the same person: the name, or the mobile."""
    name, mobile = draft.contact.get("name", ""), draft.contact.get("mobile", "")
    return {full_name_key(name), blind_hash(comparable_phone(mobile))} - {""}


def party_of(draft: Draft, fillers: set[str]) -> Party:
    """A line as the duplicate rules see it."""
    columns, contact = draft.columns, draft.contact
    mobile = contact.get("mobile")
    domain = company_domain(contact.get("email", ""))
    return Party(
        names=(columns["name"], *columns["former_names"]),
        uscc=columns["uscc"],
        province_code=columns["province_code"],
        city_code=columns["city_code"],
        landlines=tuple(line for line in _landlines(draft) if line not in fillers),
        email_domains=(domain,) if domain else (),
        mobiles=((mobile, contact.get("name", "")),) if mobile else (),
    )


def _landlines(draft: Draft) -> list[str]:
    numbers = (draft.columns["switchboard"], draft.contact.get("phone", ""))
    return [comparable_phone(number) for number in numbers if number]
