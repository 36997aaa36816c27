from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "baolei.members"
    verbose_name = "党员"
