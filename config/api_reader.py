"""/api/docs/: the OpenAPI document as a page people can read, without another site's scripts."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

VERBS = ("get", "post", "patch", "put", "delete")


@dataclass
class Value:
    """One parameter or field: where it goes, its name, type and meaning."""

    name: str
    kind: str
    required: bool = False
    meaning: str = ""
    place: str = ""


@dataclass
class Operation:
    """One method of one address."""

    verb: str
    path: str
    meaning: str
    parameters: list[Value] = field(default_factory=list)
    body: list[Value] = field(default_factory=list)
    answers: list[tuple[str, str]] = field(default_factory=list)
    anchor: str = ""


@dataclass
class Resource:
    """The operations under one plural."""

    name: str
    operations: list[Operation] = field(default_factory=list)


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """Show every resource; any signed-in person may read it."""
    return render(request, "api/reader.html", {"resources": resources(translation.get_language())})


@cache
def resources(_language: str) -> list[Resource]:
    """Return the document's operations by resource; made once for each language, as it takes a second."""
    document: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    found: dict[str, Resource] = {}
    for path, methods in sorted(document["paths"].items()):
        name = path.removeprefix("/api/v1/").strip("/").split("/")[0]
        resource = found.setdefault(name, Resource(name))
        for verb in VERBS:
            if verb in methods:
                resource.operations.append(operation(document, path, verb, methods[verb]))
    return list(found.values())


def operation(document: dict[str, Any], path: str, verb: str, said: dict[str, Any]) -> Operation:
    """Return one operation in words."""
    content = said.get("requestBody", {}).get("content", {})
    media: dict[str, Any] = next(iter(content.values()), {})
    return Operation(
        verb=verb.upper(),
        path=path,
        meaning=plain(said.get("description") or said.get("summary") or ""),
        parameters=[
            Value(
                one["name"],
                kind(document, one.get("schema", {})),
                bool(one.get("required")),
                plain(one.get("description", "")),
                one["in"],
            )
            for one in said.get("parameters", [])
        ],
        body=fields(document, media.get("schema", {})),
        answers=[(code, answer.get("description", "")) for code, answer in sorted(said["responses"].items())],
        anchor=said.get("operationId", f"{verb}-{path}"),
    )


def plain(text: str) -> str:
    """A description without its marks for code, which the page would show as they stand."""
    return text.replace("`", "").strip()


def resolve(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference to the named part of the document."""
    if reference := schema.get("$ref"):
        part: dict[str, Any] = document["components"]["schemas"][reference.rsplit("/", 1)[1]]
        return part
    return schema


def fields(document: dict[str, Any], schema: dict[str, Any]) -> list[Value]:
    """Return the fields of a body."""
    whole = resolve(document, schema)
    required = set(whole.get("required", ()))
    return [
        Value(name, kind(document, one), name in required, plain(one.get("description", "")))
        for name, one in whole.get("properties", {}).items()
    ]


def kind(document: dict[str, Any], schema: dict[str, Any]) -> str:
    """Return a type in few words: its name, format, or the codes it may be."""
    for parts in ("allOf", "oneOf", "anyOf"):
        if parts in schema:
            return " | ".join(dict.fromkeys(kind(document, one) for one in schema[parts]))
    whole = resolve(document, schema)
    if "enum" in whole:
        return " | ".join(str(code) for code in whole["enum"])
    if whole.get("type") == "array":
        return f"[{kind(document, whole.get('items', {}))}]"
    return str(whole.get("format") or whole.get("type") or "object")
