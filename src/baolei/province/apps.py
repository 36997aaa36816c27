from django.apps import AppConfig


class ProvinceConfig(AppConfig):
    name = "baolei.province"
    verbose_name = "演示省"
