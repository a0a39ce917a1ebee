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


class Named(str):
    """What somebody called a thing in English, with what they called it in Chinese ("" where they did not)."""

    chinese: str

    def __new__(cls, english: str, chinese: str = "") -> Named:
        name = super().__new__(cls, english)
        name.chinese = chinese
        return name


def sentence_of(error: Exception) -> str:
    """What an error says, as it can be said in another language where the error knows how."""
    return getattr(error, "sentence", None) or str(error)


def in_words(text: str, translate: Callable[[str], str], language: str | None = "") -> str:
    """A sentence in the language of `translate` (gettext), with the sentences inside it; any other text as it is.

    language: the code of that language, for names that are given in both.
    """
    if isinstance(text, Named):
        return text.chinese if text.chinese and (language or "").startswith("zh") else str(text)
    if not isinstance(text, Said):
        return text
    template = translate(text.template)
    given = {
        name: in_words(word, translate, language) if isinstance(word, str) else word
        for name, word in text.given.items()
    }
    return template % given if given else template
