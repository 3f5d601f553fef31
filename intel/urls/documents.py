"""Addresses: sheets to hand to somebody."""

from django.urls import path

from intel.urls import reports  # noqa: F401 - registers the converter of references
from intel.views import documents as views

urlpatterns = [
    path("renseignements/<reference:reference>/pdf/", views.report_pdf, name="report_pdf"),
    path("lieux/<uuid:key>/pdf/", views.place_pdf, name="place_pdf"),
    path("syntheses/<int:pk>/carte/", views.map_pdf, name="map_pdf"),
    path("protocoles/<uuid:key>/pdf/", views.protocol_pdf, name="protocol_pdf"),
]
