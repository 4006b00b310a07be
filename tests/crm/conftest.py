"""The cast of the customer tests."""

from tests.personas import later, now, personas  # noqa: F401
