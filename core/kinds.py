"""Names of row types ("service.ticket") used wherever a row points at any other row."""

from functools import cache

from django.apps import apps
from django.db import models


def kind_of(subject: models.Model | type[models.Model]) -> str:
    """The stable name of a row's type: app label and model name, lower case."""
    return subject._meta.label_lower


@cache
def model_for(kind: str) -> type[models.Model]:
    """The model behind a kind. Raises LookupError for a kind that is not installed."""
    return apps.get_model(kind)
