"""Addresses: an action of the strategy, what it rests on, what came of it."""

from django.urls import path

from intel.urls.reports import ONE
from intel.views import strategy as views

urlpatterns = [
    path(
        "strategie/<uuid:key>/propositions/", views.strategy_proposals, name="strategy_proposals"
    ),
    path("strategie/actions/<uuid:key>/", views.action_page, name="action_page"),
    path("strategie/actions/<uuid:key>/references/", views.cite_evidence, name="cite_evidence"),
    path("strategie/actions/<uuid:key>/resultat/", views.record_outcome, name="record_outcome"),
    path(
        "strategie/references/fiche/<uuid:key>/retirer/",
        views.remove_cited_report,
        name="remove_cited_report",
    ),
    path(
        "strategie/references/lieu/<uuid:key>/retirer/",
        views.remove_cited_place,
        name="remove_cited_place",
    ),
    path(
        "strategie/references/constat/<uuid:key>/retirer/",
        views.remove_cited_finding,
        name="remove_cited_finding",
    ),
    path(
        "strategie/resultats/<uuid:key>/reprendre/",
        views.take_back_outcome,
        name="take_back_outcome",
    ),
    path(
        "strategie/resultats/<uuid:key>/retablir/",
        views.restore_outcome,
        name="restore_outcome",
    ),
    path("strategie/chiffres/import/", views.import_totals, name="import_totals"),
    path(
        f"{ONE}resultat/",
        views.record_report_outcome,
        name="record_report_outcome",
    ),
]
