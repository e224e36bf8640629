"""Decoding: from the bytes of a file to its text, in the encodings that spreadsheets and editors write."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import NamedTuple

from loancalc.io.findings import Finding

_ARCHIVE = b"PK\x03\x04"
_ENCODINGS = "UTF-8, UTF-16 with its mark or GB18030 (GBK)"


class Decoded(NamedTuple):
    """The text of a file, None where there is none to read, and what there is to say about it."""

    text: str | None
    findings: tuple[Finding, ...]


def decode(raw: bytes, file: str, accepted: str) -> Decoded:
    """The text of a file in UTF-8, with or without its mark, in UTF-16 with its mark, or in GB18030 (GBK).

    GB18030 is taken only where the bytes are not UTF-8, and a note says so.

    Args:
        raw: The bytes of the file.
        file: Its name, for the findings.
        accepted: What the file should hold, for the finding about an empty one.

    >>> decode("日期,金额".encode("gbk"), "payments.csv", "rows").text
    '日期,金额'
    >>> print(decode(b"", "payments.csv", "a row of column names").findings[0])
    payments.csv: the file is empty; expected a row of column names
    """
    if raw.startswith(_ARCHIVE):
        return Decoded(None, (_about(file, "a workbook or an archive; expected text: save the sheet as CSV"),))
    decoded = _decode(raw, file)
    if decoded.text is None:
        return decoded
    if not decoded.text.strip():
        return Decoded(None, (*decoded.findings, _about(file, f"the file is empty; expected {accepted}")))
    if "\0" in decoded.text:
        row = decoded.text.count("\n", 0, decoded.text.index("\0")) + 1
        return Decoded(None, (Finding(file, row, None, "byte 0x00", f"expected text in {_ENCODINGS}"),))
    return decoded


def read_bytes(path: str) -> bytes | Finding:
    """The bytes of a file, or the finding that it cannot be read.

    >>> print(read_bytes("no-such.csv"))
    no-such.csv: cannot be read: No such file or directory
    """
    try:
        return Path(path).read_bytes()
    except OSError as error:
        return _about(path, f"cannot be read: {error.strerror or error}")
    except ValueError as error:  # a NUL in the name
        return _about(path, f"cannot be read: {error}")


def _decode(raw: bytes, file: str) -> Decoded:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return Decoded(raw.decode("utf-16"), (_about(file, "read as UTF-16", is_note=True),))
        except UnicodeDecodeError as error:
            return Decoded(None, (_about(file, f"not UTF-16 as its mark says ({error.reason}); expected UTF-8"),))
    try:
        return Decoded(raw.decode("utf-8-sig"), ())
    except UnicodeDecodeError as error:
        bad = error
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        row = raw.count(b"\n", 0, bad.start) + 1
        value = raw[bad.start : bad.start + 1].hex()
        return Decoded(None, (Finding(file, row, None, f"byte 0x{value}", f"expected text in {_ENCODINGS}"),))
    return Decoded(text, (_about(file, "not UTF-8; read as GB18030 (GBK)", is_note=True),))


def _about(file: str, problem: str, *, is_note: bool = False) -> Finding:
    return Finding(file, None, None, None, problem, is_note)
