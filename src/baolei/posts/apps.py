from django.apps import AppConfig


class PostsConfig(AppConfig):
    name = "baolei.posts"
    verbose_name = "职务与机构"
