"""Addresses: the scanned papers of a protocol."""

from django.urls import path

from protocols.views import annexes as views

urlpatterns = [
    path("protocoles/<uuid:key>/annexes/", views.add_annex, name="add_protocol_annex"),
    path("protocoles/annexes/<uuid:key>/", views.annex_page, name="protocol_annex"),
    path(
        "protocoles/annexes/<uuid:key>/retirer/", views.remove_annex, name="remove_protocol_annex"
    ),
    path(
        "protocoles/annexes/<uuid:key>/sortir/", views.release_annex, name="release_protocol_annex"
    ),
]
