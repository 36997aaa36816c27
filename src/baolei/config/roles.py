"""The role matrix: what each role may do in the organization of its grant and in everything below it.

The table in accounts/README.md shows the same; a test holds the two together. A member needs no role: rights
declared as one's own (seeing one's own file and records) come with the account.
"""

from django.utils.translation import gettext_lazy as _

from baolei.accounts import access as accounts
from baolei.assistance import access as assistance
from baolei.community import access as community
from baolei.coverage import access as coverage
from baolei.development import access as development
from baolei.disposals import access as disposals
from baolei.honours import access as honours
from baolei.inspections import access as inspections
from baolei.kernel.access import Role
from baolei.kernel.exports import access as exports
from baolei.kernel.figures import access as figures
from baolei.kernel.privacy import about
from baolei.kernel.uploads import access as uploads
from baolei.meetings import access as meetings
from baolei.members import access as members
from baolei.organizations import access as organizations
from baolei.portal import access as portal
from baolei.posts import access as posts
from baolei.projects import access as projects
from baolei.reviews import access as reviews
from baolei.standards import access as standards
from baolei.training import access as training
from baolei.transfers import access as transfers

_RECORDS = (
    *(posts.Can, standards.Can, projects.Can, assistance.Can, meetings.Can, training.Can, transfers.Can),
    *(coverage.Can, community.Can, inspections.Can, reviews.Can, honours.Can),
)
"""Areas whose records are seen, imported and exported together with the register."""

_READING = frozenset({organizations.Can.VIEW, members.Can.VIEW, figures.Can.VIEW, figures.Can.ROWS}) | {
    can.VIEW for can in (*_RECORDS, development.Can, disposals.Can)
}
_KEEPING = _READING | {
    organizations.Can.EDIT,
    organizations.Can.EXPORT,
    members.Can.EDIT,
    members.Can.EXPORT,
    members.Can.REVEAL,
    figures.Can.EXPORT,
    *(can.EXPORT for can in _RECORDS),
    # Committees file and approve; branches carry the rest (ADM-06).
    development.Can.EXPORT,
    development.Can.CARRY,
    development.Can.APPROVE,
    # Committees release and accept; branches propose (TRF-02).
    transfers.Can.ASK,
    transfers.Can.HANDLE,
    transfers.Can.CASE,
    # The branch appraises, the committee above oversees; from higher up nobody looks into findings (G-08).
    reviews.Can.RUN,
    reviews.Can.OVERSEE,
    reviews.Can.FINDING,
    reviews.Can.GOAL,
    transfers.Can.FLOAT,
    # Who approves or decides an appeal is the one committee whose it is: `disposals.queries.is_body`.
    disposals.Can.APPROVE,
}
_NEAR = frozenset({transfers.Can.HINT, disposals.Can.RUN, disposals.Can.APPEAL})
"""What is for the branch and the committees close above it, and for nobody higher up (G-08, G-09)."""
_LEADING = _KEEPING | {
    organizations.Can.TREE,
    organizations.Can.IMPORT,
    members.Can.IMPORT,
    accounts.Can.VIEW,
    accounts.Can.GRANT,
    *(can.IMPORT for can in _RECORDS),
    development.Can.IMPORT,
    development.Can.PLAN,
    uploads.Can.UPLOAD,
    exports.Can.AGREE,
    # Of those that their organization, or one below, holds.
    portal.CanComplaint.VIEW,
    portal.CanComplaint.ANSWER,
    # Who enters or checks what a single secretary is paid (G-21).
    standards.CanPay.VIEW,
    standards.CanPay.EXPORT,
}
_DEPARTMENT = _LEADING | {
    assistance.Can.PARTNERS,
    inspections.CanWeak.VIEW,
    inspections.CanWeak.IMPORT,
    inspections.CanWeak.EXPORT,
}
"""What officers of county and above do alone: pairings with troops (G-19), weak organizations (G-20)."""

ROLES = (
    Role(
        "province_officer",
        _("省级组织部门工作人员"),
        _DEPARTMENT | {portal.Can.VIEW, portal.Can.RELEASE},
    ),
    Role("department_officer", _("市县组织部门工作人员"), _DEPARTMENT),
    Role("township_officer", _("乡镇（街道）组织委员"), _LEADING | _NEAR),
    Role("committee_officer", _("基层党委、党总支工作人员"), _KEEPING | _NEAR),
    Role(
        "branch_secretary",
        _("党支部书记"),
        _READING
        | {members.Can.EDIT, members.Can.REVEAL}
        | {development.Can.CARRY, transfers.Can.ASK, transfers.Can.CASE}
        | {reviews.Can.RUN, reviews.Can.FINDING, reviews.Can.GOAL}
        | {transfers.Can.FLOAT}
        | _NEAR,
    ),
    # Sees what was done and by whom, and no file; erases one without seeing it. Nobody but the command line can
    # give this role, since nobody gives a permission that he lacks.
    Role(
        "data_protection_officer",
        _("个人信息保护负责人"),
        frozenset(
            {
                *(organizations.Can.VIEW, accounts.Can.VIEW, accounts.Can.AUDIT),
                *(members.Can.ERASE, about.Can.GIVE),
            }
        ),
    ),
)
