"""Addresses: protocols and their life."""

from django.urls import path

from protocols.views import protocols as views

urlpatterns = [
    path("protocoles/", views.protocol_list, name="protocol_list"),
    path("protocoles/<uuid:key>/", views.protocol_page, name="protocol_page"),
    path("protocoles/<uuid:key>/comparer/", views.compare_versions, name="compare_versions"),
    path("protocoles/<uuid:key>/suspendre/", views.suspend_protocol, name="suspend_protocol"),
    path("protocoles/<uuid:key>/reprendre/", views.resume_protocol, name="resume_protocol"),
    path("protocoles/<uuid:key>/fin/", views.end_protocol, name="end_protocol"),
    path("protocoles/<uuid:key>/avenant/", views.amend_protocol, name="amend_protocol"),
]
