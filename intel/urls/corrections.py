"""Addresses: corrections that units propose of one another's reports."""

from django.urls import path

from intel.urls.reports import ONE
from intel.views import corrections as views

urlpatterns = [
    path(f"{ONE}corrections/", views.report_corrections, name="report_corrections"),
    path(f"{ONE}corrections/proposer/", views.propose_correction, name="propose_correction"),
    path("demandes/corrections/<uuid:key>/", views.decide_correction, name="decide_correction"),
    path(
        "demandes/corrections/<uuid:key>/retirer/",
        views.withdraw_correction,
        name="withdraw_correction",
    ),
]
