"""Addresses: lists that leave the application."""

from django.urls import path

from intel.views import exports

urlpatterns = [
    path("renseignements/export/", exports.export_reports, name="export_reports"),
]
