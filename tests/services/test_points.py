"""Points as people have them: typed, copied from a telephone, or in the link of a map."""

import pytest

from services.territory.points import degrees_of, metres_of, read_degrees, show_degrees

LAMBERT = 2154
EPINAL = (48.1744, 6.4494)


@pytest.mark.parametrize(
    "text",
    [
        "48.1744, 6.4494",
        "48.1744,6.4494",
        "48.1744 6.4494",
        "48,1744 6,4494",
        "48,1744 ; 6,4494",
        "48,1744\u00a0; 6,4494",
        "(48.1744, 6.4494)",
        "48,1744° N, 6,4494° E",
        "48.1744N 6.4494E",
        "48°10'27.84\"N 6°26'57.84\"E",
        "48°10′27,84″ N, 6°26′57,84″ E",
        "48° 10’ 27.84’’ N 6° 26’ 57.84’’ E",
        "48°10'27.84\"N6°26'57.84\"E",
        "48°10.464'N 6°26.964'E",
        "geo:48.1744,6.4494",
        "geo:48.1744,6.4494;u=35?z=17",
        "geo:0,0?q=48.1744,6.4494(Rendez-vous)",
        "https://cartes.example/maps/@48.1744,6.4494,17z",
        "https://cartes.example/maps?q=48.1744,6.4494&z=17",
        "https://cartes.example/maps?q=48.1744%2C6.4494",
        "https://cartes.example/?ll=48.1744,6.4494&t=m",
        "https://cartes.example/maps/search/48.1744,+6.4494?entry=tts",
        "https://cartes.example/maps/place/Rue/@48.2,6.5,17z/data=!3m1!8m2!3d48.1744!4d6.4494",
        "https://cartes.example/?mlat=48.1744&mlon=6.4494#map=17/48.2/6.5",
        "https://cartes.example/#map=17/48.1744/6.4494",
    ],
)
def test_a_point_is_read_as_people_have_it(text):
    assert read_degrees(text) == pytest.approx(EPINAL, abs=1e-9)


def test_west_and_south_are_the_other_way():
    assert read_degrees("16° 15' S, 61° 33' O") == pytest.approx((-16.25, -61.55))
    assert read_degrees("16.25 -61.55") == (16.25, -61.55)
    assert read_degrees("-16°15'00\" 61°33'00\"W") == pytest.approx((-16.25, -61.55))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "48,1744",
        "12 rue des Lilas",
        "48°75'00\"N 6°26'57\"E",
        "95.2, 6.4",
        "https://cartes.example/abrege/Xy7",
        "https://cartes.example/maps?q=Rue+des+Lilas",
        "geo:0,0",
        "https://cartes.example/@95.1,6.4",
    ],
)
def test_anything_else_is_no_point(text):
    with pytest.raises(ValueError):  # noqa: PT011 - whoever asks says what to type
        read_degrees(text)


def test_what_was_typed_is_what_is_shown():
    for latitude, longitude, written in (
        (48.1744, 6.4441, "48,1744\u00a0; 6,4441"),
        (48.174, 6.45, "48,174\u00a0; 6,450"),
        (48.17443, 6.44417, "48,1744"),
    ):
        shown = show_degrees(*metres_of(latitude, longitude, LAMBERT), LAMBERT)
        assert shown.startswith(written)
        assert read_degrees(shown) == pytest.approx((latitude, longitude), abs=1.5e-5)


def test_a_point_shown_then_read_again_has_not_moved():
    for east in range(0, 500, 7):
        x, y = 950_000 + east, 6_790_000 + 3 * east
        again = metres_of(*read_degrees(show_degrees(x, y, LAMBERT)), LAMBERT)
        assert max(abs(again[0] - x), abs(again[1] - y)) <= 1
        assert degrees_of(*again, LAMBERT) == pytest.approx(degrees_of(x, y, LAMBERT), abs=2e-5)
