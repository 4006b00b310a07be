"""Many hands on one locked file: its password is read once, it is written once and approved once; not so without locks."""

from typing import Any

import pytest

from core.clock import db_now
from core.models import AuditEntry
from crm.exports import fetching
from crm.exports.fetching import reveal_password
from crm.exports.files import path_of
from crm.exports.work import write_export
from crm.models import Export
from tests.crm.export_files import asked, written
from tests.crm.factories import make_customer
from tests.personas import *  # noqa: F403 - fixtures
from tests.personas import NOW
from tests.races.together import Meeting, at_once

pytestmark = pytest.mark.django_db(transaction=True)
HANDS = 5


def readings(export: Export) -> int:
    return AuditEntry.objects.filter(code="crm.reveal_export", object_id=export.pk).count()


def ready(personas: Any) -> Export:
    make_customer(personas.pm, NOW, owner=personas.pm)
    export = written(personas.bm)
    assert export.sealed_password
    return export


def test_the_password_is_read_once(personas: Any) -> None:
    export, people = ready(personas), [personas.fresh("bm") for _ in range(HANDS)]
    ends = at_once(lambda n: reveal_password(export, by=people[n], now=db_now()), HANDS)
    assert ends == {"done": 1, "WrongState": HANDS - 1}
    assert readings(export) == 1


def test_without_the_lock_several_read_it(personas: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    export, people, meeting = ready(personas), [personas.fresh("bm") for _ in range(HANDS)], Meeting(HANDS)

    def unlocked(asked_for: Export) -> Export:
        row = Export.objects.get(pk=asked_for.pk)
        meeting.wait()
        return row

    monkeypatch.setattr(fetching, "_lock", unlocked)
    at_once(lambda n: reveal_password(export, by=people[n], now=db_now()), HANDS)
    assert readings(export) > 1


def test_several_workers_offer_one_file(personas: Any, settings: Any, tmp_path: Any) -> None:
    settings.EXPORT_DIR = tmp_path
    make_customer(personas.pm, NOW, owner=personas.pm)
    export = asked(personas.bm)
    payload = {"export": export.pk, "run": export.version}
    assert at_once(lambda n: write_export(payload), HANDS) == {"done": HANDS}
    export.refresh_from_db()
    assert export.state == "ready"
    assert AuditEntry.objects.filter(code="crm.finish_export", object_id=export.pk).count() == 1
    kept = path_of(export.stored_name)
    assert sorted(tmp_path.iterdir()) == sorted([kept, kept.with_suffix(".ids")])


def test_one_of_two_judges_decides(personas: Any) -> None:
    make_customer(personas.pm, NOW, owner=personas.pm)
    export = asked(personas.pm)
    people = [personas.fresh("co"), personas.fresh("ex")]
    ends = at_once(
        lambda n: export.refuse(by=people[n], reason="不同意") if n else export.approve(by=people[n]), 2
    )
    assert ends == {"done": 1, "WrongState": 1}
