"""The one library that all tags and filters register with."""

from django.template import Library

register = Library()
