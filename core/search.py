"""The search column: which tokens a name leaves in the index, and which of them a typed query asks for. Pure.

One `tsvector` holds four kinds of token with positions, so that a phrase query is exact without a second look:
two-character windows of the text itself (any language), of its pinyin initials (`~`), neighbouring pinyin syllables
(`^`), and the tails of codes (`#`). Two characters are what makes a two-hanzi query selective.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from core.pinyin import SYLLABLES, person_readings, readings

INITIALS: Final = "~"
SYLLABLE: Final = "^"
CODE: Final = "#"

MAX_WORDS: Final = 6
MAX_QUERY: Final = 60
MAX_SOURCE: Final = 400
_MAX_POSITION: Final = 16_000
_MAX_SPLITS: Final = 6
_STARTS: Final = frozenset(syllable[:size] for syllable in SYLLABLES for size in range(1, len(syllable) + 1))


class Term(NamedTuple):
    """One token and where it stands; neighbours in the text stand one apart."""

    token: str
    position: int


@dataclass(frozen=True)
class Query:
    """What was typed, understood. `tsquery` is empty when nothing in it can be searched.

    `kinds` ⊆ hanzi, latin, digits, code, phone, last_four: what the words may be. `phone` is a whole number in digits
    as normalised for comparison, `last_four` the four last digits: both are looked up by hash columns, not here.
    """

    text: str
    tsquery: str
    kinds: frozenset[str]
    phone: str = ""
    last_four: str = ""


def normalise(text: str) -> str:
    """The form in which texts are compared: NFKC, case folded, letters and digits of any script only."""
    if text.isascii():
        folded = text.lower()
    else:
        folded = unicodedata.normalize("NFKC", text).casefold().replace("ü", "v")
    return folded if folded.isalnum() else "".join(filter(str.isalnum, folded))


def build_search_terms(
    names: Iterable[str | None] = (),
    *,
    people: Iterable[str | None] = (),
    codes: Iterable[str | None] = (),
) -> list[Term]:
    """The tokens of a row: `names` and `people` by text and pinyin (surnames read as such), `codes` by their tails.

    The same function fills the column from forms, bulk writes and COPY, so all three give equal rows.
    """
    terms: list[Term] = []
    position = 1
    for tokens in _sequences(names, people, codes):
        if position + len(tokens) > _MAX_POSITION:
            break
        terms.extend(Term(token, position + index) for index, token in enumerate(tokens))
        position += len(tokens) + 1
    return terms


def search_vector(
    names: Iterable[str | None] = (),
    *,
    people: Iterable[str | None] = (),
    codes: Iterable[str | None] = (),
) -> str:
    """`build_search_terms` as the text of a PostgreSQL `tsvector`."""
    places: dict[str, list[str]] = {}
    for token, position in build_search_terms(names, people=people, codes=codes):
        places.setdefault(token, []).append(str(position))
    return " ".join(f"'{token}':{','.join(found)}" for token, found in places.items())


def query_terms(typed: str) -> Query:
    """Understand what was typed: every word must be found, each as text, initials, pinyin or code."""
    text = unicodedata.normalize("NFKC", typed[:MAX_QUERY])
    digits = normalise(text) if _looks_like_phone(text) else ""
    words = [digits] if digits else [word for word in map(normalise, text.split()) if word][:MAX_WORDS]
    kinds = {kind for word in words for kind in _kinds(word)}
    last_four = words[0] if len(words) == 1 and re.fullmatch(r"\d{4}", words[0]) else ""
    if last_four:
        kinds.add("last_four")
    if digits:
        kinds.add("phone")
    return Query(
        text=" ".join(words),
        tsquery=" & ".join(_word_query(word) for word in words),
        kinds=frozenset(kinds),
        phone=digits,
        last_four=last_four,
    )


def pinyin_sort_key(name: str) -> str:
    """A key that sorts names as a Chinese reader expects: by pinyin, syllable by syllable."""
    text = normalise(name)[:MAX_SOURCE]
    return " ".join(readings(text)[0]) if text else ""


def pinyin_initials(name: str) -> str:
    """The initials of a name in its likeliest reading: 云润水务 gives yrsw."""
    return "".join(syllable[0] for syllable in pinyin_sort_key(name).split())


def beginnings_vector(names: Iterable[str | None]) -> str:
    """What a person's name may begin with, as the text of a `tsvector`: each name whole, its pinyin and its initials."""
    words: list[str] = []
    for name in filter(None, names):
        text = normalise_line(name)
        words.append(text)
        if not text.isascii():
            spoken = person_readings(normalise(text))
            words += ["".join(reading) for reading in spoken]
            words += ["".join(part[0] for part in reading) for reading in spoken]
    return " ".join(_quoted(word) for word in dict.fromkeys(words))


def beginning_query(typed: str) -> str:
    """The `tsquery` for a typed beginning; empty when nothing was typed."""
    word = normalise_line(typed)
    return f"{_quoted(word)}:*" if word else ""


def normalise_line(text: str) -> str:
    """One width, lower case, blanks single: a name as it is typed from its beginning."""
    return " ".join(unicodedata.normalize("NFKC", text[:MAX_SOURCE]).lower().split())


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _sequences(
    names: Iterable[str | None], people: Iterable[str | None], codes: Iterable[str | None]
) -> Iterator[list[str]]:
    """Runs of tokens whose neighbours are neighbours in the text."""
    seen: set[tuple[bool, str]] = set()
    for is_person, texts in ((False, names), (True, people)):
        for raw in texts:
            text = normalise(raw or "")[:MAX_SOURCE]
            if not text or (is_person, text) in seen:
                continue
            seen.add((is_person, text))
            yield _windows(text)
            if not text.isascii():
                yield from _spoken(person_readings(text) if is_person else readings(text))
    for raw in codes:
        yield from ([f"{CODE}{tail}"] for tail in _tails(raw or ""))


def _windows(text: str, mark: str = "") -> list[str]:
    """Every two-character window and the last character: a prefix of each finds any single character too."""
    return [mark + text[index : index + 2] for index in range(len(text))]


def _spoken(spoken: list[tuple[str, ...]]) -> Iterator[list[str]]:
    """Initials and syllable pairs of each different reading."""
    initials = dict.fromkeys("".join(part[0] for part in reading) for reading in spoken)
    for letters in initials:
        yield _windows(letters, INITIALS)
    for run in dict.fromkeys(run for reading in spoken for run in _syllable_runs(reading)):
        following = (*run[1:], "")
        yield [f"{SYLLABLE}{first}-{second}" for first, second in zip(run, following, strict=True)]


def _syllable_runs(reading: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The unbroken stretches of syllables in a reading; letters and digits of the name lie between."""
    run: list[str] = []
    for part in reading:
        if part in SYLLABLES:
            run.append(part)
        elif run:
            yield tuple(run)
            run = []
    if run:
        yield tuple(run)


def _tails(code: str) -> list[str]:
    """A code from each of its parts to the end, so that it is found by whole, by year and number, or by number."""
    parts = [normalise(part) for part in re.split(r"[-_/\s.]+", unicodedata.normalize("NFKC", code))]
    parts = [part for part in parts if part]
    return list(dict.fromkeys("".join(parts[index:]) for index in range(len(parts))))


def _kinds(word: str) -> Iterator[str]:
    if not word.isascii():
        yield "hanzi"
    elif word.isdigit():
        yield "digits"
        yield "code"
    else:
        yield "latin"
        if any(map(str.isdigit, word)):
            yield "code"


def _looks_like_phone(text: str) -> bool:
    """Digits with the usual separators, seven to fifteen of them: a whole number, not a code."""
    digits = sum(map(str.isdigit, text))
    return 7 <= digits <= 15 and re.fullmatch(r"\+?[0-9\s().-]+", text.strip()) is not None


def _word_query(word: str) -> str:
    """One word as a `tsquery`: any of the ways in which it may be meant."""
    ways = [_phrase(word)]
    if word.isascii():
        ways.append(_phrase(word, INITIALS))
        ways.append(f"'{CODE}{word}':*")
        ways.extend(_syllable_phrase(split) for split in _splits(word))
    elif mixed := _mixed(word):
        ways.append(mixed)
    return f"({' | '.join(dict.fromkeys(ways))})" if len(ways) > 1 else ways[0]


def _phrase(text: str, mark: str = "") -> str:
    """The windows of a text standing side by side; a single character is found by prefix."""
    if len(text) == 1:
        return f"'{mark}{text}':*"
    return f"({' <-> '.join(f"'{window}'" for window in _windows(text, mark)[:-1])})"


def _syllable_phrase(split: tuple[str, ...]) -> str:
    """Neighbouring syllables, the last of which may still be half typed."""
    if len(split) == 1:
        return f"'{SYLLABLE}{split[0]}':*"
    pairs = [f"'{SYLLABLE}{first}-{second}'" for first, second in pairwise(split)]
    return f"({' <-> '.join(pairs)}:*)"


@lru_cache(maxsize=1024)
def _splits(word: str) -> tuple[tuple[str, ...], ...]:
    """The ways to read letters as pinyin, longest syllables first; the last syllable may be incomplete."""
    if len(word) < 2 or not word.isalpha():
        return ()
    return tuple(_split(word, [_MAX_SPLITS]))


def _split(word: str, left: list[int]) -> Iterator[tuple[str, ...]]:
    """Depth-first through the syllables, giving up after `left[0]` results."""
    if not left[0]:
        return
    if word in _STARTS:
        left[0] -= 1
        yield (word,)
    for size in range(min(6, len(word) - 1), 0, -1):
        if word[:size] in SYLLABLES:
            for rest in _split(word[size:], left):
                yield (word[:size], *rest)


def _mixed(word: str) -> str:
    """Hanzi with letters, such as 云润sw: each stretch as text or initials, all of them present."""
    runs = re.findall(r"[a-z]+|[^a-z]+", word)
    if len(runs) < 2:
        return ""
    return (
        f"({' & '.join(_phrase(run, INITIALS if run.isascii() and run.isalpha() else '') for run in runs)})"
    )
