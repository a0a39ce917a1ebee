"""How the rulebook says no."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from audit.refusals import Invalid, NotAllowed, Refusal, Stale
from rulebook.said import in_words
from rulebook.words import not_now


class WrongState(Refusal):
    """The version is not where this step starts from."""

    code = "rulebook.wrong_state"

    def __init__(self, state: str, verb: str) -> None:
        super().__init__(
            not_now(state, verb),
            next_step=_("Reload the page to see what happened to it."),
        )


class SameMakerAndChecker(NotAllowed):
    """Whoever proposed a version cannot approve or reject it."""

    code = "rulebook.same_maker_and_checker"

    def __init__(self) -> None:
        super().__init__(
            _("Expected another person than its maker, but you wrote or proposed this version."),
            next_step=_("Ask a second person who holds the right to approve."),
        )


class NeedsAPerson(NotAllowed):
    """A machine cannot check a version."""

    code = "rulebook.needs_a_person"

    def __init__(self) -> None:
        super().__init__(_("Expected a person to check this version, but a machine asked for it."))


class ComplianceMissing(NotAllowed):
    """Somebody of compliance has to approve what is supervisory (seed decision 22)."""

    code = "rulebook.compliance_missing"

    def __init__(self) -> None:
        super().__init__(
            _("Expected somebody of compliance to approve this version, but you are not of compliance."),
            next_step=_("Ask the chief compliance officer to approve it."),
        )


class ApprovedForLater(Stale):
    """Another version is approved for a later date: it would take back what this one changes."""

    code = "rulebook.approved_for_later"

    def __init__(self, number: int, at: str) -> None:
        super().__init__(
            _(
                "Expected no other version for a later date, but version %(number)s is approved for %(at)s and would "
                "take back what this one changes."
            )
            % {"number": number, "at": at},
            next_step=_("Let its maker take it back, and draft it anew from this one."),
            number=number,
        )


class TableWrong(Invalid):
    """Cells that do not parse, each named by rule and column."""

    code = "rulebook.table_wrong"

    def __init__(self, problems: Iterable[Any]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            _("Expected a table whose cells can all be read, but some cannot."),
            fields={f"{each.rule}.{each.column}": in_words(each.message, _) for each in self.problems},
        )


class ModelWrong(Invalid):
    """The file is no decision model that can govern. problems: everything that is wrong, by element and line."""

    code = "rulebook.model_wrong"

    def __init__(self, problems: Iterable[Any]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            _("Expected a decision model that can be read, but something is wrong with the file."),
            fields={f"line {each.line}": _told(each) for each in self.problems},
            next_step=_("Nothing was kept. Put it right in your modelling tool and send it again."),
        )


def _told(problem: Any) -> str:
    said = in_words(problem.message, _)
    return f"{problem.element}: {said}" if problem.element else said


class ColumnsWrong(Invalid):
    """Columns or a hit policy that a table cannot have, each named by its place as in `rulebook.columns`."""

    code = "rulebook.columns_wrong"

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(
            _("Expected columns and a hit policy that a table can have, but something is wrong with them."),
            fields={place: in_words(said, _, get_language()) for place, said in problems.items()},
            next_step=_("Nothing is saved yet. What you typed is kept below."),
        )


class HasGaps(Invalid):
    """The check found gaps, overlaps, dead rows or unknown facts, or could not prove that there are none."""

    code = "rulebook.has_gaps"

    def __init__(self, report: Any, *, drafted: bool) -> None:
        self.report = report
        super().__init__(
            _("Expected a table that is proven to answer every case once, but the check has findings."),
            next_step=_where_to_settle(drafted),
        )


class ModelHasGaps(Invalid):
    """The check of a model's tables has findings. checked: the tables (rulebook.dmn.wholeness.Checked) that have."""

    code = "rulebook.model_has_gaps"

    def __init__(self, checked: Sequence[Any], *, drafted: bool) -> None:
        self.checked = tuple(checked)
        names = ", ".join(f"“{each.owner}”" for each in self.checked)
        next_step = _("Put them right in your modelling tool and send the file again.")
        super().__init__(
            _("Expected tables that are proven to answer every case once, but the check has findings in %(names)s.")
            % {"names": names},
            next_step=next_step if drafted else _("Withdraw it and settle them in a new draft."),
        )


class HasFindings(Invalid):
    """Chains that nobody could complete, or that ask for less where more is at stake. findings: the errors."""

    code = "rulebook.has_findings"

    def __init__(self, findings: Sequence[Any], *, drafted: bool) -> None:
        self.findings = tuple(findings)
        first = in_words(self.findings[0].message, _, get_language())
        super().__init__(
            _("Expected a table in which the check finds no error, but it does: %(first)s") % {"first": first},
            next_step=_where_to_settle(drafted),
        )


def _where_to_settle(drafted: bool) -> str:
    if drafted:
        return _("Settle what the check found in the draft.")
    return _("Withdraw it and settle them in a new draft.")


class CasesFail(Refusal):
    """A version decides acceptance cases of its table otherwise than expected."""

    code = "rulebook.cases_fail"

    def __init__(self, failing: dict[str, str]) -> None:
        told = "; ".join(f"{name} ({why})" for name, why in failing.items())
        super().__init__(
            _("Expected every acceptance case to hold, but these do not: %(cases)s") % {"cases": told},
            next_step=_("Correct the rules, or retire a case that is no longer wanted."),
            cases=list(failing),
        )


class OtherInForce(Stale):
    """The proposal takes over from another version than the one beside which it was shown."""

    code = "rulebook.other_in_force"

    def __init__(self, number: int) -> None:
        super().__init__(
            _("Expected the version that was shown beside it, but it takes over from version %(number)s now.")
            % {"number": number},
            next_step=_("Look at the changes against it, then decide."),
            number=number,
        )


class VersionChanged(Stale):
    """Somebody saved the draft since it was shown."""

    code = "rulebook.version_changed"

    def __init__(self, by: str, revision: int) -> None:
        super().__init__(
            _("Expected the draft as it was shown, but %(name)s saved it meanwhile.") % {"name": by},
            next_step=_("What you typed is kept, together with the other changes. Look at both, then save."),
            by=by,
            revision=revision,
        )
