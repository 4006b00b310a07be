"""The columns by which customers are looked for: cores of names, landlines and domains for duplicates, the short name for files
of people; and a contact's domain."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from core.phones import comparable_phone, parse_phone
from crm.duplicates import company_domain, core_keys
from crm.name_keys import name_key

CORE, LINE, DOMAIN, CALLED = "c", "t", "d", "s"
LENGTH = 110


def match_keys(
    names: Sequence[str],
    *,
    province_code: str = "",
    city_code: str = "",
    landlines: Iterable[str] = (),
    domains: Iterable[str] = (),
) -> list[str]:
    """Marked keys of a customer, the same for the stored column and for what somebody types.

    Rule D3 needs the same province and D5 the same city, so both are part of the key; without them there is none.
    """
    keys = [f"{CORE}:{province_code}:{core}" for core in core_keys(names)] if province_code else []
    if city_code:
        keys += [f"{LINE}:{city_code}:{line}" for line in map(line_key, landlines) if line]
        keys += [f"{DOMAIN}:{city_code}:{domain}" for domain in domains if domain]
    return list(dict.fromkeys(key[:LENGTH] for key in keys))


def short_key(name: str) -> list[str]:
    """The marked key of a short name, however it is written; none of an empty one.

    It says nothing about duplicates, whose rules do not know short names: nobody who asks by `match_keys` asks for it.
    """
    key = name_key(name)
    return [f"{CALLED}:{key}"] if key else []


def line_key(number: str) -> str:
    """A landline in its comparable form; mobiles, service numbers and what is no number say nothing here."""
    phone = parse_phone(number)
    return comparable_phone(number) if phone is not None and phone.kind == "landline" else ""


def site_domain(website: str) -> str:
    """The domain of a website as mail addresses carry it: www.yunrun.com/about gives yunrun.com."""
    host = website.strip().casefold().rpartition("//")[2].partition("/")[0].partition(":")[0]
    return company_domain(f"@{host.removeprefix('www.')}") if host else ""


def own_domains(customer: Any) -> list[str]:
    """The company's own domains: of its mail, and of its website."""
    return list(filter(None, {company_domain(f"@{customer.email_domain}"), site_domain(customer.website)}))


class _Computed(DeferredAttribute):
    """The attribute behind a computed column: asking computes, so that every way of writing a row writes the same."""

    field: Any

    def __get__(self, row: models.Model | None, owner: type[models.Model] | None = None) -> Any:
        return self if row is None else self.field.value_of(row)

    def __set__(self, row: models.Model, value: Any) -> None:
        row.__dict__[self.field.attname] = None


class MatchKeysField(ArrayField):
    """`match_keys` of a customer; give it a `GinIndex`. With `update_fields`, name it beside what it is made of."""

    descriptor_class = _Computed
    derived = True

    def __init__(self, *args: Any, **options: Any) -> None:
        options |= {"base_field": models.CharField(max_length=LENGTH), "default": list, "editable": False}
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, _path, _args, _options = super().deconstruct()
        return name, "crm.match_keys.MatchKeysField", (), {}

    def value_of(self, row: Any) -> list[str]:
        """The keys of a customer as it stands."""
        keys = match_keys(
            [row.name, *row.former_names],
            province_code=row.province_code,
            city_code=row.city_code,
            landlines=[row.switchboard],
            domains=own_domains(row),
        )
        return keys + short_key(row.short_name)

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, tuple[Any, ...]]:
        """The keys are computed anew where they are needed, so the database does not send them."""
        return "NULL", ()


class MailDomainField(models.CharField):
    """The company's domain in a contact's e-mail address, which itself is sealed; empty for private providers."""

    derived = True

    def __init__(self, *args: Any, **options: Any) -> None:
        options |= {"max_length": 80, "blank": True, "default": "", "editable": False}
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, _path, _args, _options = super().deconstruct()
        return name, "crm.match_keys.MailDomainField", (), {}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        row: Any = model_instance
        domain = company_domain(row.email or "")[:80]
        setattr(row, self.attname, domain)
        return domain
