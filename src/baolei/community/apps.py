from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "baolei.community"
    verbose_name = "社区服务"
