"""A customer file: judge each line against the customers we have, then write all of them at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from accounts.choices import AccessSource
from accounts.models import OrgUnit, RecordAccess
from core.copying import copy_rows
from core.kinds import kind_of
from core.numbering import next_codes
from crm.choices import PARTY_DEPARTMENTS, CustomerKind, PoolStatus, Source, Stage, Tier
from crm.imports.checks import Draft, read_line
from crm.imports.choices import Decision, DuplicatePolicy, ImportKind, RowOutcome
from crm.imports.chunk import Chunk, Verdict
from crm.imports.fields import FILLABLE
from crm.imports.known import Known
from crm.imports.owners import owner_words
from crm.models import Contact, Customer, ImportBatch, ImportRow
from crm.operations import CREATOR_SEES_FOR, first_tier
from crm.pool_choices import PoolReason
from crm.territories import TerritoryMap


class CustomerChunk(Chunk):
    """A line a customer, with one of its people; further lines of the same customer bring further people."""

    kind = ImportKind.CUSTOMERS

    def __init__(self, batch: ImportBatch, **how: Any) -> None:
        super().__init__(batch, **how)
        self.territories = TerritoryMap(self.now)
        self._rights["crm.import_customer", -batch.branch_id] = True
        self._owners = owner_words(self.now) if {"owner"} & {*batch.mapping, *batch.constants} else {}

    def read(self, line: ImportRow) -> Draft:
        return read_line(line.number, line.cells, self.layout)

    def write(self, verdicts: list[Verdict]) -> None:
        self._create([one for one in verdicts if one.outcome == RowOutcome.CREATED])
        self._fill([one for one in verdicts if one.outcome == RowOutcome.UPDATED and one.fill])
        self._add_people([one for one in verdicts if one.outcome == RowOutcome.UPDATED])

    def further_counts(self, verdicts: Sequence[Verdict]) -> Mapping[str, int]:
        made = [one for one in verdicts if one.outcome == RowOutcome.CREATED]
        return {"pooled_rows": sum(one.owner is None and self._department(one) is None for one in made)}

    # judging

    def judge(self, verdicts: list[Verdict]) -> None:
        known = Known(self.batch, [one.draft for one in verdicts])
        for one in verdicts:
            if one.draft.is_rejected:
                one.outcome = RowOutcome.REJECTED
                continue
            self._place(one)
            if one.outcome == RowOutcome.REJECTED:
                continue
            found, why = known.customer(one.draft)
            if known.created_by(one.draft, found):
                self._join(one, found, known)
            elif found is not None:
                self._meet(one, found, why, known)
            elif one.draft.code:
                one.reject("unknown_code", "code")
            else:
                self._take_up(one, known)
            if one.outcome != RowOutcome.REJECTED:
                known.remember(one)

    def _place(self, one: Verdict) -> None:
        """Branch and owner: the owner named, else the territory's, else the importer's branch and nobody."""
        columns = one.draft.columns
        found = self.territories.place(columns["province_code"], columns["city_code"], columns["industry"])
        one.branch = found.branch if found else self.batch.branch
        one.owner = found.owner if found else None
        if not self.may_in("crm.import_customer", one.branch):
            one.reject("other_branch", "province", branch=one.branch.code)
        elif one.draft.owner_word:
            one.owner = self._owners.get((one.branch.pk, one.draft.owner_word.casefold()))
            if one.owner is None:
                one.reject("unknown_owner", "owner")

    def _take_up(self, one: Verdict, known: Known) -> None:
        """A customer we do not have; one very like it is named, or waits for a person where the importer asked so."""
        known.warn(one.draft)
        alike = known.alike(one.draft)
        if alike is None or self.decision == Decision.CREATE:
            one.outcome = RowOutcome.CREATED
        elif self.decision:
            self._meet(one, alike, "exists_alike", known)
        elif self.policy == DuplicatePolicy.ASK:
            one.customer, one.outcome = alike, RowOutcome.WAITING
        else:
            one.outcome = RowOutcome.CREATED

    def _join(self, one: Verdict, found: Customer | None, known: Known) -> None:
        """An earlier line made this customer: this one brings a further person, or nothing new."""
        first = known.first_line(one.draft)
        if known.has_person(one.draft, found):
            one.reject("twice_in_file", row=first)
            return
        one.customer, one.mate = found, known.mate(one.draft)
        one.outcome, one.adds_person = RowOutcome.UPDATED, True
        one.first_person = not known.anybody(one.draft, found)
        one.draft.note("person_added", row=first)

    def _meet(self, one: Verdict, found: Customer, why: str, known: Known) -> None:
        """The customer exists: skip the line, let a person decide, or fill in what is empty with us."""
        one.customer = found
        columns = one.draft.columns
        fill = {name: columns[name] for name in FILLABLE if columns.get(name) and not getattr(found, name)}
        new_person = not known.has_person(one.draft, found)
        if self.policy == DuplicatePolicy.ASK or self.decision == Decision.CREATE:
            one.outcome = RowOutcome.WAITING
            one.draft.note("ask_person", fields=[*sorted(fill), *(["contact_name"] if new_person else [])])
        elif self.policy == DuplicatePolicy.SKIP or not self.may("crm.change_customer", found):
            one.skip(why)
        elif not fill and not new_person:
            one.skip("nothing_to_fill")
        else:
            one.outcome, one.fill = RowOutcome.UPDATED, fill
            one.adds_person, one.first_person = new_person, not known.anybody(one.draft, found)

    # writing

    def _create(self, verdicts: list[Verdict]) -> None:
        by_branch: dict[str, list[Verdict]] = defaultdict(list)
        for one in verdicts:
            by_branch[one.branch.code].append(one)  # type: ignore[union-attr]
        for branch_code, group in by_branch.items():
            codes = next_codes("KH", branch_code=branch_code, now=self.now, count=len(group))
            for one, code in zip(group, codes, strict=True):
                one.customer = self._new_customer(one, code)
        customers = [one.customer for one in verdicts if one.customer is not None]
        copy_rows(customers)
        self._open_facts(customers)
        self._add_contacts(verdicts)
        self._let_importer_see(customers)
        numbers = {one.customer.pk: one.line.number for one in verdicts if one.customer is not None}
        self.audit(
            "crm.import_customer",
            customers,
            lambda row: {"row": numbers[row.pk], "pool": row.pool_status and "unassigned_import"},
        )

    def _open_facts(self, customers: list[Customer]) -> None:
        """One empty row of facts a customer; forty empty columns each would cost more than the customers themselves."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO crm_customerfacts (customer_id) SELECT unnest(%s::bigint[])",
                [[row.pk for row in customers]],
            )

    def _new_customer(self, one: Verdict, code: str) -> Customer:
        columns = one.draft.columns
        department = self._department(one)
        pooled = one.owner is None and department is None
        tier = first_tier(columns["kind"])
        return Customer(
            **{**columns, "source": columns["source"] or Source.IMPORT},
            code=code,
            kinds=[],
            branch=one.branch,
            owner=one.owner,
            department=department,
            creator=self.importer,
            tier=tier,
            stage=Stage.ACQUAINTANCE if tier != Tier.NA else "",
            stage_since=self.now,
            pool_status=PoolStatus.POOL if pooled else "",
            pool_entered_at=self.now if pooled else None,
            pool_reason=PoolReason.UNASSIGNED_IMPORT if pooled else "",
            owned_since=None if one.owner is None else self.now,
            import_batch=self.batch,
        )

    def _department(self, one: Verdict) -> OrgUnit | None:
        if not hasattr(self, "_departments"):
            units = {unit.code: unit for unit in OrgUnit.objects.filter(code__in=PARTY_DEPARTMENTS.values())}
            self._departments = {kind: units.get(code) for kind, code in PARTY_DEPARTMENTS.items()}
        return self._departments.get(CustomerKind(one.draft.columns["kind"])) if one.owner is None else None

    def _add_contacts(self, verdicts: list[Verdict]) -> None:
        """The first person of each new customer is its primary contact."""
        for one in verdicts:
            if one.draft.contact:
                one.contact = Contact(customer=one.customer, is_primary=True, **one.draft.contact)
        self._write_people(verdicts)

    def _add_people(self, verdicts: list[Verdict]) -> None:
        """Further people of customers that stand already; the primary contact stays who it is."""
        for one in verdicts:
            one.customer = one.customer or (one.mate.customer if one.mate else None)
            if one.draft.contact and one.adds_person and one.customer is not None:
                one.contact = Contact(customer=one.customer, is_primary=one.first_person, **one.draft.contact)
        self._write_people(verdicts)

    def _write_people(self, verdicts: list[Verdict]) -> None:
        contacts = [one.contact for one in verdicts if one.contact is not None]
        copy_rows(contacts)
        self.audit("crm.add_contact", contacts, lambda row: {})

    def _let_importer_see(self, customers: list[Customer]) -> None:
        """Who enters a customer sees it for thirty days, also where role and branch would not show it."""
        if self.importer.has_perm("crm.start_importbatch", self.batch):
            return
        copy_rows(
            [
                RecordAccess(
                    kind=kind_of(Customer),
                    object_id=row.pk,
                    user=self.importer,
                    source=AccessSource.CREATOR,
                    until=self.now + CREATOR_SEES_FOR,
                )
                for row in customers
                if row.owner_id != self.importer.pk
            ]
        )

    def _fill(self, verdicts: list[Verdict]) -> None:
        """Set empty columns only; `before` keeps what stood there for the undo."""
        rows = {
            row.pk: row
            for row in Customer.objects.select_for_update().filter(
                pk__in=[one.customer.pk for one in verdicts if one.customer]
            )
        }
        for one in verdicts:
            row = rows[one.customer.pk]  # type: ignore[union-attr]
            one.line.before = {name: getattr(row, name) for name in one.fill}
            for name, value in one.fill.items():
                setattr(row, name, value)
            row.needs_completion = not (row.province_code and row.city_code and row.industry)
            row.version += 1
            row.updated_at = self.now
            one.customer = row
        Customer.objects.bulk_update(
            rows.values(),
            [*FILLABLE, "needs_completion", "version", "updated_at", "match_keys", "search_terms"],
            batch_size=200,
        )
        filled = {one.customer.pk: sorted(one.fill) for one in verdicts if one.customer is not None}
        self.audit("crm.fill_customer", list(rows.values()), lambda row: {"columns": filled[row.pk]})
