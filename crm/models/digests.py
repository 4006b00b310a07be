"""That somebody's summary of a working day was looked at, and whether a mail went out."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row


class DigestDay(Row):
    """One person's morning mail of one day: at most one, whatever restarts. `looked_at` is set also where nothing was to say,
    `sent_at` in the transaction that sends. `weekly` marks the first working day of a week."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    weekly = models.BooleanField(default=False)
    looked_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("summary of a day")
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="one_digest_per_day")]
        indexes = [
            models.Index(
                fields=["day", "id"], name="digest_waiting", condition=models.Q(looked_at__isnull=True)
            )
        ]
