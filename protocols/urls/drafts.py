"""Addresses: a protocol before it is signed."""

from django.urls import path

from protocols.views import drafts as views

urlpatterns = [
    path("protocoles/nouveau/<str:code>/", views.draft_protocol, name="draft_protocol"),
    path("protocoles/<int:pk>/modifier/", views.rewrite_protocol, name="rewrite_protocol"),
    path("protocoles/<int:pk>/supprimer/", views.discard_protocol, name="discard_protocol"),
    path("protocoles/<int:pk>/signer/", views.sign_protocol, name="sign_protocol"),
    path("protocoles/<int:pk>/signataires/", views.add_signature, name="add_signature"),
    path("protocoles/signataires/<int:pk>/", views.change_signature, name="change_signature"),
    path("protocoles/signataires/<int:pk>/rang/", views.move_signature, name="move_signature"),
    path(
        "protocoles/signataires/<int:pk>/retirer/",
        views.remove_signature,
        name="remove_signature",
    ),
]
