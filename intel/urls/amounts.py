"""Addresses: sums, prices and quantities."""

from django.urls import path

from intel.urls.reports import ONE
from intel.views import amounts

urlpatterns = [
    path(f"{ONE}montants/", amounts.confirm_amount, name="confirm_amount"),
    path("montants/<uuid:key>/retirer/", amounts.remove_amount, name="remove_amount"),
]
