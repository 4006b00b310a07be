"""Changes to people and rights that touch several rows: joining, moving, leaving, granting, standing in, tokens.

Everything takes `by` (None is the system: installation and demo data) and `now`, asks the permission itself
and is audited. Sentences of mails live in templates; the audit keeps codes and ids.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessAttempt
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.db.models import Sum
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext_lazy as _

from accounts.choices import GrantState, TokenScope, UnitKind
from accounts.duties import grant_approvers
from accounts.models import GRANT_TASK, ApiToken, BranchRegion, Delegation, Grant, Membership, OrgUnit, User
from core import audit, outbox
from core.errors import NotFound, RuleBroken, WrongState
from core.models import AuditEntry
from core.rules import require
from core.tasks_list import open_task

RESET_MAILS_PER_HOUR = 3
USE_NOTED_EVERY = timedelta(minutes=5)
TIME_TO_APPROVE = timedelta(days=2)
LONGEST_DELEGATION = timedelta(days=92)
TOKEN_PREFIX = "imp_"  # noqa: S105 - lets leaked keys be recognised


def _may(by: User | None, code: str, row: Any = None) -> None:
    if by is not None:
        require(by, code, row)


# --- joining, moving, leaving -------------------------------------------------------------------------------------------


@transaction.atomic
def invite_user(
    *,
    by: User | None,
    now: datetime,
    username: str,
    name_zh: str,
    unit: OrgUnit | None,
    role: str = "",
    **columns: Any,
) -> User:
    """Make an account without a password; a person with an e-mail address is sent a link to choose one.

    `role` says as what the person works in the unit; rights need a grant of their own.
    """
    _may(by, "accounts.add_user")
    user = User(username=username.strip().lower(), name_zh=name_zh, unit=unit, **columns)
    if not user.password:
        user.set_unusable_password()
    user.full_clean(exclude=["password"])
    user.save()
    if unit is not None and role:
        Membership.objects.create(user=user, unit=unit, role=role, valid_from=now)
    audit.record("accounts.add_user", user, by=by, now=now, data={"unit": unit and unit.code, "role": role})
    if by is not None:
        send_password_link(user, now=now, invitation=True)
    return user


@transaction.atomic
def move_user(*, by: User | None, now: datetime, user: User, unit: OrgUnit, role: str) -> User:
    """Let the person work in another unit from now on; the old membership ends, grants stay until withdrawn."""
    _may(by, "accounts.change_user", user)
    Membership.objects.in_force(now).filter(user=user).exclude(unit=unit, role=role).update(valid_to=now)
    if not Membership.objects.in_force(now).filter(user=user, unit=unit, role=role).exists():
        Membership.objects.create(user=user, unit=unit, role=role, valid_from=now)
    before = user.unit
    user.unit = unit
    user.version += 1
    user.save(update_fields=["unit", "version", "updated_at"])
    user.forget_authority()
    data = {"from": before and before.code, "to": unit.code, "role": role}
    audit.record("accounts.move_user", user, by=by, now=now, data=data)
    return user


@transaction.atomic
def deactivate_user(*, by: User | None, now: datetime, user: User, reason: str = "") -> User:
    """Close every door at once: sessions end with the next request, tokens, delegations and grants now.

    Open work stays where it is and shows as needing a new owner; each app's sweep hands it over. Refuses one's
    own account and the last person able to manage accounts.
    """
    _may(by, "accounts.deactivate_user", user)
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise WrongState(_("This account is already closed."))
    if by is not None and by.pk == user.pk:
        raise RuleBroken(_("You cannot close your own account."))
    if not Grant.objects.counting(now).filter(role="AD", user__is_active=True).exclude(user=user).exists():
        raise RuleBroken(_("This is the last administrator; appoint another one first."))
    user.is_active = False
    user.deactivated_at = now
    user.version += 1
    user.save(update_fields=["is_active", "deactivated_at", "version", "updated_at"])
    ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=now)
    Delegation.objects.in_force(now).filter(from_user=user).update(valid_to=now)
    Delegation.objects.in_force(now).filter(to_user=user).update(valid_to=now)
    Membership.objects.in_force(now).filter(user=user).update(valid_to=now)
    user.forget_authority()
    audit.record("accounts.deactivate_user", user, by=by, now=now, reason=reason)
    return user


@transaction.atomic
def reactivate_user(*, by: User | None, now: datetime, user: User) -> User:
    """Open a closed account again; the person chooses a new password and works in the unit of old."""
    _may(by, "accounts.reactivate_user", user)
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_active:
        raise WrongState(_("This account is already active."))
    user.is_active = True
    user.deactivated_at = None
    user.version += 1
    user.set_unusable_password()
    user.save()
    audit.record("accounts.reactivate_user", user, by=by, now=now)
    send_password_link(user, now=now, invitation=True)
    return user


# --- rights -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def grant_role(
    *,
    by: User | None,
    now: datetime,
    user: User,
    role: str,
    scope_unit: OrgUnit,
    flags: Iterable[str] = (),
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
    reason: str = "",
) -> Grant:
    """Propose a role; it counts once someone else approves it (`Grant.approve`). The system's own count at once.

    Refuses a role that breaks the separation of the three administrators: an auditor is never an administrator.
    """
    grant = Grant(
        user=user,
        role=role,
        scope_unit=scope_unit,
        flags=sorted(flags),
        valid_from=valid_from or now,
        valid_to=valid_to,
        reason=reason,
        granted_by=by,
        state=GrantState.ACTIVE if by is None else GrantState.PROPOSED,
    )
    _may(by, "accounts.add_grant", grant)
    held = set(Grant.objects.counting(now).filter(user=user).values_list("role", flat=True)) | {role}
    if {"AU", "AD"} <= held:
        raise RuleBroken(
            errors={"role": [_("An auditor cannot be an administrator, nor the other way round.")]}
        )
    if {"AU"} < held:
        raise RuleBroken(errors={"role": [_("An auditor holds no other role.")]})
    if Grant.objects.in_force(now).filter(
        user=user, role=role, scope_unit=scope_unit, state__in=[GrantState.PROPOSED, GrantState.ACTIVE]
    ):
        raise RuleBroken(errors={"role": [_("This role is already granted or proposed for that unit.")]})
    grant.full_clean()
    grant.save()
    user.forget_authority()
    if grant.state == GrantState.PROPOSED:
        for approver in grant_approvers(grant, now):
            open_task(GRANT_TASK, grant, approver, due_at=now + TIME_TO_APPROVE)
    data = {"user": user.pk, "role": role, "unit": scope_unit.code, "flags": grant.flags}
    audit.record("accounts.add_grant", grant, by=by, now=now, to_state=grant.state, reason=reason, data=data)
    return grant


@transaction.atomic
def delegate(
    *,
    by: User | None,
    now: datetime,
    from_user: User,
    to_user: User,
    until: datetime,
    reason: str,
    start: datetime | None = None,
) -> Delegation:
    """Let a colleague act for an absent person until a date (at most 92 days); the audit names both.

    Only the absent person, a branch manager over that person, or an administrator arranges it.
    """
    start = start or now
    row = Delegation(from_user=from_user, to_user=to_user, valid_from=start, valid_to=until, reason=reason)
    _may(by, "accounts.add_delegation", row)
    if until - start > LONGEST_DELEGATION:
        raise RuleBroken(
            errors={"until": [_("A delegation lasts at most 92 days; hand the work over instead.")]}
        )
    if not to_user.is_active:
        raise RuleBroken(errors={"to_user": [_("This colleague's account is closed.")]})
    if Delegation.objects.filter(from_user=from_user).overlapping(start, until).exists():
        raise RuleBroken(errors={"from_user": [_("Someone already acts for this person in that time.")]})
    row.full_clean()
    row.save()
    to_user.forget_authority()
    data = {"from": from_user.pk, "to": to_user.pk, "until": until.isoformat()}
    audit.record("accounts.add_delegation", row, by=by, now=now, reason=reason, data=data)
    return row


@transaction.atomic
def end_delegation(*, by: User | None, now: datetime, delegation: Delegation) -> Delegation:
    """End a delegation now (the absent person is back)."""
    _may(by, "accounts.end_delegation", delegation)
    if not delegation.holds_at(now):
        raise WrongState(_("This delegation has already ended."))
    delegation.valid_to = max(now, delegation.valid_from + timedelta(seconds=1))
    delegation.save(update_fields=["valid_to", "updated_at"])
    audit.record("accounts.end_delegation", delegation, by=by, now=now)
    return delegation


@transaction.atomic
def assign_province(
    *, by: User | None, now: datetime, unit: OrgUnit, province_code: str, valid_from: datetime
) -> BranchRegion:
    """Let a branch serve a province from an instant on; the branch that served it until then stops."""
    _may(by, "accounts.change_branchregion")
    if unit.kind == UnitKind.DEPARTMENT:
        raise RuleBroken(errors={"unit": [_("Only a branch or headquarters serves a province.")]})
    before = BranchRegion.objects.in_force(valid_from).filter(province_code=province_code).first()
    if before is not None and before.unit_id == unit.pk:
        return before
    BranchRegion.objects.filter(province_code=province_code, valid_from__gte=valid_from).delete()
    if before is not None:
        before.valid_to = valid_from
        before.save(update_fields=["valid_to", "updated_at"])
    row = BranchRegion(unit=unit, province_code=province_code, valid_from=valid_from)
    row.full_clean()
    row.save()
    audit.record("accounts.change_branchregion", unit, by=by, now=now, data={"province": province_code})
    return row


# --- keys and passwords -------------------------------------------------------------------------------------------------


@transaction.atomic
def create_token(
    *,
    by: User | None,
    now: datetime,
    user: User,
    name: str,
    scope: str = TokenScope.READ,
    days: int | None = 90,
) -> tuple[ApiToken, str]:
    """Make an API token and return it with its secret, which is shown this once and never stored."""
    if by is not None and by.pk != user.pk:
        raise NotFound()
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    expires = now + timedelta(days=days) if days else None
    token = ApiToken(user=user, name=name, digest=token_digest(secret), scope=scope, expires_at=expires)
    token.full_clean()
    token.save()
    audit.record("accounts.add_apitoken", token, by=by, now=now, data={"scope": scope, "days": days})
    return token, secret


def token_digest(secret: str) -> str:
    """What is stored of a token. The secret has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def use_token(secret: str, *, now: datetime) -> ApiToken | None:
    """The usable token with this secret, its use noted; None for an unknown, expired or withdrawn one.

    A busy program must not write a row at every request: the use is noted every five minutes.
    """
    token = (
        ApiToken.objects.usable(now).select_related("user__unit").filter(digest=token_digest(secret)).first()
    )
    if token is not None and (token.last_used_at is None or now - token.last_used_at > USE_NOTED_EVERY):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


@transaction.atomic
def revoke_token(*, by: User, now: datetime, token: ApiToken) -> ApiToken:
    """Make a token useless from now on."""
    if token.revoked_at is None:
        token.revoked_at = now
        token.save(update_fields=["revoked_at", "updated_at"])
        audit.record("accounts.revoke_apitoken", token, by=by, now=now)
    return token


def failures_from(address: str | None, since: datetime) -> int:
    """How many sign-ins from a network address have failed since an instant, whosever the accounts."""
    attempts = AccessAttempt.objects.filter(ip_address=address, attempt_time__gte=since)
    return attempts.aggregate(n=Sum("failures_since_start"))["n"] or 0


@transaction.atomic
def request_password_reset(*, email: str, now: datetime) -> None:
    """Send a link to everyone active with this address. Says nothing: the caller's answer is always the same.

    At most three mails an hour go to one account, so that nobody can flood a colleague.
    """
    for user in User.objects.active().filter(email=email):
        recent = AuditEntry.objects.filter(
            object_kind="accounts.user",
            object_id=user.pk,
            code="accounts.request_password_user",
            at__gt=now - timedelta(hours=1),
        )
        if recent.count() < RESET_MAILS_PER_HOUR:
            audit.record("accounts.request_password_user", user, by=None, now=now)
            send_password_link(user, now=now)


def send_password_link(user: User, *, now: datetime, invitation: bool = False) -> None:
    """Queue the mail with a link that works once and for 30 minutes; the link is made when the mail is sent."""
    if not user.email:
        return
    key = f"password:{user.pk}:{int(now.timestamp() * 1000)}"
    outbox.enqueue("password_mail", key, {"user": user.pk, "invitation": invitation}, due_at=now)


def password_link_parts(user: User) -> tuple[str, str]:
    """The two parts of a reset address: whose, and the token that any password change makes useless."""
    return urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)


@transaction.atomic
def change_password(*, by: User | None, now: datetime, user: User, password: str) -> User:
    """Set a new password; all other sessions of the person end, because they carry the old one's hash."""
    user.set_password(password)
    user.save(update_fields=["password", "updated_at"])
    audit.record("accounts.change_password_user", user, by=by, now=now)
    return user
