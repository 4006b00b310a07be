"""Installed pumps: what stands at which customer's site, and the code on its label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.addresses import row_address
from core.fields import SearchTermsField
from core.kinds import RootBy
from core.models import Versioned
from service.choices import Criticality, PumpStatus
from service.querysets import PumpQuerySet

if TYPE_CHECKING:
    pass


class Pump(Versioned):
    """One delivered pump. `public_code` is printed on its label; a new `code_generation` revokes an old label.

    Nameplate: flow m³/h, head m, speed r/min, motor kW, efficiency 0–1, NPSHr m.
    """

    code = models.CharField(_("number"), max_length=24, unique=True)
    serial = models.CharField(_("serial number"), max_length=40, unique=True)
    customer = models.ForeignKey(
        "crm.Customer", on_delete=models.PROTECT, related_name="pumps", verbose_name=_("customer")
    )
    site = models.ForeignKey(
        "crm.Site",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="pumps",
        verbose_name=_("site"),
    )
    position = models.CharField(_("position no."), max_length=40, blank=True)
    model = models.CharField(_("model"), max_length=40)
    flow = models.DecimalField(_("flow, m³/h"), max_digits=9, decimal_places=2, null=True, blank=True)
    head = models.DecimalField(_("head, m"), max_digits=8, decimal_places=2, null=True, blank=True)
    speed = models.PositiveIntegerField(_("speed, r/min"), null=True, blank=True)
    motor_kw = models.DecimalField(_("motor, kW"), max_digits=8, decimal_places=2, null=True, blank=True)
    efficiency = models.DecimalField(_("efficiency"), max_digits=4, decimal_places=3, null=True, blank=True)
    npshr = models.DecimalField(_("NPSHr, m"), max_digits=5, decimal_places=2, null=True, blank=True)
    made_on = models.DateField(_("made on"), null=True, blank=True)
    delivered_on = models.DateField(_("delivered on"), null=True, blank=True)
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)
    warranty_until = models.DateField(_("warranty until"), null=True, blank=True)
    running_hours = models.PositiveIntegerField(_("running hours"), null=True, blank=True)
    standby = models.BooleanField(_("has a standby pump"), default=False)
    criticality = models.PositiveSmallIntegerField(
        _("criticality"), choices=Criticality, default=Criticality.PARTIAL
    )
    status = models.CharField(_("status"), max_length=12, choices=PumpStatus, default=PumpStatus.RUNNING)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("project manager"),
    )
    branch = models.ForeignKey(
        "accounts.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name=_("branch")
    )
    public_digest = models.CharField(max_length=64, unique=True, null=True, editable=False)
    code_generation = models.PositiveSmallIntegerField(default=1, editable=False)

    search_terms = SearchTermsField(names=["model"], codes=["serial", "code", "position"])

    objects = PumpQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["code"]
        verbose_name = _("pump")
        verbose_name_plural = _("pumps")
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(fields=["search_terms"], name="pump_search", fastupdate=False),
            models.Index(fields=["branch", "-id"], name="pump_branch"),
            models.Index(fields=["owner", "-id"], name="pump_owner"),
            models.Index(fields=["customer", "-id"], name="pump_customer"),
            models.Index(fields=["model", "-id"], name="pump_model"),
        ]

    def __str__(self) -> str:
        return f"{self.model} · {self.serial}"

    def get_absolute_url(self) -> str:
        return row_address("service:pump_detail", self.pk)

    audit_root = RootBy("customer")

    def in_warranty_at(self, now: Any) -> bool | None:
        """Whether the warranty still runs; None when its end is not known."""
        return None if self.warranty_until is None else now.date() <= self.warranty_until
