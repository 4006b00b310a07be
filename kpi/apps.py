"""The top floor: numbers over everything below."""

from django.apps import AppConfig


class KpiConfig(AppConfig):
    """Metrics, their tables and the rows behind them; owns no table of its own yet."""

    name = "kpi"
    default_auto_field = "django.db.models.BigAutoField"
