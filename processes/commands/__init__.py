"""The verbs of `manage.py process`, one module each: `add_arguments(parser)` and `run(options, stdout) -> exit status`.

`CallRefused` carries the one line that a wrong call or input is answered with.
"""
