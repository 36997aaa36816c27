"""What the product keeps about persons, why and how long: declared by areas, told, and taken away in time (G-27).

Areas declare in their module `privacy`: `holds` for a table with what is personal, `keeps` for what goes after a time.
"""

from baolei.kernel.privacy.inventory import HOLDINGS, Holding, holds
from baolei.kernel.privacy.retention import RULES, Rule, keeps, purge

__all__ = ["HOLDINGS", "RULES", "Holding", "Rule", "holds", "keeps", "purge"]
