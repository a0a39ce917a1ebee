"""Django's entry for the design system."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Registers the template tags; there are no models."""

    name = "ui"
