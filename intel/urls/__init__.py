"""Addresses of this room, in French; one module a noun."""

from intel.urls import (
    amounts,
    annexes,
    complements,
    deconfliction,
    editions,
    entry,
    exports,
    handovers,
    home,
    imports,
    lists,
    matching,
    raw_texts,
    reports,
    requests,
    sharing,
    summaries,
    triage,
)

urlpatterns = [
    *home.urlpatterns,
    *entry.urlpatterns,  # before the sheets: /renseignements/nouveau/ is no reference
    *exports.urlpatterns,
    *reports.urlpatterns,
    *amounts.urlpatterns,
    *raw_texts.urlpatterns,
    *annexes.urlpatterns,
    *complements.urlpatterns,
    *handovers.urlpatterns,
    *lists.urlpatterns,
    *matching.urlpatterns,
    *requests.urlpatterns,
    *deconfliction.urlpatterns,
    *sharing.urlpatterns,
    *triage.urlpatterns,
    *imports.urlpatterns,
    *summaries.urlpatterns,
    *editions.urlpatterns,
]
