"""What both ways of a table through DMN share: namespaces, and how types and hit policies are called there."""

from __future__ import annotations

MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"  # DMN 1.3
DMNDI = "https://www.omg.org/spec/DMN/20191111/DMNDI/"
DC = "http://www.omg.org/spec/DMN/20180521/DC/"
OWN = "urn:throughline:dmn:1"  # what DMN has no place for: units, ids that are no XML names, Chinese
UNIT, RULE, NOTE_ZH, LABEL_ZH = (f"{{{OWN}}}{name}" for name in ("unit", "rule", "note-zh", "label-zh"))
OF_TABLE = "urn:throughline:table:"  # and the key: the namespace of a file that was written for a table
LIST = "list_of_values"  # the item definition for columns of lists

TYPES = {"number": "number", "text": "string", "boolean": "boolean", "date": "date", "list": LIST}
READ_AS = {
    **{name: kind for kind, name in TYPES.items()},
    **dict.fromkeys(("integer", "long", "double"), "number"),  # as Camunda writes them
    **dict.fromkeys(("list", "Any", ""), "list"),
}
POLICIES = {
    "unique": "UNIQUE",
    "first": "FIRST",
    "any": "ANY",
    "priority": "PRIORITY",
    "collect": "COLLECT",
    "collect_sum": "COLLECT SUM",
    "collect_min": "COLLECT MIN",
    "collect_max": "COLLECT MAX",
    "collect_count": "COLLECT COUNT",
    "rule_order": "RULE ORDER",
    "output_order": "OUTPUT ORDER",
}
AGGREGATED = "COLLECT "  # what stands before an aggregation above; in a file it is an attribute of its own
