from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "baolei.organizations"
    verbose_name = "党组织"
