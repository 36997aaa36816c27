from django.apps import AppConfig


class HonoursConfig(AppConfig):
    name = "baolei.honours"
    verbose_name = "典型经验"
