"""Addresses: reports handed over to another unit."""

from django.urls import path

from intel.urls.reports import ONE
from intel.views import handovers as views

urlpatterns = [
    path(f"{ONE}transfert/", views.propose_handover, name="propose_handover"),
    path("transferts/<uuid:key>/", views.decide_handover, name="decide_handover"),
    path("transferts/<uuid:key>/retirer/", views.withdraw_handover, name="withdraw_handover"),
]
