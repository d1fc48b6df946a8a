"""The type of a file, found by its content."""

import codecs
import re
import zipfile
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A file type: a short name, its MIME type and the name endings that agree with it."""

    name: str
    mime: str
    suffixes: tuple[str, ...] = ()


def _kind(name: str, mime: str, *suffixes: str) -> Kind:
    return Kind(name, mime, suffixes or (name,))


UNKNOWN = Kind("unknown", "application/octet-stream")
EMPTY = Kind("empty", "application/x-empty")
MARC = _kind("marc", "application/marc", "mrc", "marc", "iso", "dat", "usmarc", "utf8", "out", "001")
XML = _kind("xml", "application/xml", "xml", "marcxml", "rdf", "xsd", "tei")
HTML = _kind("html", "text/html", "html", "htm", "xhtml")
SVG = _kind("svg", "image/svg+xml")
JSON = _kind("json", "application/json", "json", "jsonl", "ndjson", "jsonld")
TEXT = _kind("text", "text/plain", "txt", "csv", "tsv", "mrk", "md", "log", "tab")
ZIP = _kind("zip", "application/zip")
GZIP = _kind("gzip", "application/gzip", "gz", "tgz")
XLSX = _kind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", "xlsm")
ODS = _kind("ods", "application/vnd.oasis.opendocument.spreadsheet")
DOCX = _kind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", "docm")
PPTX = _kind("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx")
ODT = _kind("odt", "application/vnd.oasis.opendocument.text")
EPUB = _kind("epub", "application/epub+zip")
OLE = _kind("xls", "application/vnd.ms-excel", "xls", "doc", "ppt")

_MAGIC: tuple[tuple[int, bytes, Kind], ...] = (
    (0, b"PK\x03\x04", ZIP),
    (0, b"PK\x05\x06", ZIP),
    (0, b"\x1f\x8b", GZIP),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (0, b"%PDF-", _kind("pdf", "application/pdf")),
    (0, b"\xff\xd8\xff", _kind("jpeg", "image/jpeg", "jpg", "jpeg")),
    (0, b"\x89PNG\r\n\x1a\n", _kind("png", "image/png")),
    (0, b"GIF8", _kind("gif", "image/gif")),
    (0, b"II*\x00", _kind("tiff", "image/tiff", "tif", "tiff")),
    (0, b"MM\x00*", _kind("tiff", "image/tiff", "tif", "tiff")),
    (0, b"\x00\x00\x00\x0cjP  ", _kind("jp2", "image/jp2", "jp2", "jpx", "j2k")),
    (8, b"WEBP", _kind("webp", "image/webp")),
    (8, b"WAVE", _kind("wav", "audio/wav")),
    (4, b"ftyp", _kind("mp4", "video/mp4", "mp4", "m4a", "m4v", "mov", "heic", "avif")),
    (0, b"ID3", _kind("mp3", "audio/mpeg")),
    (0, b"OggS", _kind("ogg", "audio/ogg", "ogg", "oga", "ogv", "opus")),
    (0, b"fLaC", _kind("flac", "audio/flac")),
    (0, b"\x1aE\xdf\xa3", _kind("webm", "video/webm", "webm", "mkv")),
    (0, b"BZh", _kind("bzip2", "application/x-bzip2", "bz2")),
    (0, b"\xfd7zXZ\x00", _kind("xz", "application/x-xz")),
    (0, b"7z\xbc\xaf'\x1c", _kind("7z", "application/x-7z-compressed")),
    (0, b"Rar!\x1a\x07", _kind("rar", "application/vnd.rar")),
    (0, b"MZ", _kind("exe", "application/x-msdownload", "exe", "dll", "scr", "com")),
    (0, b"\x7fELF", _kind("elf", "application/x-executable", "so", "bin")),
)
_LEADER = re.compile(rb"^[\s\x00]*[0-9 ]{5}[\x20-\x7e]{5}[0-9 ]{2}[0-9 ]{5}")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def kind_of_head(head: bytes) -> Kind:
    """The type by the first bytes (64 KiB are plenty). A ZIP is only called ZIP here: see ``kind_of_zip``."""
    if not head:
        return EMPTY
    for position, magic, kind in _MAGIC:
        if head.startswith(magic, position):
            return kind
    if b"\x1e" in head and _LEADER.match(head):
        return MARC
    return _kind_of_text(head)


def _kind_of_text(head: bytes) -> Kind:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = head.decode("utf-16", "ignore").lstrip()
    else:
        body = head.removeprefix(codecs.BOM_UTF8)
        wide = _wide_encoding(body)
        # A text may hold a few stray control characters; binary data is full of them.
        if not wide and len(_CONTROL.findall(body)) > 2 + len(body) // 200:
            return UNKNOWN
        text = body.decode(wide or "latin-1", "ignore").lstrip()
    start = text[:1000].lower()
    if start.startswith("<"):
        if re.match(r"<(!doctype html|html)", start):
            return HTML
        if re.search(r"<svg[\s>]", start):
            return SVG
        return HTML if "<html" in start else XML
    if start.startswith(("{", "[")):
        return JSON
    return TEXT


def _wide_encoding(head: bytes) -> str:
    """UTF-16 without a byte order mark: every other byte of a text in Latin letters is zero."""
    for name, zeros in (("utf-16-le", head[1:2000:2]), ("utf-16-be", head[0:2000:2])):
        if len(zeros) > 4 and zeros.count(0) * 10 > len(zeros) * 6:
            return name
    return ""


def kind_of_zip(archive: zipfile.ZipFile) -> Kind:
    """What a ZIP archive is by the names in it and its ``mimetype`` member."""
    names = set(archive.namelist())
    if "[Content_Types].xml" in names:
        for folder, kind in (("xl/", XLSX), ("word/", DOCX), ("ppt/", PPTX)):
            if any(name.startswith(folder) for name in names):
                return kind
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
        stated = archive.read("mimetype").strip().decode("ascii", "replace")
        for kind in (ODS, ODT, EPUB):
            if stated == kind.mime:
                return kind
    return ZIP
