"""Tables and versions of the rulebook that a reader may see; what they may not see is missing."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from audit.refusals import NotFound
from rulebook.models import Table, TableVersion
from rulebook.queries import tables_visible_to, versions_of


def table_seen(user: Any, key: str) -> Table:
    """Raises NotFound."""
    found = tables_visible_to(user).filter(key=key).first()
    if found is None:
        raise NotFound(_("Expected a table that you may see, but there is none."))
    return found


def version_seen(user: Any, key: str, number: int) -> TableVersion:
    """Raises NotFound."""
    found = versions_of(table_seen(user, key)).filter(number=number).first()
    if found is None:
        raise NotFound(_("Expected a version of this table, but there is none."))
    return found
