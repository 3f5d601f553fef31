"""Addresses: the local strategy, its axes and its actions."""

from django.urls import path

from protocols.views import strategy as views

urlpatterns = [
    path("strategie/", views.strategy_list, name="strategy_list"),
    path("strategie/nouvelle/", views.new_strategy, name="new_strategy"),
    path("strategie/<uuid:key>/", views.strategy_page, name="strategy_page"),
    path("strategie/<uuid:key>/modifier/", views.change_strategy, name="change_strategy"),
    path("strategie/<uuid:key>/etat/", views.move_strategy, name="move_strategy"),
    path("strategie/<uuid:key>/supprimer/", views.discard_strategy, name="discard_strategy"),
    path("strategie/<uuid:key>/axe/", views.add_axis, name="add_axis"),
    path("strategie/axes/<uuid:key>/", views.change_axis, name="change_axis"),
    path("strategie/axes/<uuid:key>/ordre/", views.move_axis, name="move_axis"),
    path("strategie/axes/<uuid:key>/retirer/", views.remove_axis, name="remove_axis"),
    path("strategie/axes/<uuid:key>/action/", views.add_action, name="add_action"),
    path("strategie/actions/<uuid:key>/modifier/", views.change_action, name="change_action"),
    path("strategie/actions/<uuid:key>/etat/", views.move_action, name="move_action"),
    path("strategie/actions/<uuid:key>/point/", views.write_line, name="write_line"),
    path("strategie/actions/<uuid:key>/retirer/", views.remove_action, name="remove_action"),
    path("strategie/actions/<uuid:key>/remettre/", views.restore_action, name="restore_action"),
]
