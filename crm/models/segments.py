"""How people group customers: the company's words for them (tags), and named groups others can use (segments)."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopeColumns
from core.models import Timestamped, Versioned
from crm.choices import SegmentAudience
from crm.models.customers import Customer
from crm.querysets import SegmentQuerySet, TagQuerySet
from crm.tags import tag_key


class Tag(Versioned):
    """A word of the company's vocabulary; customers carry the word itself, so a retired one stays readable."""

    name = models.CharField(_("word"), max_length=30)
    key = models.CharField(max_length=30, editable=False)
    note = models.CharField(_("what it means"), max_length=120, blank=True)
    retired_at = models.DateTimeField(null=True, editable=False)
    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                name="one_tag_per_word",
                violation_error_message=_("This word is in the vocabulary already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_root(self) -> "Tag":
        return self

    @property
    def is_retired(self) -> bool:
        """Whether it is offered no more."""
        return self.retired_at is not None

    def clean(self) -> None:
        self.key = tag_key(self.name)

    def get_absolute_url(self) -> str:
        return f"{reverse('crm:customer_list')}?{urlencode({'tag': self.name})}"


class Segment(Versioned):
    """A named group of customers: a filter that is asked anew each time, or members noted on one day.

    What a reader gets is always narrowed to what that reader may see; `size` is what its owner saw when counted.
    """

    name = models.CharField(_("name"), max_length=60)
    note = models.CharField(_("what it is for"), max_length=200, blank=True)
    query = models.CharField(_("filter"), max_length=1000, blank=True)
    is_frozen = models.BooleanField(_("members noted once"), default=False)
    audience = models.CharField(
        _("who may use it"), max_length=8, choices=SegmentAudience, default=SegmentAudience.OWN
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey("accounts.OrgUnit", null=True, on_delete=models.PROTECT, related_name="+")
    size = models.PositiveIntegerField(null=True, editable=False)
    size_capped = models.BooleanField(default=False, editable=False)
    counted_at = models.DateTimeField(null=True, editable=False)

    objects = SegmentQuerySet.as_manager()

    scope_columns: ClassVar = ScopeColumns(department=None)

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="one_segment_per_name",
                violation_error_message=_("You have a segment of this name."),
            ),
            models.CheckConstraint(
                condition=~Q(audience="branch") | Q(branch__isnull=False), name="branch_segment_has_branch"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_root(self) -> "Segment":
        return self

    def get_absolute_url(self) -> str:
        return f"{reverse('crm:customer_list')}?segment={self.pk}"


class SegmentMember(Timestamped):
    """A customer in a segment whose members were noted once."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="members")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["segment", "customer"], name="one_membership_per_segment")
        ]

    @property
    def scope_parent(self) -> Any:
        return self.segment
