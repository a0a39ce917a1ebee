"""Sentences of the pure parts: they stand in English, and know how to be said in another language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def gettext_noop(text: str) -> str:
    """Mark a sentence for the catalogue; it is translated where a page shows it, not here."""
    return text


class Said(str):
    """A sentence in English, with the template and the words that it is made of. The template is its code."""

    template: str
    given: dict[str, Any]

    def __new__(cls, template: str, **given: Any) -> Said:
        sentence = super().__new__(cls, template % given if given else template)
        sentence.template, sentence.given = template, given
        return sentence


def in_words(text: str, translate: Callable[[str], str]) -> str:
    """A sentence in the language of `translate` (gettext), with the sentences inside it; any other text as it is."""
    if not isinstance(text, Said):
        return text
    template = translate(text.template)
    given = {name: in_words(word, translate) if isinstance(word, str) else word for name, word in text.given.items()}
    return template % given if given else template
