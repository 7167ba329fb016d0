"""A line about a place is read to its codes, asked back where it is ambiguous, and never taken from a shop's name."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.places import Place, covers, districts, full_name, name_of, nearest, read_place, regions, zone_of

SURE = {
    "Jl. Gerilya, Sungai Pinang, Samarinda": ("Sungai Pinang, Samarinda", "Jl. Gerilya"),
    "sei pinang smd": ("Sungai Pinang, Samarinda", ""),
    "Tenggarong kukar": ("Tenggarong, Kutai Kartanegara", ""),
    "balik papan selatan": ("Balikpapan Selatan, Balikpapan", ""),
    "samarnda ulu": ("Samarinda Ulu, Samarinda", ""),
    "Sangatta Utara kutim": ("Sangatta Utara, Kutai Timur", ""),
    "kubar": ("Kutai Barat", ""),
    "mahulu": ("Mahakam Ulu", ""),
    "bpn": ("Balikpapan", ""),
    "balik papan": ("Balikpapan", ""),
    "samarnda": ("Samarinda", ""),
    "bontng": ("Bontang", ""),
    "beerau": ("Berau", ""),
    "ppu penajam": ("Penajam, Penajam Paser Utara", ""),
    "Samarinda (Kota)": ("Samarinda", ""),
    "Berau (Kab.)": ("Berau", ""),
    "Penajem Paser Utara (Kab.)": ("Penajam Paser Utara", ""),
    "Samarinda, Kec. Sambutan, Jl. Pelita 4": ("Sambutan, Samarinda", "Jl. Pelita 4"),
    "Samarinda Pramuka 6": ("Samarinda", "Pramuka 6"),
    "loa janan samarinda": ("Loa Janan Ilir, Samarinda", ""),
    "batu ampar balikpapan": ("Balikpapan Utara, Balikpapan", ""),
    "saya di kutai timur aja": ("Kutai Timur", ""),
    "Jl. Damai, Samarinda": ("Samarinda", "Jl. Damai"),
    "jl pramuka 6 gunung kelua samarinda": ("Samarinda Ulu, Samarinda", "jl pramuka 6"),
    "Jl. Suryanata Gg. 5 RT 12, Kel. Air Putih, Kec. Samarinda Ulu, Kota Samarinda 75124": (
        "Samarinda Ulu, Samarinda",
        "Jl. Suryanata Gg. 5 RT 12",
    ),
}
ASKED = {
    "sangatta": {"Sangatta Utara, Kutai Timur", "Sangatta Selatan, Kutai Timur"},
    "kutai": {"Kutai Kartanegara", "Kutai Barat", "Kutai Timur"},
    "loa janan": {"Loa Janan, Kutai Kartanegara", "Loa Janan Ilir, Samarinda"},
    "Tenggarong, Samarinda": {"Tenggarong, Kutai Kartanegara", "Samarinda"},
    "desa bukit raya kukar": {"Samboja, Kutai Kartanegara", "Tenggarong Seberang, Kutai Kartanegara"},
}
NOT_PLACES = """Toko Damai|Toko Melati Jaya|Warung Bu Siti|Siti Aminah|Muhammad Yusuf|CV Sumber Rejo|Amplang Sari Rasa
Keripik Pisang|Beras|Bintang Jaya|Pasar Segar|Dapur Mama Rani|Spanduk flexi 280gr|Kopi bubuk robusta
Nasi kotak ayam geprek|Batik Melati|Damar|Dewi Anggraini|Sandra|CV Mahakam Ulu Jaya|Samarinda Jaya Motor
Rumah Makan Pelita|Mekar Jaya|Kue Lapis Sungai|Tabung gas|Panji|Lestari|Pendingin ruangan|PT Bumi Harapan
Karya Bhakti|Tanah liat|Gunung Mas|Ulu Craft|Ikan patin segar|Utara Printing|Rian Kutai|Warung Pasir Putih
Toko Batu Ampar|Ibu|Jakarta|pasir palaran 1 rit|Desa Sukamenak Kec. Margahayu|Paket Paseh, Rancaekek"""


@pytest.mark.parametrize(("line", "meant"), SURE.items())
def test_a_line_is_read_to_one_place(line: str, meant: tuple[str, str]) -> None:
    assert [(full_name(place), place.street) for place in read_place(line)] == [meant]


@pytest.mark.parametrize(("line", "meant"), ASKED.items())
def test_an_ambiguous_line_offers_what_it_may_mean(line: str, meant: set[str]) -> None:
    assert {full_name(place) for place in read_place(line)} == meant


@pytest.mark.parametrize("line", NOT_PLACES.replace("\n", "|").split("|"))
def test_names_of_shops_people_and_goods_are_not_places(line: str) -> None:
    assert read_place(line) == []


def test_a_kelurahan_is_kept_and_tells_its_kecamatan() -> None:
    (place,) = read_place("kel. lempake")
    assert (name_of(place.village), name_of(place.district), place.region) == ("Lempake", "Samarinda Utara", "64.72")


@pytest.mark.parametrize("region", [code for code, _ in regions()])
def test_every_official_name_is_read_to_its_code(region: str) -> None:
    assert read_place(name_of(region)) == [Place(region)]
    for code, name in districts(region):
        assert read_place(f"{name}, {name_of(region)}") == [Place(region, code)]
        assert read_place(full_name(Place(region, code)).upper()) == [Place(region, code)]


PLACES = [Place(region, district) for region, _ in regions() for district, name in districts(region) if len(name) > 6]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(PLACES), st.data())
def test_a_letter_dropped_in_a_kecamatan_never_leaves_its_kabupaten(place: Place, data: st.DataObject) -> None:
    name = name_of(place.district)
    at = data.draw(st.integers(1, len(name) - 1))
    found = read_place(f"{name[:at]}{name[at + 1 :]}, {name_of(place.region)}")
    assert found
    assert {other.region for other in found} == {place.region}


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=400)
    | st.lists(
        st.sampled_from(["kutai", "samarnda", "damai", "jl", "kec.", "kota", ",", "(", "sidomulyo", "75124", "bu"]), max_size=60
    ).map(" ".join)
)
def test_any_text_is_read_to_places_that_exist(text: str) -> None:
    for place in read_place(text):
        assert name_of(place.region)
        assert covers(place.region, place.district or place.region)
        assert Place.from_json(place.to_json()) == place


def test_the_regions_of_the_province_and_their_names() -> None:
    assert len(regions()) == 10
    assert ("64.02", "Kutai Kartanegara") in regions()
    assert ("64.72.08", "Sungai Pinang") in districts("64.72")
    assert (name_of("64"), name_of("64.99"), name_of("")) == ("Kalimantan Timur", "", "")


def test_namesakes_of_one_province_keep_their_kind() -> None:
    assert {"Kabupaten Bogor", "Kota Bogor", "Depok"} <= {name for _, name in regions("32")}


def test_a_pin_proposes_the_nearest_seat() -> None:
    assert nearest(-0.48, 117.16) == Place("64.72")
    assert nearest(-1.24, 116.86) == Place("64.71")
    assert nearest(2.0, 117.6) == Place("64.03")
    assert nearest(-6.2, 106.8) is None


def test_zones_by_province() -> None:
    assert [zone_of(code) for code in ("64.72", "31", "94.01")] == ["Asia/Makassar", "Asia/Jakarta", "Asia/Jayapura"]
    with pytest.raises(KeyError):
        zone_of("99")


def test_a_scope_covers_what_lies_in_it() -> None:
    assert all(covers(scope, "64.72.05") for scope in ("", "ID", "64", "64.72", "64.72.05"))
    assert not any(covers(scope, "64.72") for scope in ("64.7", "64.72.05", "6", "65"))


def test_the_region_library_is_loaded_only_when_a_place_is_read() -> None:
    code = "import sys, models.places; sys.exit('lokal' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
