"""Addresses: reserved annexes of reports."""

from django.urls import path

from intel.urls.reports import ONE
from intel.views import annexes as views

urlpatterns = [
    path(f"{ONE}annexes/", views.add_annex, name="add_annex"),
    path("annexes/<uuid:key>/", views.change_annex, name="change_annex"),
    path("annexes/<uuid:key>/supprimer/", views.remove_annex, name="remove_annex"),
]
