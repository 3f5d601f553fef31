"""Addresses: reports that may speak of the same thing."""

from django.urls import path

from intel.urls import reports  # noqa: F401 - registers the converter of references
from intel.views import matching

urlpatterns = [
    path("rapprochements/", matching.match_queue, name="match_queue"),
    path("rapprochements/dits/", matching.match_list, name="match_list"),
    path("rapprochements/valeurs/", matching.frequent_values, name="frequent_values"),
    path("rapprochements/valeurs/ajouter/", matching.list_value, name="list_value"),
    path("rapprochements/valeurs/<int:pk>/retirer/", matching.end_value, name="end_value"),
    path("rapprochements/<reference:reference>/", matching.match_pair, name="match_pair"),
    path("rapprochements/<reference:reference>/dire/", matching.decide_match, name="decide_match"),
    path("rapprochements/<uuid:key>/annuler/", matching.undo_match, name="undo_match"),
    path(
        "renseignements/<reference:reference>/rapprochements/",
        matching.near_reports,
        name="near_reports",
    ),
]
