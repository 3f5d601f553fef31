"""The list « Partagés avec nous »: reports of other departments, shown to ours."""

from intel import access
from intel.reading.list import ordered_page, size_of, sort_of


def shared_page(member, query):
    """One page, in the orders of the list of reports, and the order it is in."""
    sort = sort_of(query)

    def read(for_page):
        return access.shared_reports(member, for_page=for_page)

    return ordered_page(read, query, sort, size_of(query)), sort
