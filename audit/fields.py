"""Fields of tables that Django does not have."""

from __future__ import annotations

import json
from typing import Any

from django.db import models


class OrderedJSONField(models.JSONField):
    """JSON whose keys stay in the order in which they were written, such as a form whose questions have an order.

    PostgreSQL's jsonb, which Django takes, sorts keys by their length; its json keeps the text. It has no operators:
    nothing inside such a field can be searched for.
    """

    def db_type(self, connection: Any) -> str | None:
        """The column's type."""
        return "json" if connection.vendor == "postgresql" else super().db_type(connection)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """The value in Python; the driver has read PostgreSQL's json already."""
        if connection.vendor == "postgresql":
            return value
        return super().from_db_value(value, expression, connection)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """The value as a parameter: on PostgreSQL its text, since the usual adapter would send jsonb."""
        if connection.vendor == "postgresql" and not hasattr(value, "as_sql"):
            return json.dumps(value, cls=self.encoder)
        return super().get_db_prep_value(value, connection, prepared)
