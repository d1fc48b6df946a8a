"""VietQR: the text of a QR code that a bank's app reads as a transfer.

EMV QR Code Specification for Payment Systems, Merchant-Presented Mode, with the template of NAPAS (technical
specifications on NAPAS QR switching, part IV, version 1.5.2): account information in object 38 with AID A000000727,
transfer to an account QRIBFTTA; currency 704, country VN; the note is object 08 of template 62; the checksum is
CRC-16/CCITT-FALSE over everything with "6304" in front of it.
"""

import re
from dataclasses import dataclass

_AID, _SERVICE = "A000000727", "QRIBFTTA"
_BIN = re.compile(r"[0-9]{6}")
_ACCOUNT = re.compile(r"[0-9A-Za-z]{1,19}")
# Banks drop other signs from notes, or refuse them.
_NOTE = re.compile(r"[0-9A-Za-z ]{0,25}")
LARGEST = 9_999_999_999_999


class Unreadable(ValueError):
    """A text that is no VietQR transfer."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer in whole đồng; amount 0 lets the payer fill it in."""

    bin: str
    account: str
    amount: int
    note: str


def crc16(text: str) -> str:
    """CRC-16/CCITT-FALSE (polynomial 1021, start FFFF) as four hexadecimal digits."""
    value = 0xFFFF
    for byte in text.encode("utf-8"):
        value ^= byte << 8
        for _ in range(8):
            value = ((value << 1) ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    return f"{value:04X}"


def payload(transfer: Transfer) -> str:
    """The text of the QR code. Raises ValueError for what the standard cannot carry."""
    if not (_BIN.fullmatch(transfer.bin) and _ACCOUNT.fullmatch(transfer.account) and _NOTE.fullmatch(transfer.note)):
        raise ValueError(transfer)
    if not 0 <= transfer.amount <= LARGEST:
        raise ValueError(transfer.amount)
    beneficiary = _object("00", transfer.bin) + _object("01", transfer.account)
    text = _object("00", "01") + _object("01", "12" if transfer.amount else "11")
    text += _object("38", _object("00", _AID) + _object("01", beneficiary) + _object("02", _SERVICE))
    text += _object("53", "704")
    if transfer.amount:
        text += _object("54", str(transfer.amount))
    text += _object("58", "VN")
    if transfer.note:
        text += _object("62", _object("08", transfer.note))
    text += "6304"
    return text + crc16(text)


def read(text: str) -> Transfer:
    """Read such a text back. Raises Unreadable for a wrong checksum, broken lengths or another kind of payment."""
    if len(text) < 8 or text[-8:-4] != "6304" or crc16(text[:-4]) != text[-4:].upper():
        raise Unreadable("checksum")
    objects = _objects(text[:-8])
    account = _objects(objects.get("38", ""))
    if account.get("00") != _AID or account.get("02") != _SERVICE or objects.get("53") != "704":
        raise Unreadable("not a transfer")
    beneficiary = _objects(account.get("01", ""))
    amount = objects.get("54", "0")
    if not re.fullmatch(r"[0-9]{1,13}(\.0*)?", amount):
        raise Unreadable("amount")
    try:
        return Transfer(
            bin=beneficiary["00"],
            account=beneficiary["01"],
            amount=int(amount.partition(".")[0]),
            note=_objects(objects.get("62", "")).get("08", ""),
        )
    except KeyError as missing:
        raise Unreadable(str(missing)) from None


def _object(name: str, value: str) -> str:
    if not 0 < len(value) <= 99:
        raise ValueError(value)
    return f"{name}{len(value):02d}{value}"


def _objects(text: str) -> dict[str, str]:
    found, place = {}, 0
    while place < len(text):
        name, length = text[place : place + 2], text[place + 2 : place + 4]
        if not (name.isdigit() and length.isdigit() and place + 4 + int(length) <= len(text)):
            raise Unreadable(text[place:])
        found[name] = text[place + 4 : place + 4 + int(length)]
        place += 4 + int(length)
    return found
