"""People and where they stand: units, regions, users, memberships, grants, delegations, access rows, tokens."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.authority import Authority, load_authority
from accounts.choices import (
    AccessSource,
    Flag,
    GrantState,
    Language,
    Role,
    Theme,
    TokenScope,
    UnitKind,
)
from accounts.geography import region_name
from accounts.querysets import (
    ApiTokenQuerySet,
    BranchRegionQuerySet,
    DatedQuerySet,
    DelegationQuerySet,
    GrantQuerySet,
    OrgUnitQuerySet,
    RecordAccessQuerySet,
    UserManager,
)
from accounts.scoping import ScopeColumns
from core.addresses import row_address
from core.errors import NotAllowed
from core.fields import PersonalField
from core.flow import Outcome, transition
from core.kinds import RootBy
from core.models import Row, Timestamped, Versioned
from core.rules import ask
from core.search_fields import BeginningsField
from core.tasks_list import close_tasks

GRANT_TASK = "accounts.approve_grant"


class Dated(Row):
    """A row that holds from `valid_from` up to, not including, `valid_to`."""

    valid_from = models.DateTimeField(_("valid from"))
    valid_to = models.DateTimeField(_("valid until"), null=True, blank=True)

    class Meta:
        abstract = True

    def holds_at(self, now: datetime) -> bool:
        return self.valid_from <= now and (self.valid_to is None or now < self.valid_to)


def ends_after_start(name: str) -> models.CheckConstraint:
    """Every dated row must end after it begins."""
    return models.CheckConstraint(
        condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
        name=name,
        violation_error_message=_("The end must be later than the beginning."),
    )


def in_readers_language(zh: str, en: str) -> str:
    """The text of the reader's language, or the other one where that is empty."""
    english = (get_language() or "").startswith("en")
    return (en if english else zh) or zh or en


class TwoNames:
    """Things with a Chinese and an English name show the one of the reader's language."""

    name_zh: str
    name_en: str

    @property
    def name(self) -> str:
        return in_readers_language(self.name_zh, self.name_en)

    def __str__(self) -> str:
        return self.name


class OrgUnit(TwoNames, Versioned):  # type: ignore[misc]
    """Headquarters, a branch or a department. `executive` is the deputy general manager in charge of it.

    The head of unit 00 is the general manager. A unit without a calendar of its own uses its nearest ancestor's.
    """

    code = models.CharField(_("code"), max_length=8, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=UnitKind)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        verbose_name=_("parent unit"),
    )
    head = models.ForeignKey(
        "User",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="headed_units",
        verbose_name=_("head"),
    )
    executive = models.ForeignKey(
        "User",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="supervised_units",
        verbose_name=_("executive in charge"),
    )
    calendar_code = models.CharField(_("calendar"), max_length=20, blank=True)
    active = models.BooleanField(_("active"), default=True)

    objects = OrgUnitQuerySet.as_manager()

    scope_columns = ScopeColumns(owner="head", branch="pk", department="pk")

    class Meta:
        ordering: ClassVar[list[str]] = ["code"]
        verbose_name = _("organisation unit")
        verbose_name_plural = _("organisation units")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind"], condition=Q(kind="hq"), name="one_headquarters"),
            models.CheckConstraint(condition=Q(kind="hq") | Q(parent__isnull=False), name="unit_has_parent"),
        ]

    @property
    def branch(self) -> "OrgUnit":
        """The branch this unit belongs to: itself, or its nearest ancestor that is a branch or headquarters."""
        unit = self
        while unit.kind == UnitKind.DEPARTMENT and unit.parent is not None:
            unit = unit.parent
        return unit

    @property
    def audit_root(self) -> "OrgUnit":
        return self

    def get_absolute_url(self) -> str:
        return row_address("accounts:orgunit_detail", self.pk)


class BranchRegion(Dated, Timestamped):
    """A province (GB/T 2260, two digits) served by a branch; at any instant exactly one branch serves it."""

    unit = models.ForeignKey(
        OrgUnit, on_delete=models.PROTECT, related_name="regions", verbose_name=_("branch")
    )
    province_code = models.CharField(
        _("province"),
        max_length=2,
        validators=[RegexValidator(r"^\d{2}$", _("Two digits, as in GB/T 2260."))],
    )

    objects = BranchRegionQuerySet.as_manager()
    scope_columns = ScopeColumns(owner=None, branch="unit", department=None)

    class Meta:
        ordering: ClassVar[list[str]] = ["province_code", "valid_from"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            ends_after_start("region_ends_after_start"),
            ExclusionConstraint(
                name="one_branch_per_province",
                expressions=[
                    ("province_code", RangeOperators.EQUAL),
                    (
                        Func(
                            "valid_from", "valid_to", function="TSTZRANGE", output_field=DateTimeRangeField()
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("Another branch already serves this province in that time."),
            ),
        ]

    @property
    def province_name(self) -> str:
        """The province in the reader's language."""
        return region_name(self.province_code)


class User(TwoNames, AbstractBaseUser, Versioned):  # type: ignore[misc]
    """A colleague with an account. Nobody is all-powerful: every right comes from a dated grant.

    `unit` is where the person works now (`Membership` keeps the history), `manager` the reporting line.
    E-mail and phone are personal data.
    """

    username = models.CharField(
        _("user name"),
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9_.-]+$", _("Lower-case letters, digits and . _ - only."))],
        error_messages={"unique": _("This user name is taken.")},
    )
    name_zh = models.CharField(_("Chinese name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=60, blank=True)
    email = PersonalField(_("e-mail"), kind="email", blank=True)
    phone = PersonalField(_("phone"), kind="phone", blank=True)
    unit = models.ForeignKey(
        OrgUnit,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="people",
        verbose_name=_("unit"),
    )
    manager = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reports",
        verbose_name=_("reports to"),
    )
    job_title_zh = models.CharField(_("job title in Chinese"), max_length=60, blank=True)
    job_title_en = models.CharField(_("job title in English"), max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=Language, default=Language.ZH_HANS)
    theme = models.CharField(_("appearance"), max_length=6, choices=Theme, default=Theme.AUTO)
    mail_notices = models.BooleanField(_("notices also by mail"), default=True)
    muted_notices = ArrayField(
        models.CharField(max_length=80), default=list, blank=True, verbose_name=_("notices switched off")
    )
    list_columns = models.JSONField(default=dict, blank=True, editable=False)
    daily_digest = models.BooleanField(_("daily summary by mail"), default=True)
    is_active = models.BooleanField(_("active"), default=True)
    deactivated_at = models.DateTimeField(null=True, blank=True, editable=False)

    starts = BeginningsField(people=["username", "name_zh", "name_en"])

    objects = UserManager()

    scope_columns = ScopeColumns(owner="pk", branch="unit", department="unit")
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name_zh"]
    is_staff = False
    is_superuser = False

    class Meta:
        ordering: ClassVar[list[str]] = ["username"]
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(manager=F("id")), name="nobody_manages_himself"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(fields=["starts"], name="user_starts", fastupdate=False)
        ]

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def has_perm(self, code: str, obj: Any = None) -> bool:
        """Ask the permission question of the whole product (`core.rules`); see `accounts.matrix`."""
        return bool(ask(self, code, obj))

    def has_module_perms(self, app_label: str) -> bool:
        """Django's admin asks this; nobody gets in that way."""
        return False

    def authority(self) -> Authority:
        """The person's rights as of their first use on this instance (one request, one answer)."""
        if not hasattr(self, "_authority"):
            self._authority = load_authority(self)
        return self._authority

    def forget_authority(self) -> None:
        """Read the rights anew at the next question; operations that change them call this."""
        self.__dict__.pop("_authority", None)

    @property
    def rights(self) -> frozenset[str]:
        """Roles and flags held: people who share them are answered alike wherever no row is asked about."""
        return self.authority().roles | self.authority().flags

    @property
    def job_title(self) -> str:
        """What the person is called at work, in the reader's language."""
        return in_readers_language(self.job_title_zh, self.job_title_en)

    @property
    def branch(self) -> OrgUnit | None:
        """The branch of the person's unit; headquarters for people of its departments."""
        return self.unit.branch if self.unit else None

    @property
    def audit_root(self) -> "User":
        return self

    def get_absolute_url(self) -> str:
        return row_address("accounts:user_detail", self.pk)


class Membership(Dated, Timestamped):
    """Where a person works or worked, and as what; separation of duties asks it about the past too."""

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("person")
    )
    unit = models.ForeignKey(
        OrgUnit, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("unit")
    )
    role = models.CharField(_("as"), max_length=2, choices=Role)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-valid_from"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            ends_after_start("membership_ends_after_start"),
            models.UniqueConstraint(
                fields=["user", "unit", "role"],
                condition=Q(valid_to__isnull=True),
                name="one_open_membership",
            ),
        ]

    audit_root = RootBy("user")


class Grant(Dated, Versioned):
    """A role with its scope and dates, perhaps with capability flags; counts only once a second person approved it.

    `scope_unit` says whose rows "branch" and "department" mean. Grants of supervision, CRM office and executives
    are approved by an executive, all others by a holder of `security_admin`; never by the one who proposed it or
    the one who receives it.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=2, choices=Role)
    scope_unit = models.ForeignKey(
        OrgUnit, on_delete=models.PROTECT, related_name="grants", verbose_name=_("scope: unit")
    )
    flags = ArrayField(
        models.CharField(max_length=20, choices=Flag),
        default=list,
        blank=True,
        verbose_name=_("capabilities"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=GrantState, default=GrantState.PROPOSED, editable=False
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    granted_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    approved_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    approved_at = models.DateTimeField(null=True, editable=False)

    objects = GrantQuerySet.as_manager()

    scope_columns = ScopeColumns(owner="user", branch="scope_unit", department="scope_unit")

    class Meta:
        ordering: ClassVar[list[str]] = ["user__username", "role"]
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["role", "scope_unit"], name="grant_role_unit")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            ends_after_start("grant_ends_after_start"),
            models.CheckConstraint(condition=Q(flags__contained_by=Flag.values), name="grant_flags_known"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | ~Q(approved_by=F("granted_by")) & ~Q(approved_by=F("user")),
                name="grant_second_person",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "scope_unit"],
                condition=Q(valid_to__isnull=True, state__in=["proposed", "active"]),
                name="one_open_grant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user.name} · {self.get_role_display()} · {self.scope_unit.name}"

    def get_absolute_url(self) -> str:
        return row_address("accounts:grant_detail", self.pk)

    @property
    def flag_labels(self) -> list[str]:
        """The capabilities in words."""
        return [str(Flag(flag).label) for flag in self.flags]

    audit_root = RootBy("user")

    @transition(source=GrantState.PROPOSED, target=GrantState.ACTIVE)
    def approve(self, *, by: User, now: datetime) -> Outcome:
        """Let the grant count. The approver is neither the proposer nor the receiver (separation of duties)."""
        if by.pk in (self.granted_by_id, self.user_id):
            raise NotAllowed(_("A grant is approved by someone other than its proposer and its receiver."))
        self.approved_by, self.approved_at = by, now
        close_tasks(self, now=now, kind=GRANT_TASK)
        return Outcome(data={"role": self.role, "unit": self.scope_unit_id, "flags": self.flags})

    @transition(source=GrantState.PROPOSED, target=GrantState.REFUSED)
    def refuse(self, *, by: User, now: datetime, reason: str = "") -> Outcome:
        """Turn the proposal down."""
        close_tasks(self, now=now, kind=GRANT_TASK)
        return Outcome(reason=reason)

    @transition(source=(GrantState.PROPOSED, GrantState.ACTIVE), target=GrantState.WITHDRAWN, system=True)
    def withdraw(self, *, by: User | None, now: datetime, reason: str = "") -> Outcome:
        """End the grant at once; what was done under it stays."""
        close_tasks(self, now=now, kind=GRANT_TASK)
        if self.valid_from < now:
            self.valid_to = now
        return Outcome(reason=reason, data={"role": self.role, "unit": self.scope_unit_id})


class Delegation(Dated, Timestamped):
    """One person acts for another while away; the audit names both. Security and audit duties do not pass on."""

    from_user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="delegations_given", verbose_name=_("absent person")
    )
    to_user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="delegations_taken", verbose_name=_("acting person")
    )
    reason = models.CharField(_("reason"), max_length=200)

    objects = DelegationQuerySet.as_manager()

    scope_columns = ScopeColumns(owner="from_user", branch="from_user__unit", department=None)

    class Meta:
        ordering: ClassVar[list[str]] = ["-valid_from"]
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            ends_after_start("delegation_ends_after_start"),
            models.CheckConstraint(condition=~Q(from_user=F("to_user")), name="delegation_to_another"),
            models.CheckConstraint(condition=Q(valid_to__isnull=False), name="delegation_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.from_user.name} → {self.to_user.name}"

    def get_absolute_url(self) -> str:
        return reverse("accounts:delegation_list")

    audit_root = RootBy("from_user")


class RecordAccess(Row):
    """Lets one person or unit see one row beyond owner and branch, for a reason and usually for a time.

    `kind` is the row's type ("crm.customer"). Written only by `accounts.scoping`; one row per reason.
    """

    kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    unit = models.ForeignKey(OrgUnit, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    until = models.DateTimeField(null=True)
    source = models.CharField(max_length=14, choices=AccessSource)

    objects = RecordAccessQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, unit__isnull=True) | Q(user__isnull=True, unit__isnull=False),
                name="access_user_or_unit",
            ),
            models.UniqueConstraint(
                fields=["kind", "object_id", "user", "unit", "source"],
                name="one_access_per_reason",
                nulls_distinct=False,
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["user", "kind", "object_id"], name="access_by_user", condition=Q(user__isnull=False)
            ),
            models.Index(
                fields=["unit", "kind", "object_id"], name="access_by_unit", condition=Q(unit__isnull=False)
            ),
            models.Index(fields=["until"], name="access_until", condition=Q(until__isnull=False)),
        ]


class ApiToken(Timestamped):
    """A key for programs. Only its hash is kept, so it can be shown once, when it is made."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scope = models.CharField(_("may"), max_length=5, choices=TokenScope, default=TokenScope.READ)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at"]

    audit_root = RootBy("user")
