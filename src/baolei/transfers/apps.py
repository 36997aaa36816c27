from django.apps import AppConfig


class TransfersConfig(AppConfig):
    name = "baolei.transfers"
    verbose_name = "组织关系转接"
