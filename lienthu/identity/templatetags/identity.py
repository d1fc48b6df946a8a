from django.template import Library

from lienthu.identity.devices import device_in_words

register = Library()
register.filter("device", device_in_words)
