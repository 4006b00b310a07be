"""`openapi`: write the API's document, or say whether the committed one is still true."""

from io import StringIO

from django.core.management import call_command
from django.utils import translation

from config.documents import DocumentCommand


class Command(DocumentCommand):
    """Others build on the API: a change to its document must be meant, and so stands in a commit."""

    help = "Write docs/openapi.yaml; --check fails when the API no longer is what it says."
    document = "docs/openapi.yaml"

    def text(self) -> str:
        """Generate in English."""
        out = StringIO()
        with translation.override("en"):
            call_command("spectacular", stdout=out, stderr=StringIO())
        return out.getvalue()
