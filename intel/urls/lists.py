"""Addresses: distribution lists."""

from django.urls import path

from intel.views import lists as views

urlpatterns = [
    path("services/listes/", views.distribution_lists, name="distribution_lists"),
    path("services/listes/nouvelle/", views.new_list, name="new_list"),
    path("services/listes/<int:pk>/", views.change_list, name="change_list"),
    path("services/listes/<int:pk>/supprimer/", views.remove_list, name="remove_list"),
]
