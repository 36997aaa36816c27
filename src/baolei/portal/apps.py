from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "baolei.portal"
    verbose_name = "门户"
