"""Kinds of organizations (ORG-01 to ORG-14) and of units, and what follows from a kind."""

from django.db import models


class Kind(models.TextChoices):
    BRANCH = "branch", "党支部"  # ORG-01
    JOINT_BRANCH = "joint_branch", "联合党支部"  # ORG-02
    GENERAL_BRANCH = "general_branch", "党总支"  # ORG-03
    BASIC_COMMITTEE = "basic_committee", "基层党委"  # ORG-04
    VILLAGE_COMMITTEE = "village_committee", "村（社区）党委"  # ORG-05
    TOWNSHIP_COMMITTEE = "township_committee", "乡镇（街道）党委"  # ORG-06
    PARTY_GROUP = "party_group", "党组"  # ORG-07
    WORK_COMMITTEE = "work_committee", "党工委"  # ORG-08
    TEMPORARY_BRANCH = "temporary_branch", "临时党支部"  # ORG-09
    FUNCTIONAL_ORG = "functional_org", "功能型党组织"  # ORG-10
    FLOATING_ORG = "floating_org", "流动党员党组织"  # ORG-11
    PROJECT_BRANCH = "project_branch", "项目党支部"  # ORG-12
    PARTY_CELL = "party_cell", "党小组"  # ORG-13
    LOCAL_COMMITTEE = "local_committee", "地方党委"  # ORG-14


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

STORED = (Kind.LOCAL_COMMITTEE, Kind.TOWNSHIP_COMMITTEE, Kind.WORK_COMMITTEE)
"""Committees of township level and above, whose figures are stored (D4)."""

LEAF = (*HOLDS_MEMBERS, Kind.TEMPORARY_BRANCH, Kind.PARTY_CELL)
"""Kinds that have nothing but cells below them."""


class UnitKind(models.TextChoices):
    PROVINCE = "province", "省"
    PREFECTURE = "prefecture", "市（州）"
    COUNTY = "county", "县（市、区）"
    TOWNSHIP = "township", "乡镇"
    STREET = "street", "街道"
    VILLAGE = "village", "村"
    COMMUNITY = "community", "社区"
    ORGAN = "organ", "机关"
    INSTITUTION = "institution", "事业单位"
    UNIVERSITY = "university", "高等学校"
    SCHOOL = "school", "学校"
    STATE_ENTERPRISE = "state_enterprise", "国有企业"
    PRIVATE_ENTERPRISE = "private_enterprise", "非公有制企业"
    SOCIAL_ORGANIZATION = "social_organization", "社会组织"
    PORT = "port", "口岸"


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
