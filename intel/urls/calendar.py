"""Addresses: the calendar."""

from django.urls import path

from intel.views import calendar as views

urlpatterns = [
    path("calendrier/", views.calendar_page, name="calendar_page"),
    path("calendrier/prochains/", views.calendar_next, name="calendar_next"),
    path("calendrier/fichier/", views.calendar_file, name="calendar_file"),
]
