"""What a structured record of a gate must say: the fields of each record item, as data for forms and pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

Sentence = str | Promise

TEXT: Final = "text"
NUMBER: Final = "number"
DATE: Final = "date"
CHOICE: Final = "choice"

FUNDS: Final = {
    "own": pgettext_lazy("funds", "Own funds"),
    "loan": pgettext_lazy("funds", "Bank loan"),
    "public": pgettext_lazy("funds", "Public budget"),
    "bond": pgettext_lazy("funds", "Bond or fund"),
    "unclear": pgettext_lazy("funds", "Not yet clear"),
}
MEDIA: Final = {
    "clean_water": pgettext_lazy("medium", "Clean water"),
    "sewage": pgettext_lazy("medium", "Sewage"),
    "sea_water": pgettext_lazy("medium", "Sea water"),
    "hot_water": pgettext_lazy("medium", "Hot water"),
    "slurry": pgettext_lazy("medium", "Slurry"),
    "oil": pgettext_lazy("medium", "Oil"),
    "chemical": pgettext_lazy("medium", "Chemical"),
}
PRICE_TERMS: Final = {
    "ex_works": pgettext_lazy("price terms", "Ex works"),
    "to_station": pgettext_lazy("price terms", "To station"),
    "to_site": pgettext_lazy("price terms", "To site"),
}
WIN_REASONS: Final = {
    "performance": pgettext_lazy("win", "Performance, efficiency"),
    "price": pgettext_lazy("win", "Price"),
    "lead_time": pgettext_lazy("win", "Delivery time"),
    "references": pgettext_lazy("win", "Brand, references"),
    "service": pgettext_lazy("win", "Service"),
    "trust": pgettext_lazy("win", "Trust"),
    "designer": pgettext_lazy("win", "Designer's recommendation"),
    "unique_spec": pgettext_lazy("win", "Unique specification"),
}
WARRANTY: Final = {
    "12": pgettext_lazy("warranty", "12 months"),
    "18": pgettext_lazy("warranty", "18 months"),
    "24": pgettext_lazy("warranty", "24 months"),
    "36": pgettext_lazy("warranty", "36 months"),
}


@dataclass(frozen=True)
class Entry:
    """One field of a record; `choices` for CHOICE, `unit` behind a NUMBER."""

    name: str
    label: Sentence
    kind: str = TEXT
    unit: str = ""
    choices: tuple[tuple[str, Sentence], ...] = ()
    required: bool = True


def _choice(name: str, label: Sentence, choices: Mapping[str, Sentence]) -> Entry:
    return Entry(name, label, CHOICE, choices=tuple(choices.items()))


RECORDS: Final[dict[str, tuple[Entry, ...]]] = {
    "need_sheet": (
        Entry("text", pgettext_lazy("record", "What the customer needs, and by when")),
        Entry("quantity", pgettext_lazy("record", "Number of pumps"), NUMBER),
    ),
    "budget_source": (
        _choice("funds", pgettext_lazy("record", "Source of funds"), FUNDS),
        Entry("budget", pgettext_lazy("record", "Budget"), NUMBER, unit="¥"),
    ),
    "competitors": (Entry("text", pgettext_lazy("record", "Who else offers, and how strong they are")),),
    "duty_points": (
        _choice("medium", pgettext_lazy("record", "Medium"), MEDIA),
        Entry("flow", pgettext_lazy("record", "Flow Q"), NUMBER, unit="m³/h"),
        Entry("head", pgettext_lazy("record", "Head H"), NUMBER, unit="m"),
        Entry("text", pgettext_lazy("record", "Material and seal")),
    ),
    "deviation_list": (
        Entry("text", pgettext_lazy("record", "Deviations from the enquiry, or why there are none")),
    ),
    "quotation_terms": (
        _choice("terms", pgettext_lazy("record", "Price terms"), PRICE_TERMS),
        Entry("valid_until", pgettext_lazy("record", "Valid until"), DATE),
        Entry("lead_days", pgettext_lazy("record", "Delivery time"), NUMBER, unit="d"),
    ),
    "result": (
        _choice("win_reason", pgettext_lazy("record", "Why we won"), WIN_REASONS),
        Entry("text", pgettext_lazy("record", "Result of tender or negotiation")),
    ),
    "contract_review": (
        Entry(
            "text",
            pgettext_lazy("record", "Findings of technology, production, quality, finance, after-sales"),
        ),
        _choice("warranty", pgettext_lazy("record", "Warranty"), WARRANTY),
    ),
}


def record_words(item: str, values: dict[str, str]) -> list[tuple[Sentence, Sentence]]:
    """A kept record as (label, value) pairs in the reader's language."""
    words: list[tuple[Sentence, Sentence]] = []
    for entry in RECORDS.get(item, ()):
        value = values.get(entry.name, "")
        if value != "":
            shown = dict(entry.choices).get(value, value)
            words.append((entry.label, f"{shown} {entry.unit}".strip() if entry.unit else shown))
    return words
