"""What a reader sees of a page as pieces of text, and what of it is data rather than our own words."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from django.apps import apps
from django.db import models

SHOWN_ATTRIBUTES = ("aria-label", "title", "placeholder", "alt", "data-title", "data-confirm", "data-label")
UNSEEN = {"script", "style", "kbd", "code", "svg", "noscript"}
FRAGMENT = 5  # so many characters of a data value in a row are taken for a piece of it (lines, cut texts)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._hidden: list[str] = []
        self._words = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self.pieces += [given[name] or "" for name in SHOWN_ATTRIBUTES if given.get(name)]
        self._words = tag == "script" and given.get("id") == "words"
        if tag in UNSEEN or "code" in (given.get("class") or "").split():
            self._hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self._words = False
        if self._hidden and self._hidden[-1] == tag:
            self._hidden.pop()

    def handle_data(self, data: str) -> None:
        if self._words and data.strip():
            self.pieces += [str(word) for word in json.loads(data).values()]
        elif not self._hidden and data.strip():
            self.pieces.append(" ".join(data.split()))


def pieces_of(html: str) -> list[str]:
    """Every text and every shown attribute of a page, the sentences of its scripts included."""
    reader = _Reader()
    reader.feed(html)
    return reader.pieces


class Data:
    """Every text kept in the database, to be taken out of what is read."""

    def __init__(self, foreign: re.Pattern[str]) -> None:
        self.foreign = foreign
        found = {value for value in _stored() if foreign.search(value)}
        self.values = sorted(found, key=len, reverse=True)
        self.exact, self.blob = found, "\n".join(found)
        self._known: dict[str, str] = {}

    def without(self, piece: str) -> str:
        """The piece without what is data; "" when nothing foreign is left."""
        if piece in self.exact or not self.foreign.search(piece):
            return ""
        if piece not in self._known:  # navigation stands on every page
            self._known[piece] = self._taken_apart(piece)
        return self._known[piece]

    def _taken_apart(self, piece: str) -> str:
        for value in self.values:
            if value in piece:
                piece = piece.replace(value, " ")
        cut = [part for part in re.split(r"[\s…]+", piece) if len(part) < FRAGMENT or part not in self.blob]
        parts = [part for part in re.split(r"[\s·,，、()（）]+", " ".join(cut)) if self.foreign.search(part)]
        return " ".join(part for part in parts if len(part) < FRAGMENT or part not in self.blob)


def _stored() -> Iterator[str]:
    kinds = (models.CharField, models.TextField, models.JSONField)
    for model in apps.get_models():
        names = [field.attname for field in model._meta.concrete_fields if isinstance(field, kinds)]
        if names:
            for row in model._base_manager.values_list(*names)[:5000]:
                for value in row:
                    yield from _texts(value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from (" ".join(line.split()) for line in value.splitlines() if line.strip())
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _texts(inner)
