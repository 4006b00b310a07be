"""Runs of template nodes written as one Python function each: what Django would walk node by node at every reply.

A `Program` stands in a list of nodes for a run of texts, variables, conditions, loops, words, addresses and simple tags.
The first time it is drawn it writes a function that does what the nodes would do, one line after the other; nodes
it does not know (blocks, includes, tags with a body) are called as they are, and a name or a value that is not
plain is left to Django's own expression. The HTML is the same to the letter (`tests/door/test_quick_templates.py`).
"""

import operator
from collections.abc import Callable, Iterable, Iterator
from datetime import date, time
from decimal import Decimal
from html import escape
from typing import Any

from django.template.base import (
    FilterExpression,
    Node,
    NodeList,
    TextNode,
    Variable,
    VariableNode,
    render_value_in_context,
)
from django.template.defaulttags import (
    CommentNode,
    CsrfTokenNode,
    ForNode,
    IfNode,
    LoadNode,
    TemplateLiteral,
    WithNode,
)
from django.template.library import SimpleNode
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode
from django.template.smartif import TokenBase
from django.templatetags.i18n import BlockTranslateNode
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

NOT_FOUND = object()
# Written as the reader's country does; whole numbers are written as they are.
LOCAL = (int, float, Decimal, date, time)
LEAVE_NAMES_ALONE = (BlockNode, IncludeNode, ForNode, CsrfTokenNode)  # what they set ends with them
PLACELESS: set[type[Node]] = {BlockTranslateNode}  # what says nothing about where in a loop it stands
OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "is": operator.is_, "is not": operator.is_not,
    "in": lambda one, many: one in many, "not in": lambda one, many: one not in many,
}  # fmt: skip


def in_programs(nodes: Iterable[Node]) -> list[Node]:
    """The nodes with each run of them put into a program; `extends` stays where templates look for it."""
    found: list[Node] = []
    run: list[Node] = []
    for node in [*nodes, None]:
        if node is not None and not isinstance(node, ExtendsNode):
            run.append(node)
            continue
        found += [Program(run)] if len(run) > 1 or (run and type(run[0]) in WRITERS) else run
        run = []
        if node is not None:
            found.append(node)
    return found


class Program(Node):
    """A run of nodes, drawn by one function."""

    child_nodelists = ("nodes",)

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = NodeList(nodes)
        self.draw: Callable[[Any], str] = self._first
        self._found: dict[type[Node], list[Node]] = {}

    def render(self, context: Any) -> str:
        """Draw the run."""
        return self.draw(context)

    render_annotated = render

    def get_nodes_by_type(self, nodetype: type[Node]) -> list[Node]:
        """As Django's, which asks a page's frame for its blocks at every reply."""
        if nodetype not in self._found:
            self._found[nodetype] = super().get_nodes_by_type(nodetype)
        return self._found[nodetype]

    def _first(self, context: Any) -> str:
        self.draw = Writer(self.nodes).function()
        return self.draw(context)


PLACELESS.add(Program)


class Writer:
    """Writes the function of a run. `held` are the names already looked up at this place of the function."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.lines: list[str] = []
        self.things: dict[str, Any] = dict(HELPERS)
        self.depth, self.text, self.held, self.loops = 1, "", set[str](), 0
        self.nodes(nodes)
        self.tell()

    def function(self) -> Callable[[Any], str]:
        """The function, compiled."""
        head = [
            "def draw(context):",
            " dicts, auto = context.dicts, context.autoescape",
            " language = get_language() if auto else ''",
            " said = []",
            " add = said.append",
        ]
        code = "\n".join([*head, *self.lines, " return ''.join(said)"])
        exec(compile(code, "<template>", "exec"), self.things)  # noqa: S102 - words of our own templates enter as literals
        draw: Callable[[Any], str] = self.things["draw"]
        return draw

    # --- lines ---------------------------------------------------------------------------------------------------------
    def line(self, code: str) -> None:
        self.tell()
        self.lines.append(" " * self.depth + code)

    def tell(self) -> None:
        """Write down the text that has come together."""
        if self.text:
            text, self.text = self.text, ""
            self.lines.append(f"{' ' * self.depth}add({text!r})")

    def name(self, thing: Any) -> str:
        """A name in the function for a thing of the template."""
        name = f"t{len(self.things)}"
        self.things[name] = thing
        return name

    # --- values --------------------------------------------------------------------------------------------------------
    def root(self, name: str) -> str:
        """The variable of the function that holds a name of the context."""
        if name not in self.held:
            self.line(f"v_{name} = root(dicts, {name!r})")
            self.held.add(name)
        return f"v_{name}"

    def path(self, expression: FilterExpression) -> str:
        """Code for the value that the filters of an expression are given; empty when it is not a dotted name."""
        return self.dotted(expression.var) if expression.is_var else ""

    def dotted(self, variable: Variable) -> str:
        """Code for the value at the end of a dotted name; empty when it is no such name."""
        lookups = variable.lookups
        if not lookups or variable.translate or not lookups[0].isidentifier():
            return ""
        code = self.root(lookups[0])
        for part in lookups[1:]:
            code = f"follow({code}, {part!r})"
        return code

    def value(self, expression: FilterExpression, or_none: bool = False) -> str:
        """Code for an expression; what is not found is an empty word, or None."""
        ask = f"{self.name(expression)}.resolve(context{', True' if or_none else ''})"
        return self.either("" if expression.filters else self.path(expression), ask)

    def either(self, path: str, ask: str) -> str:
        """Code for a value where there is one, else what Django's own way gives."""
        return f"(found if (found := {path}) is not NOT_FOUND else {ask})" if path else ask

    def test(self, token: TokenBase) -> str:
        """Code for a condition."""
        if isinstance(token, TemplateLiteral):
            expression: Any = token.value
            return self.value(expression, or_none=True)
        if token.id == "not":
            return f"(not {self.test(token.first)})"
        first, second = self.test(token.first), self.test(token.second)
        if token.id in ("and", "or"):
            return f"({first} {token.id} {second})"
        return f"compared({self.name(OPERATORS[token.id])}, {first}, {second})"

    # --- nodes ---------------------------------------------------------------------------------------------------------
    def nodes(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            if isinstance(node, Program):
                self.nodes(node.nodes)
            else:
                WRITERS.get(type(node), Writer.other)(self, node)

    def other(self, node: Node) -> None:
        """A node that draws itself."""
        self.line(f"add({self.name(node)}.render_annotated(context))")
        if getattr(node, "sets_names", not isinstance(node, LEAVE_NAMES_ALONE)):
            self.held.clear()

    def text_node(self, node: TextNode) -> None:
        self.text += node.s

    def variable(self, node: VariableNode) -> None:
        expression = node.filter_expression
        path = self.path(expression) if all(_is_plain(function) for function, _ in expression.filters) else ""
        if not path:
            self.line(f"add(shown({self.name(expression)}.resolve(context), context, auto))")
            return
        self.line(f"value = {path}")
        if not expression.filters:
            self.line(f"if value is NOT_FOUND: value = {self.name(expression)}.resolve(context)")
        else:
            made = "value"
            for function, given in expression.filters:
                arguments = "".join(f", {self._argument(asked, word)}" for asked, word in given)
                made = f"{self.name(function)}({made}{arguments})"
            self.line(
                f"value = {made} if value is not NOT_FOUND else {self.name(expression)}.resolve(context)"
            )
        self.line("add(value if type(value) is SafeString else shown(value, context, auto))")

    def _argument(self, asked: bool, word: Any) -> str:
        if not asked:
            return self.name(mark_safe(word))
        return self.either(self.dotted(word), f"{self.name(word)}.resolve(context)")

    def word(self, node: Any) -> None:
        """A fixed word, which knows how it was `said` in each language."""
        name = self.name(node)
        if node.sets_names:
            self.line(f"{name}.render(context)")
            self.held.discard(node.name)
        else:
            self.line(f"add({name}.said.get(language) or {name}.render(context))")

    def condition(self, node: IfNode) -> None:
        arms = [(self.test(test) if test else "", inner) for test, inner in node.conditions_nodelists]
        before, after = self.held, self.held.copy()
        for number, (test, inner) in enumerate(arms):
            self.line(f"{'elif' if number else 'if'} {test}:" if test else "else:")
            self.held = before.copy()
            self.inside(inner)
            after &= self.held
        self.held = after

    def scope(self, node: WithNode) -> None:
        given = {name: self.value(expression) for name, expression in node.extra_context.items()}
        pairs = ", ".join(f"{name!r}: {code}" for name, code in given.items())
        self.line(f"with context.push(**{{{pairs}}}):")
        self.held -= given.keys()
        self.inside(node.nodelist)
        self.held.clear()  # what was set in there is not what stands out here

    def loop(self, node: Any) -> None:
        """A loop over one name; one over pairs or backwards draws itself."""
        if len(node.loopvars) > 1 or node.is_reversed or not node.loopvars[0].isidentifier():
            self.other(node)
            return
        name, number, self.loops = node.loopvars[0], self.loops, self.loops + 1
        self.line(f"values_{number} = in_order({self.value(node.sequence, or_none=True)})")
        self.line(f"with context.push() as scope_{number}:")
        self.depth += 1
        run = f"counted(values_{number}, scope_{number}, dicts)" if _counts(node) else f"values_{number}"
        self.line(f"for item_{number} in {run}:")
        self.held = {name}
        self.line(f" scope_{number}[{name!r}] = item_{number}")
        self.line(f" v_{name} = NOT_FOUND if callable(item_{number}) else item_{number}")
        self.inside(node.nodelist_loop)
        self.held.clear()
        self.line(f"if len(values_{number}) < 1:")
        self.inside(node.nodelist_empty)
        self.depth -= 1
        self.held.clear()

    def inside(self, nodes: Iterable[Node]) -> None:
        """The body of a block of the function."""
        self.depth += 1
        self.line("pass")
        self.nodes(nodes)
        self.tell()
        self.depth -= 1

    def tag(self, node: SimpleNode) -> None:
        arguments = ["context"] if node.takes_context else []
        arguments += [self.value(one) for one in node.args]
        arguments += [f"{name}={self.value(one)}" for name, one in node.kwargs.items()]
        call = f"{self.name(node.func)}({', '.join(arguments)})"
        if node.target_var is None:
            self.line(f"add(escaped({call}, auto))")
        else:
            self.line(f"context[{node.target_var!r}] = {call}")
            self.held.discard(node.target_var)
        if node.takes_context:
            self.held.clear()

    def nothing(self, node: Node) -> None:
        """Leaves no trace on the page."""


def _counts(node: Any) -> bool:
    """Whether anything in a loop may ask where it stands: by name, or as a node that is free to."""
    for thing in all_in(node.nodelist_loop, set()):
        if isinstance(thing, Variable) and thing.lookups and thing.lookups[0] == "forloop":
            return True
        if isinstance(thing, Node) and type(thing) not in WRITERS and type(thing) not in PLACELESS:
            return True
    return False


def all_in(thing: Any, seen: set[int]) -> Iterator[Any]:
    """A thing of a template and all it holds."""
    if id(thing) in seen:
        return
    seen.add(id(thing))
    yield thing
    if isinstance(thing, FilterExpression):
        parts = [thing.var, thing.filters]
    elif isinstance(thing, (Node, TokenBase)):
        parts = list(vars(thing).values())
    elif isinstance(thing, (list, tuple)):
        parts = list(thing)
    else:
        parts = list(thing.values()) if isinstance(thing, dict) else []
    for part in parts:
        yield from all_in(part, seen)


def _is_plain(function: Any) -> bool:
    """Whether a filter is only called: it wants no local time and no word about escaping, and vouches for nothing."""
    return not any(map(function.__dict__.get, ("expects_localtime", "needs_autoescape", "is_safe")))


WRITERS: dict[type[Node], Callable[[Writer, Any], None]] = {
    TextNode: Writer.text_node,
    VariableNode: Writer.variable,
    IfNode: Writer.condition,
    ForNode: Writer.loop,
    WithNode: Writer.scope,
    SimpleNode: Writer.tag,
    LoadNode: Writer.nothing,
    CommentNode: Writer.nothing,
}


# --- what the functions call ------------------------------------------------------------------------------------------
def root(scopes: list[Any], name: str) -> Any:
    """The value of a name; NOT_FOUND where Django's own way must be taken."""
    for scope in reversed(scopes):
        if name in scope:
            value = scope[name]
            return NOT_FOUND if callable(value) else value
    return NOT_FOUND


def follow(value: Any, name: str) -> Any:
    """The value after one more dot, through dicts and plain objects; NOT_FOUND where Django's own way must be taken."""
    if type(value) is dict:
        value = value.get(name, NOT_FOUND)
    elif hasattr(type(value), "__getitem__"):
        return NOT_FOUND
    else:
        try:
            value = getattr(value, name)
        except AttributeError:
            return NOT_FOUND
    if callable(value):
        if hasattr(value, "alters_data") or hasattr(value, "do_not_call_in_templates"):
            return NOT_FOUND
        try:
            return value()
        except TypeError:
            return NOT_FOUND
    return value


def shown(value: Any, context: Any, auto: bool) -> str:
    """A value as it stands on the page: a text is escaped and nothing else is asked of it."""
    if type(value) is not str:
        if not auto or isinstance(value, LOCAL):
            return str(value) if type(value) is int else render_value_in_context(value, context)
        value = str(value)
        if hasattr(value, "__html__"):
            return value
    elif not auto:
        return value
    return value if value.isalnum() else escape(value)


def escaped(made: Any, auto: bool) -> Any:
    """What a tag made, fit for the page."""
    return conditional_escape(made) if auto and type(made) is not SafeString else made


def in_order(values: Any) -> Any:
    """What a loop goes over."""
    if values is None:
        return ()
    return values if hasattr(values, "__len__") else list(values)


def counted(values: Any, scope: dict[str, Any], scopes: list[Any]) -> Iterator[Any]:
    """The values, while `forloop` says which one it is."""
    around, length = root(scopes, "forloop"), len(values)
    place = {"parentloop": {} if around is NOT_FOUND else around, "length": length}
    scope["forloop"] = place
    for number, value in enumerate(values):
        place |= {
            "counter0": number, "counter": number + 1, "revcounter": length - number, "revcounter0": length - number - 1,
            "first": number == 0, "last": number == length - 1,
        }  # fmt: skip
        yield value


def compared(compare: Callable[[Any, Any], Any], first: Any, second: Any) -> Any:
    """A comparison as templates know it: what cannot be compared is not met."""
    try:
        return compare(first, second)
    except Exception:
        return False


HELPERS = {
    "NOT_FOUND": NOT_FOUND, "SafeString": SafeString, "root": root, "follow": follow, "shown": shown,
    "escaped": escaped, "compared": compared, "get_language": get_language, "in_order": in_order, "counted": counted,
}  # fmt: skip
