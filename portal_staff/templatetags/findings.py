"""What a checker found, in the reader's language: `{% load findings %}`."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language, gettext

from rulebook import said

register = template.Library()


@register.filter
def in_words(sentence: str) -> str:
    """A checker's sentence in the reader's language."""
    return said.in_words(sentence, gettext, get_language())
