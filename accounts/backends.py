"""How a person proves who they are: user name and password; rights are not asked here but of `core.rules`."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from accounts.demo import DEMO_PASSWORD
from core.kept import Kept

PERSON = Kept(
    lambda _, pk: get_user_model().objects.visible_to(None).select_related("unit").filter(pk=pk).order_by(),
    int,
    planned=True,
)  # by number: every request asks for one


class PasswordBackend(ModelBackend):
    """Signs open accounts in by user name and password, and gives no permissions of its own.

    Django's backend would look for groups and permission rows; ours come from the matrix alone. The published
    password of the demo company opens nothing where no demo is meant to run.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **more: Any,
    ) -> Any:
        if password == DEMO_PASSWORD and not settings.DEMO:
            return None
        return super().authenticate(request, username=username, password=password, **more)

    def get_user(self, user_id: Any) -> Any:
        """The person of a session, together with the unit that every page's frame names."""
        user = PERSON.first(None, user_id)
        return user if user is not None and self.user_can_authenticate(user) else None

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return False

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()
