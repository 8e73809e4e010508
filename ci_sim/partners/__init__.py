"""Partners from a spreadsheet: a list of organizations, and who already trusts whom, becomes a scenario.

``sheet`` reads a CSV file whoever wrote it - ``organizations`` and ``ties`` read its rows - ``case`` puts them in the
place of a scenario's own organizations. What is wrong is said by row and column, all of it at once.
"""

from ci_sim.partners.case import PartnerCase, partner_case, read_partners
from ci_sim.partners.organizations import SECTOR_WORDS

__all__ = ["SECTOR_WORDS", "PartnerCase", "partner_case", "read_partners"]
