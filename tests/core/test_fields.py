"""Sealed personal data on a real database: unreadable there, equal values found, companions always in step."""

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection, models
from django.db.migrations.state import ModelState
from django.test import override_settings
from django.test.utils import isolate_apps

from core.crypto import SealBroken, blind_hash, is_under_active_key, seal, unseal
from core.fields import EncryptedTextField, PersonalField, personal_columns
from core.personal_data import erase_personal_data, register_personal_data, unregistered_columns

OLD, NEW = b"0" * 32, b"1" * 32


@pytest.fixture
def person(db):
    with isolate_apps():

        class Person(models.Model):
            name = models.TextField()
            mobile = PersonalField(kind="phone", blank=True)
            email = PersonalField(kind="email", blank=True)
            wechat = PersonalField(kind="wechat", blank=True)
            note = EncryptedTextField(null=True)
            contact_removed = models.BooleanField(default=False)

            class Meta:
                app_label = "core"
                db_table = "test_fields_person"

        with connection.schema_editor() as editor:
            editor.create_model(Person)
        yield Person


def raw(person, pk, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM test_fields_person WHERE id = %s", [pk])
        return cursor.fetchone()[0]


def test_the_database_holds_no_plain_value(person):
    row = person.objects.create(name="何田田", mobile="138 0000 1234", email="he@example.com", note="secret")
    for column in ("mobile", "email", "note"):
        assert raw(person, row.pk, column).split(":")[0] in ("k1",)
    assert "0000" not in raw(person, row.pk, "mobile")
    assert raw(person, row.pk, "mobile_last4") == "1234"
    assert raw(person, row.pk, "mobile_masked") == "138****1234"
    assert raw(person, row.pk, "email_masked") == "h***@example.com"
    again = person.objects.get(pk=row.pk)
    assert (again.mobile, again.email, again.note) == ("138 0000 1234", "he@example.com", "secret")


@pytest.mark.parametrize("typed", ["13800001234", "+86 138-0000-1234", "１３８００００１２３４"])
def test_any_spelling_finds_the_row(person, typed):
    row = person.objects.create(mobile="138 0000 1234")
    person.objects.create(mobile="13800001235")
    assert person.objects.get(mobile=typed) == row
    assert person.objects.get(mobile__in=[typed, "13900000000"]) == row
    assert person.objects.filter(mobile_last4="1234").get() == row


def test_empty_values_stay_empty(person):
    row = person.objects.create(name="x")
    assert (
        raw(person, row.pk, "mobile")
        == raw(person, row.pk, "mobile_hash")
        == raw(person, row.pk, "mobile_masked")
        == ""
    )
    assert raw(person, row.pk, "note") is None
    assert person.objects.exclude(mobile="").count() == 0


def test_comparing_or_sorting_sealed_text_is_refused(person):
    with pytest.raises(FieldError):
        person.objects.filter(note="secret")
    with pytest.raises(FieldError):
        person.objects.filter(mobile__startswith="138")


def test_edits_renew_the_companions(person):
    row = person.objects.create(mobile="13800001234")
    row = person.objects.get(pk=row.pk)
    row.mobile = "13900005678"
    assert row.mobile_masked == "139****5678"
    row.save()
    other = person.objects.get(pk=row.pk)
    assert other.mobile_last4 == "5678"
    copy = person.objects.create(mobile=other.mobile)
    assert copy.mobile_hash == other.mobile_hash


def test_bulk_and_copy_give_the_same_companions(person):
    made = person.objects.bulk_create([person(mobile="13800001234")])[0]
    changed = person.objects.create(mobile="")
    changed.mobile = "138 0000 1234"
    person.objects.bulk_update([changed], personal_columns(person, "mobile"))
    changed.refresh_from_db()
    columns = person._meta.get_field("mobile").columns_for("138 0000 1234")
    for companion in ("mobile_hash", "mobile_last4", "mobile_masked"):
        assert getattr(made, companion) == getattr(changed, companion) == columns[companion]
    assert unseal(columns["mobile"]) == "138 0000 1234"


def test_deferred_values_are_fetched_when_asked(person):
    row = person.objects.create(mobile="13800001234")
    light = person.objects.only("name").get(pk=row.pk)
    assert light.mobile == "13800001234"
    light.name = "y"
    light.save()
    assert person.objects.get(mobile="13800001234").mobile_last4 == "1234"


def test_migrations_see_the_companions_once(person):
    state = ModelState.from_model(person)
    assert [name for name in state.fields if name.startswith("mobile")] == personal_columns(person, "mobile")
    with isolate_apps() as registry:
        again = state.render(registry)
    assert [field.name for field in again._meta.fields].count("mobile_hash") == 1


def test_abstract_parents_hand_the_field_down():
    with isolate_apps():

        class Parent(models.Model):
            mobile = PersonalField(kind="phone")

            class Meta:
                abstract = True
                app_label = "core"

        class Child(Parent):
            class Meta:
                app_label = "core"

    names = [field.name for field in Child._meta.fields]
    assert names.count("mobile_hash") == 1


def test_key_rotation_keeps_old_rows_readable_and_findable(person):
    with override_settings(FIELD_KEYS={"old": OLD}):
        row = person.objects.create(mobile="13800001234")
    with override_settings(FIELD_KEYS={"new": NEW, "old": OLD}):
        assert person.objects.get(mobile="13800001234") == row
        assert person.objects.get(pk=row.pk).mobile == "13800001234"
        assert not is_under_active_key(raw(person, row.pk, "mobile"))
        person.objects.get(pk=row.pk).save()
        assert is_under_active_key(raw(person, row.pk, "mobile"))
    with override_settings(FIELD_KEYS={"new": NEW}):
        assert person.objects.get(mobile="13800001234") == row


def test_a_changed_or_foreign_value_does_not_open():
    sealed = seal("13800001234")
    key_id, _, encoded = sealed.partition(":")
    broken = f"{key_id}:{'A' if encoded[20] != 'A' else 'B'}{encoded[1:]}"
    for value in (broken, f"lost:{encoded}", f"{key_id}:%%%", "plain"):
        with pytest.raises(SealBroken):
            unseal(value)
    assert seal("x") != seal("x")
    assert blind_hash("") == seal("") == unseal("") == ""


def test_no_key_is_an_error_and_not_plain_text():
    with override_settings(FIELD_KEYS={}), pytest.raises(ImproperlyConfigured):
        seal("x")


def test_undeclared_personal_columns_are_reported_and_declared_ones_erased(person):
    label = person._meta.label_lower
    assert unregistered_columns([person]) == [
        f"{label}.{name}" for name in ("email", "mobile", "note", "wechat")
    ]
    register_personal_data(label, ["mobile", "email", "wechat", "note"])
    try:
        assert unregistered_columns([person]) == []
        row = person.objects.create(mobile="13800001234", email="he@example.com", note="secret")
        erase_personal_data(row)
    finally:
        from core.personal_data import _REGISTRY

        del _REGISTRY[label]
    row = person.objects.get(pk=row.pk)
    assert (row.mobile, row.mobile_hash, row.email_masked, row.note) == ("", "", "", None)
    assert row.contact_removed is True
