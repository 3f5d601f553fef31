"""Addresses of this room."""

from django.urls import path

from services import views

urlpatterns = [
    path("services/", views.service_list, name="service_list"),
    path("services/agents/", views.member_list, name="member_list"),
    path("services/agents/nouveau/", views.new_member, name="new_member"),
    path("services/agents/<int:pk>/", views.change_member, name="change_member"),
    path(
        "services/agents/<int:pk>/second-facteur/",
        views.withdraw_factors,
        name="withdraw_factors",
    ),
    path(
        "services/agents/<int:pk>/connexions/fermer/",
        views.end_connections_of,
        name="end_connections_of",
    ),
    path("services/seconds-facteurs/", views.withdrawal_list, name="withdrawal_list"),
    path(
        "services/seconds-facteurs/<uuid:key>/confirmer/",
        views.confirm_withdrawal,
        name="confirm_withdrawal",
    ),
    path(
        "services/seconds-facteurs/<uuid:key>/refuser/",
        views.decline_withdrawal,
        name="decline_withdrawal",
    ),
    path(
        "services/seconds-facteurs/<uuid:key>/retirer/",
        views.take_withdrawal_back,
        name="take_withdrawal_back",
    ),
    path("services/mon-unite/", views.own_unit, name="own_unit"),
    path("services/mon-unite/nouveau/", views.new_unit_member, name="new_unit_member"),
    path("services/mon-unite/<int:pk>/", views.change_unit_member, name="change_unit_member"),
    path("exploitation/horaires/", views.schedule_page, name="schedule_page"),
    path("exploitation/horaires/<str:name>/", views.change_schedule, name="change_schedule"),
    path("services/communes/<str:code>/", views.correct_commune, name="correct_commune"),
]
