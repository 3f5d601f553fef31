"""Addresses: home pages and help."""

from django.urls import path

from intel.views import home as views

urlpatterns = [
    path("", views.home_page, name="home"),
    path("depuis-ma-visite/", views.since_visit, name="since_visit"),
    path("aide/", views.help_page, name="help"),
]
