"""Addresses of this room, in French; one module a noun."""

from protocols.urls import annexes, drafts, protocols, seats, strategy, totals

urlpatterns = [
    *protocols.urlpatterns,
    *drafts.urlpatterns,
    *annexes.urlpatterns,
    *seats.urlpatterns,
    *strategy.urlpatterns,
    *totals.urlpatterns,
]
