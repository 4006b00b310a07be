"""The refusals of the product: one exception per kind, each with one translated sentence.

Domain code raises these; `core.middleware` (pages) and `core.api.errors` (API) map them to HTTP once.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Sentence = str | Promise


class DomainError(Exception):
    """A refusal a person can read.

    `status` is the HTTP status both faces answer with, `code` a stable machine word, `errors` the
    sentences per field (field name → list), empty when the refusal concerns no single field.
    """

    status = 400
    code = "refused"
    default_message: Sentence = _("This cannot be done.")

    def __init__(
        self,
        message: Sentence | None = None,
        *,
        code: str | None = None,
        errors: Mapping[str, list[Sentence]] | None = None,
        data: Mapping[str, object] | None = None,
    ) -> None:
        self.message = message or self.default_message
        self.code = code or self.code
        self.errors = dict(errors or {})
        self.data = dict(data or {})
        super().__init__(str(self.message))


class NotFound(DomainError):
    """The row does not exist for this user; the same answer as for an id that was never used."""

    status = 404
    code = "not_found"
    default_message = _("This record does not exist, or you cannot see it.")


class NotAllowed(DomainError):
    """The row is visible, but this user may not do this to it."""

    status = 403
    code = "not_allowed"
    default_message = _("Your role does not allow this step.")


class WrongState(DomainError):
    """The row is not in a state from which the step can start."""

    status = 409
    code = "wrong_state"
    default_message = _("This step is not possible in the present state.")


class StaleVersion(DomainError):
    """Somebody else has changed the row since it was read; nothing was written."""

    status = 409
    code = "stale_version"
    default_message = _(
        "Someone else changed this record in the meantime. Your text is kept; reload and compare."
    )


class VersionMissing(DomainError):
    """An edit came without the version it was based on, so a lost update could not be noticed."""

    status = 428
    code = "version_missing"
    default_message = _("Send the version you edited.")


class KeyReused(DomainError):
    """The same Idempotency-Key came with another body."""

    status = 422
    code = "idempotency_key_reused"
    default_message = _("This request key was already used for a different request.")


class TooMany(DomainError):
    """A rate limit or daily allowance is used up."""

    status = 429
    code = "too_many"
    default_message = _("Too many attempts. Please wait a little and try again.")


class RuleBroken(DomainError):
    """The input is well formed but breaks a business rule; `errors` names the fields."""

    status = 400
    code = "rule_broken"
