"""Addresses: what one's own unit brought."""

from django.urls import path

from intel.views import contributions as views

ONE = "contributions/<str:reference>/"

urlpatterns = [
    path("contributions/", views.contribution_list, name="contribution_list"),
    path("contributions/nouvelle/", views.new_contribution, name="new_contribution"),
    path(ONE, views.contribution_page, name="contribution_page"),
    path(f"{ONE}completer/", views.complete_contribution, name="complete_contribution"),
]
