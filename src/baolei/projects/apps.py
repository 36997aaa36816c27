from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "baolei.projects"
    verbose_name = "项目与资金"
