from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "baolei.training"
    verbose_name = "教育培训"
