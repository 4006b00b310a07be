"""How a person proves who they are: user name and password; rights are not asked here but of `core.rules`."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend


class PasswordBackend(AuthenticationBackend):
    """Signs in by user name and password, and gives no permissions of its own.

    Django's own backend would look for groups and permission rows; ours come from the matrix alone.
    """

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return False

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()
