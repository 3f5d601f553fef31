"""Addresses: the seats under a protocol."""

from django.urls import path

from protocols.views import seats as views

urlpatterns = [
    path("protocoles/<int:pk>/admettre/", views.admit_unit, name="admit_unit"),
    path("protocoles/sieges/<int:pk>/", views.change_seat, name="change_seat"),
    path("protocoles/sieges/<int:pk>/fin/", views.end_seat, name="end_seat"),
]
