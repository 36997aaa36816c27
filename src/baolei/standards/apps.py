from django.apps import AppConfig


class StandardsConfig(AppConfig):
    name = "baolei.standards"
    verbose_name = "规范化建设"
