"""A ticket's life through the client that openapi-python-client makes."""

import os

from desk_client import AuthenticatedClient
from desk_client.api.tickets import (
    add_comment,
    file_ticket,
    find_ticket,
    list_tickets,
    patch_ticket,
    resolve_ticket,
)
from desk_client.models import (
    AddComment,
    AuthorWord,
    BugKind,
    BugReport,
    PatchTicket,
    Problem,
    ResolveTicket,
    SeverityWord,
    TicketView,
    VisibilityWord,
)


def client(key: str) -> AuthenticatedClient:
    return AuthenticatedClient(
        base_url=os.environ["DESK_URL"],
        token=os.environ[key],
        raise_on_unexpected_status=True,
    )


def main() -> None:
    shop, asha = client("TOOL_KEY"), client("AGENT_KEY")

    report = BugReport(
        kind=BugKind.BUG,
        title="The invoice shows another currency",
        severity=SeverityWord.HIGH,
        actual="It says EUR",
    )
    filed = file_ticket.sync_detailed(client=shop, body=report, idempotency_key="story-py")
    assert filed.status_code == 201, filed
    assert isinstance(filed.parsed, TicketView)
    ticket = filed.parsed.key
    again = file_ticket.sync_detailed(client=shop, body=report, idempotency_key="story-py")
    assert again.headers["idempotent-replayed"] == "true", again

    seen = find_ticket.sync_detailed(ticket, client=asha)
    etag = seen.headers["etag"]
    patch = PatchTicket(title="Invoices show EUR", tags=["invoice"])
    patched = patch_ticket.sync_detailed(ticket, client=asha, body=patch, if_match=etag)
    assert isinstance(patched.parsed, TicketView), patched
    assert patched.parsed.title == "Invoices show EUR"
    stale = patch_ticket.sync_detailed(ticket, client=asha, body=patch, if_match=etag)
    assert stale.status_code == 412, stale
    assert isinstance(stale.parsed, Problem)
    assert stale.parsed.current_etag == patched.headers["etag"]

    said = add_comment.sync_detailed(
        ticket,
        client=asha,
        body=AddComment(
            author=AuthorWord.AGENT,
            visibility=VisibilityWord.PUBLIC,
            text="We look into it",
        ),
    )
    assert said.status_code == 201, said
    resolved = resolve_ticket.sync(ticket, client=asha, body=ResolveTicket())
    assert isinstance(resolved, TicketView), resolved
    assert resolved.status == "resolved"

    listed = list_tickets.sync(client=shop, status="resolved")
    assert listed is not None and not isinstance(listed, Problem), listed
    assert ticket in [item.key for item in listed.items]
    refused = file_ticket.sync(client=shop, body=BugReport.from_dict(report.to_dict() | {"title": ""}))
    assert isinstance(refused, Problem) and refused.code == "invalid", refused
    print(f"Python: {ticket} was filed, patched and resolved")


if __name__ == "__main__":
    main()
