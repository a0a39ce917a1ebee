from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self) -> None:
        from audit import checks, triggers  # noqa: F401

        post_migrate.connect(_install, sender=self, dispatch_uid="audit.triggers")


def _install(using: str, **signal: object) -> None:
    from audit import triggers

    triggers.install(using)
