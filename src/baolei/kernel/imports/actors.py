"""Who acts on the command line."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError
from django.utils.module_loading import import_string

from baolei.kernel.access import Actor


def actor_named(username: str) -> Actor:
    """The user's actor, or the command line's own. Raises CommandError when there is no such user."""
    if not username:
        return Actor.system("命令行")
    user = get_user_model().objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"没有用户 {username}")
    return import_string(settings.BAOLEI_ACTOR_OF)(user)
