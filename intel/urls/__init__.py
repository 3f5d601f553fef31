"""Addresses of this room, in French; one module a noun."""

from intel.urls import editions, entry, exports, home, imports, reports, summaries, triage

urlpatterns = [
    *home.urlpatterns,
    *entry.urlpatterns,  # before the sheets: /renseignements/nouveau/ is no reference
    *exports.urlpatterns,
    *reports.urlpatterns,
    *triage.urlpatterns,
    *imports.urlpatterns,
    *summaries.urlpatterns,
    *editions.urlpatterns,
]
