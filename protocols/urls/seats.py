"""Addresses: the seats under a protocol."""

from django.urls import path

from protocols.views import seats as views

urlpatterns = [
    path("protocoles/<uuid:key>/admettre/", views.admit_unit, name="admit_unit"),
    path("protocoles/sieges/<uuid:key>/", views.change_seat, name="change_seat"),
    path("protocoles/sieges/<uuid:key>/fin/", views.end_seat, name="end_seat"),
]
