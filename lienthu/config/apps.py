from django.apps import AppConfig

# imported for its registration
from lienthu.config import checks as checks


class ConfigApp(AppConfig):
    name = "lienthu.config"
    label = "config"
