"""Names a librarian types in a query: fields, operators, languages, kinds of material. Keys are folded, unspaced."""

from lienthu.search.nodes import CodeField, Field

YEAR = "year"

FIELD_NAMES: dict[str, Field | CodeField | str] = {
    "nhande": Field.TITLE, "tieude": Field.TITLE, "ten": Field.TITLE, "tensach": Field.TITLE,
    "tua": Field.TITLE, "title": Field.TITLE, "ti": Field.TITLE,
    "tacgia": Field.AUTHOR, "tg": Field.AUTHOR, "author": Field.AUTHOR, "au": Field.AUTHOR, "creator": Field.AUTHOR,
    "chude": Field.SUBJECT, "dematmuc": Field.SUBJECT, "demuc": Field.SUBJECT, "tukhoa": Field.SUBJECT,
    "subject": Field.SUBJECT, "su": Field.SUBJECT,
    "nxb": Field.PUBLISHER, "nhaxuatban": Field.PUBLISHER, "publisher": Field.PUBLISHER, "pb": Field.PUBLISHER,
    "tungthu": Field.SERIES, "bosach": Field.SERIES, "series": Field.SERIES, "se": Field.SERIES,
    "batki": Field.ANY, "any": Field.ANY,
    "nam": YEAR, "namxuatban": YEAR, "year": YEAR, "date": YEAR, "yr": YEAR,
    "so": CodeField.NUMBER, "number": CodeField.NUMBER,
    "isbn": CodeField.ISBN, "issn": CodeField.ISSN,
    "sokiemsoat": CodeField.CONTROL, "control": CodeField.CONTROL,
    "dkcb": CodeField.BARCODE, "sodkcb": CodeField.BARCODE, "mavach": CodeField.BARCODE, "barcode": CodeField.BARCODE,
    "ddc": CodeField.DDC, "phanloai": CodeField.DDC, "kihieuphanloai": CodeField.DDC, "class": CodeField.DDC,
    "ngonngu": CodeField.LANGUAGE, "language": CodeField.LANGUAGE, "lang": CodeField.LANGUAGE,
    "thuvien": CodeField.LIBRARY, "library": CodeField.LIBRARY, "lib": CodeField.LIBRARY,
    "sobieughi": CodeField.RECORD, "nguyennhande": CodeField.WHOLE_TITLE, "nguyenchude": CodeField.WHOLE_SUBJECT,
    "loai": CodeField.TYPE, "loaitailieu": CodeField.TYPE, "type": CodeField.TYPE,
}  # fmt: skip
LONGEST_FIELD_NAME = 4
"""Most syllables in a field name: `ký hiệu phân loại`."""

# Short names that are also words of titles ("Lịch sử: …", "Việt Nam: …"): read as a field only when written with these
# very letters and with no blank after the colon.
WRITTEN_TIGHT = {
    "ti": "ti", "tg": "tg", "au": "au", "su": "su", "pb": "pb", "se": "se", "yr": "yr", "any": "any", "lib": "lib",
    "tua": "tựa", "ten": "tên", "so": "số", "nam": "năm", "type": "type", "class": "class", "date": "date",
}  # fmt: skip

# How a canonical query names a field; each is read back by FIELD_NAMES.
CANONICAL_FIELD: dict[Field | CodeField | str, str] = {
    Field.ANY: "bất kỳ",
    Field.TITLE: "nhan đề",
    Field.AUTHOR: "tác giả",
    Field.SUBJECT: "chủ đề",
    Field.PUBLISHER: "nxb",
    Field.SERIES: "tùng thư",
    YEAR: "năm",
    CodeField.NUMBER: "số",
    CodeField.ISBN: "isbn",
    CodeField.ISSN: "issn",
    CodeField.CONTROL: "số kiểm soát",
    CodeField.BARCODE: "đkcb",
    CodeField.DDC: "ddc",
    CodeField.LANGUAGE: "ngôn ngữ",
    CodeField.LIBRARY: "thư viện",
    CodeField.TYPE: "loại",
    CodeField.RECORD: "số biểu ghi",
    CodeField.WHOLE_TITLE: "nguyên nhan đề",
    CodeField.WHOLE_SUBJECT: "nguyên chủ đề",
}

AND, OR, NOT = "and", "or", "not"
ENGLISH_OPERATORS = {"AND": AND, "OR": OR, "NOT": NOT}
VIETNAMESE_OPERATORS = {"VÀ": AND, "HOẶC": OR, "KHÔNG": NOT}
OPERATORS = {**ENGLISH_OPERATORS, **VIETNAMESE_OPERATORS}

# ISO 639-2 codes as MARC uses them.
LANGUAGES: dict[str, str] = {
    "viet": "vie", "tiengviet": "vie", "vietnamese": "vie", "vi": "vie",
    "anh": "eng", "tienganh": "eng", "english": "eng", "en": "eng",
    "phap": "fre", "tiengphap": "fre", "french": "fre", "fr": "fre", "fra": "fre",
    "nga": "rus", "tiengnga": "rus", "russian": "rus", "ru": "rus",
    "trung": "chi", "tiengtrung": "chi", "hoa": "chi", "chinese": "chi", "zh": "chi", "zho": "chi",
    "nhat": "jpn", "tiengnhat": "jpn", "japanese": "jpn", "ja": "jpn",
    "han": "kor", "hanquoc": "kor", "tienghan": "kor", "korean": "kor", "ko": "kor",
    "duc": "ger", "tiengduc": "ger", "german": "ger", "de": "ger", "deu": "ger",
    "tay": "tyz", "tiengtay": "tyz", "hmong": "hmn", "mong": "hmn", "tiengmong": "hmn", "dao": "ium", "tiengdao": "ium",
    "lao": "lao", "tienglao": "lao", "thai": "tha", "tiengthai": "tha", "spanish": "spa", "es": "spa",
}  # fmt: skip

TYPES: dict[str, str] = {
    "sach": "BOOK", "book": "BOOK",
    "bao": "SERIAL", "tapchi": "SERIAL", "baotapchi": "SERIAL", "serial": "SERIAL", "journal": "SERIAL",
    "luanvan": "THESIS", "luanan": "THESIS", "thesis": "THESIS",
    "bando": "MAP", "map": "MAP",
    "bannhac": "SCORE", "score": "SCORE",
    "amthanh": "AUDIO", "ghiam": "AUDIO", "audio": "AUDIO",
    "phim": "VIDEO", "video": "VIDEO",
    "anh": "IMAGE", "tranh": "IMAGE", "tranhanh": "IMAGE", "image": "IMAGE",
    "banthao": "MANUSCRIPT", "vietay": "MANUSCRIPT", "manuscript": "MANUSCRIPT",
    "so": "DIGITAL", "tailieuso": "DIGITAL", "digital": "DIGITAL",
    "botailieu": "KIT", "kit": "KIT",
    "khac": "OTHER", "other": "OTHER",
}  # fmt: skip
