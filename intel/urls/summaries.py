"""Addresses: summaries."""

urlpatterns = []
