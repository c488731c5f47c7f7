"""Where Shabbat can be kept by name: coordinates from each city's middle, and when candles are lit
there. The minutes are custom: 40 in Jerusalem, 30 in Haifa, 18 elsewhere."""

from typing import NamedTuple


class City(NamedTuple):
    latitude: float
    longitude: float
    candle_minutes: int = 18
    diaspora: bool = False


def _abroad(latitude: float, longitude: float) -> City:
    return City(latitude, longitude, diaspora=True)


CITIES = {
    "Acre": City(32.928, 35.082),
    "Afula": City(32.609, 35.289),
    "Ashdod": City(31.801, 34.644),
    "Ashkelon": City(31.669, 34.574),
    "Bat Yam": City(32.013, 34.748),
    "Beersheba": City(31.252, 34.791),
    "Beit Shemesh": City(31.747, 34.988),
    "Bnei Brak": City(32.085, 34.835),
    "Dimona": City(31.070, 35.033),
    "Eilat": City(29.558, 34.952),
    "Hadera": City(32.434, 34.920),
    "Haifa": City(32.794, 34.990, candle_minutes=30),
    "Herzliya": City(32.162, 34.845),
    "Holon": City(32.016, 34.787),
    "Jerusalem": City(31.778, 35.235, candle_minutes=40),
    "Karmiel": City(32.919, 35.295),
    "Kfar Saba": City(32.175, 34.907),
    "Kiryat Shmona": City(33.207, 35.572),
    "Lod": City(31.951, 34.888),
    "Modiin": City(31.898, 35.010),
    "Nahariya": City(33.006, 35.094),
    "Nazareth": City(32.700, 35.304),
    "Netanya": City(32.322, 34.853),
    "Petah Tikva": City(32.084, 34.888),
    "Raanana": City(32.185, 34.871),
    "Ramat Gan": City(32.068, 34.825),
    "Rehovot": City(31.893, 34.811),
    "Rishon LeZion": City(31.973, 34.793),
    "Safed": City(32.965, 35.496),
    "Tel Aviv": City(32.085, 34.782),
    "Tiberias": City(32.796, 35.531),
    "Amsterdam": _abroad(52.368, 4.904),
    "Antwerp": _abroad(51.219, 4.403),
    "Berlin": _abroad(52.520, 13.405),
    "Boston": _abroad(42.360, -71.059),
    "Budapest": _abroad(47.498, 19.040),
    "Buenos Aires": _abroad(-34.604, -58.382),
    "Cape Town": _abroad(-33.925, 18.424),
    "Chicago": _abroad(41.878, -87.630),
    "Frankfurt": _abroad(50.111, 8.682),
    "Istanbul": _abroad(41.008, 28.978),
    "Johannesburg": _abroad(-26.204, 28.047),
    "Kyiv": _abroad(50.450, 30.523),
    "London": _abroad(51.507, -0.128),
    "Los Angeles": _abroad(34.052, -118.244),
    "Manchester": _abroad(53.481, -2.243),
    "Marseille": _abroad(43.297, 5.370),
    "Melbourne": _abroad(-37.814, 144.963),
    "Mexico City": _abroad(19.433, -99.133),
    "Miami": _abroad(25.762, -80.192),
    "Milan": _abroad(45.464, 9.190),
    "Montreal": _abroad(45.502, -73.567),
    "Moscow": _abroad(55.756, 37.617),
    "New York": _abroad(40.713, -74.006),
    "Paris": _abroad(48.857, 2.352),
    "Philadelphia": _abroad(39.953, -75.165),
    "Rome": _abroad(41.903, 12.496),
    "Sao Paulo": _abroad(-23.551, -46.633),
    "Sydney": _abroad(-33.869, 151.209),
    "Tehran": _abroad(35.689, 51.389),
    "Toronto": _abroad(43.653, -79.383),
    "Vienna": _abroad(48.208, 16.374),
    "Zurich": _abroad(47.377, 8.542),
}
