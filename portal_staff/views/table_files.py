"""Versions of a table as files: a workbook or DMN out of any of them, and one of either into a draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.refusals import Invalid, NotFound, Refusal
from portal_staff.access import RULES, actor, requires
from portal_staff.rule_tables import version_seen
from portal_staff.shape_words import change_lines
from portal_staff.vocabulary import Vocabulary
from rulebook import actions
from rulebook.bounds import DEFAULT
from rulebook.columns import same_shape
from rulebook.exchange import FileProblem, FileRefused, read_dmn, read_workbook, write_dmn, write_workbook
from rulebook.findings import unworkable_cells
from rulebook.hardened_xml import MAX_BYTES
from rulebook.models import TableVersion
from rulebook.readers import SIDES
from rulebook.refusals import ColumnsWrong, VersionChanged
from rulebook.said import in_words
from rulebook.shapes import shape_changes
from ui.schema_form import Problem

EDIT = ("edit_table",)
BROUGHT = "a file of rules that was shown with what it changes"
WRITERS: dict[str, tuple[Callable[..., bytes], str]] = {
    "xlsx": (write_workbook, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "dmn": (write_dmn, "application/xml"),
}


@require_safe
@requires(*RULES)
def version_file(request: HttpRequest, key: str, number: int, kind: str) -> HttpResponse:
    """A version's rules as a workbook or as DMN."""
    version = version_seen(request.user, key, number)
    if kind not in WRITERS:
        raise NotFound(_("Expected a file of the kinds xlsx or dmn, but it is neither."))
    write, content_type = WRITERS[kind]
    name = f'attachment; filename="{key}-{number}.{kind}"'
    content = write(version.body, number=number)
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": name})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*EDIT)
def import_rules(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Bring the rules of a file into a draft: all of them, or none and everything that is wrong listed.

    Other columns or another hit policy are told before they are taken.
    """
    version = version_seen(request.user, key, number)
    actions.expect_right(actor(request), "edit_table", version.table)
    if request.method != "POST":
        return _form(request, version) if version.state == "draft" else redirect("staff:version", key, number)
    name, shown = "", request.POST.get("revision", "")
    revision = int(shown) if shown.isdecimal() and len(shown) < 9 else 0
    try:
        if "brought" in request.POST:
            name, body = _agreed(request, version)
        else:
            name, content = _sent(request)
            judge = partial(unworkable_cells, version.table.kind)
            body = (read_dmn if _is_markup(content) else read_workbook)(content, version.body, judge)
            if revision == version.revision and not same_shape(version.body, body):
                actions.expect_columns(version.table, body, known=version.body)
                return _form(request, version, file=name, notice=_notice(version, name, body))
        actions.edit_version(
            version.pk, body=body, revision=revision, source=name, actor=actor(request), now=timezone.now()
        )
    except FileRefused as refused:
        return _form(request, version, file=name, wrong=refused.problems, status=Invalid.status)
    except NotFound:
        raise
    except Refusal as refusal:
        return _refused(request, version_seen(request.user, key, number), name, refusal)
    messages.success(request, _("The rules of “%(file)s” stand in the draft. Look at what differs.") % {"file": name})
    return redirect("staff:version", key, number)


def _notice(version: TableVersion, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """What a file changes of the columns, with the body that is taken once somebody agrees."""
    brought = signing.dumps({"version": version.pk, "file": name, "body": body}, salt=BROUGHT, compress=True)
    words = Vocabulary.of_table({side: [*version.body[side], *body[side]] for side in SIDES})
    return {"changes": change_lines(shape_changes(version.body, body), words), "brought": brought}


def _agreed(request: HttpRequest, version: TableVersion) -> tuple[str, dict[str, Any]]:
    """Name and body of a file that was shown with what it changes. Raises Invalid."""
    try:
        held = signing.loads(request.POST["brought"], salt=BROUGHT)
    except signing.BadSignature:
        held = {}
    if held.get("version") != version.pk:
        raise Invalid(_("Expected the file that was shown."), fields={"file": _("Send the file again.")})
    return held["file"], held["body"]


def _sent(request: HttpRequest) -> tuple[str, bytes]:
    """Name and content of the file. Raises Invalid."""
    sent = request.FILES.get("file")
    if sent is None:
        raise Invalid(_("Expected a file, but none was sent."), fields={"file": _("Choose a file.")})
    if (sent.size or 0) > MAX_BYTES:
        problem = _("Use a file of at most %(count)s MB.") % {"count": MAX_BYTES // 1024 // 1024}
        raise Invalid(_("Expected a smaller file."), fields={"file": problem})
    return (sent.name or "")[:120], sent.read()


def _is_markup(content: bytes) -> bool:
    """Whether it is XML rather than a packed workbook, whatever the file is called."""
    return content[:64].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n").startswith(b"<")


def _refused(request: HttpRequest, version: TableVersion, name: str, refusal: Refusal) -> HttpResponse:
    fields = refusal.fields if isinstance(refusal, Invalid) else {}
    apart = _of_column if isinstance(refusal, ColumnsWrong) else _split
    wrong = [FileProblem("", *apart(place), said) for place, said in fields.items() if place != "file"]
    errors = {"file": fields["file"]} if "file" in fields else {}
    said = f"{refusal.sentence} {refusal.next_step}".strip()
    if isinstance(refusal, VersionChanged):
        said = _("%(sentence)s Look at the draft as it is now, then send the file again.") % {
            "sentence": refusal.sentence
        }
    return _form(
        request, version, file=name, wrong=wrong, errors=errors, said="" if errors else said, status=refusal.status
    )


def _of_column(place: str) -> tuple[str, str]:
    """Of a place as in `rulebook.columns`: no rule, and which column or part of the table."""
    names = {"hit_policy": _("Hit policy"), "inputs": _("Conditions"), "outputs": _("Outputs")}
    return "", names[place.partition(".")[0]]


def _split(place: str) -> tuple[str, str]:
    rule, _dot, column = place.rpartition(".")
    return rule, column


def _form(
    request: HttpRequest,
    version: TableVersion,
    *,
    file: str = "",
    wrong: Any = (),
    errors: Mapping[str, str] | None = None,
    said: str = "",
    notice: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """notice: what the file changes of the columns, before it is taken."""
    words = Vocabulary.of_table(version.body)
    context = {
        "version": version,
        "table": version.table,
        "file": file,
        "said": said,
        "notice": notice,
        "errors": errors or {},
        "problems": [Problem(text, _("The file"), "file") for text in (errors or {}).values()],
        "wrong": [_line(each, words) for each in wrong],
    }
    return render(request, "portal_staff/rulebook_import.html", context, status=status)


def _line(problem: FileProblem, words: Vocabulary) -> dict[str, str]:
    rule = _("Otherwise") if problem.rule == DEFAULT else problem.rule
    column = words.label(problem.column) if problem.column else ""
    said = in_words(problem.message, _, get_language())
    return {"place": problem.place, "rule": rule, "column": column, "said": said}
