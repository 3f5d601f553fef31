"""Addresses: notes to the antenna of the national office."""

from django.urls import path

from intel.views import antenna as views

urlpatterns = [
    path("antenne/", views.antenna_list, name="antenna_list"),
    path("antenne/nouvelle/", views.new_antenna_note, name="new_antenna_note"),
    path("antenne/<uuid:key>/", views.antenna_note, name="antenna_note"),
    path("antenne/<uuid:key>/choisir/", views.choose_for_antenna, name="choose_for_antenna"),
    path("antenne/<uuid:key>/retirer/", views.leave_out_of_antenna, name="leave_out_of_antenna"),
    path(
        "antenne/<uuid:key>/accord/", views.ask_accord_for_antenna, name="ask_accord_for_antenna"
    ),
    path("antenne/<uuid:key>/arreter/", views.freeze_antenna_note, name="freeze_antenna_note"),
    path("antenne/<uuid:key>/abandonner/", views.drop_antenna_note, name="drop_antenna_note"),
    path("antenne/<uuid:key>/transmise/", views.send_antenna_note, name="send_antenna_note"),
    path("antenne/<uuid:key>/export/", views.export_antenna_note, name="export_antenna_note"),
]
