"""Ids as Pirsch writes them: short texts, all alike. The types keep one from being passed for another.

Several calls name their argument `id` and mean the domain, others mean the object (docs.pirsch.io, API v1:
`GET /goal?id=` lists the goals of a domain, `DELETE /goal?id=` deletes a goal).
"""

from typing import NewType

AccessLinkId = NewType("AccessLinkId", str)
AlternativeId = NewType("AlternativeId", str)
ClientRowId = NewType("ClientRowId", str)  # the row in the list of clients; not the OAuth client id
DomainId = NewType("DomainId", str)
FilterId = NewType("FilterId", str)
FunnelId = NewType("FunnelId", str)
FunnelStepId = NewType("FunnelStepId", str)
GoalId = NewType("GoalId", str)
ImportId = NewType("ImportId", str)
InvitationId = NewType("InvitationId", str)
LinkId = NewType("LinkId", str)
LinkUrlId = NewType("LinkUrlId", str)
MemberId = NewType("MemberId", str)
OrganizationId = NewType("OrganizationId", str)
ReportId = NewType("ReportId", str)
SessionId = NewType("SessionId", int)
SnippetId = NewType("SnippetId", str)
ThemeId = NewType("ThemeId", str)
UserId = NewType("UserId", str)
ViewId = NewType("ViewId", str)
VisitorId = NewType("VisitorId", str)  # an unsigned 64-bit number: a text, or JavaScript would round it
WebhookId = NewType("WebhookId", str)
