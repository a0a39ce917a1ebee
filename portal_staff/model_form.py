"""The facts of a decision model as typed inputs, read back as JSON; and the files that are sent for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from audit.refusals import Invalid
from portal_staff.case_form import FACT, FactField
from rulebook.dmn import Model
from rulebook.dmn.facts import EXAMPLES
from rulebook.feel import FeelError, compile_expression
from rulebook.feel.json_text import read_json, write_json
from rulebook.feel.types import Type, root_of
from rulebook.hardened_xml import MAX_BYTES

LONGEST = 500
KINDS: dict[type | None, str] = {Decimal: "number", date: "date", str: "text", bool: "boolean"}


def fact_inputs(
    model: Model, labels: Mapping[str, str], typed: Mapping[str, str], errors: Mapping[str, str]
) -> list[FactField]:
    """An input for each fact, by its type. labels: what people call it; errors: by the fact's name."""
    return [
        _field(place, name, kind, labels.get(name, name), typed, errors.get(name, ""))
        for place, (name, kind) in enumerate(model.inputs)
    ]


def _field(place: int, name: str, kind: Type, label: str, typed: Mapping[str, str], error: str) -> FactField:
    options: tuple[tuple[str, str], ...] = tuple((value, value) for value in _values(kind))
    python = root_of(kind).python
    if python is bool:
        options = (("true", _("Yes")), ("false", _("No")))
    return FactField(
        name=f"{FACT}{place}",
        label=label,
        kind=KINDS.get(python, "json"),
        text=typed.get(f"{FACT}{place}", ""),
        options=options,
        is_closed=bool(options),
        error=error,
    )


def _values(kind: Type) -> list[str]:
    """The texts that a type lists as its only values; none where it says anything else."""
    if kind.base is None or root_of(kind).python is not str:
        return []
    try:
        values = compile_expression(f"[{kind.shown}]").evaluate({})
    except FeelError:
        return []
    return values if values and all(type(value) is str for value in values) else []


def facts_typed(model: Model, typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The facts that were typed, as JSON has them, and what is wrong, by name; an empty one is not given."""
    facts, errors = {}, {}
    for place, (name, kind) in enumerate(model.inputs):
        text = typed.get(f"{FACT}{place}", "").strip()
        if text:
            try:
                facts[name] = _value(kind, text)
            except (ValueError, InvalidOperation):
                errors[name] = _("Expected a value such as %(example)s.") % {"example": _example(kind)}
    return facts, errors


def typed_again(model: Model, facts: Mapping[str, Any]) -> dict[str, str]:
    """Facts as the inputs hold them."""
    places = {name: place for place, (name, _kind) in enumerate(model.inputs)}
    return {
        f"{FACT}{places[name]}": value if isinstance(value, str) else write_json(value)
        for name, value in facts.items()
        if name in places and value is not None
    }


def _value(kind: Type, text: str) -> Any:
    if len(text) > LONGEST:
        raise ValueError
    root = root_of(kind)
    if root.python is Decimal:
        number = Decimal(text.replace(",", ""))
        return number if number.is_finite() else _refuse()
    if root.python is bool:
        return {"true": True, "false": False}[text] if text in ("true", "false") else _refuse()
    if root.kind == "single":
        return text
    try:
        return read_json(text)
    except ValueError:
        return text if root.kind == "any" else _refuse()


def _example(kind: Type) -> str:
    return EXAMPLES.get(root_of(kind).python or object, '["a", "b"]').strip('"')


def _refuse() -> Any:
    raise ValueError


def model_in(files: MultiValueDict[str, UploadedFile]) -> tuple[str, bytes]:
    """Name and content of the DMN file that was sent. Raises Invalid."""
    sent = files.get("file")
    if sent is None:
        raise _wrong(_("Choose the file of the model."))
    if (sent.size or 0) > MAX_BYTES:
        raise _wrong(_("Use a file of at most %(count)s MB.") % {"count": MAX_BYTES // 1024 // 1024})
    return sent.name or "", sent.read()


def _wrong(said: str) -> Invalid:
    return Invalid(_("Expected the file of a decision model, but something is wrong with it."), fields={"file": said})
