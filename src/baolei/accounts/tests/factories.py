"""Users and grants for tests."""

from datetime import date
from functools import cache

import factory
from django.contrib.auth.hashers import make_password
from django.db.backends.postgresql.psycopg_any import DateRange

from baolei.accounts.models import Grant, User
from baolei.accounts.queries import actor_of
from baolei.kernel.access import Actor
from baolei.organizations.models import Organization
from baolei.organizations.tests.factories import make_organization

PASSWORD = "four plain words here"


@cache
def _sealed() -> str:
    """Made once: a good hash is slow on purpose."""
    return make_password(PASSWORD)


class UserFactory(factory.django.DjangoModelFactory):
    """A user without grants, with the password PASSWORD."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n}")
    name = factory.Sequence(lambda n: f"李试{n}")
    office = "试验员"
    password = factory.LazyFunction(_sealed)


class GrantFactory(factory.django.DjangoModelFactory):
    """An open grant since 2012."""

    class Meta:
        model = Grant

    user = factory.SubFactory(UserFactory)
    role = "department_officer"
    organization = factory.LazyFunction(make_organization)
    during = DateRange(date(2012, 1, 1), None, "[)")


def make_officer(organization: Organization, *, role: str = "department_officer", **given) -> Actor:
    """The actor of a new user who holds `role` in the organization."""
    return actor_of(GrantFactory(organization=organization, role=role, user=UserFactory(**given)).user)
