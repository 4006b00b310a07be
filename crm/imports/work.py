"""One chunk of an import: judge each line against the customers we have, then write all of them at once."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Min, Q

from accounts.choices import AccessSource, Role
from accounts.models import OrgUnit, RecordAccess, User
from core import audit
from core.copying import copy_rows
from core.kinds import kind_of
from core.numbering import next_codes
from crm.choices import PARTY_DEPARTMENTS, CustomerKind, PoolStatus, Source, Stage, Tier
from crm.imports.checks import Draft, read_line
from crm.imports.choices import DuplicatePolicy, ImportState, RowOutcome
from crm.models import Contact, Customer, ImportBatch, ImportRow
from crm.operations import CREATOR_SEES_FOR, first_tier
from crm.territories import TerritoryMap

FILLABLE = (
    "short_name",
    "name_en",
    "industry",
    "industry_text",
    "ownership",
    "enterprise_size",
    "province_code",
    "city_code",
    "address",
    "uscc",
    "website",
    "switchboard",
    "source",
    "notes",
)


@dataclass
class Verdict:
    """What becomes of one line: its outcome, the customer it meets or makes, and what a fill would set."""

    line: ImportRow
    draft: Draft
    outcome: str = RowOutcome.PENDING
    customer: Customer | None = None
    branch: OrgUnit | None = None
    owner: User | None = None
    fill: dict[str, Any] = field(default_factory=dict)
    contact: Contact | None = None

    def reject(self, code: str, field_code: str = "", **data: Any) -> None:
        self.draft.note(code, field_code, **data)
        self.outcome = RowOutcome.REJECTED


class Chunk:
    """Judges and writes lines of one batch; everything it compares with is read in a handful of queries."""

    def __init__(self, batch: ImportBatch, *, now: datetime) -> None:
        self.batch, self.now = batch, now
        self.importer = batch.owner
        self.territories = TerritoryMap(now)
        self._may_import_to: dict[int, bool] = {batch.branch_id: True}
        self._owners = self._owner_words() if {"owner"} & {*batch.mapping, *batch.constants} else {}

    def work(self, lines: Sequence[ImportRow], *, write: bool) -> dict[str, int]:
        """Judge the lines, write their customers if `write`, keep what became of each; returns counts by column."""
        verdicts = [
            Verdict(line, read_line(line.number, line.cells, self.batch.mapping, self.batch.constants))
            for line in lines
        ]
        self._judge(verdicts)
        if write:
            self._create([one for one in verdicts if one.outcome == RowOutcome.CREATED])
            self._fill([one for one in verdicts if one.outcome == RowOutcome.UPDATED])
        self._keep(verdicts)
        counts = Counter(one.outcome for one in verdicts)
        tally = {
            f"{outcome}_rows": counts[outcome] for outcome in ("created", "updated", "skipped", "rejected")
        }
        made = [one for one in verdicts if one.outcome == RowOutcome.CREATED]
        return {
            **tally,
            "pooled_rows": sum(one.owner is None and self._department(one) is None for one in made),
        }

    # judging

    def _judge(self, verdicts: list[Verdict]) -> None:
        known = Known(self.batch, [one.draft for one in verdicts])
        for one in verdicts:
            draft = one.draft
            if draft.is_rejected:
                one.outcome = RowOutcome.REJECTED
                continue
            self._place(one)
            if one.outcome == RowOutcome.REJECTED:
                continue
            earlier = known.earlier_line(draft)
            found, why = known.customer(draft)
            if earlier:
                one.reject("twice_in_file", row=earlier)
            elif found is not None:
                self._meet(one, found, why)
            elif draft.code:
                one.reject("unknown_code", "code")
            else:
                one.outcome = RowOutcome.CREATED
                known.warn(draft)
            if one.outcome != RowOutcome.REJECTED:
                known.remember(draft)

    def _place(self, one: Verdict) -> None:
        """Branch and owner: the owner named, else the territory's, else the importer's branch and nobody."""
        columns = one.draft.columns
        found = self.territories.place(columns["province_code"], columns["city_code"], columns["industry"])
        one.branch = found.branch if found else self.batch.branch
        one.owner = found.owner if found else None
        if not self._may_import(one.branch):
            one.reject("other_branch", "province", branch=one.branch.code)
        elif one.draft.owner_word:
            one.owner = self._owners.get((one.branch.pk, one.draft.owner_word.casefold()))
            if one.owner is None:
                one.reject("unknown_owner", "owner")

    def _may_import(self, branch: OrgUnit) -> bool:
        if branch.pk not in self._may_import_to:
            example = Customer(branch=branch)
            self._may_import_to[branch.pk] = self.importer.has_perm("crm.import_customer", example)
        return self._may_import_to[branch.pk]

    def _owner_words(self) -> dict[tuple[int, str], User]:
        """Project managers by branch and by each way to name them; a name two people share names nobody."""
        people: dict[tuple[int, str], set[User]] = defaultdict(set)
        for user in User.objects.holding(Role.PM, now=self.now).select_related("unit__parent"):
            for word in {user.username, user.name_zh, user.name_en.casefold()} - {""}:
                if user.branch is not None:
                    people[user.branch.pk, word].add(user)
        return {key: users.pop() for key, users in people.items() if len(users) == 1}

    def _meet(self, one: Verdict, found: Customer, why: str) -> None:
        """The customer exists: skip the line, list it for a person, or fill in what is empty with us."""
        one.customer, one.outcome = found, RowOutcome.SKIPPED
        may_change = self.batch.policy == DuplicatePolicy.FILL and self.importer.has_perm(
            "crm.change_customer", found
        )
        if self.batch.policy == DuplicatePolicy.ASK:
            one.draft.note("ask_person")
        elif not may_change:
            one.draft.note(why)
        else:
            columns = one.draft.columns
            one.fill = {
                name: columns[name] for name in FILLABLE if columns.get(name) and not getattr(found, name)
            }
            if one.fill:
                one.outcome = RowOutcome.UPDATED
            else:
                one.draft.note("nothing_to_fill")

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
        self._audit(
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
            import_batch=self.batch,
        )

    def _department(self, one: Verdict) -> OrgUnit | None:
        if not hasattr(self, "_departments"):
            units = {unit.code: unit for unit in OrgUnit.objects.filter(code__in=PARTY_DEPARTMENTS.values())}
            self._departments = {kind: units.get(code) for kind, code in PARTY_DEPARTMENTS.items()}
        return self._departments.get(CustomerKind(one.draft.columns["kind"])) if one.owner is None else None

    def _add_contacts(self, verdicts: list[Verdict]) -> None:
        for one in verdicts:
            if one.draft.contact:
                one.contact = Contact(customer=one.customer, is_primary=True, **one.draft.contact)
        contacts = [one.contact for one in verdicts if one.contact is not None]
        copy_rows(contacts)
        self._audit("crm.add_contact", contacts, lambda row: {})

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
        self._audit("crm.fill_customer", list(rows.values()), lambda row: {"columns": filled[row.pk]})

    def _audit(self, code: str, rows: Sequence[Any], data_of: Any) -> None:
        audit.record_many(
            code,
            rows,
            by=self.importer,
            now=self.now,
            data_of=lambda row: {"batch": self.batch.pk, **data_of(row)},
        )

    def _keep(self, verdicts: Iterable[Verdict]) -> None:
        """Write what became of each line in one statement."""
        verdicts = list(verdicts)
        columns: list[list[Any]] = [
            [one.line.pk for one in verdicts],
            [str(one.outcome) for one in verdicts],
            [json.dumps(one.draft.findings) for one in verdicts],
            [one.draft.key for one in verdicts],
            [one.draft.columns.get("uscc", "") for one in verdicts],
            [one.customer.pk if one.customer else None for one in verdicts],
            [one.customer.version if one.customer else None for one in verdicts],
            [one.contact.pk if one.contact else None for one in verdicts],
            [json.dumps(one.line.before) for one in verdicts],
        ]
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE crm_importrow SET outcome = new.outcome, findings = new.findings::jsonb, name_key = new.name_key,"
                " uscc = new.uscc, customer_id = new.customer, customer_version = new.customer_version,"
                " contact_id = new.contact, before = new.before::jsonb"
                " FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::int[],"
                " %s::bigint[], %s::text[]) AS new(id, outcome, findings, name_key, uscc, customer, customer_version,"
                " contact, before) WHERE crm_importrow.id = new.id",
                columns,
            )


class Known:
    """What the product and the earlier lines of the file already hold of the customers of a chunk."""

    def __init__(self, batch: ImportBatch, drafts: Sequence[Draft]) -> None:
        self.batch = batch
        keys = sorted({draft.key for draft in drafts} - {""})
        usccs = sorted({draft.columns["uscc"] for draft in drafts} - {""})
        codes = sorted({draft.code for draft in drafts} - {""})
        first = min((draft.number for draft in drafts), default=0)
        self.lines = self._earlier_lines(keys, usccs, first)
        self.by_key: dict[str, Customer] = {}
        self.by_uscc: dict[str, Customer] = {}
        self.by_code: dict[str, Customer] = {}
        same = Q(name_keys__overlap=keys) | Q(uscc__in=usccs) | Q(code__in=codes)
        for row in Customer.objects.alive().filter(same).select_related("owner", "branch").order_by("-pk"):
            self.by_key.update(dict.fromkeys(row.name_keys, row))
            self.by_uscc[row.uscc] = row
            self.by_code[row.code] = row
        self.deleted = self._deleted(keys)
        self.phones = self._phones(drafts)

    def _earlier_lines(self, keys: list[str], usccs: list[str], first: int) -> dict[str, int]:
        before = self.batch.rows.filter(number__lt=first).exclude(outcome=RowOutcome.REJECTED).order_by()
        lines: dict[str, int] = {}
        for column, words in (("name_key", keys), ("uscc", usccs)):
            if words:
                found = before.filter(**{f"{column}__in": words}).values(column).annotate(line=Min("number"))
                lines.update({row[column]: row["line"] for row in found})
        return lines

    def _deleted(self, keys: list[str]) -> dict[str, int]:
        rows = Customer.objects.filter(deleted_at__isnull=False, name_keys__overlap=keys)
        rows = rows.exclude(import_batch__state=ImportState.UNDONE)
        return {key: row.pk for row in rows.only("pk", "name_keys") for key in row.name_keys}

    def _phones(self, drafts: Sequence[Draft]) -> dict[str, int]:
        numbers = [draft.contact["mobile"] for draft in drafts if draft.contact.get("mobile")]
        if not numbers:
            return {}
        rows = Contact.objects.alive().filter(mobile__in=numbers).values_list("mobile_hash", "customer_id")
        return dict(rows)

    def earlier_line(self, draft: Draft) -> int | None:
        """The number of an earlier line with the same customer."""
        return self.lines.get(draft.key) or (
            self.lines.get(draft.columns["uscc"]) if draft.columns["uscc"] else None
        )

    def customer(self, draft: Draft) -> tuple[Customer | None, str]:
        """The customer we have, and by what it is the same: number, credit code, then name."""
        if draft.code:
            return self.by_code.get(draft.code), "exists_code"
        uscc = draft.columns["uscc"]
        if uscc and uscc in self.by_uscc:
            return self.by_uscc[uscc], "exists_uscc"
        return self.by_key.get(draft.key), "exists_name"

    def warn(self, draft: Draft) -> None:
        """Note what does not stand in the way of a new customer but should be looked at."""
        if not draft.columns["province_code"]:
            draft.note("city_missing")
        if draft.key in self.deleted:
            draft.note("was_deleted", "name", customer=self.deleted[draft.key])
        mobile = draft.contact.get("mobile")
        if mobile and self.phones:
            owner = self.phones.get(Contact(mobile=mobile).mobile_hash)  # type: ignore[attr-defined]
            if owner is not None:
                draft.note("phone_known", "contact_mobile", customer=owner)

    def remember(self, draft: Draft) -> None:
        """This line now stands before those that follow."""
        self.lines.setdefault(draft.key, draft.number)
        if draft.columns["uscc"]:
            self.lines.setdefault(draft.columns["uscc"], draft.number)
