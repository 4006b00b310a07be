"""What the customer page (360) shows, gathered in a handful of queries: time line, relationship map, next step, warnings."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.querysets import names_of, only_names
from core.kept import Kept
from core.kinds import kind_of
from core.models import AuditEntry
from core.timeline import GROUPS, Line, codes_of_group, render_entries
from crm.choices import ACTIVITY_ICONS, CHANNELS, DECISION_CHAIN, DecisionRole
from crm.coverage import BUYS_FOR_OTHERS, missing_roles
from crm.models import Activity, Contact, Customer, FollowUp
from crm.operations.completeness import USERS_UNMET
from crm.why import STAGE_WHY, Standing, standing_of

LINES = 20
TOLD_OF_AN_ENTRY = (
    "at", "actor", "code", "object_kind", "object_id", "from_state", "to_state", "reason", "data",
)  # fmt: skip
TOLD_OF_A_LOG = (
    "customer", "author_text", "occurred_at", "type", "direction", "outcome", "summary", "next_step", "verified",
)  # fmt: skip
SPARE = 10  # entries read beyond the lines shown, because some belong to rows this reader cannot see
READ_ON = 6  # times a page is read on for more lines; whoever wants older ones asks for them
TREE_DEPTH = 4

type Known = dict[tuple[str, int], Any]
# Entries, one more than a page needs where there are older ones; and the rows read for them.
type Part = tuple[list[AuditEntry], Known]


@dataclass
class Event:
    """One line of the time line, ready to show."""

    at: datetime
    kind: str | Promise
    icon: str
    title: str
    text: str = ""
    next_step: str = ""
    url: str = ""
    tone: str = ""
    badge: str | Promise = ""
    badge_tone: str = ""
    state: str | Promise = ""
    anchor: str = ""


@dataclass
class Day:
    """The events of one local day."""

    date: datetime
    events: list[Event] = field(default_factory=list)


@dataclass
class TimeLine:
    """A page of the time line and where the older part begins ("" at the end)."""

    days: list[Day]
    older: str


@dataclass
class Alert:
    """Something wrong with the relation, and what helps."""

    title: str | Promise
    text: str | Promise
    tone: str = "danger"


@dataclass
class Person:
    """A contact in the relationship map, with those who report to them."""

    contact: Contact
    reports: list["Person"] = field(default_factory=list)


@dataclass
class Panorama:
    """Everything of the customer page that is not in a tab of another app."""

    time_line: TimeLine
    people: list[Contact]
    tree: list[Person]
    coverage: int
    missing_roles: Sequence[str | Promise]
    holes: Sequence[DecisionRole]
    follow_ups: list[FollowUp]
    warnings: list[Alert]
    why: str | Promise
    standing: Standing | None = None


def panorama(customer: Customer, user: Any, *, now: datetime, group: str = "") -> Panorama:
    """Gather the page for this reader."""
    people = PEOPLE.rows(None, customer.pk)
    entries = _entries(customer, group)
    planned = _follow_ups(customer, user, entries)
    here = [person for person in people if person.is_here]
    roles = {person.decision_role for person in here}
    missing = [role.label for role in missing_roles(roles)]
    open_ones = sorted((row for row in planned.values() if row.is_open), key=lambda row: row.due_at)
    known: Known = {(kind_of(Contact), row.pk): row for row in people}
    known |= {(kind_of(FollowUp), pk): row for pk, row in planned.items()}
    known |= _activities(customer, user, entries)
    return Panorama(
        time_line=_time_line(customer, user, _reading(customer, user, group), (entries, known)),
        people=people,
        tree=tree_of(here),
        coverage=len(DECISION_CHAIN) - len(missing),
        holes=missing_roles(roles),
        missing_roles=missing,
        follow_ups=open_ones,
        warnings=warnings_of(customer, people, missing, now),
        why=stage_why(customer),
        standing=standing_of(customer, user),
    )


def open_steps(customer: Customer, user: Any) -> list[FollowUp]:
    """The customer's open follow-ups this reader sees, the earliest first."""
    rows = FollowUp.objects.visible_to(user).open().filter(customer=customer)
    return list(rows.select_related("owner").order_by("due_at", "pk"))


def time_line(customer: Customer, user: Any, *, group: str = "", before: str = "") -> TimeLine:
    """Only the time line: another filter, or the older part."""
    read = _reading(customer, user, group)
    return _time_line(customer, user, read, read(before))


def person_time_line(person: Contact, user: Any, *, before: str = "") -> TimeLine:
    """What happened to one person and what was said with them, wherever they worked; only what this reader sees."""
    logs = Activity.contacts.through.objects.filter(contact=person).values("activity")
    own = Q(object_kind=kind_of(Contact), object_id=person.pk)
    said = Q(object_kind=kind_of(Activity), object_id__in=logs)
    rows = AuditEntry.objects.filter(own | said, code__in=codes_of_group(""))

    def read(mark: str) -> Part:
        entries = _before(rows, mark)
        return entries, {(kind_of(Contact), person.pk): person} | _activities(None, user, entries)

    return _time_line(person.customer, user, read, read(before))


def _reading(customer: Customer, user: Any, group: str) -> Callable[[str], Part]:
    """Reads the customer's time line from a mark on."""

    def read(mark: str) -> Part:
        entries = _entries(customer, group, mark)
        planned = {(kind_of(FollowUp), pk): row for pk, row in _follow_ups(customer, user, entries).items()}
        return entries, planned | _activities(customer, user, entries)

    return read


def _entries(customer: Customer, group: str, before: str = "") -> list[AuditEntry]:
    roots = [customer.pk, *stood_for(customer)]
    if before or len(roots) > 1:
        return _before(_entries_of(group).filter(root_id__in=roots), before)
    return NEWEST[group].rows(None, customer.pk)


def _entries_of(group: str) -> Any:
    """The entries of customers' time lines in a group (empty: what matters of all), but for what a contact log beside
    them says already: the step it planned, the step it settled."""
    step = FollowUp.objects.filter(pk=OuterRef("object_id"))
    planned_by_log = Q(code="crm.add_followup", planned_by__isnull=False)
    settled_by_log = Q(code="crm.complete_followup", settled_by__isnull=False)
    rows = AuditEntry.objects.filter(root_kind=kind_of(Customer), code__among=codes_of_group(group))
    rows = rows.alias(
        planned_by=Subquery(step.values("activity")), settled_by=Subquery(step.values("closed_by_activity"))
    )
    return rows.exclude(planned_by_log | settled_by_log)


def _before(rows: Any, before: str) -> list[AuditEntry]:
    """The newest entries of these, or those before a mark."""
    at, _sign, seq = before.rpartition("|")
    moment = _instant(at)
    if moment is not None and seq.isdecimal():
        rows = rows.filter(Q(at__lt=moment) | Q(at=moment, seq__lt=int(seq)), at__lte=moment)
    return list(_newest(rows))


def _newest(rows: Any) -> Any:
    """The newest of these, found in their index before anybody is joined."""
    newest = rows.order_by("-at", "-seq").values("seq")[: LINES + SPARE + 1]
    told = AuditEntry.objects.filter(seq__in=newest).select_related("actor").order_by("-at", "-seq")
    return told.only(*TOLD_OF_AN_ENTRY, *names_of("actor"))


def _mark(entry: AuditEntry) -> str:
    """Where the part older than this entry begins."""
    return f"{entry.at.isoformat()}|{entry.seq}"


def stood_for(customer: Customer) -> list[int]:
    """The ids of customers merged into this one: what happened around them belongs to its time line."""
    if not customer.former_codes:
        return []
    return list(Customer.objects.filter(merged_into=customer).values_list("pk", flat=True))


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


def _ids(entries: Iterable[AuditEntry], model: Any) -> list[int]:
    return list({entry.object_id for entry in entries if entry.object_kind == kind_of(model)})


def _follow_ups(customer: Customer, user: Any, entries: list[AuditEntry]) -> dict[int, FollowUp]:
    """The open follow-ups and those the time line speaks of, in one query."""
    found = {row.pk: row for row in STEPS.rows(user, customer.pk, _ids(entries, FollowUp))}
    for row in found.values():
        row.customer = customer
    return found


def _activities(customer: Customer | None, user: Any, entries: list[AuditEntry]) -> Known:
    ids = _ids(entries, Activity)
    if not ids:
        return {}
    rows = LOGS.rows(user, ids)
    found: Known = dict.fromkeys((kind_of(Activity), pk) for pk in ids)
    return found | {
        (kind_of(Activity), row.pk): row for row in rows if customer is None or row.customer_id == customer.pk
    }


def _people_of(entries: Iterable[AuditEntry]) -> dict[int, str]:
    """Who took part in each contact log, by its id: names and titles in the order of the people."""
    found: dict[int, list[str]] = {}
    for log, name, title in BONDS.rows(None, _ids(entries, Activity)):
        found.setdefault(log, []).append(f"{name} {title}".strip())
    return {log: "、".join(people) for log, people in found.items()}


def _time_line(customer: Customer, user: Any, read: Callable[[str], Part], part: Part) -> TimeLine:
    """A page of lines, read on some way where this reader may see too few of the entries."""
    lines: list[Line] = []
    entries, known = part
    for left in reversed(range(READ_ON + 1)):
        former = {entry.object_id for entry in entries if entry.object_kind == kind_of(customer)}
        known |= dict.fromkeys(((kind_of(customer), pk) for pk in former), customer)
        lines += render_entries(entries, user, root=customer, known=known, most=LINES + 1 - len(lines))
        older = len(entries) > LINES + SPARE
        if len(lines) > LINES or not older or not left:
            break
        entries, known = read(_mark(entries[-1]))
    shown = lines[:LINES]
    people = _people_of(line.entry for line in shown)
    days: list[Day] = []
    for line in shown:
        local = timezone.localtime(line.entry.at)
        if not days or days[-1].date.date() != local.date():
            days.append(Day(local))
        days[-1].events.append(event_of(line, people.get(line.entry.object_id, "")))
    if len(lines) > LINES:
        return TimeLine(days, _mark(shown[-1].entry))
    return TimeLine(days, _mark(entries[-1]) if older else "")


def event_of(line: Line, people: str) -> Event:
    """How a line looks; a contact log shows its words and who took part, everything else its sentence."""
    entry = line.entry
    if isinstance(line.subject, Activity):
        return _activity_event(entry, line.subject, people)
    text = entry.reason
    who = str(entry.actor) if entry.actor is not None else ""
    return Event(
        at=timezone.localtime(entry.at),
        kind=group_label(line.group),
        icon=line.icon,
        title=line.sentence if not isinstance(line.subject, FollowUp) else _step_sentence(line),
        text=" · ".join(part for part in (text, who) if part),
        url=line.url,
        state=line.after if line.before and line.after != line.before else "",
    )


def _step_sentence(line: Line) -> str:
    """A follow-up without the customer's name, which stands above the page."""
    subject: Any = line.subject
    return line.sentence.replace(str(subject), subject.words)


def _activity_event(entry: AuditEntry, activity: Activity, people: str) -> Event:
    author = activity.author_text or str(entry.actor or "")
    return Event(
        at=timezone.localtime(activity.occurred_at),
        kind=group_label("followup"),
        icon=ACTIVITY_ICONS.get(activity.type, "edit"),  # type: ignore[call-overload]
        title=" · ".join(part for part in (channel_label(activity), people) if part),
        text=activity.summary,
        next_step=activity.next_step,
        badge=_("two-way") if activity.verified else "",
        badge_tone="good",
        state=author,
        anchor=f"activity-{activity.pk}",
    )


def channel_label(activity: Activity) -> str:
    """The chip that was touched, or channel and outcome when it was none of them."""
    for one in CHANNELS:
        if (one.type, one.direction, one.outcome) == (activity.type, activity.direction, activity.outcome):
            return str(one.label)
    return f"{activity.get_type_display()} · {activity.get_outcome_display()}"


def group_label(group: str) -> str | Promise:
    """The short word before a line's title."""
    return {
        "followup": _("Contact log"),
        "gate": _("Gate"),
        "ticket": _("Ticket"),
        "complaint": _("Complaint"),
        "survey": _("Survey"),
        "payment": _("Payment"),
    }.get(group, _("Record"))


# The questions of every first reply, put together once.
PEOPLE = Kept(
    lambda _, customer: (
        Contact.objects.alive()
        .filter(customer=customer)
        .defer("search_terms")
        .order_by("-is_primary", "-influence", "pk")
    ),
    int,
    planned=True,
)
NEWEST = {
    group: Kept(
        lambda _, root, group=group: _newest(_entries_of(group).filter(root_id=root)), int, planned=True
    )
    for group in ("", *GROUPS)
}
STEPS = Kept(
    lambda user, customer, ids: (
        FollowUp.objects.visible_to(user)
        .filter(Q(state="open") | Q(pk__among=ids), customer=customer)
        .select_related("owner")
        .defer(*only_names("owner"))
    ),
    int,
    list,
    planned=True,
)
LOGS = Kept(
    lambda user, ids: Activity.objects.visible_to(user).filter(pk__among=ids).only(*TOLD_OF_A_LOG),
    list,
    planned=True,
)
BONDS = Kept(
    lambda _, logs: (
        Activity.contacts.through.objects.filter(activity__among=logs)
        .order_by("contact")
        .values_list("activity_id", "contact__name", "contact__title")
    ),
    list,
    planned=True,
)


def tree_of(people: list[Contact]) -> list[Person]:
    """The relationship map by reporting lines, at most four levels deep; a ring starts at its first member."""
    nodes = {person.pk: Person(person) for person in people}
    roots = []
    for node in nodes.values():
        boss = nodes.get(node.contact.reports_to_id or 0)
        if boss is None or _is_above(node, boss, nodes):
            roots.append(node)
        else:
            boss.reports.append(node)
    return roots


def _is_above(node: Person, boss: Person, nodes: dict[int, Person]) -> bool:
    """Whether following the reporting lines from the boss comes back to the person, or never ends."""
    seen: set[int] = set()
    current: Person | None = boss
    while current is not None and current.contact.pk not in seen:
        if current is node:
            return True
        seen.add(current.contact.pk)
        current = nodes.get(current.contact.reports_to_id or 0)
    return False


def stage_why(customer: Customer) -> str | Promise:
    """Why the customer is in its stage, in a sentence; empty when nobody noted it."""
    code = customer.stage_reason.get("rule", "new" if customer.stage == "acquaintance" else "")
    return STAGE_WHY.get(code, "")


def _unmet(days: int | None) -> Alert:
    sentence = (
        _("The users were never met") if days is None else _("No user met for %(n)s days") % {"n": days}
    )
    return Alert(sentence, _("Who runs the pumps decides whether we are asked again."), "warn")


def _user_alerts(customer: Customer, people: list[Contact], facts: Any, now: datetime) -> list[Alert]:
    """End users out of sight: never or long not met, unknown where others buy for them, or unnamed in open projects."""
    users = [person for person in people if person.is_here and person.decision_role == DecisionRole.USER]
    found = []
    if users and USERS_UNMET in customer.completeness_gaps:
        met = max((person.last_contact_at for person in users if person.last_contact_at), default=None)
        found.append(_unmet((now - met).days if met else None))
    elif not users and USERS_UNMET in customer.completeness_gaps and customer.kind in BUYS_FOR_OTHERS:
        found.append(
            Alert(_("No user known"), _("Ask who will run the pumps and enter that person."), "warn")
        )
    blind = facts.projects_without_user if facts is not None else None
    if blind:
        words = ngettext(
            "%(n)d open project names no end user", "%(n)d open projects name no end user", blind
        )
        deed = _("Ask for whom the pumps are and name the user among the parties.")
        found.append(Alert(words % {"n": blind}, deed, "warn"))
    return found


def warnings_of(customer: Customer, people: list[Contact], missing: list[Any], now: datetime) -> list[Alert]:
    """What endangers the relation, worst first; read from the row, its facts and its contacts only."""
    facts = getattr(customer, "facts", None)
    found = []
    if facts is not None and facts.open_severe_complaints:
        found.append(Alert(_("Severe complaint open"), _("Read it before you call.")))
    if facts is not None and facts.overdue_amount:
        amount = f"¥{facts.overdue_amount:,.2f}"
        found.append(Alert(_("Payment overdue"), _("%(amount)s is past its day.") % {"amount": amount}))
    if customer.is_overdue_at(now):
        found.append(Alert(_("Next step overdue"), _("Do it, or postpone it with a reason.")))
    if customer.is_neglected_at(now):
        days = (now - (customer.last_verified_contact_at or customer.created_at)).days
        sentence = _("%(days)s days without a two-way contact") % {"days": days}
        found.append(Alert(sentence, _("Longer than this tier allows; a call ends it.")))
    left = next((person for person in people if person.left_at and person.decision_role != "unknown"), None)
    if left is not None and left.decision_role not in {row.decision_role for row in people if row.is_here}:
        role = DecisionRole(left.decision_role).label
        sentence = _("%(name)s has left and is not replaced") % {"name": left.name}
        found.append(Alert(sentence, _("Ask who took over: %(role)s.") % {"role": role}, "warn"))
    if customer.is_prospect_kind and len(missing) > 2:
        words = "、".join(str(role) for role in missing)
        found.append(
            Alert(_("Decision chain incomplete"), _("Missing: %(roles)s") % {"roles": words}, "warn")
        )
    found += _user_alerts(customer, people, facts, now)
    if customer.credit_hold:
        found.append(Alert(_("Credit hold"), _("Finance lets no new order out; ask before you promise.")))
    if customer.needs_completion:
        found.append(Alert(_("Needs completion"), _("Fill in kind, industry and place."), "warn"))
    return found
