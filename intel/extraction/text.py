"""One text in, everything it holds out, each thing with its place."""

from datetime import date

from intel.extraction.accounts import find_aliases, find_emails, find_handles
from intel.extraction.communes import Gazetteer, find_communes
from intel.extraction.dates import find_dates
from intel.extraction.findings import Proposals, without_overlaps
from intel.extraction.phones import find_imeis, find_phones
from intel.extraction.plates import find_plates
from intel.extraction.products import find_products


def propose(text: str, *, gazetteer: Gazetteer, today: date) -> Proposals:
    """What ``text``, written on ``today``, seems to say; nothing in it is decided.

    Where two readings overlap the more telling one is kept: an address over the name inside
    it, a phone number over a plate, a plate over a commune.
    """
    return Proposals(
        text,
        tuple(
            without_overlaps(
                [
                    *find_emails(text),
                    *find_imeis(text),
                    *find_phones(text),
                    *find_plates(text),
                    *find_handles(text),
                    *find_aliases(text),
                    *find_dates(text, today),
                    *find_communes(text, gazetteer),
                    *find_products(text),
                ]
            )
        ),
    )
