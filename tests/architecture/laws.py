"""The ten laws of the house as functions from a module to its findings (line, what is wrong)."""

import ast
from collections.abc import Iterator

from tests.architecture.source import FLOORS, Module, body_of, dotted, functions, imported

Finding = tuple[int, str]
CLOCKS = {
    "db_now",
    "timezone.now",
    "datetime.now",
    "date.today",
    "datetime.today",
    "timezone.localdate",
    "time.time",
}
STATE_WRITERS = {"core/flow.py"}
# The queue rows of the machinery have a technical state of their own, written under a lease instead of a transition.
QUEUE_WRITERS = {"core/outbox.py"}
WEB = (
    "django.http",
    "django.shortcuts",
    "rest_framework",
    "django.contrib.messages",
    "django.template",
    "django_htmx",
)
ORM_CALLS = {"get", "filter", "create", "all", "exclude", "first", "delete", "update"}


def a_rule_lives_once(module: Module) -> Iterator[Finding]:
    """Law 1: faces compare no state codes; which step is possible is asked, not re-derived."""
    if not module.is_face:
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(isinstance(side, ast.Attribute) and side.attr == "state" for side in sides):
                yield node.lineno, "compares a state"


def rows_come_from_visible_to(module: Module) -> Iterator[Finding]:
    """Law 2: faces read `.objects` only through `.objects.visible_to`."""
    if not module.is_face:
        return
    parents = {child: node for node in ast.walk(module.tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager", "_base_manager"):
            parent = parents.get(node)
            if not (isinstance(parent, ast.Attribute) and parent.attr == "visible_to"):
                yield node.lineno, f"reads {dotted(node)} without visible_to"


def state_changes_only_in_transitions(module: Module) -> Iterator[Finding]:
    """Law 3: nobody assigns `.state` or updates a state column except the transition decorator."""
    if module.path in STATE_WRITERS | QUEUE_WRITERS:
        return
    for node in ast.walk(module.tree):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, (ast.AugAssign, ast.AnnAssign)):
            targets = [node.target]
        for target in targets:
            if isinstance(target, ast.Attribute) and target.attr == "state":
                yield node.lineno, "assigns .state"
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            words = {keyword.arg for keyword in node.keywords}
            if name == "update" and "state" in words:
                yield node.lineno, "updates state in SQL"
            if name == "setattr" and len(node.args) > 1 and ast.unparse(node.args[1]) in ("'state'", "STATE"):
                yield node.lineno, "sets state by name"


def refusals_are_loud(module: Module) -> Iterator[Finding]:
    """Law 4: no swallowed exception and no silent way out of an operation."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ExceptHandler) and all(isinstance(step, ast.Pass) for step in node.body):
            yield node.lineno, "swallows an exception"
        if isinstance(node, ast.Call) and dotted(node.func).endswith("suppress"):
            names = {ast.unparse(argument) for argument in node.args}
            if names & {"Exception", "BaseException", "DomainError"}:
                yield node.lineno, "suppresses every exception"
    if module.name == "operations" or "/operations/" in module.path:
        for function in functions(module.tree):
            if function.returns is None or ast.unparse(function.returns) == "None":
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Return) and node.value is None:
                    yield node.lineno, "returns silently instead of refusing"


def domain_knows_no_request(module: Module) -> Iterator[Finding]:
    """Law 5: below the faces there is no request, no template, no message, no DRF."""
    if module.is_face or module.is_command or module.app == "config":
        return
    if module.path in ALLOWED_WEB or module.name in ("outbox_handlers", "filters"):
        return
    for name, line in imported(module.tree):
        if name.startswith(WEB):
            yield line, f"imports {name}"
    for function in functions(module.tree):
        if any(argument.arg == "request" for argument in function.args.args):
            yield function.lineno, f"{function.name} takes a request"


# Below the faces, but of the web by nature: Django hands sign-in a request. (Mail bodies are templates, and
# filters are shared by pages and API, which hand them the request they came with.)
ALLOWED_WEB = {"core/rules.py"}


def imports_point_down(module: Module) -> Iterator[Finding]:
    """Law 6: an app imports only from floors below its own."""
    height = FLOORS.index(module.app)
    for name, line in imported(module.tree):
        top = name.split(".")[0]
        if top in FLOORS and FLOORS.index(top) > height:
            yield line, f"imports {name} from above"


def properties_read_no_clock_and_no_user(module: Module) -> Iterator[Finding]:
    """Law 7: what depends on time or a person is a method with an argument."""
    for function in functions(module.tree):
        decorators = {dotted(decorator) for decorator in function.decorator_list}
        if not decorators & {"property", "cached_property", "functools.cached_property"}:
            continue
        if module.is_face:
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and dotted(node.func) in CLOCKS:
                yield node.lineno, f"property {function.name} reads a clock"
        if any(argument.arg in ("user", "by") for argument in function.args.args):
            yield function.lineno, f"property {function.name} takes a user"


def no_pass_through(module: Module) -> Iterator[Finding]:
    """Law 8: no function that only renames one ORM call with its own arguments."""
    for function in functions(module.tree):
        body = body_of(function)
        if len(body) != 1 or not isinstance(body[0], (ast.Return, ast.Expr)):
            continue
        call = body[0].value
        if not (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr in ORM_CALLS
        ):
            continue
        if not dotted(call.func.value).endswith(".objects"):
            continue
        own = {argument.arg for argument in [*function.args.args, *function.args.kwonlyargs]} - {
            "self",
            "cls",
        }
        given = {ast.unparse(argument) for argument in call.args}
        given |= {ast.unparse(keyword.value) for keyword in call.keywords}
        if given <= own and all(
            keyword.arg in (None, ast.unparse(keyword.value)) for keyword in call.keywords
        ):
            yield function.lineno, f"{function.name} only renames {dotted(call.func)}"


def no_save_overrides_and_no_signals(module: Module) -> Iterator[Finding]:
    """Law 9: saving a row does nothing but save it, and nobody listens behind its back."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef) and not module.is_face:
            for member in node.body:
                if (
                    isinstance(member, ast.FunctionDef)
                    and member.name in ("save", "delete")
                    and "models" in module.path
                ):
                    yield member.lineno, f"{node.name} overrides {member.name}"
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for decorator in node.decorator_list:
                if dotted(decorator).split("()")[0].endswith("receiver"):
                    yield node.lineno, f"{node.name} receives a signal"
    for name, line in imported(module.tree):
        if name.startswith("django.db.models.signals"):
            yield line, "imports model signals"


LAWS = {
    1: a_rule_lives_once,
    2: rows_come_from_visible_to,
    3: state_changes_only_in_transitions,
    4: refusals_are_loud,
    5: domain_knows_no_request,
    6: imports_point_down,
    7: properties_read_no_clock_and_no_user,
    8: no_pass_through,
    9: no_save_overrides_and_no_signals,
}
