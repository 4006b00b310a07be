"""What every page's frame needs to know: navigation, counts, appearance, the day; read only when the frame is drawn."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import CharField, Count, Q, Value
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from core.kept import Kept
from core.models import Notification, Task
from core.navigation import Group, Item, QuickAction, actions_for, groups_for

THEMES = ("auto", "light", "dark")
UNREAD = "~unread"  # stands beside task kinds in the one count query


def _counted(_: Any, user: int, now: datetime) -> Any:
    """(kind, open tasks, overdue ones), and unread notices as a kind of their own."""
    late = Q(due_at__lt=now)
    tasks = Task.objects.visible_to(user).open().order_by().values("kind")
    tasks = tasks.annotate(total=Count("*"), hot=Count("kind", filter=late)).values_list(
        "kind", "total", "hot"
    )
    notices = Notification.objects.visible_to(user).unread().order_by()
    kind = Value(UNREAD, CharField())
    unread = notices.values(kind=kind).annotate(total=Count("*"), hot=Count("*"))
    return tasks.union(unread.values_list("kind", "total", "hot"), all=True)


COUNTS = Kept(_counted, int, datetime, planned=True)  # every page asks


class Shell:
    """The frame of one request. Nothing is read from the database until a template asks."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def user(self) -> Any:
        """The signed-in person, or None."""
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def now(self) -> datetime:
        """The local time shown in the top bar."""
        return timezone.localtime()

    @cached_property
    def week(self) -> int:
        """ISO week number."""
        return self.now.isocalendar().week

    @cached_property
    def weekday(self) -> str:
        """The day of the week, short."""
        names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
        return names[self.now.weekday()]

    @cached_property
    def theme(self) -> str:
        """The appearance chosen on this device, else in the profile, else the device's own wish."""
        chosen = self.request.COOKIES.get("theme") or getattr(self.user, "theme", "")
        return chosen if chosen in THEMES else "auto"

    @cached_property
    def nav_folded(self) -> bool:
        """Whether this device keeps the navigation folded."""
        return self.request.COOKIES.get("nav") == "folded"

    @cached_property
    def actions(self) -> list[QuickAction]:
        """Quick actions of the top bar."""
        return actions_for(self.user) if self.user else []

    @cached_property
    def groups(self) -> list[Group]:
        """Navigation groups, each item given its address and counts."""
        return groups_for(self.user) if self.user else []

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Groups ready to draw: label, open state and items with count, overdue mark and whether current."""
        return [
            {"code": group.code, "label": group.label, "items": [self._row(item) for item in group.items]}
            for group in self.groups
        ]

    @cached_property
    def rights_key(self) -> str:
        """All that the quick actions depend on."""
        return " ".join(sorted(self.user.rights)) if self.user else ""

    @cached_property
    def nav_key(self) -> str:
        """All that the drawn navigation depends on beside the language: entries, counts, the current one."""
        counts = [
            f"{row['item'].code}:{row['count']}:{row['hot']}" for group in self.rows for row in group["items"]
        ]
        return f"{self.current} {' '.join(counts)}"

    def _row(self, item: Item) -> dict[str, Any]:
        total = hot = 0
        if item.badge:
            total = item.badge(self.user)
        elif item.task_kinds:
            mine = [
                count
                for kind, count in self.counts.items()
                if kind.startswith(item.task_kinds) and kind != UNREAD
            ]
            total, hot = sum(count[0] for count in mine), sum(count[1] for count in mine)
        return {
            "item": item,
            "url": item.url(),
            "count": total,
            "hot": hot,
            "current": item.code == self.current,
        }

    @cached_property
    def current(self) -> str:
        """Code of the entry whose address the page lies under; the longest match wins."""
        path = self.request.path
        best, code = 0, ""
        for group in self.groups:
            for item in group.items:
                url = item.url().split("?")[0]
                fits = path == url if url == "/" else path.startswith(url)
                if fits and len(url) > best and self._query_fits(item):
                    best, code = len(url), item.code
        return code

    def _query_fits(self, item: Item) -> bool:
        return all(self.request.GET.get(name) == value for name, _, value in
                   (pair.partition("=") for pair in item.query.split("&") if pair))  # fmt: skip

    @cached_property
    def counts(self) -> dict[str, tuple[int, int]]:
        """Open tasks by kind as (all, overdue), and unread notices under their own key, in one query."""
        if not self.user:
            return {}
        return {kind: (total, hot) for kind, total, hot in COUNTS.rows(None, self.user.pk, self.now)}

    @cached_property
    def unread(self) -> int:
        """Notices not yet read."""
        return self.counts.get(UNREAD, (0, 0))[0]

    @cached_property
    def languages(self) -> list[tuple[str, str]]:
        """Languages to choose from, each in its own name."""
        return list(settings.LANGUAGES)

    @cached_property
    def words(self) -> dict[str, str]:
        """The few sentences our scripts say, in the reader's language."""
        return {
            "close": _("Close"),
            "cancel": _("Cancel"),
            "confirm": _("Yes, go on"),
            "sure": _("Are you sure?"),
            "loading": _("Loading…"),
            "failed": _("That did not work. Check the connection and try again; nothing typed is lost."),
            "offline": _(
                "No network. What you save is kept on this device and sent when the network is back."
            ),
            "online": _("The network is back."),
            "queued": _("Kept on this device; it will be sent once when the network is back."),
            "sent": _("%s entries kept offline have been sent."),
            "refused": _("An entry kept offline was refused. It is still here: open it and correct it."),
            "draft": _("Draft kept %s"),
            "restored": _("Your draft from %s is back."),
            "discard": _("Discard"),
            "copied": _("Copied"),
            "none": _("Nothing found."),
            "chart": _("Chart"),
            "table": _("Table"),
            "image": _("Save as image"),
            "keys": _("Keyboard"),
        }


def shell(request: HttpRequest) -> dict[str, Any]:
    """Template context processor."""
    return {"shell": Shell(request)}
