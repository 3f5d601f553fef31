"""Addresses: reports."""

urlpatterns = []
