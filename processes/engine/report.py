"""What a check found: findings with element and line, all of a file's at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or worth knowing.

    element: id in the model ("" for the file as a whole). line: in the file, from 1.
    blocks: the model cannot run because of it. legal: right by the BPMN standard, only not run here.
    lacking: it could run, but a published model must not lack this.
    """

    element: str
    line: int
    message: str
    blocks: bool = False
    legal: bool = False
    lacking: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """Result of `check`. elements: how many of each BPMN element the file holds."""

    errors: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    elements: Mapping[str, int] = field(default_factory=dict)

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """All findings because of which the model cannot run, errors first."""
        return self.errors + tuple(finding for finding in self.warnings if finding.blocks)

    @property
    def executable(self) -> bool:
        """Whether the engine can run the model."""
        return not self.blocking
