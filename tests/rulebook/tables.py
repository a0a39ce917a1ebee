"""A builder of small tables for the tests of this room."""


def body(rules, *, inputs=None, outputs=None, hit_policy="unique", default=None):
    """A table's JSON body. rules: {id: ({column: cell}, {output: expression})}."""
    return {
        "key": "sample",
        "name": {"en": "Sample", "zh-Hans": "示例"},
        "hit_policy": hit_policy,
        "inputs": inputs or [{"name": "amount", "type": "number", "unit": "USD"}],
        "outputs": outputs or [{"name": "out", "type": "text"}],
        "rules": [{"id": key, "when": when, "then": then} for key, (when, then) in rules.items()],
        "default": default,
    }


def said(text):
    """An output cell for the text."""
    return {"out": f'"{text}"'}
