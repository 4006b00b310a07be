"""One chunk of an import: each line is read and judged, then all of them are written and kept at once. What a line means
is the business of the kinds of import below (`work`, `contacts`, `activities`)."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django.db import connection

from accounts.models import OrgUnit, User
from core import audit
from crm.imports.checks import Draft, Layout
from crm.imports.choices import Decision, DuplicatePolicy, RowOutcome
from crm.models import Activity, Contact, Customer, ImportBatch, ImportRow

POLICY_OF: dict[str, str] = {Decision.SKIP: DuplicatePolicy.SKIP, Decision.FILL: DuplicatePolicy.FILL}
COUNTED = (
    RowOutcome.CREATED,
    RowOutcome.UPDATED,
    RowOutcome.WAITING,
    RowOutcome.SKIPPED,
    RowOutcome.REJECTED,
)


@dataclass
class Verdict:
    """What becomes of one line: its outcome, the rows it meets or makes, and what a fill would set.

    `mate` is the earlier line of the chunk that makes its customer, `people` whom the file has given that customer.
    """

    line: ImportRow
    draft: Draft
    outcome: str = RowOutcome.PENDING
    customer: Customer | None = None
    branch: OrgUnit | None = None
    owner: User | None = None
    fill: dict[str, Any] = field(default_factory=dict)
    mate: "Verdict | None" = None
    people: set[str] = field(default_factory=set)
    adds_person: bool = False
    first_person: bool = False
    contact: Contact | None = None
    activity: Activity | None = None

    def reject(self, code: str, field_code: str = "", **data: Any) -> None:
        """Refuse the line; `data` as in `Draft.note`."""
        self.draft.note(code, field_code, **data)
        self.outcome = RowOutcome.REJECTED

    def skip(self, code: str, field_code: str = "", **data: Any) -> None:
        """Leave the line out because it is not needed."""
        self.draft.note(code, field_code, **data)
        self.outcome = RowOutcome.SKIPPED


class Chunk:
    """Judges and writes lines of one batch; everything it compares with is read in a handful of queries.

    `decision` is what a person made of lines that waited for them; without one the batch's policy holds.
    """

    kind: ClassVar[str]

    def __init__(self, batch: ImportBatch, *, now: datetime, decision: str = "") -> None:
        self.batch, self.now, self.decision = batch, now, decision
        self.policy = POLICY_OF.get(decision, batch.policy)
        self.layout = Layout(batch.kind, batch.mapping, batch.constants, batch.value_maps)
        self.importer: User = batch.owner
        self._rights: dict[tuple[str, int], bool] = {}

    def work(self, lines: Sequence[ImportRow], *, write: bool) -> dict[str, int]:
        """Judge the lines, write their rows if `write`, keep what became of each; returns counts by column."""
        verdicts = [Verdict(line, self.read(line)) for line in lines]
        self.judge(verdicts)
        if write:
            self.write(verdicts)
        self._keep(verdicts)
        counts = Counter(one.outcome for one in verdicts)
        return {f"{outcome}_rows": counts[outcome] for outcome in COUNTED} | dict(
            self.further_counts(verdicts)
        )

    def read(self, line: ImportRow) -> Draft:
        """Understand one line."""
        raise NotImplementedError

    def judge(self, verdicts: list[Verdict]) -> None:
        """Give every line its outcome."""
        raise NotImplementedError

    def write(self, verdicts: list[Verdict]) -> None:
        """Write what the outcomes say."""
        raise NotImplementedError

    def further_counts(self, verdicts: Sequence[Verdict]) -> Mapping[str, int]:
        """Counts besides the outcomes."""
        return {}

    def may(self, code: str, customer: Customer) -> bool:
        """Whether the importer holds a right over a customer, asked once a customer."""
        key = (code, customer.pk)
        if key not in self._rights:
            self._rights[key] = self.importer.has_perm(code, customer)
        return self._rights[key]

    def may_in(self, code: str, branch: OrgUnit) -> bool:
        """Whether the importer holds a right over new customers of a branch, asked once a branch."""
        key = (code, -branch.pk)
        if key not in self._rights:
            self._rights[key] = self.importer.has_perm(code, Customer(branch=branch))
        return self._rights[key]

    def audit(self, code: str, rows: Sequence[Any], data_of: Any, *, at_of: Any = None) -> None:
        """One entry a row, with the batch and what `data_of` adds; `at_of` for rows that happened earlier."""
        audit.record_many(
            code,
            rows,
            by=self.importer,
            now=self.now,
            at_of=at_of,
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
            [one.activity.pk if one.activity else None for one in verdicts],
            [json.dumps(one.line.before) for one in verdicts],
        ]
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE crm_importrow SET outcome = new.outcome, findings = new.findings::jsonb, name_key = new.name_key,"
                " uscc = new.uscc, customer_id = new.customer, customer_version = new.customer_version,"
                " contact_id = new.contact, activity_id = new.activity, before = new.before::jsonb"
                " FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::int[],"
                " %s::bigint[], %s::bigint[], %s::text[]) AS new(id, outcome, findings, name_key, uscc, customer,"
                " customer_version, contact, activity, before) WHERE crm_importrow.id = new.id",
                columns,
            )
