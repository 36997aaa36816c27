from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "baolei.meetings"
    verbose_name = "会议"
