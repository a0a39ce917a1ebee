"""Moving a running instance to another version of its drawing: which element becomes which, what keeps an instance,
and what the move does to a state. Pure: graphs and states in, states and effects out.
"""

from processes.migration.mapping import BadMap, Misfit, is_alike, mapping
from processes.migration.moving import moved, settled
from processes.migration.problems import (
    ELSEWHERE,
    ENDLESS,
    GONE,
    LOST_WAY,
    MAPPED,
    ONE_OF_SEVERAL,
    ONE_WAY,
    REPEATED,
    SHARED,
    Problem,
    hindrances,
    problems,
)

__all__ = [
    "ELSEWHERE",
    "ENDLESS",
    "GONE",
    "LOST_WAY",
    "MAPPED",
    "ONE_OF_SEVERAL",
    "ONE_WAY",
    "REPEATED",
    "SHARED",
    "BadMap",
    "Misfit",
    "Problem",
    "hindrances",
    "is_alike",
    "mapping",
    "moved",
    "problems",
    "settled",
]
