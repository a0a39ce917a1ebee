"""Decision models and their versions under change control, and the cases that every version must hold."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from guardian.models import GroupObjectPermission

from accounts.actions import grant
from accounts.authority import holds
from audit.actions import record, save
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from audit.refusals import Invalid, NotAllowed, NotFound
from rulebook import versions
from rulebook.actions.versions import expect_may_open
from rulebook.change_control import State
from rulebook.dmn import DmnRefused, FactWrong, decision_of, read_model
from rulebook.feel.json_text import read_json
from rulebook.model_queries import checked_tables, judged, model_of
from rulebook.models import DecisionModel, ModelCase, ModelVersion, Table
from rulebook.refusals import CasesFail, ModelHasGaps, ModelWrong
from rulebook.said import in_words
from rulebook.supervision import is_supervised_model

MOST_CASES = 200  # of one model: they are all decided when a version is proposed and approved
LONGEST_NAME, LONGEST_FACTS, LONGEST_REASON = 120, 10_000, 500
RIGHTS = {"edit_model": "edit_table", "approve_model": "approve_table"}  # right on models → the same on tables


@action
def add_model(*, key: str, name: dict, actor: Actor, now: datetime) -> DecisionModel:
    """Open a model under a key that no table has; it decides nothing until a version is in force.

    Raises ValidationError.
    """
    model = DecisionModel(key=key, name=name)
    model.full_clean()
    if Table.objects.filter(key=key).exists():
        raise ValidationError({"key": _("A table has this key, and processes ask both by their keys. Choose another.")})
    save(model, actor=actor, now=now)
    subject = f"rulebook.model:{model.pk}"
    record("rulebook.model.added", subject=subject, actor=actor, now=now, after={"key": key}, data={"model": key})
    return model


@action
def open_model(*, key: str, name: dict, actor: Actor, now: datetime) -> DecisionModel:
    """Open a model; a person must be able to edit every table. Who holds a right on all tables gets it here.

    Raises Invalid, NotAllowed.
    """
    expect_may_open(actor)
    try:
        model = add_model(key=key, name=name, actor=actor, now=now)
    except ValidationError as wrong:
        fields = {field: " ".join(said) for field, said in wrong.message_dict.items()}
        raise Invalid(_("Expected a free key and a name in both languages."), fields=fields) from None
    for group, right in _as_with_tables():
        grant(group, right, model, actor=actor, now=now)
    return model


def _as_with_tables() -> list[tuple[Group, str]]:
    """The groups that hold a right on all tables, with the same right on models."""
    tables = set(map(str, Table.objects.values_list("pk", flat=True)))
    found = []
    for right, as_on_tables in RIGHTS.items():
        holders: dict[Group, set[str]] = {}
        of_tables = GroupObjectPermission.objects.filter(permission__codename=as_on_tables)
        for row in of_tables.select_related("group"):
            holders.setdefault(row.group, set()).add(row.object_pk)
        found += [(group, right) for group, keys in holders.items() if tables and tables <= keys]
    return found


@action
def draft_model(
    key: str, *, xml: bytes, file: str = "", base: int | None = None, actor: Actor, now: datetime
) -> ModelVersion:
    """Keep a DMN file as a draft, as it was sent. file: its name; base: the number of the version that it changes,
    None for the one in force.

    Raises ModelWrong with everything that is wrong with the file, NotAllowed, NotFound.
    """
    model = lock(DecisionModel.objects.filter(key=key)).first()
    if model is None:
        raise NotFound(_("Expected a decision model, but there is none."))
    expect_model_right(actor, "edit_model", model)
    from_version = model.versions.filter(number=base) if base else model.versions.filter(state="in_force")
    return MODELS.begin(_draft_of(model, xml, file, from_version.first()), actor=actor, now=now)


def _draft_of(model: DecisionModel, xml: bytes, file: str, base: ModelVersion | None) -> ModelVersion:
    expect_readable(xml, model.key)
    digest = hashlib.sha256(xml).hexdigest()
    return ModelVersion(model=model, xml=xml, file=file[:200], digest=digest, base=base)


def _again(old: ModelVersion) -> ModelVersion:
    """With the file of another version, as a change of the one in force. Raises ModelWrong."""
    return _draft_of(old.model, bytes(old.xml), old.file, versions.governing_now(old))


def expect_readable(xml: bytes, key: str) -> None:
    """The file is a model that can decide, and one of its decisions answers for it. Raises ModelWrong."""
    try:
        decision_of(read_model(xml), key)
    except DmnRefused as refused:
        raise ModelWrong(refused.problems) from None


def _expect_cases(version: ModelVersion) -> None:
    """Raises CasesFail. The model's row is held: no case is saved between the judgement and what it allows."""
    lock(DecisionModel.objects.filter(pk=version.model_id)).get()
    failing = {case.name: in_words(why, _) for case, why in judged(version) if why}
    if failing:
        raise CasesFail(failing)


def _expect_proposable(version: ModelVersion, now: datetime) -> None:
    """The check finds nothing wrong with its tables, and every case holds. Raises CasesFail, ModelHasGaps."""
    wrong = [each for each in checked_tables(version) if not each.holds]
    if wrong:
        raise ModelHasGaps(wrong, drafted=version.state == State.DRAFT)
    _expect_cases(version)


def _expect_approvable(version: ModelVersion, actor: Actor, now: datetime) -> None:
    """What is read of files may have changed since it was drafted. Raises CasesFail, ModelHasGaps, ModelWrong."""
    expect_readable(bytes(version.xml), version.model.key)
    _expect_proposable(version, now)


@action
def save_model_case(
    version_id: int, *, name: str, facts: str, expected: Mapping[str, str], actor: Actor, now: datetime
) -> ModelCase:
    """Keep facts and what decisions must say for them as a case of the model; the version says which decisions
    there are.

    facts: a JSON object as text; expected: decision → its value as JSON text, without those that may say anything.
    Raises NotFound, NotAllowed, Invalid; its fields are `name`, `facts`, and `expected.DECISION`.
    """
    version = ModelVersion.objects.select_related("model").filter(pk=version_id).first()
    if version is None:
        raise NotFound(_("Expected a version of a decision model, but there is none."))
    row = lock(DecisionModel.objects.filter(pk=version.model_id)).get()
    expect_model_right(actor, "edit_model", row)
    if actor.user is None:
        raise NotAllowed(_("Expected a person who answers for the case, but there is none."))
    wrong = {
        **_wrong_name(row, name.strip()),
        **_wrong_facts(version, facts, now),
        **_wrong_expected(version, expected),
    }
    if wrong:
        raise Invalid(_("Expected a case that can be decided, but something is wrong with it."), fields=wrong)
    about = {"name": name.strip(), "facts": facts, "expected": dict(expected)}
    case = ModelCase.objects.create(model=row, saved_by=actor.user, saved_at=now, **about)
    _record_case("saved", case, actor, now, after=about)
    return case


@action
def retire_model_case(case_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """A case is not wanted any more. Raises NotFound, NotAllowed, Invalid."""
    case = lock(ModelCase.objects.filter(pk=case_id, retired_at=None)).select_related("model").first()
    if case is None:
        raise NotFound(_("Expected an acceptance case that is in use, but there is none."))
    expect_model_right(actor, "edit_model", case.model)
    said = reason.strip()
    if not 0 < len(said) <= LONGEST_REASON:
        problem = _("Say in at most %(most)s characters why it is not wanted.") % {"most": LONGEST_REASON}
        raise Invalid(_("Expected a reason, but something is wrong with it."), fields={"reason": problem})
    case.retired_at = now
    case.save(update_fields=["retired_at"])
    before = {"name": case.name, "facts": case.facts, "expected": case.expected}
    _record_case("retired", case, actor, now, before=before, reason=said)


def _wrong_name(model: DecisionModel, name: str) -> dict[str, str]:
    used = ModelCase.objects.filter(model=model, retired_at=None)
    if not 0 < len(name) <= LONGEST_NAME:
        return {"name": _("Expected a name of at most %(most)s characters.") % {"most": LONGEST_NAME}}
    if used.filter(name=name).exists():
        return {"name": _("Expected a new name, but there is a case of this name.")}
    if used.count() >= MOST_CASES:
        return {"name": _("Expected at most %(most)s cases of one model.") % {"most": MOST_CASES}}
    return {}


def _wrong_facts(version: ModelVersion, facts: str, now: datetime) -> dict[str, str]:
    if len(facts) > LONGEST_FACTS:
        return {"facts": _("Use at most %(count)s characters.") % {"count": LONGEST_FACTS}}
    try:
        given = read_json(facts)
        if not isinstance(given, dict):
            raise ValueError
        model_of(version).evaluate(given, None, now)
    except FactWrong as wrong:
        return {"facts": str(wrong)}
    except ValueError:
        return {"facts": _("Expected the facts as a JSON object.")}
    return {}


def _wrong_expected(version: ModelVersion, expected: Mapping[str, str]) -> dict[str, str]:
    if not expected:
        return {"expected": _("Say of at least one decision what it must be.")}
    wrong, known = {}, {one.name for one in model_of(version).decisions}
    for name, text in expected.items():
        try:
            read_json(text if name in known and len(text) <= LONGEST_FACTS else "?")
        except ValueError:
            wrong[f"expected.{name}"] = _('Expected a value as JSON has it, such as 12.5, "text", true or null.')
    return wrong


def _record_case(step: str, case: ModelCase, actor: Actor, now: datetime, **parts: Any) -> None:
    subject, data = f"rulebook.model:{case.model_id}", {"model": case.model.key, "case": case.pk}
    record(f"rulebook.model_case.{step}", subject=subject, actor=actor, now=now, data=data, **parts)


def expect_model_right(actor: Actor, right: str, model: DecisionModel) -> None:
    """The actor holds the right on the model; machines may do all. Raises NotAllowed."""
    if actor.user is not None and not holds(actor.user, right, model.pk):
        raise NotAllowed(
            _('Expected the right "%(right)s" on this decision model, but you do not hold it.') % {"right": right},
            next_step=_("Ask an administrator of the rulebook."),
        )


MODELS = versions.Control(
    versions=ModelVersion,
    facts="rulebook.model_version",
    named=lambda version: {"model": version.model.key},
    missing=gettext_lazy("Expected a version of a decision model, but there is none."),
    edits=lambda actor, model: expect_model_right(actor, "edit_model", model),
    checks=lambda actor, model: expect_model_right(actor, "approve_model", model),
    again=_again,
    content=lambda version: {"digest": version.digest, "file": version.file},
    proposable=_expect_proposable,
    approvable=_expect_approvable,
    supervised=lambda version: is_supervised_model(version.model.key),
)
