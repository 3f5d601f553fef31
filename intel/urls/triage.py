"""Addresses: triage."""

urlpatterns = []
