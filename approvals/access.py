"""Who may sign: nobody who had a part in what is signed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from approvals.models import Request
from approvals.queries import took_part
from approvals.refusals import FourEyes
from audit.actors import Actor
from work.models import WorkItem


def expect_other_eyes(item: WorkItem, user: Any, actor: Actor) -> None:
    """Before an approval item is taken, or given to somebody. Raises FourEyes."""
    request = Request.objects.select_related("order").get(tiers__work_item=item)
    expect_no_part(request, user, actor)


def expect_no_part(request: Request, user: Any, actor: Actor) -> None:
    """The user neither placed, prepared nor signed what the request asks about. Raises FourEyes."""
    part = took_part(request).get(user.pk)
    if part is None:
        return
    if actor.user is not None and user.pk == actor.user.pk:
        yours = {
            "prepared": _("you prepared it"),
            "signed": _("you signed another tier"),
            "placed": _("you placed the order"),
        }
        raise FourEyes(yours[part])
    theirs = {
        "prepared": _("%(name)s prepared it"),
        "signed": _("%(name)s signed another tier"),
        "placed": _("%(name)s placed the order"),
    }
    raise FourEyes(theirs[part] % {"name": user.display_name})
