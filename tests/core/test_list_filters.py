"""A filter bar keeps its closed choices drawn; people to choose from are asked anew each time."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_person_who_got_another_name_stands_in_the_filter_at_once(personas):
    client = Client()
    client.force_login(personas.ex)
    assert "新来的同事" not in client.get("/crm/follow-ups/").content.decode()
    type(personas.pm).objects.filter(pk=personas.pm.pk).update(name_zh="新来的同事")
    assert "新来的同事" in client.get("/crm/follow-ups/").content.decode()


def test_a_filter_that_is_not_for_everybody_is_not_drawn_for_others(personas, now):
    officer, author = Client(), Client()
    officer.force_login(personas.co)
    author.force_login(personas.pm)
    for _time in range(2):
        assert 'name="cause"' in officer.get("/crm/log-reviews/").content.decode()
        assert 'name="cause"' not in author.get("/crm/log-reviews/").content.decode()
