"""Who may be lent the authority to sign: staff who work or decide themselves, and see the branch of what is signed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from guardian.models import GroupObjectPermission

from accounts.authority import has_any, held
from accounts.models import User

WORKING = ("work_queue", "lead_queue")
SEEING = ("serve_branch", "oversee_branch", "examine_branch")


def may_sign_for_others(user: Any) -> bool:
    """Whether somebody may be lent authority at all: staff who work or lead a queue.

    Never who only reads, such as an examiner, nor who gives authority to others: an administrator.
    """
    return not user.is_client_side and has_any(user, *WORKING) and not has_any(user, "administer_branch")


def branches_seen(user: Any) -> frozenset[int]:
    """Keys of the branches whose orders somebody sees, at least those of some products."""
    return frozenset().union(*(held(user, right) for right in SEEING))


def delegates_for(lenders: Iterable[User]) -> QuerySet[User]:
    """To whom one of these people may lend, by name: `may_sign_for_others`, and a branch that both see."""
    shared = frozenset().union(*(branches_seen(lender) for lender in lenders))
    people = User.objects.filter(is_active=True, is_client_side=False)
    people = people.filter(_holding(WORKING), _holding(SEEING, object_pk__in=[str(key) for key in shared]))
    return people.exclude(_holding(["administer_branch"])).order_by("display_name")


def _holding(rights: Iterable[str], **objects: Any) -> Q:
    granted = GroupObjectPermission.objects.filter(permission__codename__in=rights, **objects)
    return Q(pk__in=User.objects.filter(groups__in=granted.values("group")).values("pk"))
