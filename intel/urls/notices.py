"""Addresses: what one is told, how, and which reports one follows."""

from django.urls import path

from intel.views import notices as views

ONE = "notifications/<uuid:key>/"

urlpatterns = [
    path("notifications/", views.notification_list, name="notification_list"),
    path("notifications/lues/", views.mark_notifications, name="mark_notifications"),
    path("notifications/a-lire/", views.unmark_notifications, name="unmark_notifications"),
    path("notifications/reglages/", views.notice_choices, name="notice_choices"),
    path(ONE, views.open_notification, name="open_notification"),
    path(f"{ONE}lue/", views.mark_notification, name="mark_notification"),
    path("renseignements/<reference:reference>/suivi/", views.follow_report, name="follow_report"),
]
