from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Scope
from baolei.kernel.records import DatedRecord, Record
from baolei.organizations.models import Organization


class StudyCampaign(DatedRecord):
    """A study campaign: topics for a span, in every branch below the organization that runs it (S27)."""

    scope = Scope(ends=("organization",))

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("组织开展的党组织")
    )
    name = models.TextField(_("名称"))
    document = models.TextField(_("文号"))

    class Privacy:
        plain = frozenset({"ref", "organization_id", "name", "document", "during"})

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="meetings_studycampaign_dated",
                condition=Q(during__isempty=False) & Q(during__lower_inf=False),
            ),
        ]

    def __str__(self):
        return self.name


class Meeting(Record):
    """A meeting that was held: its kind, day, and how many should have attended and did.

    No names and no reasons for absence (G-01); `campaign` when it also served a study campaign: what a branch
    does anyway counts there without another form.
    """

    class Kind(models.TextChoices):
        MEMBERS_MEETING = "members_meeting", _("党员大会")
        BRANCH_COMMITTEE_MEETING = "branch_committee_meeting", _("支部委员会会议")
        CELL_MEETING = "cell_meeting", _("党小组会")
        PARTY_CLASS = "party_class", _("党课")
        THEME_DAY = "theme_day", _("主题党日")
        ORG_LIFE_MEETING = "org_life_meeting", _("组织生活会")
        DEMOCRATIC_LIFE_MEETING = "democratic_life_meeting", _("民主生活会")
        REGULAR_SESSION = "regular_session", _("定期议党会议")
        SPECIAL_SESSION = "special_session", _("专题议党会议")

    scope = Scope(ends=("organization",))

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("召开的党组织")
    )
    kind = models.TextField(_("类别"), choices=Kind.choices)
    held_on = models.DateField(_("召开日期"))
    should_attend = models.IntegerField(_("应到人数"))
    present = models.IntegerField(_("实到人数"))
    campaign = models.ForeignKey(
        StudyCampaign,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("学习教育"),
    )

    class Privacy:
        plain = frozenset(
            {"ref", "organization_id", "kind", "held_on", "should_attend", "present", "campaign_id"}
        )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="meetings_meeting_present",
                condition=Q(present__gte=0, present__lte=F("should_attend")),
            ),
            models.CheckConstraint(
                name="meetings_meeting_kind",
                condition=Q(
                    kind__in=[
                        *("members_meeting", "branch_committee_meeting", "cell_meeting", "party_class"),
                        *("theme_day", "org_life_meeting", "democratic_life_meeting", "regular_session"),
                        "special_session",
                    ]
                ),
            ),
            models.UniqueConstraint(name="meetings_meeting_once", fields=["organization", "kind", "held_on"]),
        ]
        indexes = [
            models.Index(name="meetings_meeting_kind_day", fields=["kind", "held_on"]),
        ]
