"""FEEL, the expression language of the decision and process standards: decimals, dates, three-valued logic.

Pure: no Django, no clock, no I/O, no attribute access on Python objects. Every text ends in a value, null or a
FeelError, within bounded time and size. What the expressions are about is not known here.
"""

from rulebook.feel.errors import FeelError
from rulebook.feel.expressions import Expression, UnaryTests, compile_expression, compile_unary_tests
from rulebook.feel.values import Interval, Months
from rulebook.feel.vocabulary import Vocabulary

__all__ = [
    "Expression",
    "FeelError",
    "Interval",
    "Months",
    "UnaryTests",
    "Vocabulary",
    "compile_expression",
    "compile_unary_tests",
]
