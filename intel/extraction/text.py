"""One text in, everything it holds out, each thing with its place."""

from datetime import date

from intel.extraction.accounts import find_aliases, find_emails, find_handles
from intel.extraction.amounts import find_amounts
from intel.extraction.communes import Gazetteer, find_communes
from intel.extraction.dates import find_dates
from intel.extraction.findings import Proposals, without_overlaps
from intel.extraction.hours import find_hours
from intel.extraction.neighbourhoods import Neighbourhoods, find_neighbourhoods
from intel.extraction.phones import find_imeis, find_phones
from intel.extraction.places import find_places
from intel.extraction.plates import find_plates
from intel.extraction.products import find_products

NONE_KNOWN = Neighbourhoods()


def propose(
    text: str,
    *,
    gazetteer: Gazetteer,
    today: date,
    neighbourhoods: Neighbourhoods = NONE_KNOWN,
) -> Proposals:
    """What ``text``, written on ``today``, seems to say; nothing in it is decided.

    Where two readings overlap the more telling one is kept: an address over the name inside
    it, a phone number over a sum, « rue du 8 mai » over the 8th of May.
    """
    dates = find_dates(text, today)
    products = find_products(text)
    communes = find_communes(text, gazetteer)
    quarters = find_neighbourhoods(text, neighbourhoods, communes)
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
                    *quarters,
                    *find_places(text, [*communes, *quarters]),
                    *dates,
                    *find_amounts(text, products),
                    *find_hours(text, dates),
                    *communes,
                    *products,
                ]
            )
        ),
    )
