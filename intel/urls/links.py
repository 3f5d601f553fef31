"""Addresses: the timeline of a report, and what links it to others."""

from django.urls import path

from intel.urls.reports import ONE
from intel.views import links as views

urlpatterns = [
    path(f"{ONE}chronologie/", views.report_timeline, name="report_timeline"),
    path(f"{ONE}liens/", views.report_links, name="report_links"),
]
