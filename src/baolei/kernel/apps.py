from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "baolei.kernel"
    verbose_name = "内核"
