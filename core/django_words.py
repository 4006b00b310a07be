"""Sentences of Django itself that its Chinese catalogue lacks; naming them here puts them into ours."""

from django.utils.translation import gettext_noop as _

WORDS = (_("- Select an option -"),)
