"""Changes around a project that are no state change: opening one from an inquiry, supplying evidence, naming parties."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.choices import AccessSource, Role
from accounts.scoping import grant_access
from core import audit
from core.errors import NotAllowed, RuleBroken, WrongState
from core.files import attach, store_upload
from core.numbering import next_code
from core.rules import require
from core.tasks_list import close_tasks
from crm.choices import CustomerKind
from projects import evidence, passage
from projects.choices import PartyRole, ProductClass, ProjectState, Source, Verdict
from projects.end_users import tell_of_users
from projects.gates import FIELD, FILE, GATES
from projects.models import GateEvidence, Project, ProjectParty


@transaction.atomic
def create_project(
    *,
    by: Any,
    now: datetime,
    customer: Any,
    title: str,
    amount: Decimal = Decimal(0),
    expected_sign_on: date | None = None,
    product_class: str = ProductClass.A,
    source: str = Source.CUSTOMER,
    need: str = "",
    owner: Any = None,
    next_step: str = "",
) -> Project:
    """Make an inquiry of a customer into a project (商机, code SJ-…) in stage P01.

    The customer's project manager owns it unless named otherwise; it belongs to the customer's branch, and
    the customer is its buyer. Refuses a customer without an owner when none is named.
    """
    require(by, "projects.add_project")
    owner = owner or customer.owner or _self_as_owner(by)
    project = Project.objects.create(
        code=next_code("SJ", branch_code=customer.branch.code, now=now),
        title=title.strip(),
        customer=customer,
        owner=owner,
        branch=customer.branch,
        creator=by,
        product_class=product_class,
        source=source,
        amount=amount or Decimal(0),
        expected_sign_on=expected_sign_on,
        need=need.strip(),
        next_step=next_step.strip(),
        stage_entered_at=now,
    )
    passage.enter(project, ProjectState.P01, now=now)
    project.save()
    _first_parties(project)
    passage.tell_customer(project, now=now, opened=True)
    tell_of_users([project.customer_id], now=now)
    if by != owner:
        grant_access(
            project, user=by, source=AccessSource.CREATOR, by=by, now=now, until=passage.creator_until(now)
        )
    audit.record(
        "projects.add_project",
        project,
        by=by,
        now=now,
        to_state=project.state,
        data={"amount": str(project.amount), "owner": owner.pk},
    )
    return project


def _self_as_owner(by: Any) -> Any:
    """A project manager may take a customer without an owner; anybody else must name one."""
    if by.authority().has_role(Role.PM):
        return by
    raise RuleBroken(
        errors={
            "owner": [_("This customer has no project manager yet; name one, or let the branch assign it.")]
        }
    )


def _first_parties(project: Project) -> None:
    """The customer buys; an end user also runs what it buys."""
    project.parties.create(customer=project.customer, role=PartyRole.BUYER)
    if project.customer.kind == CustomerKind.END_USER:
        project.parties.create(customer=project.customer, role=PartyRole.USER)


@transaction.atomic
def provide_evidence(
    *,
    by: Any,
    now: datetime,
    project: Project,
    item: str,
    upload: UploadedFile | None = None,
    values: dict[str, Any] | None = None,
) -> GateEvidence:
    """Supply one typed item of the present gate; what was there before is kept as replaced.

    Refuses an item the gate does not ask for, a submitted gate, an empty file, a blank record, an unmeasured
    value, and a file or text that already proves something else. Under the project's lock.
    """
    locked = Project.objects.select_related("customer").select_for_update(of=("self",)).get(pk=project.pk)
    require(by, "projects.add_gateevidence", locked)
    wanted = GATES[locked.gate].item(item) if _asks_for(locked, item) else None
    if wanted is None:
        raise RuleBroken(errors={"item": [_("The present gate does not ask for this item.")]})
    left_out = _left_out(locked)
    kept: dict[str, Any] = {}
    file, print_ = None, ""
    if wanted.type == FILE:
        if upload is None or not upload.size:
            raise RuleBroken(errors={"file": [_("Choose a file; an empty one proves nothing.")]})
        file = store_upload(upload, by=by)
        print_ = file.sha256
    elif wanted.type == FIELD:
        kept = {"value": str(evidence.measured(wanted, (values or {}).get("value")))}
    else:
        kept = dict(values or {})
        evidence.refuse_blank(wanted, kept)
        print_ = evidence.fingerprint(kept, wanted)
    evidence.refuse_reused(locked, wanted, print_)
    locked.evidence.current().filter(gate=locked.gate, item=item).update(replaced_at=now)
    row = locked.evidence.create(
        gate=locked.gate, item=item, kind=wanted.type, file=file, values=kept, fingerprint=print_,
        provided_by=by, provided_at=now,
    )  # fmt: skip
    if file is not None:
        attach(file, locked, kind=item, by=by)
    audit.record(
        "projects.add_gateevidence",
        row,
        by=by,
        now=now,
        data={"gate": row.gate, "item": item, "kind": wanted.type},
    )
    if item in left_out:
        close_tasks(locked, now=now, kind=passage.TASK_SUPPLY)
    return row


@transaction.atomic
def name_party(
    *, by: Any, now: datetime, project: Project, customer: Any, role: str, note: str = ""
) -> ProjectParty:
    """Give a company a part in the project. The one buyer is set at the opening and stays."""
    require(by, "projects.change_project", project)
    if role == PartyRole.BUYER:
        raise NotAllowed(_("The buyer is the project's customer; it was set when the project was opened."))
    party, created = ProjectParty.objects.get_or_create(
        project=project, customer=customer, role=role, defaults={"note": note.strip()}
    )
    if not created:
        raise RuleBroken(errors={"customer": [_("This company already has that part.")]})
    Project.objects.filter(pk=project.pk).update(version=F("version") + 1)
    audit.record(
        "projects.add_projectparty", project, by=by, now=now, data={"party": customer.pk, "role": role}
    )
    tell_of_users(project.parties.values_list("customer", flat=True), now=now)
    return party


def _left_out(project: Project) -> set[str]:
    """The items that conditional releases wait for. Raises WrongState while the gate is being decided."""
    undecided = set(project.submissions.undecided().values_list("verdict", "missing"))
    if any(verdict == Verdict.WAITING for verdict, _missing in undecided):
        raise WrongState(
            _("The gate is being decided; its evidence can change after a decision."),
            code="already_submitted",
        )
    return {missing for verdict, missing in undecided if verdict == Verdict.CONDITIONAL}


def _asks_for(project: Project, item: str) -> bool:
    """Whether the present gate wants this item typed in (columns of the project are edited there)."""
    gate = GATES.get(project.gate) if project.is_presale else None
    if gate is None or item not in {one.code for one in gate.evidence}:
        return False
    return not evidence.is_column(project, gate.item(item)) or gate.item(item).type != FIELD
