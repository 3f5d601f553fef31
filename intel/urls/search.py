"""Addresses: searches that are kept, and lists of values."""

from django.urls import path

from intel.views import hits, searches

ONE = "renseignements/recherches/<uuid:key>/"

urlpatterns = [
    path("renseignements/valeurs/", hits.value_hits, name="value_hits"),
    path("renseignements/valeurs/export/", hits.export_hits, name="export_hits"),
    path("renseignements/recherches/", searches.saved_searches, name="saved_searches"),
    path("renseignements/recherches/nouvelle/", searches.save_search, name="save_search"),
    path(ONE, searches.saved_search, name="saved_search"),
    path(f"{ONE}alerte/", searches.follow_search, name="follow_search"),
    path(f"{ONE}modifier/", searches.rename_search, name="rename_search"),
    path(f"{ONE}supprimer/", searches.remove_search, name="remove_search"),
    path(f"{ONE}retablir/", searches.restore_search, name="restore_search"),
]
