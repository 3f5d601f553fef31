"""Addresses: human sources, and what came with them."""

from django.urls import path

from intel.urls.reports import ONE
from intel.views import raw_texts as views

urlpatterns = [
    path(f"{ONE}relire/", views.attest_report, name="attest_report"),
    path("pieces/<uuid:key>/partager/", views.clear_attachment, name="clear_attachment"),
]
