"""Addresses: editions."""

urlpatterns = []
