"""The closed lists of accounts: units, the thirteen roles, capability flags and reasons for access."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    """What an organisation unit is."""

    HQ = "hq", _("Headquarters")
    BRANCH = "branch", _("Branch")
    DEPARTMENT = "department", _("Department")


class Role(models.TextChoices):
    """What a person does; a person may hold several, each with its own scope and dates."""

    PM = "PM", _("Project manager")
    BM = "BM", _("Branch manager")
    AE = "AE", _("After-sales engineer")
    DP = "DP", _("After-sales dispatcher")
    AM = "AM", _("After-sales manager")
    DH = "DH", _("Department handler")
    DM = "DM", _("Department head")
    SV = "SV", _("Supervision officer")
    CO = "CO", _("CRM officer")
    FI = "FI", _("Finance clerk")
    EX = "EX", _("Executive")
    AU = "AU", _("Auditor")
    AD = "AD", _("System administrator")


class Flag(models.TextChoices):
    """A single capability added to a grant where a whole role would be too much."""

    PRICE_L1 = "price_l1", _("Price approval, level 1")
    PRICE_L2 = "price_l2", _("Price approval, level 2")
    PRICE_L3 = "price_l3", _("Price approval, level 3")
    FAT_SIGNER = "fat_signer", _("Factory test sign-off")
    OVERRIDE_APPROVER = "override_approver", _("Exceptional approval")
    PRIVACY_OFFICER = "privacy_officer", _("Personal data officer")
    DUTY_OFFICER = "duty_officer", _("Duty officer")
    EXAM_AUTHOR = "exam_author", _("Exam author")
    SECURITY_ADMIN = "security_admin", _("Security grants")


class GrantState(models.TextChoices):
    """A grant counts only while active: a second person must have approved it."""

    PROPOSED = "proposed", _("Waiting for approval")
    ACTIVE = "active", _("In force")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class AccessSource(models.TextChoices):
    """Why a row is visible beyond owner and branch; `WRITING_SOURCES` also let it be changed."""

    COLLABORATOR = "collaborator", _("Collaborator")
    ASSIGNEE = "assignee", _("Assigned work")
    CREATOR = "creator", _("Entered by")
    DEPARTMENT = "department", _("Department task")
    RELATED = "related", _("Through a related record")
    FORMER_OWNER = "former_owner", _("Former owner")
    ESCALATION = "escalation", _("Escalated to")


WRITING_SOURCES = (
    AccessSource.COLLABORATOR,
    AccessSource.ASSIGNEE,
    AccessSource.CREATOR,
    AccessSource.DEPARTMENT,
    AccessSource.ESCALATION,
)


class Language(models.TextChoices):
    """The languages of the product, each named in itself."""

    ZH_HANS = "zh-hans", "简体中文"
    EN = "en", "English"


class Theme(models.TextChoices):
    """Light, dark, or what the device asks for."""

    AUTO = "auto", _("Follow the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class TokenScope(models.TextChoices):
    """What a token may do with its owner's rights."""

    READ = "read", _("Read only")
    WRITE = "write", _("Read and write")
