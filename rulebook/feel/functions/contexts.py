"""Built-in functions on contexts."""

from typing import Any

from rulebook.feel.functions.registry import builtin
from rulebook.feel.limits import Steps


@builtin("get value", "m, key", dict, str, may_find_nothing=True, also={"context": "m"})
def get_value(steps: Steps, context: dict[str, Any], key: str) -> Any:
    """The entry of a context by its name."""
    return context.get(key)


@builtin("get entries", "m", dict, also={"context": "m"})
def get_entries(steps: Steps, context: dict[str, Any]) -> list[Any]:
    """The entries of a context as a list of contexts with key and value."""
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context", "entries")
def context_of(steps: Steps, entries: Any) -> dict[str, Any] | None:
    """A context from contexts with key and value; null where a key is no text or comes twice."""
    given = entries if type(entries) is list else [entries]
    made: dict[str, Any] = {}
    for entry in given:
        key = entry.get("key") if type(entry) is dict else None
        if type(key) is not str or key in made or "value" not in entry:
            return None
        made[key] = entry["value"]
    return made


@builtin("context put", "context, key, value", dict, None, None, also={"keys": "key"})
def context_put(steps: Steps, context: dict[str, Any], key: Any, value: Any) -> dict[str, Any] | None:
    """The context with another entry; with a list of names, deep inside it."""
    path = key if type(key) is list else [key]
    if not path or any(type(name) is not str for name in path):
        return None
    levels = [context]
    for name in path[:-1]:
        inner = levels[-1].get(name)
        if type(inner) is not dict:
            return None
        levels.append(inner)
    for level, name in zip(reversed(levels), reversed(path)):
        value = {**level, name: value}
        steps.charge(len(value))
    made: dict[str, Any] = value
    return made


@builtin("context merge", "contexts")
def context_merge(steps: Steps, contexts: Any) -> dict[str, Any] | None:
    """The entries of several contexts in one; the last of a name stays."""
    given = contexts if type(contexts) is list else [contexts]
    if any(type(one) is not dict for one in given):
        return None
    merged: dict[str, Any] = {}
    for one in given:
        steps.charge(len(one))
        merged |= one
    return merged
