"""What the pages of protocols gather."""

from django.utils import timezone


def seats(protocol):
    """The seats of a protocol, running ones first, each with its unit and what it gives."""
    found = list(
        protocol.participations.select_related("group__unit__service", "permission").order_by(
            "starts_on", "pk"
        )
    )
    today = timezone.localdate()
    for seat in found:
        seat.is_running = seat.starts_on <= today and (
            seat.ends_on is None or seat.ends_on >= today
        )
        seat.reads_reports = seat.permission.codename == "read_reports"
    return sorted(found, key=lambda seat: not seat.is_running)


def signatures(protocol):
    return protocol.signatures.select_related("service").order_by("rank")


STATES = {
    "force": ("En vigueur", "done"),
    "draft": ("Non signé", "waiting"),
    "suspended": ("Suspendu", "alert"),
    "ended": ("Terminé", "quiet"),
    "future": ("À venir", "new"),
}


def state_of(protocol, on=None):
    """The word and the tone of a protocol's state on that day."""
    on = on or timezone.localdate()
    if protocol.signed_on is None:
        return STATES["draft"]
    if protocol.ends_on and protocol.ends_on < on:
        return STATES["ended"]
    if protocol.suspended_from and protocol.suspended_from <= on:
        return STATES["suspended"]
    return STATES["force" if protocol.starts_on <= on else "future"]
