"""The vocabulary of tags and the words customers carry."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import RuleBroken, StaleVersion
from core.rules import ask, require
from crm.models import Customer, Tag
from crm.operations.completeness import refresh_completeness
from crm.operations.parties import locked_customer
from crm.tags import changed_tags, tag_key, tag_name


def add_tag(*, by: Any, now: datetime, name: str, note: str = "") -> Tag:
    """Take a word into the vocabulary. Refuses one that is there already, whatever its spelling, and an empty one."""
    require(by, "crm.add_tag")
    word = tag_name(name)
    if not word:
        raise RuleBroken(errors={"name": [_("Type a word.")]})
    if Tag.objects.filter(key=tag_key(word)).exists():
        raise RuleBroken(errors={"name": [_("This word is in the vocabulary already.")]})
    with transaction.atomic():
        tag = Tag.objects.create(name=word, key=tag_key(word), note=note, creator=by)
        audit.record("crm.add_tag", tag, by=by, now=now)
    return tag


def change_tag(
    *,
    by: Any,
    now: datetime,
    tag: Tag,
    name: str,
    note: str = "",
    retired: bool = False,
    version: int | None = None,
) -> Tag:
    """Rename, explain or retire a word; customers that carry it follow a new name in the same transaction.

    A retired word stays where it is but is offered no more. Refuses the name of another word, an empty one, and a
    change based on an older `version`.
    """
    require(by, "crm.change_tag", tag)
    word = tag_name(name)
    if not word:
        raise RuleBroken(errors={"name": [_("Type a word.")]})
    if Tag.objects.filter(key=tag_key(word)).exclude(pk=tag.pk).exists():
        raise RuleBroken(errors={"name": [_("This word is in the vocabulary already.")]})
    with transaction.atomic():
        tag = Tag.objects.select_for_update().get(pk=tag.pk)
        if version not in (None, tag.version):
            raise StaleVersion(data={"version": tag.version})
        before, tag.name, tag.key = tag.name, word, tag_key(word)
        tag.note = note
        tag.retired_at = (tag.retired_at or now) if retired else None
        tag.version += 1
        tag.save()
        renamed = _rename(before, word) if before != word else 0
        audit.record("crm.change_tag", tag, by=by, now=now, data={"customers": renamed, "retired": retired})
    return tag


def _rename(before: str, after: str) -> int:
    rows = list(Customer.objects.filter(tags__contains=[before]).only("pk", "tags"))
    for row in rows:
        row.tags = [after if word == before else word for word in row.tags]
    Customer.objects.bulk_update(rows, ["tags"], 500)
    return len(rows)


def tag_customer(
    *,
    by: Any,
    now: datetime,
    customer: Customer,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    version: int | None = None,
    known: bool = False,
) -> Customer:
    """Put words on a customer and take others off; each word is written as the vocabulary has it.

    A word that is not there is taken in by whoever may add to the vocabulary and refused to everybody else; `known`
    words are those of the vocabulary already, retired or not.
    """
    with transaction.atomic():
        row = locked_customer(by, customer, version)
        require(by, "crm.tag_customer", row)
        words = list(add) if known else [_known(by, now, word) for word in add]
        tags = changed_tags(row.tags, words, remove)
        if tags != row.tags:
            before, row.tags = row.tags, tags
            row.version += 1
            row.save(update_fields=["tags", "version", "updated_at"])
            ids = dict(Tag.objects.filter(name__in={*before, *tags}).values_list("name", "pk"))
            data = {
                "add": [ids.get(word) for word in tags if word not in before],
                "remove": [ids.get(word) for word in before if word not in tags],
            }
            audit.record("crm.tag_customer", row, by=by, now=now, data=data)
            refresh_completeness([row.pk], now=now)
    return row


def tag_ids(words: Iterable[str]) -> list[int]:
    """The words of a customer as rows of the vocabulary, which outlive a new name."""
    return list(Tag.objects.filter(name__in=list(words)).order_by("pk").values_list("pk", flat=True))


def put_tags_back(*, by: Any, now: datetime, customer: Customer, tags: Iterable[int]) -> Customer:
    """Give a customer the words it carried before, under their names of today, retired ones too."""
    words = list(Tag.objects.filter(pk__in=list(tags)).order_by("pk").values_list("name", flat=True))
    gone = [word for word in words if word not in customer.tags]
    return tag_customer(
        by=by, now=now, customer=customer, add=gone, remove=set(customer.tags) - set(words), known=True
    )


def _known(by: Any, now: datetime, typed: str) -> str:
    """The word as the vocabulary writes it."""
    tag = Tag.objects.active().filter(key=tag_key(typed)).first()
    if tag is not None:
        return tag.name
    if not ask(by, "crm.add_tag"):
        sentence = _("“%(word)s” is not in the vocabulary; the CRM office or a branch manager adds words.")
        raise RuleBroken(errors={"add": [sentence % {"word": tag_name(typed)}]})
    return add_tag(by=by, now=now, name=typed).name
