"""Statements put together from remembered columns are those that Django writes."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql import compiler as postgresql
from django.db.models import Count, F

from accounts.models import User
from config.quick_compiler import SQLCompiler
from crm.models import Contact, Customer, FollowUp
from service.models import Ticket

OURS = [model for app in settings.OUR_APPS for model in apps.get_app_config(app).get_models()]
QUERIES = {
    "whole rows": lambda: Customer.objects.all(),
    "some columns": lambda: Customer.objects.only("name"),
    "without one": lambda: Customer.objects.defer("name"),
    "joined": lambda: FollowUp.objects.select_related("customer__owner"),
    "filtered through a relation": lambda: Contact.objects.filter(customer__owner__username="pm"),
    "with an annotation": lambda: Customer.objects.annotate(people=Count("contacts")),
    "values": lambda: Ticket.objects.values_list("code", F("customer__name")),
    "within another": lambda: Customer.objects.filter(pk__in=Ticket.objects.values("customer")),
    "the same table twice": lambda: User.objects.filter(manager__manager__username="bm"),
    "locked and cut": lambda: Ticket.objects.select_for_update(of=("self",)).order_by("-pk")[:3],
    "united": lambda: User.objects.filter(pk=1).union(User.objects.filter(pk=2)),
}


def told(compiler_class, query):
    """The statement, its parameters, and how the rows' values are read."""
    compiler = compiler_class(query.clone(), connection, "default")
    statement = compiler.as_sql()
    ways = compiler.get_converters([column for column, _, _ in compiler.select or ()])
    kept = {name: (compiler.klass_info or {}).get(name) for name in ("model", "select_fields")}
    return statement, kept, {place: list(map(str, found)) for place, (found, _) in ways.items()}


def assert_same(query):
    for _ in range(2):  # the second time from memory
        assert told(SQLCompiler, query) == told(postgresql.SQLCompiler, query)


@pytest.mark.parametrize("made", QUERIES.values(), ids=QUERIES.keys())
@pytest.mark.django_db
def test_a_statement_is_the_one_django_writes(made):
    assert_same(made().query)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
@pytest.mark.django_db
def test_every_model_reads_the_same_columns(model):
    assert_same(model._default_manager.all().query)


def test_the_connection_uses_it():
    assert type(Customer.objects.all().query.get_compiler("default")) is SQLCompiler
