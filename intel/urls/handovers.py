"""Addresses: reports handed over to another unit."""

from django.urls import path

from intel.urls.reports import ONE
from intel.views import handovers as views

urlpatterns = [
    path(f"{ONE}transfert/", views.propose_handover, name="propose_handover"),
    path("transferts/<int:pk>/", views.decide_handover, name="decide_handover"),
    path("transferts/<int:pk>/retirer/", views.withdraw_handover, name="withdraw_handover"),
]
