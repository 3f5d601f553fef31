"""Addresses: lists of values."""

from django.urls import path

from intel.views import hits

urlpatterns = [
    path("renseignements/valeurs/", hits.value_hits, name="value_hits"),
    path("renseignements/valeurs/export/", hits.export_hits, name="export_hits"),
]
