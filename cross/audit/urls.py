"""Addresses of the journal."""

from django.urls import path

from cross.audit import views

urlpatterns = [path("journal/", views.journal_page, name="journal")]
