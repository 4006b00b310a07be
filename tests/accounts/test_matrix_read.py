"""The permission matrix as a table: well formed, complete for the contract's verbs, closed by default."""

import pytest

from accounts.choices import Role
from accounts.matrix import BY_CODE, MATRIX, parse, rights_for

CONTRACT = {
    "service": {
        "ticket": "accept dispatch take decline travel arrive wait_parts wait_customer wait_window resume restore resolve confirm call_back close cancel reopen change_priority merge"
    },
    "complaints": {
        "complaint": "register triage acknowledge investigate wait resume propose review answer accept_answer reject_answer verify close close_unresolved withdraw mark_duplicate reopen change_severity",
        "correctiveaction": "contain submit_cause approve_cause approve_actions implement check_effect close",
    },
    "projects": {
        "project": "submit_gate approve_gate return_gate release_conditionally lose abandon cancel suspend resume change_order",
        "quotation": "submit approve return send accept expire",
        "contract": "submit review approve sign terminate",
        "paymentmilestone": "invoice receive dispute write_off",
        "internalrequest": "submit accept reject ask resume deliver return confirm rate cancel",
    },
    "crm": {
        "handover": "initiate generate_dossier refuse fill_gaps inform_customer approve complete",
        "customer": "assign transfer claim return_to_pool override_tier override_stage merge undo_merge verify_identity",
        "activity": "confirm_visit review_authenticity appeal",
        "followup": "complete snooze cancel",
    },
    "surveys": {"invitation": "send answer expire exclude", "recovery": "call propose close reask"},
}


@pytest.mark.parametrize(
    "code",
    [
        f"{app}.{verb}_{model}"
        for app, models in CONTRACT.items()
        for model, verbs in models.items()
        for verb in verbs.split()
    ],
)
def test_every_verb_of_the_contract_has_a_holder(code):
    assert rights_for(code), f"nobody may {code}"


def test_the_auditor_changes_nothing():
    allowed = {"view", "export"}
    own = {"core.add_savedview"}  # how one's own lists look changes nobody's records
    wrong = [
        r.code
        for r in MATRIX
        if r.subject == Role.AU
        and r.code not in own
        and r.code.split(".")[1].split("_")[0] not in allowed | {"manage"}
    ]
    assert wrong == []


def test_the_administrator_sees_no_business_records():
    business = ("crm.", "projects.", "service.", "surveys.")
    seen = [r.code for r in MATRIX if r.subject == Role.AD and r.code.startswith(business)]
    assert set(seen) <= {"crm.view_importbatch"}


def test_no_cell_stands_twice():
    assert len(set(MATRIX)) == len(MATRIX)


def test_every_change_right_comes_with_a_view_right():
    """A role that may act on rows of a type may see such rows; else the action would answer 404 for ever."""
    blind = []
    for code, rights in BY_CODE.items():
        app, _, verb_model = code.partition(".")
        model = verb_model.rpartition("_")[2]
        viewers = {r.subject for r in rights_for(f"{app}.view_{model}")}
        if viewers and not verb_model.startswith("add_"):
            blind += [(code, r.subject) for r in rights if r.subject.isupper() and r.subject not in viewers]
    assert blind == []


def test_misspelt_lines_are_refused():
    for line in ("crm.view_customer | XX:o", "crm.view_customer | PM:q"):
        with pytest.raises(ValueError, match="unknown"):
            parse(line)


def test_every_transition_has_a_holder_or_is_the_system_s():
    """A step nobody may take would be dead code; a misspelt code in the matrix shows here too."""
    from django.apps import apps
    from django.conf import settings

    from core.flow import transitions_of

    orphans = [
        step.permission(model)
        for model in apps.get_models()
        if model._meta.app_label in settings.OUR_APPS
        for step in transitions_of(model).values()
        if not rights_for(step.permission(model)) and not step.system
    ]
    assert orphans == []


def test_every_condition_has_a_meaning():
    """An unregistered condition holds for no row: the right would silently not exist."""
    from django.conf import settings

    from accounts.conditions import is_registered

    installed = [right for right in MATRIX if right.code.partition(".")[0] in settings.OUR_APPS]
    assert {
        right.condition for right in installed if right.condition and not is_registered(right.condition)
    } == set()


def test_the_page_shows_every_permission():
    from accounts.matrix_page import matrix_tables

    shown = [line.code for table in matrix_tables() for line in table.lines]
    assert sorted(shown) == sorted(BY_CODE)
    assert all(len(line.cells) == len(Role) for table in matrix_tables() for line in table.lines)
