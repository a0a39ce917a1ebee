"""The way of a version into force, once for everything under change control: tables, models, calendars, processes.

A room says in a `Control` what its versions are, who may do what, and what must hold before a step. The steps guard,
change and record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from audit.actions import record, save
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from audit.refusals import Invalid, NotAllowed, NotFound
from rulebook.change_control import ControlledVersion, State
from rulebook.refusals import (
    ApprovedForLater,
    ComplianceMissing,
    NeedsAPerson,
    OtherInForce,
    SameMakerAndChecker,
    VersionChanged,
    WrongState,
)
from rulebook.supervision import is_of_compliance
from ui.words import full_text

V = TypeVar("V", bound=ControlledVersion)

LONGEST_REASON = 2000
YEARS_AHEAD = 5


def _always(*given: Any) -> None:
    """Nothing more has to hold, nothing more follows."""


def _never(*given: Any) -> bool:
    """Compliance has nothing to do with it."""
    return False


@dataclass(frozen=True, kw_only=True)
class Control(Generic[V]):
    """The versions of one kind of thing, and the steps of their way into force.

    versions: the model; facts: what the names of its facts begin with; named: how an entry names the thing, as in
    `{"table": "firm"}`; missing: what is said where there is no such version.
    edits, checks: raise NotAllowed for an actor who may not draft, or not check, versions of a thing.
    again: a new draft, not saved, that is as a version was; it passes what every draft has to, or raises.
    content: what the entry of a draft says of it.
    supervised: whether somebody of compliance has to approve it.
    proposable, approvable: raise what speaks against the step; hindered: whether a version may not govern though its
    date has come (whoever says so keeps why); begun: what follows once it governs.
    """

    versions: type[V]
    facts: str
    named: Callable[[V], dict[str, str]]
    missing: str | Promise
    edits: Callable[[Actor, Any], None]
    checks: Callable[[Actor, Any], None]
    again: Callable[[V], V]
    content: Callable[[V], dict[str, Any]]
    supervised: Callable[[V], bool] = _never
    proposable: Callable[[V, datetime], None] = _always
    approvable: Callable[[V, Actor, datetime], None] = _always
    hindered: Callable[[V, Actor, datetime], bool | None] = _always
    begun: Callable[[V, datetime], None] = _always

    def begin(
        self,
        version: V,
        *,
        justification: str = "",
        actor: Actor,
        now: datetime,
        about: Mapping[str, Any] | None = None,
    ) -> V:
        """Keep a draft that is not saved yet, under the next number; the thing's row is locked by who calls."""
        last = version.siblings.order_by("-number").first()
        version.number = last.number + 1 if last else 1
        version.justification, version.maker, version.created_at = justification, actor.user, now
        save(version, actor=actor, now=now)
        after = {"number": version.number, **self.content(version)}
        self.record("drafted", version, actor, now, after=after, data=about)
        return version

    def editable(self, version_id: int, revision: int, *, actor: Actor) -> V:
        """A draft, locked, that is to be saved. revision: the one that the page showed.

        Raises NotAllowed, NotFound, VersionChanged, WrongState.
        """
        version = self.locked(version_id, self.edits, actor)
        _expect(version, State.DRAFT, "edited")
        if version.revision != revision:
            raise VersionChanged(version.maker.display_name if version.maker else "", version.revision)
        return version

    @action
    def roll_back(self, version_id: int, *, justification: str, actor: Actor, now: datetime) -> V:
        """Begin a draft that is as a version that governed before.

        justification: what the form to propose it begins with. Raises NotAllowed, NotFound, WrongState, and what the
        check finds in it today.
        """
        old = self.locked(version_id, self.edits, actor)
        _expect(old, State.SUPERSEDED, "rolled back to")
        lock(type(old.thing)._default_manager.filter(pk=old.thing.pk)).get()
        about = {"back_to": old.number}
        return self.begin(self.again(old), justification=justification, actor=actor, now=now, about=about)

    @action
    def propose(self, version_id: int, *, justification: str, effective_at: datetime, actor: Actor, now: datetime) -> V:
        """The maker is done: why (at most `LONGEST_REASON` characters), and from when (see `furthest`).

        From then on it cannot be edited. Raises Invalid, NotAllowed, NotFound, WrongState, and what speaks against it.
        """
        version = self.locked(version_id, self.edits, actor)
        _expect(version, State.DRAFT, "proposed")
        self.proposable(version, now)
        _expect_proposal(justification, effective_at, now)
        version.propose()
        version.justification, version.effective_at, version.proposed_at = justification, effective_at, now
        version.maker = actor.user or version.maker
        self._keep("proposed", version, actor, now, reason=justification, after={"effective_at": effective_at})
        return version

    @action
    def approve(self, version_id: int, *, governing: int = 0, actor: Actor, now: datetime) -> V:
        """A second person agrees; it comes into force on its date.

        governing: the number of the version before it with which the page compared the proposal; 0 without a page.
        Raises ApprovedForLater, ComplianceMissing, NeedsAPerson, NotAllowed, NotFound, OtherInForce,
        SameMakerAndChecker, WrongState, and what speaks against it.
        """
        version = self.locked(version_id, self.checks, actor)
        lock(type(version.thing)._default_manager.filter(pk=version.thing.pk)).get()
        _expect_governing(version, governing)
        _expect_checker(version, actor, "approved")
        _expect_none_later(version)
        if self.supervised(version) and not is_of_compliance(actor.user):
            raise ComplianceMissing()
        self.approvable(version, actor, now)
        version.approve()
        version.checker, version.approved_at = actor.user, now
        self._keep("approved", version, actor, now)
        return version

    @action
    def reject(self, version_id: int, *, reason: str, actor: Actor, now: datetime) -> V:
        """A second person disagrees, for good, and says why.

        Raises Invalid, NeedsAPerson, NotAllowed, NotFound, SameMakerAndChecker, WrongState.
        """
        version = self.locked(version_id, self.checks, actor)
        _expect_checker(version, actor, "rejected")
        wrong = _wrong_with(reason, _("Say what has to change."))
        if wrong:
            raise Invalid(_("Expected a reason, but something is wrong with it."), fields={"reason": wrong})
        version.reject()
        version.checker = actor.user
        self._keep("rejected", version, actor, now, reason=reason)
        return version

    @action
    def withdraw(self, version_id: int, *, actor: Actor, now: datetime) -> V:
        """A maker takes a version back that governs nothing yet. Raises NotAllowed, NotFound, WrongState."""
        version = self.locked(version_id, self.edits, actor)
        if version.state not in (State.DRAFT, State.PROPOSED, State.APPROVED):
            raise WrongState(version.state, "withdrawn")
        if actor.user is not None and version.maker is not None and not is_maker(version, actor.user):
            raise NotAllowed(
                _("Expected its maker to take this version back, but it was made by %(name)s.")
                % {"name": version.maker.display_name},
                next_step=_("Ask them to, or reject it once it is proposed."),
            )
        version.withdraw()
        self._keep("withdrawn", version, actor, now)
        return version

    @action
    def put_in_force(self, *, actor: Actor, now: datetime) -> int:
        """Put every approved version in force whose date has come, in their order; returns how many.

        Of the same moment comes last what was approved last: its checker saw it beside the others.
        """
        begun = 0
        due = lock(self._due(now)).select_related(self.versions.OF)
        for version in due.order_by("effective_at", "approved_at", "number", "pk"):
            if not self.hindered(version, actor, now):
                self._take_over(version, actor, now)
                begun += 1
        return begun

    def sweep(self, now: datetime) -> int:
        """What the worker runs: `put_in_force`, where anything is due."""
        return self.put_in_force(actor=Actor.system("change control"), now=now) if self._due(now).exists() else 0

    def locked(self, version_id: int, right: Callable[[Actor, Any], None], actor: Actor) -> V:
        """A version, locked, for an actor who holds the right. Raises NotAllowed, NotFound."""
        found = lock(self.versions._default_manager.filter(pk=version_id)).select_related(self.versions.OF, "maker")
        version = found.first()
        if version is None:
            raise NotFound(str(self.missing))
        right(actor, version.thing)
        return version

    def record(
        self, step: str, version: V, actor: Actor, now: datetime, *, data: Mapping[str, Any] | None = None, **parts: Any
    ) -> None:
        """An entry about a version; it names the thing and the number."""
        about = {**self.named(version), "number": version.number, **(data or {})}
        record(f"{self.facts}.{step}", subject=f"{self.facts}:{version.pk}", actor=actor, now=now, data=about, **parts)

    def _due(self, now: datetime) -> Any:
        return self.versions._default_manager.filter(state=State.APPROVED, effective_at__lte=now)

    def _take_over(self, version: V, actor: Actor, now: datetime) -> None:
        for old in lock(version.siblings.filter(state=State.IN_FORCE)):
            old.supersede()
            old.superseded_at = now
            save(old, actor=actor, now=now)
        version.put_in_force()
        version.in_force_at = now
        self._keep("in_force", version, actor, now, reason=version.justification)
        self.begun(version, now)

    def _keep(
        self,
        step: str,
        version: V,
        actor: Actor,
        now: datetime,
        *,
        reason: str = "",
        after: Mapping[str, Any] | None = None,
    ) -> None:
        save(version, actor=actor, now=now)
        changed = {"state": version.state, "number": version.number, **(after or {})}
        self.record(step, version, actor, now, reason=reason, after=changed)


def is_maker(version: Any, user: Any) -> bool:
    """Whoever saved any draft of an open version counts as its maker, also when somebody else proposed it."""
    written = version.history.filter(history_user=user, state__in=(State.DRAFT, State.PROPOSED))
    return bool(user.pk == version.maker_id or written.exists())


def furthest(now: datetime) -> datetime:
    """The last moment that a version may be proposed for: five years ahead. The first is the minute that runs."""
    day = 28 if (now.month, now.day) == (2, 29) else now.day
    return now.replace(year=now.year + YEARS_AHEAD, day=day)


def governing_now(version: V) -> V | None:
    """The version of the same thing that is in force: one statement."""
    found: V | None = version.siblings.filter(state=State.IN_FORCE).select_related(version.OF).first()
    return found


def governing_before(version: V) -> V | None:
    """What a version that waits takes over from: the last one that is approved for a date before its own, else the one
    in force. A draft, which has no date yet, comes after all of them. One statement."""
    coming = Q(state=State.APPROVED)
    if version.effective_at is not None:
        coming &= Q(effective_at__lte=version.effective_at)
    if version.approved_at is not None:  # of the same moment, what is approved after it takes over from it
        coming &= ~Q(effective_at=version.effective_at, approved_at__gt=version.approved_at)
    found = version.siblings.filter(coming | Q(state=State.IN_FORCE)).exclude(pk=version.pk)
    first_approved = found.select_related(version.OF).order_by("state", "-effective_at", "-approved_at", "-number")
    last: V | None = first_approved.first()
    return last


def begun_from(version: V) -> V | None:
    """The version that a draft changes: the one that its maker named, else the one that governed when it was begun."""
    if getattr(version, "base_id", None):
        named: V = version.base  # type: ignore[attr-defined]
        return named
    before = version.siblings.exclude(pk=version.pk).filter(in_force_at__lte=version.created_at)
    found: V | None = before.order_by("-in_force_at").first()
    return found


def base_moved_on(version: V, before: V | None = None) -> V | None:
    """The version that one which waits takes over from, where it is not the one that it was begun from; else None.

    Approving would silently take back what that version changed: the page shows it beside the draft.
    before: what it takes over from (`governing_before`), where that is known already.
    """
    if version.state not in (State.DRAFT, State.PROPOSED, State.APPROVED):
        return None
    before, base = before or governing_before(version), begun_from(version)
    return before if before is not None and before != base else None


def compared_with(version: V) -> V | None:
    """What a version changes: while it waits what it takes over from, then what governed before it, else its base."""
    if version.state in (State.DRAFT, State.PROPOSED, State.APPROVED):
        return governing_before(version)
    if version.in_force_at is None:
        return begun_from(version)
    before = version.siblings.filter(in_force_at__lt=version.in_force_at).select_related(version.OF)
    found: V | None = before.order_by("-in_force_at").first()
    return found


def body_at(version: Any, revision: int) -> dict[str, Any]:
    """The body of a draft as it was saved with a revision; as it is now where that was not kept. One statement."""
    kept = version.history.filter(revision=revision).order_by("-history_id").first()
    found: dict[str, Any] = kept.body if kept else version.body
    return found


def _expect_proposal(justification: str, effective_at: datetime, now: datetime) -> None:
    """Raises Invalid."""
    wrong = {
        "justification": _wrong_with(justification, _("Say why it changes.")),
        "effective_at": _wrong_moment(effective_at, now),
    }
    if any(wrong.values()):
        sentence = _("Expected a justification and a date that is to come, but something is wrong with them.")
        raise Invalid(sentence, fields={name: said for name, said in wrong.items() if said})


def _expect_governing(version: ControlledVersion, shown: int) -> None:
    """What the checker compared with is what it takes over from: else it may take back what they have not seen."""
    current = governing_before(version) if shown else None
    if shown and (current is None or current.number != shown):
        raise OtherInForce(current.number if current else 0)


def _expect_checker(version: Any, actor: Actor, verb: str) -> None:
    """The version is proposed, and the actor is a person who had no hand in it: nobody checks what they wrote."""
    _expect(version, State.PROPOSED, verb)
    if actor.user is None:
        raise NeedsAPerson()
    if is_maker(version, actor.user):
        raise SameMakerAndChecker()


def _expect_none_later(version: V) -> None:
    """Raises ApprovedForLater."""
    later = version.siblings.filter(state=State.APPROVED, effective_at__gt=version.effective_at)
    first = later.order_by("effective_at").first()
    if first is not None:
        said = full_text(first.effective_at, get_language(), timezone.get_current_timezone())
        raise ApprovedForLater(first.number, said)


def _wrong_moment(effective_at: datetime, now: datetime) -> str:
    if now.replace(second=0, microsecond=0) <= effective_at <= furthest(now):
        return ""
    last = full_text(furthest(now), get_language(), timezone.get_current_timezone())
    return _("Choose a time from now on until %(last)s.") % {"last": last}


def _wrong_with(text: str, asked: str) -> str:
    if not text.strip():
        return asked
    return _("Use at most %(count)s characters.") % {"count": LONGEST_REASON} if len(text) > LONGEST_REASON else ""


def _expect(version: ControlledVersion, state: State, verb: str) -> None:
    if version.state != state:
        raise WrongState(version.state, verb)
