#!/usr/bin/env python
"""Django's command line for Throughline."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from audit.management.one_line import execute

    execute(sys.argv)


if __name__ == "__main__":
    main()
