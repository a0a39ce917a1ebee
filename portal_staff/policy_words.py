"""The types of columns and the hit policies of decision tables, as people who never saw one are told of them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

TYPES: dict[str, Promise] = {
    "text": pgettext_lazy("type of a column", "Text"),
    "number": pgettext_lazy("type of a column", "Number or amount"),
    "boolean": pgettext_lazy("type of a column", "Yes or no"),
    "date": pgettext_lazy("type of a column", "Date"),
    "list": pgettext_lazy("type of a column", "List"),
}
POLICIES: dict[str, tuple[Promise, Promise]] = {  # what each is called, and what it means
    "unique": (pgettext_lazy("hit policy", "Unique"), _("Exactly one rule fits; two that fit are an error.")),
    "first": (
        pgettext_lazy("hit policy", "First"),
        _("The first rule that fits, from the top, answers; their order matters."),
    ),
    "any": (pgettext_lazy("hit policy", "Any"), _("Several may fit, but they must all say the same.")),
    "priority": (
        pgettext_lazy("hit policy", "Priority"),
        _("Of those that fit, the one whose output stands first among its allowed values answers."),
    ),
    "collect": (pgettext_lazy("hit policy", "Collect"), _("All rules that fit answer, in no order that matters.")),
    "collect_sum": (pgettext_lazy("hit policy", "Sum"), _("The numbers of all rules that fit are added up.")),
    "collect_min": (pgettext_lazy("hit policy", "Smallest"), _("The smallest number of all rules that fit answers.")),
    "collect_max": (pgettext_lazy("hit policy", "Largest"), _("The largest number of all rules that fit answers.")),
    "collect_count": (pgettext_lazy("hit policy", "Count"), _("How many rules fit is the answer.")),
    "rule_order": (pgettext_lazy("hit policy", "Rule order"), _("All rules that fit answer, from the top down.")),
    "output_order": (
        pgettext_lazy("hit policy", "Output order"),
        _("All rules that fit answer, in the order of the outputs' allowed values."),
    ),
}
KINDS: dict[str, tuple[Promise, Promise]] = {  # kinds of table that people may open: who asks it
    "decision": (
        pgettext_lazy("who asks a table", "A process"),
        _("A business-rule task of a drawing asks it by its key and goes on with the answer."),
    ),
    "approval_matrix": (
        pgettext_lazy("who asks a table", "Approvals"),
        _("An approval task asks it who signs, in which order and how fast."),
    ),
}


def policy(code: str) -> str:
    """What a hit policy is called."""
    return str(POLICIES[code][0]) if code in POLICIES else code.replace("_", " ")


def kind(code: str) -> str:
    """What a type is called."""
    return str(TYPES.get(code, code))
