"""How long before its end a protocol is to be renewed, and what says so; changes nothing."""

from django.utils import timezone

from protocols import access

DAYS = (90, 30, 7)  # before the end: when its keeper is told


def days_left(protocol, today=None):
    """How many days until its last one, when that is near; None otherwise."""
    today = today or timezone.localdate()
    if protocol.signed_on is None or protocol.ends_on is None:
        return None
    left = (protocol.ends_on - today).days
    return left if 0 <= left <= max(DAYS) else None


def ending_of(member):
    """The protocol of one's department that ends soon and that no other follows, with its
    `days_left`; or None."""
    ending = access.signed_protocols(member).ending_within(max(DAYS), timezone.localdate())
    protocol = ending.order_by("ends_on", "pk").first()
    if protocol is not None:
        protocol.days_left = days_left(protocol)
    return protocol
