"""DMN files: a decision table of a model becomes a table of the rulebook. Pure: no Django, no clock, no I/O.

Read are decision tables, DMN 1.3 to 1.5 (`READ` in `reading`). Everything else that a decision may be or may ask for is
refused by name, with its element and line: boxed expressions of other kinds, requirement graphs, invocations, types
that a table of the rulebook does not have.
"""

from rulebook.dmn.errors import DmnProblem, DmnRefused
from rulebook.dmn.reading import DmnTable, read_table

__all__ = ["DmnProblem", "DmnRefused", "DmnTable", "read_table"]
