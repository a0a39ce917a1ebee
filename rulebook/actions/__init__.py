"""Tables and decision models under change control: the only code that writes them."""

from rulebook.actions.cases import retire_case, save_case
from rulebook.actions.models import (
    MODELS,
    add_model,
    draft_model,
    open_model,
    retire_model_case,
    save_model_case,
)
from rulebook.actions.versions import (
    TABLES,
    add_table,
    approve_version,
    draft_version,
    edit_version,
    expect_columns,
    expect_may_open,
    expect_right,
    may_open,
    open_table,
    propose_version,
    put_in_force,
    reject_version,
    roll_back,
    withdraw_version,
)

__all__ = [
    "MODELS",
    "add_model",
    "draft_model",
    "open_model",
    "retire_model_case",
    "save_model_case",
    "TABLES",
    "add_table",
    "approve_version",
    "draft_version",
    "edit_version",
    "expect_columns",
    "expect_may_open",
    "expect_right",
    "may_open",
    "open_table",
    "propose_version",
    "put_in_force",
    "reject_version",
    "retire_case",
    "roll_back",
    "save_case",
    "withdraw_version",
]
