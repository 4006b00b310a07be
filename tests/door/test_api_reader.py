"""The API's page: open to whoever is signed in, made from the same document that machines read."""

import pytest
from django.test import Client
from django.urls import reverse

from config.api_reader import resources
from tests.personas import make_person


@pytest.mark.django_db
def test_the_reader_is_for_signed_in_people(client: Client) -> None:
    assert client.get(reverse("api_docs")).status_code == 302
    assert client.get(reverse("api_schema")).status_code == 401
    client.force_login(make_person("reader", "PM", "01"))
    page = client.get(reverse("api_docs"))
    assert page.status_code == 200
    assert "/api/v1/users/" in page.content.decode()
    assert client.get(reverse("api_schema")).status_code == 200


@pytest.mark.django_db
def test_a_change_shows_its_fields_and_that_it_needs_a_version() -> None:
    changes = [one for resource in resources("en") for one in resource.operations if one.verb == "PATCH"]
    assert changes
    for change in changes:
        assert "version" in {value.name for value in change.body}, change.path
