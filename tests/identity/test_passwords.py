"""Passwords that are little more than words of the house."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "password",
    ["douane-cross-2026", "Gendarmerie88!!", "PRÉFECTURE prefecture", "Vosges-Vosges-1"],
)
def test_a_word_of_the_house_is_no_password(cast, password):
    with pytest.raises(ValidationError, match="mots de la maison"):
        validate_password(password, cast.diane)


@pytest.mark.parametrize("password", ["quatre chevaux et une douane", "v9!kQ2#prefet-lune"])
def test_among_others_it_may_stand(cast, password):
    validate_password(password, cast.diane)


def test_nobody_in_particular_has_no_unit():
    validate_password("vosges-vosges-lune")
