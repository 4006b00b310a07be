"""A template loader whose pages draw faster: what a page asks hundreds of times takes the short way.

Django compiles a template once and walks its nodes at every reply. After compiling, this loader goes over the nodes and
changes the class of those that a table asks for in each cell: a column of a row is read without two exceptions on the
way, a text is escaped without being taken for a date first, a fixed word is translated once a language, an address is
put together once a name. What takes no short way goes Django's own; the HTML is the same (`tests/door/test_quick_templates.py`).
"""

from html import escape
from typing import Any

from django.template.base import FilterExpression, Node, NodeList, Template
from django.template.defaulttags import URLNode
from django.template.loaders import cached
from django.templatetags.i18n import TranslateNode
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]
from django.utils.translation import get_language

from config.template_programs import NOT_FOUND, PLACELESS, WRITERS, Writer, all_in, follow, in_programs, root
from core.addresses import page_address, row_address


class Loader(cached.Loader):
    """Django's cached loader; each template it keeps has been quickened."""

    def get_template(self, template_name: str, skip: Any = None) -> Any:
        """Give the template of a name, compiled and quickened once."""
        template: Any = super().get_template(template_name, skip)
        if isinstance(template, Template) and not hasattr(template, "quickened"):
            quicken(template.nodelist, programs=not self.engine.debug)  # an error then names its line
            template.quickened = True  # type: ignore[attr-defined]
        return template


def quicken(nodes: NodeList, *, programs: bool = True) -> None:
    """Change what can take the short way in a template, and write its runs of nodes as functions."""
    things = list(all_in(nodes, set()))
    for thing in things:
        if isinstance(thing, NodeList):
            thing[:] = [_short(node) for node in thing]
        elif isinstance(thing, FilterExpression):
            thing.__class__ = QuickExpression
    for thing in things:
        if isinstance(thing, NodeList) and programs:
            thing[:] = in_programs(thing)


def _short(node: Node) -> Node:
    """The node that says the same on a shorter way, or the node itself."""
    if isinstance(node, TranslateNode) and isinstance(node.filter_expression.token, str):
        return Word(node) if _is_fixed(node) else node
    elif type(node) is URLNode and not node.kwargs and len(node.args) <= 1:
        node.__class__ = QuickAddress
    return node


def _is_fixed(node: TranslateNode) -> bool:
    """Whether a `translate` names its words in quotes, and passes them through no filter."""
    expression, context = node.filter_expression, node.message_context
    fixed = expression.var.lookups is None and not expression.filters
    return fixed and not node.noop and (context is None or not context.is_var)


class QuickExpression(FilterExpression):
    """A variable with its filters; dotted names are followed through dicts and plain objects without detours."""

    __slots__ = ()

    def resolve(self, context: Any, ignore_failures: bool = False) -> Any:
        """As Django's; whatever is not found, not plain or not to be called is left to it."""
        if not self.is_var or self.var.lookups is None or self.var.translate:
            return super().resolve(context, ignore_failures)
        value = _follow(context, self.var.lookups)
        if value is NOT_FOUND:
            return super().resolve(context, ignore_failures)
        for function, given in self.filters:
            arguments = [_argument(context, word) if asked else mark_safe(word) for asked, word in given]
            traits = function.__dict__
            if traits.get("expects_localtime"):
                value = template_localtime(value, context.use_tz)
            if traits.get("needs_autoescape"):
                made = function(value, *arguments, autoescape=context.autoescape)
            else:
                made = function(value, *arguments)
            safe = traits.get("is_safe") and isinstance(value, SafeString)
            value = mark_safe(made) if safe else made
        return value


def _argument(context: Any, variable: Any) -> Any:
    """The value a filter is given by name."""
    value = _follow(context, variable.lookups) if variable.lookups else NOT_FOUND
    return variable.resolve(context) if value is NOT_FOUND else value


def _follow(context: Any, names: tuple[str, ...]) -> Any:
    """The value at the end of a dotted name, or NOT_FOUND where Django's own way must be taken."""
    value = root(getattr(context, "dicts", []), names[0])
    for name in names[1:]:
        value = follow(value, name)
    return value


class Word(Node):
    """A fixed word of the page, looked up once a language."""

    child_nodelists = ()

    def __init__(self, node: TranslateNode) -> None:
        self.node, self.token = node, node.token
        self.name, self.said = node.asvar, dict[str | None, Any]()
        self.sets_names = bool(node.asvar)
        node.asvar = None

    def render(self, context: Any) -> Any:
        """Say the word, or keep it under the name that was asked for."""
        language = get_language() if context.autoescape else ""
        word = self.said.get(language) if language else None
        if word is None:
            word = self.node.render(context)
            if language:
                self.said[language] = word
        if self.name is None:
            return word
        context[self.name] = word
        return ""


WRITERS[Word] = Writer.word


class QuickAddress(URLNode):
    """The address of a page, or of a row's page: put together once a name."""

    @property
    def sets_names(self) -> bool:
        """Whether the address is kept under a name instead of shown."""
        return bool(self.asvar)

    def render(self, context: Any) -> Any:
        """As Django's, for a name in quotes and at most a row's number."""
        if self.view_name.is_var or self.asvar:
            return super().render(context)
        if not self.args:
            return SafeString(escape(page_address(str(self.view_name.var))))
        number = self.args[0].resolve(context)
        if type(number) is not int:
            return super().render(context)
        return SafeString(row_address(str(self.view_name.var), number))


PLACELESS.add(QuickAddress)
