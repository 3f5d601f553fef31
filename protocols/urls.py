"""Addresses of this room."""

from django.urls import path

from protocols import views

urlpatterns = [
    path("protocoles/", views.protocol_list, name="protocol_list"),
    path("protocoles/<int:pk>/", views.protocol_page, name="protocol_page"),
    path("protocoles/<int:pk>/admettre/", views.admit_unit, name="admit_unit"),
    path("protocoles/<int:pk>/retirer/", views.withdraw_unit, name="withdraw_unit"),
]
