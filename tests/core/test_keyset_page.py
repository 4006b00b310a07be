"""Keyset pages together are exactly the sorted list, forwards and backwards, with ties and nulls."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.clock import db_now
from core.errors import RuleBroken
from core.keyset import capped_count, encode_cursor, paginate
from core.models import Notification

pytestmark = pytest.mark.django_db
ORDERINGS = [("-at", "-pk"), ("at", "pk"), ("read_at", "pk"), ("-read_at", "-pk"), ("code", "-at", "pk")]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 3), st.none() | st.integers(0, 2), st.sampled_from("ab")), max_size=14
    ),
    fields=st.sampled_from(ORDERINGS),
    limit=st.integers(1, 5),
)
def test_all_pages_in_both_directions_are_the_sorted_list(personas, rows, fields, limit):
    Notification.objects.all().delete()
    start = db_now()
    for n, (at, read, code) in enumerate(rows):
        Notification.objects.create(
            user=personas.pm,
            code=code,
            dedupe_key=str(n),
            at=start + timedelta(hours=at),
            read_at=None if read is None else start + timedelta(days=read),
        )
    everything = paginate(Notification.objects.all(), fields, ordering="x", cursor=None, limit=200).rows
    assert len(everything) == len(rows)

    forwards, cursor, last = [], None, None
    while True:
        page = paginate(Notification.objects.all(), fields, ordering="x", cursor=cursor, limit=limit)
        forwards += page.rows
        last = page
        if page.next is None:
            break
        cursor = page.next
    assert forwards == everything

    backwards, page = list(last.rows), last
    while page.previous is not None:
        page = paginate(Notification.objects.all(), fields, ordering="x", cursor=page.previous, limit=limit)
        backwards = page.rows + backwards
        if page.previous is None or not page.rows:
            break
    assert backwards == everything


@pytest.mark.parametrize("fields", [("-id",), ("id",)])
@pytest.mark.parametrize("near", [1, 3, 50])
def test_pages_of_few_rows_are_the_sorted_list_wherever_they_lie(personas, monkeypatch, fields, near):
    """One in four rows is the reader's, and all of the first; found near by or collected, both ways."""
    monkeypatch.setattr("core.keyset.NEAR", near)
    for n in range(24):
        owner = personas.pm if n < 5 or n % 4 == 0 else personas.bm
        Notification.objects.create(user=owner, code="a", dedupe_key=str(n), at=db_now())
    mine = Notification.objects.filter(user=personas.pm)
    collected = []

    def few():
        collected.append(1)
        return mine

    def page_at(cursor):
        return paginate(mine, fields, ordering="x", cursor=cursor, limit=3, few=few)

    pages = [page_at(None)]
    while pages[-1].next:
        pages.append(page_at(pages[-1].next))
    everything = list(mine.order_by(*fields))
    assert [row for page in pages for row in page.rows] == everything
    assert len(collected) == (len(pages) if near == 1 else 1 if near == 50 else len(collected))
    assert collected
    back, page = list(pages[-1].rows), pages[-1]
    while page.previous:
        page = page_at(page.previous)
        back = page.rows + back
    assert back == everything
    for wrong in ("a", None, [1]):
        with pytest.raises(RuleBroken):
            page_at(encode_cursor("x", [wrong]))
    assert page_at(encode_cursor("x", [10**30])).rows == (everything[:3] if fields == ("-id",) else [])


@pytest.mark.parametrize("cursor", ["x", "%%%", "W10", "bnVsbA", "WyJ4IixbMSwyXSxmYWxzZV0x" * 3])
def test_a_foreign_cursor_is_refused(personas, cursor):
    with pytest.raises(RuleBroken):
        paginate(Notification.objects.all(), ("-at", "-pk"), ordering="x", cursor=cursor, limit=5)


def test_counts_stop_at_the_cap(personas, monkeypatch):
    monkeypatch.setattr("core.keyset.COUNT_CAP", 2)
    for n in range(4):
        Notification.objects.create(user=personas.pm, code="c", dedupe_key=str(n), at=db_now())
    assert capped_count(Notification.objects.all()) == (2, True)
    assert capped_count(Notification.objects.filter(dedupe_key="1")) == (1, False)
