"""Addresses of the terms of keeping."""

from django.urls import path

from intel.views import retention as views

urlpatterns = [
    path("conservation/", views.retention_page, name="retention_page"),
    path("conservation/gels/nouveau/", views.new_hold, name="new_hold"),
    path("conservation/gels/<uuid:key>/prolonger/", views.renew_hold, name="renew_hold"),
    path("conservation/gels/<uuid:key>/lever/", views.lift_hold, name="lift_hold"),
    path(
        "conservation/registre/<uuid:key>/", views.processing_register, name="processing_register"
    ),
    path("conservation/demandes/", views.person_request, name="person_request"),
    path("conservation/effacements/", views.tombstone_list, name="tombstone_list"),
    path("conservation/effacements/<uuid:key>/", views.erasure_page, name="erasure_page"),
    path(
        "conservation/effacements/<uuid:key>/citations/",
        views.find_citations,
        name="find_citations",
    ),
    path(
        "conservation/effacements/<uuid:key>/certificat/",
        views.erasure_certificate,
        name="erasure_certificate",
    ),
]
