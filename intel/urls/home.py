"""Addresses: home."""

urlpatterns = []
