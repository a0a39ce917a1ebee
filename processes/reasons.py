"""Why somebody does something to a process: asked for, and bounded."""

from __future__ import annotations

from django.utils.translation import gettext as _

from audit.refusals import Invalid

LONGEST_REASON = 2000


def reason_of(typed: str, missing: str) -> str:
    """The reason without blanks around it. missing: what stands at the field where there is none. Raises Invalid."""
    reason = typed.strip()
    if not reason:
        raise Invalid(_("Expected a reason, but it is empty."), fields={"reason": missing})
    if len(reason) > LONGEST_REASON:
        about = {"most": f"{LONGEST_REASON:,}", "found": f"{len(reason):,}"}
        problem = _("Expected a reason of at most %(most)s characters, but it has %(found)s.") % about
        raise Invalid(problem, fields={"reason": _("Use at most %(most)s characters.") % about})
    return reason
