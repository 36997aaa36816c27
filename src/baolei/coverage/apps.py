from django.apps import AppConfig


class CoverageConfig(AppConfig):
    name = "baolei.coverage"
    verbose_name = "两新组织覆盖"
