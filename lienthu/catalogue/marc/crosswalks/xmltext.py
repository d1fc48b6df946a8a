"""Text as XML can carry it, quickly: most values need nothing."""

import re
from xml.sax.saxutils import escape

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_special = re.compile('[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff&<>\r"]').search
# A plain carriage return would be read back as a line feed.
_ENTITIES = {"\r": "&#13;", '"': "&quot;"}


def xml_text(text: str) -> str:
    """Text for an element or for an attribute in double quotes; characters that XML cannot carry are left out."""
    return escape(_FORBIDDEN.sub("", text), _ENTITIES) if _special(text) else text
