from functools import cache

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from simple_history.manager import HistoryManager


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self) -> None:
        from audit import checks, triggers  # noqa: F401

        post_migrate.connect(_install, sender=self, dispatch_uid="audit.triggers")
        # The library makes a new manager class each time that a row's history is touched: one is enough.
        HistoryManager.from_queryset = cache(HistoryManager.from_queryset)


def _install(using: str, **signal: object) -> None:
    from audit import triggers

    triggers.install(using)
