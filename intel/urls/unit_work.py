"""Addresses: what a unit keeps for itself about reports."""

from django.urls import path

from intel.urls.reports import ONE
from intel.views import unit_work as views

urlpatterns = [
    path(f"{ONE}travail/", views.unit_work, name="unit_work"),
    path(f"{ONE}travail/noter/", views.add_note, name="add_note"),
    path(f"{ONE}travail/taches/", views.give_task, name="give_task"),
    path("notes-de-travail/<uuid:key>/retirer/", views.remove_note, name="remove_note"),
    path("taches/<uuid:key>/faite/", views.finish_task, name="finish_task"),
    path("taches/<uuid:key>/retirer/", views.remove_task, name="remove_task"),
]
