"""Who acts: a person (perhaps on behalf of another) or a machine. There is no action without an actor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Actor:
    """Who does something, on whose behalf, and through which door ("page", "command", "worker", "custodian")."""

    id: str
    name: str
    via: str = "page"
    on_behalf_of: str = ""
    user: Any = None

    @classmethod
    def of(cls, user: Any, *, via: str = "page", on_behalf_of: str = "") -> Actor:
        """The person who is logged in."""
        return cls(id=f"user:{user.pk}", name=user.get_username(), via=via, on_behalf_of=on_behalf_of, user=user)

    @classmethod
    def system(cls, name: str) -> Actor:
        """A machine, named by what it does, such as "sla sweep"."""
        return cls(id=f"system:{name}", name=name, via="worker")

    @property
    def is_system(self) -> bool:
        return self.user is None
