from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "baolei.accounts"
    verbose_name = "账号"
