"""Addresses: the yearly self-check."""

from django.urls import path

from intel.views import self_check

urlpatterns = [path("verification-des-foyers/", self_check.summary_check, name="summary_check")]
