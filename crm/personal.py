"""Which columns of the customer floor hold personal data."""

from core.personal_data import register_personal_data

register_personal_data("crm.Contact", ["mobile", "phone", "wechat", "email", "birthday", "mail_domain"])
register_personal_data("crm.ImportRow", ["sealed"])
