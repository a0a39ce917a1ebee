"""Expressions that other tools wrote, put into FEEL where it says the same; refused with the reason where not.

| written in the model | in FEEL |
| --- | --- |
| `= x > 5` (Camunda 8) | the same without the sign: it is FEEL |
| text without a mark | taken as FEEL, unless its declared language says otherwise |
| `${…}`, `#{…}` (Camunda 7, Activiti, Flowable: JUEL) | translated by the lines below |
| `a.b`, `a["b"]` | `a.b`; what is no name: `get value(a, "b c")` |
| `list[0]` | `list[1]`: JUEL counts from 0, FEEL from 1; a place that is no number written out is refused |
| `==`, `!=`, `eq`, `ne` | `=`, `!=`; with null on either side the same in both |
| `x == "5"`, `x == "true"` | `x = "5" or x = 5`: JUEL would turn the text into a number or a boolean |
| `<`, `lt`, … | the same; with null JUEL says false, FEEL null: where that is handed on, `… = true` is added |
| `a <= b` of two variables | `… or a = null and b = null`: JUEL finds null equal to null |
| `&&`, `\\|\\|`, `and`, `or` | `and`, `or` |
| `!x`, `not x` | `x != true`, which holds for null too, as in JUEL |
| `empty x` | `list contains([null, "", [], {}], x)` |
| `a ? b : c` | `if a then b else c`; null counts as false in both |
| `+ - * /`, `div` | the same; a variable that is null counts as 0 in JUEL: `(if x = null then 0 else x)` |
| `7 / 2` | `3.5` in both: JUEL divides whole numbers as fractions |
| `%`, `mod` | by `modulo` of the sizes, with the dividend's sign, as in JUEL |
| `"a" + name` | the same: what JUEL refuses (its `+` adds numbers only) joins texts here |
| calls of methods, functions and beans, `execution`, `task` | refused |
| a regular expression (`x.matches("…")`) | refused: it is a call; FEEL has `matches(x, "…")` with other rules |
| lambda, assignment, `;`, `instanceof`, lists and sets written out | refused |
| text around the mark (`PT${hours}H`) | refused: write `"PT" + string(hours) + "H"` |
| a number, text or boolean where another is asked | refused, where it can be seen: JUEL would convert it |
| scripts (Groovy, JavaScript, Python, Java, MVEL), XPath | refused by the declared language |

What cannot be seen in the text is left as it is: both sides of a comparison must be of one type, numbers are decimal
instead of binary fractions, and what is divided by zero is null instead of infinite.
"""

from __future__ import annotations

import re

from processes.engine.juel import SIDE_BY_SIDE, NotTranslatable, feel_of, refusal
from rulebook.said import gettext_noop as _

__all__ = ["NotTranslatable", "translate"]

MARKS = ("${", "#{")
MARK_OUTSIDE_TEXT = re.compile(r"[$#]\{")
TEXT = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
OWN = ("", "feel")
NOT_A_SCRIPT = ("juel", "xpath")  # XPath is what tools declare for a whole file, whatever it holds


def translate(text: str, language: str = "") -> str:
    """FEEL with the meaning of an expression of a model.

    language: as declared on the expression (a name or an address), "" where nothing is. FEEL itself is not judged here.
    Raises NotTranslatable: another language, or what FEEL cannot say with the same meaning.
    """
    text, declared = text.strip(), _spoken(language)
    if text.startswith(MARKS) and declared in (*OWN, *NOT_A_SCRIPT):
        return feel_of(text)
    if declared not in OWN:
        raise refusal(text, _("is declared as %(language)s"), language=language.strip()[:80])
    if MARK_OUTSIDE_TEXT.search(TEXT.sub("", text)):
        raise refusal(text, SIDE_BY_SIDE)
    return text.removeprefix("=").strip()


def _spoken(language: str) -> str:
    lowered = language.strip().lower()
    return next((known for known in ("feel", *NOT_A_SCRIPT) if known in lowered), lowered)
