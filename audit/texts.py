"""Texts in data: one sentence in every language of the product."""

from django.core.exceptions import ValidationError

LANGUAGES = ("en", "zh-Hans")


def both_languages(value: object) -> None:
    """Validate `{"en": …, "zh-Hans": …}`, both present and not empty."""
    if not isinstance(value, dict) or any(
        not isinstance(value.get(name), str) or not value[name] for name in LANGUAGES
    ):
        raise ValidationError(f"Expected a text in {' and '.join(LANGUAGES)}, but got {value!r}.")
