"""Addresses: a protocol before it is signed."""

from django.urls import path

from protocols.views import drafts as views

urlpatterns = [
    path("protocoles/nouveau/<str:code>/", views.draft_protocol, name="draft_protocol"),
    path("protocoles/<uuid:key>/modifier/", views.rewrite_protocol, name="rewrite_protocol"),
    path("protocoles/<uuid:key>/supprimer/", views.discard_protocol, name="discard_protocol"),
    path("protocoles/<uuid:key>/signer/", views.sign_protocol, name="sign_protocol"),
    path("protocoles/<uuid:key>/signataires/", views.add_signature, name="add_signature"),
    path("protocoles/signataires/<uuid:key>/", views.change_signature, name="change_signature"),
    path("protocoles/signataires/<uuid:key>/rang/", views.move_signature, name="move_signature"),
    path(
        "protocoles/signataires/<uuid:key>/retirer/",
        views.remove_signature,
        name="remove_signature",
    ),
]
