"""Addresses: who works on the same target, or at the same place and hour."""

from django.urls import path

from intel.views import deconfliction as views

CHECK, EVENT = "deconfliction/cibles/<str:number>/", "deconfliction/operations/<str:number>/"

urlpatterns = [
    path("deconfliction/", views.deconfliction, name="deconfliction"),
    path("deconfliction/cibles/", views.check_targets, name="check_targets"),
    path(CHECK, views.check_page, name="check_page"),
    path(f"{CHECK}fnos/", views.check_outside, name="check_outside"),
    path("deconfliction/operations/nouvelle/", views.declare_event, name="declare_event"),
    path(EVENT, views.event_page, name="event_page"),
    path(f"{EVENT}modifier/", views.change_event, name="change_event"),
    path(f"{EVENT}annuler/", views.cancel_event, name="cancel_event"),
    path(f"{EVENT}fnos/", views.event_outside, name="event_outside"),
    path("deconfliction/issues/<uuid:key>/", views.decide_hit, name="decide_hit"),
]
