"""Addresses: places where people sell."""

from django.urls import path

from intel.urls import reports  # noqa: F401 - registers the converter of references
from intel.views import places as views

ONE = "lieux/<uuid:key>/"

urlpatterns = [
    path("lieux/", views.place_list, name="place_list"),
    path("lieux/export/", views.export_places, name="export_places"),
    path("lieux/nouveau/", views.new_place, name="new_place"),
    path(ONE, views.place_page, name="place_page"),
    path(f"{ONE}modifier/", views.change_place, name="change_place"),
    path(f"{ONE}retirer/", views.withdraw_place, name="withdraw_place"),
    path(f"{ONE}imprimer/", views.print_place, name="print_place"),
    path(f"{ONE}observer/", views.observe_place, name="observe_place"),
    path(f"{ONE}operations/", views.note_operation, name="note_operation"),
    path(
        "lieux/observations/<uuid:key>/retirer/",
        views.remove_observation,
        name="remove_observation",
    ),
    path("lieux/operations/<uuid:key>/retirer/", views.remove_operation, name="remove_operation"),
    path("renseignements/<reference:reference>/lieux/", views.cite_place, name="cite_place"),
]
