"""Addresses: how information comes in by hand."""

from django.urls import path

from intel.urls import reports  # noqa: F401 - registers the converter of references
from intel.views import entry, paste

urlpatterns = [
    path("renseignements/nouveau/", entry.new_report, name="new_report"),
    path("renseignements/coller/", paste.paste_report, name="paste_report"),
    path("renseignements/coller/<str:key>/", paste.confirm_proposals, name="confirm_proposals"),
    path("renseignements/reperer/", entry.spot_identifiers, name="spot_identifiers"),
    path("renseignements/brouillon/<str:key>/", entry.keep_draft, name="keep_draft"),
    path("renseignements/brouillon/<str:key>/supprimer/", entry.drop_draft, name="drop_draft"),
    path(
        "renseignements/<reference:reference>/modifier/", entry.change_report, name="change_report"
    ),
    path("communes/", entry.commune_suggestions, name="commune_suggestions"),
]
