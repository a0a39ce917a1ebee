"""The ASGI entry point, served by granian."""

import gc
import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_asgi_application()
gc.freeze()  # what the product is made of stays: the collector need not look through it again and again
