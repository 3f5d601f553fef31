"""Addresses: protocols and their life."""

from django.urls import path

from protocols.views import protocols as views

urlpatterns = [
    path("protocoles/", views.protocol_list, name="protocol_list"),
    path("protocoles/<int:pk>/", views.protocol_page, name="protocol_page"),
    path("protocoles/<int:pk>/comparer/", views.compare_versions, name="compare_versions"),
    path("protocoles/<int:pk>/suspendre/", views.suspend_protocol, name="suspend_protocol"),
    path("protocoles/<int:pk>/reprendre/", views.resume_protocol, name="resume_protocol"),
    path("protocoles/<int:pk>/fin/", views.end_protocol, name="end_protocol"),
    path("protocoles/<int:pk>/avenant/", views.amend_protocol, name="amend_protocol"),
]
