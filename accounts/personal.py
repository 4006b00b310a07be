"""Which columns of accounts hold personal data."""

from core.personal_data import register_personal_data

register_personal_data("accounts.User", ["email", "phone"], staff=True)
