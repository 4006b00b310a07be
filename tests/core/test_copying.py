"""COPY writes what saving writes: derived columns, seals, defaults, awkward texts."""

import json

import pytest

from core.audit import record_many
from core.copying import copy_rows, copy_text, copy_values
from core.models import AuditEntry, Notification
from crm.models import Contact, Customer
from tests.crm.factories import make_customer
from tests.personas import NOW

AWKWARD = 'A\\B\t"引号"\n第二行 {x}, 𠮷'


def raw(model, pk):
    """Every column as the database shows it as text, the search tokens too."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(t) FROM {model._meta.db_table} t WHERE id = %s", [pk])
        found = cursor.fetchone()[0]
    return found if isinstance(found, dict) else json.loads(found)


def test_a_copied_customer_equals_a_saved_one(personas):
    branch = personas.bm.branch
    columns = {
        "name": "重庆云润水务（集团）有限公司",
        "former_names": ['旧名"一"', "旧\\名,二"],
        "kind": "end_user",
        "branch": branch,
        "pool_status": "pool",
        "tags": ["水泵", "a b"],
        "notes": AWKWARD,
        "stage_reason": {"why": AWKWARD},
    }
    saved = Customer.objects.create(code="KH-1", **columns)
    copied = Customer(code="KH-1", **columns)
    Customer.objects.filter(pk=saved.pk).update(code="KH-0")
    copy_rows([copied])
    assert copied.pk > saved.pk
    assert copied._state.adding is False
    first, second = raw(Customer, saved.pk), raw(Customer, copied.pk)
    for name in ("id", "code", "created_at", "updated_at"):
        first.pop(name), second.pop(name)
    assert first == second
    assert Customer.objects.get(pk=copied.pk).notes == AWKWARD


def test_personal_columns_are_sealed_and_found(personas):
    customer = make_customer(personas.pm, NOW, owner=personas.pm)
    copy_rows([Contact(customer=customer, name="周敏", mobile="+86 138 0013 8000", email="a@example.com")])
    found = Contact.objects.get(mobile="13800138000")
    assert (found.mobile, found.mobile_masked) == ("+86 138 0013 8000", "138****8000")
    assert "138" not in raw(Contact, found.pk)["mobile"].partition(":")[2][:3]


def test_columns_alone_and_audit_entries(personas):
    customers = [make_customer(personas.pm, NOW, owner=personas.pm, name=f"{n}公司") for n in "甲乙"]
    record_many("crm.test", customers, by=personas.pm, now=NOW, data_of=lambda row: {"id": row.pk})
    entries = AuditEntry.objects.filter(code="crm.test").order_by("seq")
    assert [(entry.object_id, entry.root_id, entry.data, entry.evidence) for entry in entries] == [
        (row.pk, row.pk, {"id": row.pk}, []) for row in customers
    ]
    record_many("crm.test", [], by=None, now=NOW, data_of=lambda row: {})
    with pytest.raises(LookupError):
        copy_values(Notification, 1, nonsense=1)


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "\\N"), (True, "t"), ("a\tb\\", "a\\tb\\\\"), (["a,b", 'c"'], '{"a,b","c\\\\""}'), (0, "0")],
)
def test_values_as_copy_wants_them(value, text):
    assert copy_text(value) == text
