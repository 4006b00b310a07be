"""A file of old contact logs: each keeps its day and its author's name; what exists already is left out.

They count as `entered_via = import`, so the rules about haste and late entry pass them by, and they plan nothing.
"""

import hashlib
from collections import defaultdict
from datetime import datetime, time
from typing import Any

from django.db.models import Max, Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import User
from core.copying import copy_rows, copy_values
from core.spreadsheets import parse_date
from crm.authenticity import is_two_way
from crm.choices import ActivityOutcome, ActivityType, Direction, EnteredVia
from crm.identifiers import full_name_key
from crm.imports.checks import Draft
from crm.imports.choices import ImportKind, RowOutcome
from crm.imports.chunk import Chunk, Verdict
from crm.imports.fields import choice_code, folded
from crm.imports.whose import Whose, read_whose
from crm.models import Activity, Contact, Customer, ImportRow

NOON = time(12)
NOBODY = "imported"
"""User name of the inactive account under which logs of people without one are kept."""
SPOKEN = {
    ActivityType.SITE_VISIT: ActivityOutcome.MET,
    ActivityType.FACTORY_TOUR: ActivityOutcome.MET,
    ActivityType.CALL: ActivityOutcome.REACHED,
    ActivityType.VIDEO: ActivityOutcome.HELD,
    ActivityType.MEETING: ActivityOutcome.HELD,
    ActivityType.FAIR: ActivityOutcome.MET,
}
WORDS = {
    "拜访": "site_visit", "上门": "site_visit", "上门拜访": "site_visit", "客户拜访": "site_visit", "实地拜访": "site_visit",
    "visit": "site_visit", "来访": "factory_tour", "来厂": "factory_tour", "电话": "call", "电话沟通": "call", "打电话": "call",
    "phone call": "call", "phone": "call", "短信": "other", "微信": "wechat", "qq": "wechat", "邮件": "email", "发邮件": "email",
    "mail": "email", "视频": "video", "线上会议": "video", "网络会议": "video", "会议": "meeting", "开会": "meeting", "展会": "fair",
}  # fmt: skip
"""What other systems call the channels."""


class ActivityChunk(Chunk):
    """Old logs, written in bulk with their own day; the customer's contact dates move forward to them."""

    kind = ImportKind.ACTIVITIES

    def read(self, line: ImportRow) -> Draft:
        draft = Draft(line.number)
        texts = read_whose(draft, line.cells, self.layout)
        at = self._instant(draft, texts.get("occurred_at", ""))
        summary = texts.get("summary", "")
        if not summary and not any(found.get("field") == "summary" for found in draft.findings):
            draft.note("summary_missing", "summary")
        word = texts.get("type", "")
        channel = choice_code(ActivityType, word) or WORDS.get(word.casefold()) or ActivityType.OTHER
        draft.columns |= {
            "occurred_at": at,
            "summary": summary,
            "type": channel,
            "next_step": texts.get("next_step", ""),
        }
        draft.owner_word = texts.get("author", "")
        draft.contact = {"name": texts["contact_name"]} if texts.get("contact_name") else {}
        return draft

    def _instant(self, draft: Draft, text: str) -> datetime | None:
        """The local instant a cell names; a day alone counts as noon."""
        if not text:
            if not any(found.get("field") == "occurred_at" for found in draft.findings):
                draft.note("date_missing", "occurred_at")
            return None
        at = instant_of(text)
        if at is None:
            draft.note("bad_date", "occurred_at")
        elif at > self.now:
            draft.note("future_date", "occurred_at")
        elif text.replace(".", "").isdigit() and len(text.partition(".")[0]) == 5:
            draft.note("date_serial", "occurred_at", date=f"{timezone.localtime(at):%Y-%m-%d}")
        return at

    def judge(self, verdicts: list[Verdict]) -> None:
        whose = Whose([one.draft for one in verdicts])
        met = []
        for one in verdicts:
            if one.draft.is_rejected:
                one.outcome = RowOutcome.REJECTED
                continue
            one.customer = whose.find(one, self)
            if one.customer is not None:
                met.append(one)
        authors = self._authors({one.draft.owner_word for one in met} - {""})
        people = self._people(met)
        there = self._there(met)
        for one in met:
            self._name_people(one, authors, people)
            mark = mark_of(one.customer.pk, one.draft.columns["occurred_at"], one.draft.columns["summary"])  # type: ignore[union-attr]
            if mark in there:
                one.skip("log_exists")
            else:
                there.add(mark)
                one.outcome = RowOutcome.CREATED

    def _name_people(
        self, one: Verdict, authors: dict[str, User], people: dict[tuple[int, str], Contact]
    ) -> None:
        word = one.draft.owner_word
        one.owner = authors.get(folded(word)) if word else self.importer
        if one.owner is None:
            one.draft.note("author_unknown", "author")
        name = one.draft.contact.get("name", "")
        if name:
            one.contact = people.get((one.customer.pk, full_name_key(name)))  # type: ignore[union-attr]
            if one.contact is None:
                one.draft.note("contact_unknown", "contact_name")
                one.draft.columns["summary"] = f"{one.draft.columns['summary']}\n（{name}）"[:5000]

    def _authors(self, words: set[str]) -> dict[str, User]:
        """People by each way to name them, those who left too; a name two people share names nobody."""
        if not words:
            return {}
        named = (
            Q(username__in={word.casefold() for word in words}) | Q(name_zh__in=words) | Q(name_en__in=words)
        )
        found: dict[str, set[User]] = defaultdict(set)
        for user in User.objects.filter(named).exclude(username=NOBODY):
            for word in {user.username, user.name_zh, user.name_en} - {""}:
                found[folded(word)].add(user)
        return {word: users.pop() for word, users in found.items() if len(users) == 1}

    def _people(self, met: list[Verdict]) -> dict[tuple[int, str], Contact]:
        wanted = {one.customer.pk for one in met if one.customer and one.draft.contact}
        rows = Contact.objects.alive().filter(customer__in=wanted).only("pk", "name", "customer_id")
        return {(row.customer_id, full_name_key(row.name)): row for row in rows} if wanted else {}

    def _there(self, met: list[Verdict]) -> set[str]:
        """Marks of the logs the customers have at these instants, so that a second run brings nothing twice."""
        rows = Activity.objects.filter(
            customer__in={one.customer.pk for one in met if one.customer},
            occurred_at__in={one.draft.columns["occurred_at"] for one in met},
        ).values_list("customer", "occurred_at", "summary")
        return {mark_of(*row) for row in rows} if met else set()

    def write(self, verdicts: list[Verdict]) -> None:
        made = [one for one in verdicts if one.outcome == RowOutcome.CREATED]
        nobody = imported_author() if any(one.owner is None for one in made) else None
        for one in made:
            one.activity = self._new_activity(one, one.owner or nobody)
        rows = [one.activity for one in made if one.activity is not None]
        copy_rows(rows)
        self._link_people(made)
        self.audit(
            "crm.add_activity",
            rows,
            lambda row: {"type": row.type, "outcome": row.outcome, "entered_at": self.now.isoformat()},
            at_of=lambda row: row.occurred_at,
        )
        move_contact_dates([row.customer_id for row in rows])

    def _new_activity(self, one: Verdict, author: Any) -> Activity:
        columns = one.draft.columns
        outcome = SPOKEN.get(columns["type"], ActivityOutcome.SENT)
        return Activity(
            customer=one.customer,
            author=author,
            author_text=one.draft.owner_word,
            type=columns["type"],
            direction=Direction.OUT,
            outcome=outcome,
            occurred_at=columns["occurred_at"],
            summary=columns["summary"],
            next_step=columns["next_step"],
            verified=one.contact is not None and is_two_way(columns["type"], Direction.OUT, outcome),
            entered_via=EnteredVia.IMPORT,
            import_batch=self.batch,
        )

    def _link_people(self, made: list[Verdict]) -> None:
        pairs = [(one.activity.pk, one.contact.pk) for one in made if one.activity and one.contact]
        copy_values(
            Activity.contacts.through,
            len(pairs),
            activity_id=[activity for activity, _contact in pairs],
            contact_id=[contact for _activity, contact in pairs],
        )


def instant_of(text: str) -> datetime | None:
    """A day or an instant as people and spreadsheets write it, local; a day alone is noon. None if it is none."""
    local = timezone.get_current_timezone()
    whole = text.strip().replace("/", "-").replace("年", "-").replace("月", "-").replace("日", "")
    try:
        exact = parse_datetime(whole) if ":" in whole else None
    except ValueError:
        return None
    if exact is not None:
        return exact if timezone.is_aware(exact) else exact.replace(tzinfo=local)
    day = parse_date(text)
    return datetime.combine(day, NOON, tzinfo=local) if day else None


def mark_of(customer: int, at: datetime, summary: str) -> str:
    """What makes two logs the same: customer, instant and words."""
    digest = hashlib.sha256(summary.encode()).hexdigest()
    return f"{customer}|{at.timestamp():.0f}|{digest}"


def imported_author() -> User:
    """The inactive account that stands for authors who never had one; nobody can sign in as it."""
    user, _created = User.objects.get_or_create(
        username=NOBODY,
        defaults={"name_zh": "历史资料", "name_en": "Imported history", "is_active": False},
    )
    return user


def move_contact_dates(customers: list[int]) -> None:
    """Bring the customers' contact dates up to their newest logs; they never move back."""
    newest = (
        Activity.objects.filter(customer__in=customers)
        .order_by()
        .values("customer")
        .annotate(last=Max("occurred_at"), spoken=Max("occurred_at", filter=Q(verified=True)))
    )
    for row in newest:
        for column, at in (("last_contact_at", row["last"]), ("last_verified_contact_at", row["spoken"])):
            if at is not None:
                later = Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__lt": at})
                Customer.objects.filter(later, pk=row["customer"]).update(**{column: at})
