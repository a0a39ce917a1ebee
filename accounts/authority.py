"""What a person holds: roles, and rights on the few objects that carry authority.

Rights are guardian object permissions granted to role groups, never to persons and never on orders. Orders and work
items are filtered by columns against these sets: see each room's `visible_to`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import QuerySet
from guardian.models import GroupObjectPermission

from audit.prepared import prepared

ROLE = "role:"
_EMPTY: frozenset[int] = frozenset()


def held(user: Any, right: str) -> frozenset[int]:
    """Keys of the objects on which the user holds a right such as "work_queue". One statement a request.

    The right's name says its kind of object. Nobody and inactive people hold nothing.
    """
    return _rights(user).get(right, _EMPTY)


def holds(user: Any, right: str, key: int) -> bool:
    """Whether the user holds the right on the object with that key."""
    return key in held(user, right)


def has_any(user: Any, *rights: str) -> bool:
    """Whether the user holds one of the rights on any object."""
    return any(held(user, right) for right in rights)


def roles(user: Any) -> frozenset[str]:
    """Codes of the roles that the user holds."""
    if not _is_somebody(user):
        return frozenset()
    if not hasattr(user, "_held_roles"):
        names = user.groups.filter(name__startswith=ROLE).values_list("name", flat=True)
        user._held_roles = frozenset(name.removeprefix(ROLE) for name in names)
    return user._held_roles


def read_ahead(users: Iterable[Any]) -> None:
    """Read the rights and roles of several people at once: two statements, none where nobody is to be read."""
    wanted = {user.pk: user for user in users if _is_somebody(user) and not hasattr(user, "_held_rights")}
    if not wanted:
        return
    for user in wanted.values():
        user._held_rights, user._held_roles = {}, frozenset()
    granted = GroupObjectPermission.objects.filter(group__user__in=wanted)
    for pk, right, key in granted.values_list("group__user", "permission__codename", "object_pk"):
        rights = wanted[pk]._held_rights
        rights[right] = rights.get(right, _EMPTY) | {int(key)}
    named = Group.objects.filter(user__in=wanted, name__startswith=ROLE).values_list("user", "name")
    for pk, name in named:
        wanted[pk]._held_roles |= {name.removeprefix(ROLE)}


def forget(user: Any) -> None:
    """Drop what was read of the user's rights in this request, after they changed."""
    for name in ("_held_rights", "_held_roles", "_held_delegations"):
        user.__dict__.pop(name, None)


def _rights(user: Any) -> dict[str, frozenset[int]]:
    if not _is_somebody(user):
        return {}
    if not hasattr(user, "_held_rights"):
        sets: dict[str, set[int]] = {}
        for right, key in _granted(user.pk):
            sets.setdefault(right, set()).add(int(key))
        user._held_rights = {right: frozenset(keys) for right, keys in sets.items()}
    return user._held_rights


@prepared
def _granted(user_id: int) -> QuerySet[Any, tuple[str, str]]:
    granted = GroupObjectPermission.objects.filter(group__user=user_id)
    return granted.values_list("permission__codename", "object_pk")


def _is_somebody(user: Any) -> bool:
    return user is not None and user.is_authenticated and user.is_active
