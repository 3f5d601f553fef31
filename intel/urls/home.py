"""Addresses: home pages and help."""

from django.urls import path

from intel.views import home as views

urlpatterns = [
    path("", views.home_page, name="home"),
    path("aide/", views.help_page, name="help"),
]
