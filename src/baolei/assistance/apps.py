from django.apps import AppConfig


class AssistanceConfig(AppConfig):
    name = "baolei.assistance"
    verbose_name = "帮扶"
