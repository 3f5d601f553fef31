"""Addresses: what readers add to reports."""

from django.urls import path

from intel.urls.reports import ONE
from intel.views import complements as views

urlpatterns = [
    path(f"{ONE}complement/", views.add_complement, name="add_complement"),
    path("complements/<uuid:key>/retirer/", views.remove_complement, name="remove_complement"),
]
