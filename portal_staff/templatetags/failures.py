"""Words for what failed: `{% load failures %}`."""

from django import template

from portal_staff.failures import failure_words

register = template.Library()
register.filter("failure_words", failure_words)
