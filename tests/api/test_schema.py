"""The API's document: without a doubt of the generator, complete, and equal to the committed one."""

from io import StringIO

import yaml
from django.conf import settings
from django.core.management import call_command
from django.urls import NoReverseMatch, reverse

from config.api import router


def committed() -> dict:
    return yaml.safe_load((settings.BASE_DIR / "docs" / "openapi.yaml").read_text(encoding="utf-8"))


def test_the_document_is_made_without_a_warning_and_is_valid():
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())


def test_the_committed_document_is_current():
    call_command("openapi", "--check")


def test_every_route_of_the_router_is_in_the_document():
    missing, named = [], committed()["paths"]
    for pattern in router.urls:
        for arguments in ({}, {"pk": "1"}, {"code": "x"}):
            try:
                path = reverse(f"api:{pattern.name}", kwargs=arguments)
            except NoReverseMatch:
                continue
            if not {path, path.replace("/1/", "/{id}/"), path.replace("/x/", "/{code}/")} & set(named):
                missing.append(path)
    assert len(router.urls) > 100
    assert not missing


def test_lists_refusals_and_steps_are_described_as_they_answer():
    paths, parts = committed()["paths"], committed()["components"]["schemas"]
    tickets = paths["/api/v1/tickets/"]["get"]
    assert {"cursor", "limit", "ordering", "count", "priority"} <= {
        one["name"] for one in tickets["parameters"]
    }
    page = parts[
        tickets["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
    ]
    assert {"next", "previous", "results"} <= set(page["properties"])
    step = paths["/api/v1/tickets/{id}/close/"]["post"]["responses"]
    row = parts[step["200"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]]
    assert "available_actions" in row["properties"]
    assert step["4XX"]["content"]["application/json"]["schema"]["$ref"].endswith("/Refusal")
