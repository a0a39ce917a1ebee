"""The verbs of `manage.py process`, one module each: `add_arguments(parser)`, `run(options, stdout) -> exit status`."""
