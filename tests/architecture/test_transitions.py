"""Every transition has a row in the permission matrix, a label in both languages and a test that runs it."""

from django.apps import apps
from django.utils import translation

from core.flow import transitions_of
from tests.architecture.source import FLOORS, ROOT


def stateful_models():
    return [model for model in apps.get_models() if model._meta.app_label in FLOORS and transitions_of(model)]


def test_every_transition_is_in_the_matrix():
    from accounts.matrix import BY_CODE

    missing = [
        step.permission(model)
        for model in stateful_models()
        for step in transitions_of(model).values()
        if step.permission(model) not in BY_CODE and not step.system
    ]
    assert not missing


def test_states_named_by_transitions_exist_and_are_labelled_in_both_languages():
    problems = []
    for model in stateful_models():
        choices = dict(model._meta.get_field("state").flatchoices)
        for step in transitions_of(model).values():
            for code in step.source | step.targets:
                if code not in choices:
                    problems.append(f"{model.__name__}.{step.verb}: unknown state {code}")
        for code, label in choices.items():
            with translation.override("zh-hans"):
                chinese = str(label)
            with translation.override("en"):
                english = str(label)
            if chinese == english or not chinese or not english:
                problems.append(f"{model.__name__} {code}: {english!r} / {chinese!r}")
    assert not problems, "\n".join(problems)


def test_every_transition_is_run_by_a_test():
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    untested = [
        f"{model.__name__}.{verb}"
        for model in stateful_models()
        for verb in transitions_of(model)
        if f".{verb}(" not in tests and f"/{verb}/" not in tests and f'"{verb}"' not in tests
    ]
    assert not untested


def test_there_are_transitions_to_speak_of():
    assert len(stateful_models()) >= 5
