from django.apps import AppConfig


class DisposalsConfig(AppConfig):
    name = "baolei.disposals"
    verbose_name = "组织处置"
