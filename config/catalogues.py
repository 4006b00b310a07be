"""Translations without system gettext: collect the words in use, merge the apps' parts, judge and compile them.

Source strings are English; `locale/parts/<app>.po` holds the Chinese of one app, `locale/zh_Hans/…/django.po` all of it.
"""

import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PARTS = ROOT / "locale" / "parts"
MERGED = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
COMPILED = MERGED.with_suffix(".mo")
CODE = (
    "core",
    "accounts",
    "training",
    "crm",
    "projects",
    "service",
    "complaints",
    "surveys",
    "kpi",
    "config",
)
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sdif]|\{(\w*)\}|%[sd]")
HAN = re.compile(r"[\u3400-\u9fff]")
Key = tuple[str, str | None]


def source_files() -> Iterator[Path]:
    """Yield every file whose words people see."""
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path
    for suffix in ("html", "txt", "svg", "js"):
        yield from sorted((ROOT / "templates").rglob(f"*.{suffix}"))


def extract_words() -> Catalog:
    """Return every translatable string in use, with the files it stands in."""
    from django.utils.translation.template import templatize

    catalog = Catalog()
    for path in source_files():
        text = path.read_text(encoding="utf-8")
        name = str(path.relative_to(ROOT))
        if path.suffix != ".py":
            text = templatize(text, origin=name)
        for _line, words, _comments, context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
            if words and (words if isinstance(words, str) else words[0]):
                catalog.add(words, locations=[(name, 0)], context=context)
    return catalog


def messages(catalog: Catalog) -> Iterator[Message]:
    """Yield the catalogue's messages without its header."""
    return (message for message in catalog if message.id)


def key(message: Message) -> Key:
    """Return what identifies a message: its text (the singular of a plural) and context."""
    return (message.id if isinstance(message.id, str) else message.id[0], message.context)


def read_parts() -> tuple[dict[Key, Message], list[str]]:
    """Return the translations of all parts, and where two parts disagree about the same words."""
    found: dict[Key, Message] = {}
    origin: dict[Key, str] = {}
    conflicts = []
    for path in sorted(PARTS.glob("*.po")):
        with path.open("rb") as file:
            catalog = read_po(file, locale="zh_Hans")
        for message in messages(catalog):
            if not is_translated(message):
                continue
            other = found.get(key(message))
            if other is not None and forms(other) != forms(message):
                conflicts.append(f"{path.name} and {origin[key(message)]} disagree: {key(message)[0]!r}")
                continue
            found[key(message)] = message
            origin[key(message)] = path.name
    return found, conflicts


def forms(message: Message) -> tuple[str, ...]:
    """Return the translation's forms (Chinese has one)."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def is_translated(message: Message) -> bool:
    """Tell whether there is a finished translation."""
    return all(forms(message)) and bool(forms(message)) and not message.fuzzy


def problems() -> list[str]:
    """Return what keeps the catalogue from being complete: missing, unfinished or broken translations."""
    translated, found = read_parts()
    for message in messages(extract_words()):
        text, place = key(message)[0], message.locations[0][0]
        if HAN.search(text):
            found.append(f"{place}: source strings are English: {text!r}")
        match = translated.get(key(message))
        if match is None:
            found.append(
                f"{place}: no Chinese for {text!r}" + (f" ({message.context})" if message.context else "")
            )
            continue
        sources = [text] if isinstance(message.id, str) else list(message.id)
        wanted = {name for source in sources for name in placeholders(source)}
        for form in forms(match):
            if extra := placeholders(form) - wanted:
                found.append(f"{place}: {form!r} uses {sorted(extra)}, which {text!r} does not give")
    return found


def placeholders(text: str) -> set[str]:
    """Return the named or bare places of a format string."""
    return {match.group(0) for match in PLACEHOLDER.finditer(text.replace("%%", ""))}


def merge() -> Catalog:
    """Return the catalogue of all words in use with their Chinese, in order of the words."""
    translated, _conflicts = read_parts()
    catalog = Catalog(locale="zh_Hans", project="Impeller", charset="utf-8", fuzzy=False)
    for message in sorted(messages(extract_words()), key=lambda one: (key(one)[0], one.context or "")):
        match = translated.get(key(message))
        files = sorted({name for name, _ in message.locations})
        flags = {flag for flag in message.flags if flag != "fuzzy"}
        catalog.add(
            message.id,
            _fitting(message, match) if match else None,
            locations=[(name, 0) for name in files[:3]],
            flags=flags,
            context=message.context,
        )
    return catalog


def _fitting(message: Message, match: Message) -> str | tuple[str, ...]:
    """Return the translation in the shape the message asks for (one text, or one plural form)."""
    return forms(match)[0] if isinstance(message.id, str) else (forms(match)[0],)


def as_text(catalog: Catalog) -> bytes:
    """Return the catalogue as a PO file without dates or line numbers, so that it only changes with the words."""
    out = io.BytesIO()
    write_po(out, catalog, width=110, omit_header=True, include_lineno=False, sort_output=False)
    header = (
        b'# Chinese of Impeller. Made by `./impeller manage catalogues` from locale/parts; edit the parts.\nmsgid ""\n'
        b'msgstr ""\n"Language: zh_Hans\\n"\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        b'"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    )
    return header + out.getvalue().strip() + b"\n"


def compile_all() -> bool:
    """Write the .mo file when a source is newer; the parts win over the merged file. Returns whether it was written."""
    sources = [path for path in (MERGED, *sorted(PARTS.glob("*.po"))) if path.exists()]
    newest = max((path.stat().st_mtime_ns for path in sources), default=0)
    if not sources or (COMPILED.exists() and COMPILED.stat().st_mtime_ns >= newest):
        return False
    catalog = Catalog(locale="zh_Hans", charset="utf-8", fuzzy=False)
    for message in _translations(sources):
        catalog.add(message.id, message.string, context=message.context)
    COMPILED.parent.mkdir(parents=True, exist_ok=True)
    draft = COMPILED.with_suffix(".mo.new")
    with draft.open("wb") as file:
        write_mo(file, catalog)
    draft.replace(COMPILED)
    return True


def _translations(sources: Iterable[Path]) -> Iterable[Message]:
    found: dict[Key, Message] = {}
    for path in sources:
        with path.open("rb") as file:
            for one in filter(is_translated, messages(read_po(file, locale="zh_Hans"))):
                asked = found.get(
                    key(one), one
                )  # a part may leave out the plural, the merged file never does
                found[key(one)] = Message(asked.id, _fitting(asked, one), context=one.context)
    return found.values()
