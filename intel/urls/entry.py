"""Addresses: how information comes in by hand."""

from django.urls import path, register_converter

from intel.actions import drafts
from intel.urls.reports import Reference
from intel.views import discarded, entry, paste


class DraftKey:
    """A draft of its own, or the one of a report being changed."""

    regex = f"{drafts.NEW_KEY.pattern}|{Reference.regex}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(DraftKey, "draft_key")

urlpatterns = [
    path("renseignements/nouveau/", entry.new_report, name="new_report"),
    path("renseignements/coller/", paste.paste_report, name="paste_report"),
    path(
        "renseignements/coller/<draft_key:key>/", paste.confirm_proposals, name="confirm_proposals"
    ),
    path("renseignements/qui-verra/", entry.preview_audience, name="preview_audience"),
    path("renseignements/reperer/", entry.spot_identifiers, name="spot_identifiers"),
    path("renseignements/deja-connu/", entry.entry_matches, name="entry_matches"),
    path("renseignements/brouillon/<draft_key:key>/", entry.keep_draft, name="keep_draft"),
    path(
        "renseignements/brouillon/<draft_key:key>/supprimer/", entry.drop_draft, name="drop_draft"
    ),
    path(
        "renseignements/brouillon/<draft_key:key>/reprendre/",
        discarded.bring_back_draft,
        name="bring_back_draft",
    ),
    path("renseignements/brouillons-supprimes/", discarded.discarded_list, name="discarded_list"),
    path(
        "renseignements/brouillons-supprimes/<uuid:key>/retablir/",
        discarded.bring_back_report,
        name="bring_back_report",
    ),
    path(
        "renseignements/<reference:reference>/modifier/", entry.change_report, name="change_report"
    ),
    path("jours/", entry.understood_day, name="understood_day"),
    path("communes/", entry.commune_suggestions, name="commune_suggestions"),
]
