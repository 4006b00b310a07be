"""`draw_states`: every state diagram of the product, drawn from the transitions themselves."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import translation

from config.documents import DocumentCommand
from core.flow import STATE, Transition, transitions_of

MANY = 4  # a step from or to more states than these would only cover the picture with arrows
INTRODUCTION = """# States

Drawn from the `@transition`s by `./impeller manage draw_states`; a test compares. Arrows carry the verb, which is also the
page's address, the API's route and the permission. ⏱ marks steps the clock takes too; a diamond leads to one of several
states, chosen by what the step finds. Steps that start from many states stand in a table instead.
[How to add one](how-to/add-a-transition.md)
"""


class Command(DocumentCommand):
    """Code and picture cannot part: the picture is made of the code."""

    help = "Write docs/states.md; --check fails when the transitions no longer are what it shows."
    document = "docs/states.md"

    def text(self) -> str:
        """All diagrams, in the order of the floors."""
        return "\n".join([INTRODUCTION, *(section(model) for model in stateful_models())])


def stateful_models() -> list[type[models.Model]]:
    """The models with transitions, floor by floor."""
    order: list[str] = [*settings.OUR_APPS]
    found = [model for model in apps.get_models() if model._meta.app_label in order and transitions_of(model)]
    return sorted(found, key=lambda model: (order.index(model._meta.app_label), model.__name__))


def section(model: type[models.Model]) -> str:
    """One model: its diagram, the steps too wide for it, and its states in both languages."""
    field: Any = model._meta.get_field(STATE)
    order = [str(code) for code, _label in field.flatchoices]
    steps = sorted(
        transitions_of(model).values(),
        key=lambda step: ([order.index(c) for c in codes(step.source, order)], step.verb),
    )
    drawn = [step for step in steps if 0 < len(step.targets) <= MANY and len(step.source) <= MANY]
    lines = [f"## {model._meta.label} · {words(model._meta.verbose_name)}", ""]
    if drawn:
        start = f"    [*] --> {field.get_default()}"
        lines += ["```mermaid", "stateDiagram-v2", start, *edges(drawn, order), "```", ""]
    if listed := [step for step in steps if step not in drawn]:
        lines += ["| step | from | to |", "|---|---|---|", *(row(step, order) for step in listed), ""]
    used = {str(field.get_default()), *(str(code) for step in steps for code in step.source | step.targets)}
    lines += ["| state | 中文 | English |", "|---|---|---|"]
    lines += [
        f"| `{code}` | {in_language(label, 'zh-hans')} | {in_language(label, 'en')} |"
        for code, label in field.flatchoices
        if code in used
    ]
    return "\n".join([*lines, ""])


def edges(steps: list[Transition], order: list[str]) -> Iterator[str]:
    """The lines of a diagram; steps between the same two states share an arrow."""
    arrows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for step in steps:
        sources, targets = codes(step.source, order), codes(step.targets, order)
        if len(targets) > 1:
            yield f"    state {step.verb}_choice <<choice>>"
            yield from (f"    {source} --> {step.verb}_choice: {name_of(step)}" for source in sources)
            yield from (f"    {step.verb}_choice --> {target}" for target in targets)
            continue
        for source in sources:
            arrows[source, targets[0]].append(name_of(step))
    for (source, target), verbs in sorted(
        arrows.items(), key=lambda arrow: [order.index(state) for state in arrow[0]]
    ):
        yield f"    {source} --> {target}: {' / '.join(verbs)}"


def row(step: Transition, order: list[str]) -> str:
    """A table row for a step that is not drawn."""
    targets = span(codes(step.targets, order), order) if step.targets else "stays"
    return f"| {name_of(step)} | {span(codes(step.source, order), order)} | {targets} |"


def span(found: list[str], order: list[str]) -> str:
    """Codes in words: runs of three and more shortened to their ends."""
    runs: list[list[str]] = []
    for code in found:
        if runs and order.index(code) == order.index(runs[-1][-1]) + 1:
            runs[-1].append(code)
        else:
            runs.append([code])
    return ", ".join(
        f"`{run[0]}` … `{run[-1]}`" if len(run) > 2 else ", ".join(f"`{code}`" for code in run)
        for run in runs
    )


def codes(states: frozenset[str], order: list[str]) -> list[str]:
    """Plain codes in the order in which the model names them."""
    return sorted((str(state) for state in states), key=order.index)


def name_of(step: Transition) -> str:
    """The verb, marked when the clock takes the step too."""
    return f"{step.verb} ⏱" if step.system else step.verb


def words(label: Any) -> str:
    """A label in both languages."""
    return f"{in_language(label, 'zh-hans')} · {in_language(label, 'en')}"


def in_language(label: Any, language: str) -> str:
    """A label in one language."""
    with translation.override(language):
        return str(label)
