"""A file of people: each line a contact of a customer we have."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from core.copying import copy_rows
from core.phones import comparable_phone
from crm.choices import DecisionRole
from crm.identifiers import full_name_key
from crm.imports.checks import Draft, read_person
from crm.imports.choices import DuplicatePolicy, ImportKind, RowOutcome
from crm.imports.chunk import Chunk, Verdict
from crm.imports.whose import Whose, read_whose
from crm.models import Contact, Customer, ImportRow

FILLABLE = ("title", "dept", "mobile", "phone", "wechat", "email", "decision_role")
EMPTY = {"", DecisionRole.UNKNOWN}


class ContactChunk(Chunk):
    """People known by name or mobile are met; all others are added, the first of a customer as its primary contact."""

    kind = ImportKind.CONTACTS

    def read(self, line: ImportRow) -> Draft:
        draft = Draft(line.number)
        texts = read_whose(draft, line.cells, self.layout)
        read_person(draft, texts)
        if not draft.contact and not draft.is_rejected:
            draft.note("contact_name_missing", "contact_name")
        return draft

    def judge(self, verdicts: list[Verdict]) -> None:
        whose = Whose([one.draft for one in verdicts])
        met: list[Verdict] = []
        for one in verdicts:
            if one.draft.is_rejected:
                one.outcome = RowOutcome.REJECTED
                continue
            one.customer = whose.find(one, self)
            if one.customer is not None:
                met.append(one)
        people = self._people({one.customer.pk: one.customer for one in met if one.customer})
        given: dict[tuple[int, str], int] = {}
        for one in met:
            self._judge_person(one, people, given)

    def _people(self, customers: dict[int, Customer]) -> dict[int, list[Contact]]:
        found: dict[int, list[Contact]] = defaultdict(list)
        for row in Contact.objects.alive().filter(customer__in=customers).order_by("pk"):
            row.customer = customers[row.customer_id]
            found[row.customer_id].append(row)
        return found

    def _judge_person(
        self, one: Verdict, people: dict[int, list[Contact]], given: dict[tuple[int, str], int]
    ) -> None:
        customer: Any = one.customer
        marks = [(customer.pk, mark) for mark in marks_of(one.draft.contact)]
        earlier = next((given[mark] for mark in marks if mark in given), None)
        if earlier is not None:
            one.reject("twice_in_file", row=earlier)
            return
        given |= dict.fromkeys(marks, one.draft.number)
        known = next((row for row in people[customer.pk] if is_same(row, one.draft.contact)), None)
        if known is None:
            one.outcome, one.first_person = RowOutcome.CREATED, not people[customer.pk]
            people[customer.pk].append(Contact(customer=customer, **one.draft.contact))
        else:
            self._meet(one, known)

    def _meet(self, one: Verdict, known: Contact) -> None:
        given = one.draft.contact
        one.contact = known
        one.fill = {
            name: given[name] for name in FILLABLE if given.get(name) and getattr(known, name) in EMPTY
        }
        columns = [f"contact_{'role' if name == 'decision_role' else name}" for name in sorted(one.fill)]
        if self.policy == DuplicatePolicy.ASK:
            one.outcome = RowOutcome.WAITING
            one.draft.note("ask_contact", fields=columns)
        elif self.policy == DuplicatePolicy.FILL and one.fill:
            one.outcome = RowOutcome.UPDATED
        else:
            one.fill = {}
            one.skip("person_exists", "contact_name")

    def write(self, verdicts: list[Verdict]) -> None:
        made = [one for one in verdicts if one.outcome == RowOutcome.CREATED]
        for one in made:
            one.contact = Contact(customer=one.customer, is_primary=one.first_person, **one.draft.contact)
        copy_rows([one.contact for one in made if one.contact is not None])
        self.audit("crm.add_contact", [one.contact for one in made], lambda row: {})
        filled = [one for one in verdicts if one.outcome == RowOutcome.UPDATED]
        for one in filled:
            self._fill(one)
        columns = {one.contact.pk: sorted(one.fill) for one in filled if one.contact}
        self.audit(
            "crm.fill_contact", [one.contact for one in filled], lambda row: {"columns": columns[row.pk]}
        )

    def _fill(self, one: Verdict) -> None:
        """Only empty columns are set, so the undo empties them again; the values themselves are nowhere else kept."""
        row: Any = one.contact
        one.line.before = dict.fromkeys(one.fill, "")
        for name, value in one.fill.items():
            setattr(row, name, value)
        row.version += 1
        one.line.before["version"] = row.version
        row.save()


def marks_of(contact: dict[str, Any]) -> Iterator[str]:
    """What makes two lines the same person: the name, and the mobile."""
    yield full_name_key(contact["name"])
    if contact.get("mobile"):
        yield comparable_phone(contact["mobile"])


def is_same(known: Contact, given: dict[str, Any]) -> bool:
    """The same mobile, or the same name unless both have a mobile and they differ."""
    theirs, ours = comparable_phone(given.get("mobile", "")), comparable_phone(known.mobile or "")
    if theirs and ours:
        return theirs == ours
    return full_name_key(given["name"]) == full_name_key(known.name)
