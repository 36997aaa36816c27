from datetime import timedelta

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Scope
from baolei.kernel.ids import uuid7
from baolei.kernel.scope import ScopedModel, ScopedQuerySet
from baolei.kernel.spells import Spell, SpellQuerySet
from baolei.organizations.models import Organization


class User(AbstractBaseUser):
    """A person who signs in. What he may do comes from grants; `member_id` is his own row of the register.

    `failed_sign_ins` and `locked_until` are the lock-out: five wrong passwords lock for fifteen minutes.
    `must_change_password` holds for a one-time password: nothing else can be done with it.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    username = models.TextField(_("用户名"), unique=True)
    name = models.TextField(_("姓名"))
    office = models.TextField(_("职务"), blank=True, default="")
    member_id = models.BigIntegerField(null=True, unique=True)
    is_active = models.BooleanField(default=True)
    failed_sign_ins = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    must_change_password = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BaseUserManager()
    USERNAME_FIELD = "username"

    class Privacy:
        plain = frozenset(
            {
                "username",
                "name",
                "office",
                "is_active",
                "member_id",
                "must_change_password",
            }
            | {"failed_sign_ins", "locked_until", "last_login"}
        )

    def __str__(self):
        return self.name

    @property
    def is_locked(self) -> bool:
        return self.locked_until is not None and self.locked_until > timezone.now()


class GrantQuerySet(ScopedQuerySet, SpellQuerySet):
    pass


class Grant(ScopedModel, Spell):
    """A role that a user holds in an organization and everything below it, from day to day."""

    scope = Scope(ends=("organization",))

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = models.TextField(_("角色"))
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")

    rows = models.Manager()
    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="accounts_grant_once_a_day",
                expressions=[
                    (F("user"), RangeOperators.EQUAL),
                    (F("role"), RangeOperators.EQUAL),
                    (F("organization"), RangeOperators.EQUAL),
                    (F("during"), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Token(models.Model):
    """A key with which a program of the user reads the interface, within the user's reach and no further.

    Of the secret only a keyed hash is kept; `prefix` is its beginning, for recognition. `last_day` is inclusive.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    name = models.TextField(_("名称"))
    purpose = models.TextField(_("用途"))
    prefix = models.TextField()
    digest = models.BinaryField(unique=True)
    created_on = models.DateField()
    last_day = models.DateField()
    withdrawn_on = models.DateField(null=True)

    class Privacy:
        plain = frozenset({"user_id", "name", "purpose", "prefix", "created_on", "last_day", "withdrawn_on"})

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="accounts_token_days",
                condition=Q(
                    last_day__gte=F("created_on"), last_day__lte=F("created_on") + timedelta(days=365)
                ),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_valid(self) -> bool:
        """True until the end of the last day, unless withdrawn."""
        return self.withdrawn_on is None and self.last_day >= timezone.localdate()
