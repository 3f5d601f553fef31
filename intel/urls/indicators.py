"""Addresses: the indicators of the cell."""

from django.urls import path

from intel.views import indicators as views

urlpatterns = [
    path("indicateurs/", views.indicator_page, name="indicator_page"),
    path("indicateurs/export/", views.export_indicators, name="export_indicators"),
]
