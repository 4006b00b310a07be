"""Each law holds for every module of the product, and each test of a law can fail."""

import pytest

from tests.architecture.laws import LAWS
from tests.architecture.source import Module, modules

# For each law one module that breaks it and one that looks similar and keeps it: (path, source) pairs.
BROKEN = {
    1: [("crm/views.py", "if customer.state == 'open':\n    x = 1")],
    2: [
        ("crm/views.py", "rows = Customer.objects.filter(pk=1)"),
        ("crm/api/viewsets.py", "rows = Customer._default_manager.all()"),
    ],
    3: [
        ("crm/operations.py", "followup.state = 'done'"),
        ("crm/operations.py", "FollowUp.objects.filter(pk=1).update(state='done')"),
        ("crm/operations.py", "setattr(followup, 'state', 'done')"),
    ],
    4: [
        ("crm/operations.py", "try:\n    x()\nexcept ValueError:\n    pass"),
        (
            "crm/operations.py",
            "def assign(*, by) -> Customer:\n    if not by:\n        return\n    return by",
        ),
        ("crm/operations.py", "with suppress(Exception):\n    x()"),
    ],
    5: [
        ("crm/operations.py", "from django.http import HttpRequest"),
        ("crm/rules.py", "def may(request):\n    return True"),
        ("service/sla.py", "from rest_framework import serializers"),
    ],
    6: [("core/notify.py", "from accounts.models import User"), ("crm/models.py", "import service.models")],
    7: [
        (
            "crm/models.py",
            "class A:\n    @property\n    def is_late(self):\n        return timezone.now() > self.due",
        ),
        ("crm/models.py", "class A:\n    @property\n    def may(self, user):\n        return True"),
    ],
    8: [("crm/operations.py", "def get_customer(pk):\n    return Customer.objects.get(pk=pk)")],
    9: [
        ("crm/models.py", "class A:\n    def save(self):\n        self.x = 1"),
        ("crm/apps.py", "@receiver(post_save)\ndef on_save(sender):\n    x()"),
        ("crm/apps.py", "from django.db.models.signals import post_save"),
    ],
}
KEPT = {
    1: [
        ("crm/operations.py", "if customer.state == 'open':\n    x = 1"),
        ("crm/views.py", "if step.verb == 'close':\n    x = 1"),
    ],
    2: [("crm/views.py", "rows = Customer.objects.visible_to(user).filter(pk=1)")],
    3: [
        ("core/flow.py", "setattr(locked, STATE, after)"),
        ("crm/operations.py", "FollowUp.objects.create(state='open')"),
    ],
    4: [("crm/operations.py", "def tell(*, by) -> None:\n    if not by:\n        return\n    x()")],
    5: [("crm/views.py", "from django.http import HttpRequest")],
    6: [("accounts/models.py", "from core.models import Task"), ("config/urls.py", "import kpi.urls")],
    7: [("crm/models.py", "class A:\n    def is_late_at(self, now):\n        return now > self.due")],
    8: [("crm/operations.py", "def find(pk):\n    return Customer.objects.filter(pk=pk, deleted_at=None)")],
    9: [("crm/models.py", "class A:\n    def clean(self):\n        x()")],
}


@pytest.mark.parametrize("law", sorted(LAWS))
def test_the_law_holds_everywhere(law):
    findings = [f"{module.path}:{line} {what}" for module in modules() for line, what in LAWS[law](module)]
    assert not findings, f"{LAWS[law].__doc__}\n" + "\n".join(findings)


@pytest.mark.parametrize(
    ("law", "path", "text"), [(law, *sample) for law, samples in BROKEN.items() for sample in samples]
)
def test_the_law_finds_who_breaks_it(law, path, text):
    assert list(LAWS[law](Module(path, text)))


@pytest.mark.parametrize(
    ("law", "path", "text"), [(law, *sample) for law, samples in KEPT.items() for sample in samples]
)
def test_the_law_leaves_others_alone(law, path, text):
    assert not list(LAWS[law](Module(path, text)))


def test_every_law_is_tested():
    """Law 10: every law above has a test, and that test was seen failing."""
    assert set(LAWS) == set(BROKEN) == set(KEPT) == set(range(1, 10))
    assert len(modules()) > 100, "the walk over the source found too little to mean anything"
