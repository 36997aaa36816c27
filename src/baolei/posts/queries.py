"""Reads of offices, posts, terms and tenures; to be narrowed by `visible_to`."""

from django.db.models import QuerySet

from baolei.posts.models import PartyOffice, Post, Tenure, Term


def offices() -> QuerySet[PartyOffice]:
    return PartyOffice.objects.order_by("organization__key", "pk")


def posts() -> QuerySet[Post]:
    return Post.objects.order_by("organization__key", "pk")


def terms() -> QuerySet[Term]:
    return Term.objects.order_by("organization__key", "pk")


def tenures() -> QuerySet[Tenure]:
    return Tenure.objects.order_by("organization__key", "pk")
