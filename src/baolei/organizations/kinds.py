"""Kinds of organizations (ORG-01 to ORG-14) and of units, and what follows from a kind."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    BRANCH = "branch", _("党支部")  # ORG-01
    JOINT_BRANCH = "joint_branch", _("联合党支部")  # ORG-02
    GENERAL_BRANCH = "general_branch", _("党总支")  # ORG-03
    BASIC_COMMITTEE = "basic_committee", _("基层党委")  # ORG-04
    VILLAGE_COMMITTEE = "village_committee", _("村（社区）党委")  # ORG-05
    TOWNSHIP_COMMITTEE = "township_committee", _("乡镇（街道）党委")  # ORG-06
    PARTY_GROUP = "party_group", _("党组")  # ORG-07
    WORK_COMMITTEE = "work_committee", _("党工委")  # ORG-08
    TEMPORARY_BRANCH = "temporary_branch", _("临时党支部")  # ORG-09
    FUNCTIONAL_ORG = "functional_org", _("功能型党组织")  # ORG-10
    FLOATING_ORG = "floating_org", _("流动党员党组织")  # ORG-11
    PROJECT_BRANCH = "project_branch", _("项目党支部")  # ORG-12
    PARTY_CELL = "party_cell", _("党小组")  # ORG-13
    LOCAL_COMMITTEE = "local_committee", _("地方党委")  # ORG-14


HOLDS_MEMBERS = (Kind.BRANCH, Kind.JOINT_BRANCH, Kind.PROJECT_BRANCH)
"""A member's formal relation lies in a branch of one of these kinds (ORG-23)."""

GRASSROOTS = (
    Kind.BRANCH,
    Kind.JOINT_BRANCH,
    Kind.PROJECT_BRANCH,
    Kind.GENERAL_BRANCH,
    Kind.BASIC_COMMITTEE,
    Kind.VILLAGE_COMMITTEE,
    Kind.TOWNSHIP_COMMITTEE,
)
"""What `organizations.total` counts."""

APPROVING = (Kind.BASIC_COMMITTEE, Kind.TOWNSHIP_COMMITTEE, Kind.WORK_COMMITTEE, Kind.LOCAL_COMMITTEE)
"""Kinds that can approve; a general branch, a branch, a village's committee and a Party group cannot (ADM-06)."""

STORED = (Kind.LOCAL_COMMITTEE, Kind.TOWNSHIP_COMMITTEE, Kind.WORK_COMMITTEE)
"""Committees of township level and above, whose figures are stored (D4)."""

WITHOUT_RELATIONS = (
    Kind.PARTY_GROUP,
    Kind.TEMPORARY_BRANCH,
    Kind.FUNCTIONAL_ORG,
    Kind.FLOATING_ORG,
    Kind.PARTY_CELL,
)
"""Kinds that hold no formal relations; a child of such a kind is left out of drawings where it has no rows."""

LEAF = (*HOLDS_MEMBERS, Kind.TEMPORARY_BRANCH, Kind.PARTY_CELL)
"""Kinds that have nothing but cells below them."""

REGION_KINDS = {Kind.LOCAL_COMMITTEE: 6, Kind.TOWNSHIP_COMMITTEE: 9, Kind.WORK_COMMITTEE: 9}
"""Digits of the region code of those that have one."""


class UnitKind(models.TextChoices):
    PROVINCE = "province", _("省")
    PREFECTURE = "prefecture", _("市（州）")
    COUNTY = "county", _("县（市、区）")
    TOWNSHIP = "township", _("乡镇")
    STREET = "street", _("街道")
    VILLAGE = "village", _("村")
    COMMUNITY = "community", _("社区")
    ORGAN = "organ", _("机关")
    INSTITUTION = "institution", _("事业单位")
    UNIVERSITY = "university", _("高等学校")
    SCHOOL = "school", _("学校")
    STATE_ENTERPRISE = "state_enterprise", _("国有企业")
    PRIVATE_ENTERPRISE = "private_enterprise", _("非公有制企业")
    SOCIAL_ORGANIZATION = "social_organization", _("社会组织")
    PORT = "port", _("口岸")


REGION_DIGITS = {
    UnitKind.PROVINCE: 6,
    UnitKind.PREFECTURE: 6,
    UnitKind.COUNTY: 6,
    UnitKind.TOWNSHIP: 9,
    UnitKind.STREET: 9,
    UnitKind.VILLAGE: 12,
    UnitKind.COMMUNITY: 12,
}
"""Digits of the region code of a division: GB/T 2260, then the statistics bureau's codes."""
