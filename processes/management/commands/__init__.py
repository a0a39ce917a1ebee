"""The `process` command."""
