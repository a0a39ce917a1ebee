"""The steps of change control, the same for everything under it: propose, approve, reject, withdraw, put in force.

The rooms' actions fetch and lock the version, name its facts and say what it is a version `of`, as in
`{"table": "firm"}`; these functions guard, change and record.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from audit.actions import record, save
from audit.actors import Actor
from audit.refusals import Invalid, NotAllowed
from rulebook.change_control import ControlledVersion, State
from rulebook.refusals import NeedsAPerson, SameMakerAndChecker, WrongState
from ui.words import full_text

Of = Mapping[str, str]

LONGEST_REASON = 2000
YEARS_AHEAD = 5


def propose(
    version: Any, fact: str, *, of: Of, justification: str, effective_at: datetime, actor: Actor, now: datetime
) -> None:
    """The maker is done: why (at most `LONGEST_REASON` characters), and from when (see `furthest`).

    Raises Invalid, WrongState.
    """
    _expect(version, State.DRAFT, "proposed")
    wrong = {
        "justification": _wrong_with(justification, _("Say why it changes.")),
        "effective_at": _wrong_moment(effective_at, now),
    }
    if any(wrong.values()):
        sentence = _("Expected a justification and a date that is to come, but something is wrong with them.")
        raise Invalid(sentence, fields={name: said for name, said in wrong.items() if said})
    version.propose()
    version.justification, version.effective_at, version.proposed_at = justification, effective_at, now
    version.maker = actor.user or version.maker
    _keep(version, fact, of, actor, now, reason=justification, after={"effective_at": effective_at})


def approve(version: Any, fact: str, *, of: Of, actor: Actor, now: datetime) -> None:
    """A second person agrees. Raises NeedsAPerson, SameMakerAndChecker, WrongState."""
    expect_checker(version, actor, "approved")
    version.approve()
    version.checker, version.approved_at = actor.user, now
    _keep(version, fact, of, actor, now)


def reject(version: Any, fact: str, *, of: Of, reason: str, actor: Actor, now: datetime) -> None:
    """A second person disagrees and says why. Raises Invalid, NeedsAPerson, SameMakerAndChecker, WrongState."""
    expect_checker(version, actor, "rejected")
    wrong = _wrong_with(reason, _("Say what has to change."))
    if wrong:
        raise Invalid(_("Expected a reason, but something is wrong with it."), fields={"reason": wrong})
    version.reject()
    version.checker = actor.user
    _keep(version, fact, of, actor, now, reason=reason)


def withdraw(version: Any, fact: str, *, of: Of, actor: Actor, now: datetime) -> None:
    """A maker takes a version back that governs nothing yet. Raises NotAllowed, WrongState."""
    if version.state not in (State.DRAFT, State.PROPOSED, State.APPROVED):
        raise WrongState(version.state, "withdrawn")
    if actor.user is not None and version.maker is not None and not is_maker(version, actor.user):
        raise NotAllowed(
            _("Expected its maker to take this version back, but it was made by %(name)s.")
            % {"name": version.maker.display_name},
            next_step=_("Ask them to, or reject it once it is proposed."),
        )
    version.withdraw()
    _keep(version, fact, of, actor, now)


def put_in_force(version: Any, siblings: Any, fact: str, *, of: Of, actor: Actor, now: datetime) -> None:
    """Its date has come: it takes over from the one in force among `siblings` (a query of the same thing)."""
    _expect(version, State.APPROVED, "put in force")
    for old in siblings.filter(state=State.IN_FORCE):
        old.supersede()
        old.superseded_at = now
        save(old, actor=actor, now=now)
    version.put_in_force()
    version.in_force_at = now
    _keep(version, fact, of, actor, now, reason=version.justification)


def expect_checker(version: Any, actor: Actor, verb: str) -> None:
    """The version is proposed, and the actor is a person who had no hand in it: nobody checks what they wrote."""
    _expect(version, State.PROPOSED, verb)
    if actor.user is None:
        raise NeedsAPerson()
    if is_maker(version, actor.user):
        raise SameMakerAndChecker()


def is_maker(version: Any, user: Any) -> bool:
    """Whoever saved any draft of an open version counts as its maker, also when somebody else proposed it."""
    return bool(user.pk == version.maker_id or version.history.filter(history_user=user).exists())


def furthest(now: datetime) -> datetime:
    """The last moment that a version may be proposed for: five years ahead. The first is the minute that runs."""
    day = 28 if (now.month, now.day) == (2, 29) else now.day
    return now.replace(year=now.year + YEARS_AHEAD, day=day)


def _wrong_moment(effective_at: datetime, now: datetime) -> str:
    if now.replace(second=0, microsecond=0) <= effective_at <= furthest(now):
        return ""
    last = full_text(furthest(now), get_language(), timezone.get_current_timezone())
    return _("Choose a time from now on until %(last)s.") % {"last": last}


def _wrong_with(text: str, asked: str) -> str:
    if not text.strip():
        return asked
    return _("Use at most %(count)s characters.") % {"count": LONGEST_REASON} if len(text) > LONGEST_REASON else ""


def _keep(
    version: Any, fact: str, of: Of, actor: Actor, now: datetime, *, reason: str = "", after: dict | None = None
) -> None:
    save(version, actor=actor, now=now)
    changed = {"state": version.state, "number": version.number, **(after or {})}
    subject = f"{fact.rsplit('.', 1)[0]}:{version.pk}"
    data = {**of, "number": version.number}
    record(fact, subject=subject, actor=actor, now=now, reason=reason, after=changed, data=data)


def _expect(version: ControlledVersion, state: State, verb: str) -> None:
    if version.state != state:
        raise WrongState(version.state, verb)
