"""Publishers under their many names: "NXB GD" and "Nhà xuất bản Giáo dục Việt Nam" are one."""

from functools import lru_cache

from lienthu.catalogue.matching.wordlists import data_lines, words_of
from lienthu.kernel.text import folded_key

_PREFIXES = ("nha xuat ban ", "nha xb ", "nxb ", "nhxb ", "n x b ", "xuat ban ", "ban ")
_NOISE = words_of(
    "press presses pr publisher publishers publishing publication publications pub pubs publ co company cia inc "
    "incorporated ltd limited llc corp corporation group gmbh verlag verlagsgesellschaft editions edition editorial "
    "editora editore editrice editeur ediciones edizioni edicoes ed books book libros librairie libreria libri house "
    "univ university universitat universite universidad universita universitatea and the of de des du la le les el los "
    "di del der und et y e a cie sa srl spa ag kg bv uitgeverij forlag forlaget kustannus izd vo izdatelstvo izdat "
    "izdatel stvo izdatelskii dom wydawn wydawnictwo nakl nakladatelstvi kiado chu ban she chubanshe shuppan "
    "shuppansha shobo shinsha sha chulpansa penerbit pustaka prakashan prakasana publishing cong ty cty tnhh co phan "
    "sach trung tam xb distributor distributed printed for author by at sold printing reprinted bi defus"
)
_NOBODY = frozenset(
    ["s n", "sn", "kxd", "k nxb", "khong ro", "khong xac dinh", "publisher not identified", "b i", "s l"]
)
Publisher = str


def _bare(key: str) -> str:
    for prefix in _PREFIXES[:-1]:
        if key.startswith(prefix):
            return key[len(prefix) :]
    return key


def _names_by_alias() -> dict[str, str]:
    table = {}
    for line in data_lines("publishers.tsv"):
        names = line.split("|")
        main = "=" + names[0]
        for name in names:
            table[_bare(folded_key(name)).replace(" ", "")] = main
    return table


_KNOWN = _names_by_alias()


@lru_cache(maxsize=16384)
def publisher_key(text: str) -> Publisher:
    """ "=name" of a known Vietnamese publisher, else the telling words of the name; nothing when nobody is named."""
    key = folded_key(text)
    if not key or key in _NOBODY:
        return ""
    bare = _bare(key)
    known = _KNOWN.get(bare.replace(" ", ""))
    if known:
        return known
    words = [word for word in bare.split() if word not in _NOISE and len(word) > 1]
    return " ".join(words) or bare


def publisher_keys(text: str) -> list[Publisher]:
    """All publishers that one 260 $b names: "Tổng hợp TP.HCM ; First News", "Nxb. Trẻ, Công ty Phương Nam"."""
    known = [key for key in map(publisher_key, text.replace(";", ",").split(",")) if key[:1] == "="]
    return known or [key for key in map(publisher_key, text.split(";")) if key]


def same_publisher(left: Publisher, right: Publisher) -> bool:
    """Equal, or one name shortens the other."""
    if left == right:
        return True
    if left[0] == right[0] == "=":
        return False
    return _alike(*sorted((left, right)))


@lru_cache(maxsize=32768)
def _alike(left: str, right: str) -> bool:
    one, other = left.split(), right.split()
    if len(one) > len(other):
        one, other = other, one
    if "".join(one) == "".join(other):
        return True
    found = sum(any(_shortens(word, whole) for whole in other) for word in one)
    if found == len(one):
        return True
    initials = "".join(word[0] for word in other)
    return (len(one) == 1 and len(one[0]) > 2 and one[0] == initials) or (found >= 2 and found * 3 >= len(one) * 2)


def _shortens(short: str, whole: str) -> bool:
    return short == whole or (min(len(short), len(whole)) >= 3 and (whole.startswith(short) or short.startswith(whole)))
