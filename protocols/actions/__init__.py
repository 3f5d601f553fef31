"""What is done to a protocol and to the seats under it."""

from protocols.actions.drafts import (
    add_signature,
    change_signature,
    discard,
    draft,
    move_signature,
    remove_signature,
    rewrite,
    sign,
)
from protocols.actions.protocol import amend, end, resume, suspend
from protocols.actions.seats import Seat, admit, change_seat, end_seat, seat_of, withdraw

__all__ = [
    "Seat",
    "add_signature",
    "admit",
    "amend",
    "change_seat",
    "change_signature",
    "discard",
    "draft",
    "end",
    "end_seat",
    "move_signature",
    "remove_signature",
    "resume",
    "rewrite",
    "seat_of",
    "sign",
    "suspend",
    "withdraw",
]
