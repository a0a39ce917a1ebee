"""The boxed expressions of a model, one module for each kind; `BOXES` says which element is which.

Source: DMN 1.5, clauses 7.3 (literal expressions, invocations), 8 (decision tables) and 10.2 (the others).
"""

from rulebook.dmn.boxes import contexts, control, functions, literals, tables
from rulebook.dmn.making import Box

BOXES: dict[str, Box] = {
    "literalExpression": literals.literal,
    "decisionTable": tables.table,
    "context": contexts.context,
    "list": contexts.list_box,
    "relation": contexts.relation,
    "functionDefinition": functions.definition,
    "invocation": functions.invocation,
    "conditional": control.conditional,
    "filter": control.filter_box,
    "for": control.for_box,
    "some": control.quantified,
    "every": control.quantified,
}
