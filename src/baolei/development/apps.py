from django.apps import AppConfig


class DevelopmentConfig(AppConfig):
    name = "baolei.development"
    verbose_name = "发展党员"
