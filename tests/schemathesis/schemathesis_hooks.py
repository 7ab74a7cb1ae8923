"""How the bodies that are no JSON are sent: as they are."""

import schemathesis


def as_it_is(_context, value):
    return value if isinstance(value, bytes) else str(value).encode()


for media_type in ("application/x-ndjson", "message/rfc822", "text/csv", "text/markdown"):
    schemathesis.serializer(media_type)(as_it_is)
