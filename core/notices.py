"""Notices of the ground floor."""

from django.utils.translation import gettext_lazy as _

from core.mentions import MENTIONED
from core.notify import register_notice

register_notice(MENTIONED, _("You were named in the thread of %(subject)s."), own_page=True)
