"""The verbs of `manage.py audit`, one module a verb: HELP, add_arguments(parser) and run(options, write) → status."""

from audit.management.verbs import verify

VERBS = {"verify": verify}
