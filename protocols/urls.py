"""Addresses of this room."""

from django.urls import path

from protocols import views

urlpatterns = [
    path("protocoles/", views.protocol_list, name="protocol_list"),
    path("protocoles/<int:pk>/", views.protocol_page, name="protocol_page"),
    path("protocoles/<int:pk>/suspendre/", views.suspend_protocol, name="suspend_protocol"),
    path("protocoles/<int:pk>/reprendre/", views.resume_protocol, name="resume_protocol"),
    path("protocoles/<int:pk>/fin/", views.end_protocol, name="end_protocol"),
    path("protocoles/<int:pk>/avenant/", views.amend_protocol, name="amend_protocol"),
    path("protocoles/<int:pk>/admettre/", views.admit_unit, name="admit_unit"),
    path("protocoles/sieges/<int:pk>/", views.change_seat, name="change_seat"),
    path("protocoles/sieges/<int:pk>/fin/", views.end_seat, name="end_seat"),
]
