from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "baolei.inspections"
    verbose_name = "督查"
