"""What can be done to many customers, contacts or follow-ups at once, each through its own operation."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.bulk import BulkAction
from crm.forms.bulk import ColumnsForm, NewOwnerForm, NothingForm, PlanForm, PostponeForm
from crm.forms.segments import TagManyForm
from crm.operations import assign_customer, plan_follow_up, tag_customer, verify_contact
from crm.operations.bulk import SETTABLE, set_columns
from crm.operations.tags import put_tags_back, tag_ids


def _words(*words: Any) -> str:
    return " · ".join(str(word) for word in words if word)


def _day(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}" if moment else ""


def _set(*, by: Any, now: datetime, row: Any, values: Any) -> None:
    set_columns(by=by, now=now, customer=row, **values)


def _set_back(*, by: Any, now: datetime, row: Any, kept: Any) -> None:
    set_columns(by=by, now=now, customer=row, **kept)


def _tag(*, by: Any, now: datetime, row: Any, values: Any) -> None:
    tag_customer(by=by, now=now, customer=row, add=values["add"], remove=values["remove"])


def _tag_back(*, by: Any, now: datetime, row: Any, kept: Any) -> None:
    put_tags_back(by=by, now=now, customer=row, tags=kept["ids"])


def _transfer(*, by: Any, now: datetime, row: Any, values: Any) -> None:
    assign_customer(by=by, now=now, customer=row, owner=values["owner"], reason=values["reason"])


def _plan(*, by: Any, now: datetime, row: Any, values: Any) -> None:
    plan_follow_up(
        by=by, now=now, customer=row, text=values["text"], due_at=values["due_at"], owner=row.owner or by
    )


def _verify(*, by: Any, now: datetime, row: Any, values: Any) -> None:
    verify_contact(by=by, now=now, contact=row)


def _postpone(*, by: Any, now: datetime, row: Any, values: Any) -> None:
    row.snooze(by=by, now=now, due_at=values["due_at"], reason=values["reason"])


CUSTOMER_ACTIONS = (
    BulkAction(
        code="columns",
        label=_("Set data"),
        icon="edit",
        permission="crm.change_customer",
        form_class=ColumnsForm,
        run=_set,
        shown=lambda row: _words(
            row.get_industry_display(),
            row.get_source_display(),
            row.get_enterprise_size_display(),
            row.get_ownership_display(),
        ),
        keep=lambda row: {name: getattr(row, name) for name in SETTABLE},
        undo=_set_back,
    ),
    BulkAction(
        code="tag",
        label=_("Tags"),
        icon="bookmark",
        permission="crm.tag_customer",
        form_class=TagManyForm,
        run=_tag,
        shown=lambda row: _words(*row.tags),
        keep=lambda row: {"ids": tag_ids(row.tags)},
        undo=_tag_back,
    ),
    BulkAction(
        code="transfer",
        label=_("Transfer"),
        icon="transfer",
        permission="crm.transfer_customer",
        form_class=NewOwnerForm,
        run=_transfer,
        shown=lambda row: str(row.owner or ""),
    ),
    BulkAction(
        code="plan",
        label=_("Plan a follow-up"),
        icon="calendar",
        permission="crm.add_followup",
        form_class=PlanForm,
        run=_plan,
        shown=lambda row: _day(row.next_follow_at),
    ),
)

CONTACT_ACTIONS = (
    BulkAction(
        code="verify",
        label=_("Checked: still there"),
        icon="check",
        permission="crm.verify_contact",
        form_class=NothingForm,
        run=_verify,
        shown=lambda row: _day(row.verified_at),
    ),
)

FOLLOW_UP_ACTIONS = (
    BulkAction(
        code="postpone",
        label=_("Postpone"),
        icon="clock",
        permission="crm.snooze_followup",
        form_class=PostponeForm,
        run=_postpone,
        shown=lambda row: _day(row.due_at),
    ),
)
