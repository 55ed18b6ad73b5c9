"""Old Office files for the tests: the compound file format [MS-CFB] and the least of Word, PowerPoint and Outlook."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


@dataclass
class _Entry:
    name: str
    kind: int  # 1 storage, 2 stream, 5 root
    data: bytes = b""
    children: list[_Entry] = field(default_factory=list)
    left: int = _FREE
    right: int = _FREE
    child: int = _FREE
    start: int = _END


def compound(parts: Mapping[str, Any]) -> bytes:
    """A compound file; a value is the bytes of a stream, or a mapping for a storage."""
    root = _Entry("Root Entry", 5, children=_entries(parts))
    entries: list[_Entry] = []
    _number(root, entries)
    sectors: list[bytes] = []
    chains: list[int] = []

    def add(data: bytes) -> int:
        first = len(sectors)
        pieces = [data[at : at + _SECTOR].ljust(_SECTOR, b"\0") for at in range(0, len(data), _SECTOR)]
        sectors.extend(pieces)
        chains.extend([*range(first + 1, first + len(pieces)), _END])
        return first

    mini, mini_chains = bytearray(), []
    for entry in entries:
        if entry.kind == 2 and entry.data and len(entry.data) < _CUTOFF:
            entry.start = len(mini) // _MINI
            count = -(-len(entry.data) // _MINI)
            mini += entry.data.ljust(count * _MINI, b"\0")
            mini_chains += [*range(entry.start + 1, entry.start + count), _END]
        elif entry.kind == 2 and entry.data:
            entry.start = add(entry.data)
    if mini:
        root.start, root.data = add(bytes(mini)), bytes(mini)
    mini_fat = add(_longs(mini_chains, 128)) if mini_chains else _END
    mini_count = -(-len(mini_chains) // 128)
    directory = b"".join(map(_directory_entry, entries))
    blank = struct.pack("<64sHBBIII", b"", 0, 0, 0, _FREE, _FREE, _FREE).ljust(128, b"\0")
    directory += blank * (-len(entries) % 4)
    first_directory = add(directory)
    fat_count = 1
    while (len(sectors) + fat_count) > fat_count * 128:
        fat_count += 1
    fat_sectors = [len(sectors) + index for index in range(fat_count)]
    fat = _longs(chains + [_FAT] * fat_count, 128)
    header = struct.pack("<8s16sHHHHH6s", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"")
    header += struct.pack("<IIIIIIIII", 0, fat_count, first_directory, 0, _CUTOFF, mini_fat, mini_count, _END, 0)
    header += _longs(fat_sectors, 109)
    return header + b"".join(sectors) + fat


def _entries(parts: Mapping[str, Any]) -> list[_Entry]:
    return [
        _Entry(name, 2, value) if isinstance(value, bytes) else _Entry(name, 1, children=_entries(value))
        for name, value in parts.items()
    ]


def _number(entry: _Entry, entries: list[_Entry]) -> int:
    number = len(entries)
    entries.append(entry)
    ordered = sorted(entry.children, key=lambda child: (len(child.name), child.name.upper()))
    numbers = {id(child): _number(child, entries) for child in ordered}

    def tree(members: list[_Entry]) -> int:
        if not members:
            return _FREE
        middle = len(members) // 2
        member = members[middle]
        member.left, member.right = tree(members[:middle]), tree(members[middle + 1 :])
        return numbers[id(member)]

    entry.child = tree(ordered)
    return number


def _directory_entry(entry: _Entry) -> bytes:
    name = entry.name.encode("utf-16-le")
    head = struct.pack("<64sHBBIII", name, len(name) + 2, entry.kind, 1, entry.left, entry.right, entry.child)
    return head + bytes(36) + struct.pack("<IQ", 0 if entry.kind == 1 else entry.start, len(entry.data))


def _longs(values: list[int], multiple: int) -> bytes:
    padded = values + [_FREE] * (-len(values) % multiple)
    return struct.pack(f"<{len(padded)}I", *padded)


def doc(paragraphs: Sequence[str | tuple[str, bytes]], *, encrypted: bool = False, version: int = 0xC1) -> bytes:
    """A Word 97 file [MS-DOC]; a paragraph is a text with its end ("\\r" or "\\x07"), or that with its properties.

    Properties are the number of the style and sprms, as a PapxInFkp has them.
    """
    marked = [part if isinstance(part, tuple) else (part, b"\0\0") for part in paragraphs]
    text = "".join(text for text, _ in marked)
    content = text.encode("utf-16-le")
    flags = 0x0200 | (0x0100 if encrypted else 0)
    fib = bytearray(2048)
    struct.pack_into("<HHHHHH", fib, 0, 0xA5EC, version, 0, 0x409, 0, flags)
    struct.pack_into("<II", fib, 0x18, 2048, 2048 + len(content))
    struct.pack_into("<H", fib, 32, 14)
    struct.pack_into("<H", fib, 62, 22)
    struct.pack_into("<I", fib, 76, len(content) // 2)
    struct.pack_into("<H", fib, 152, 0x5D)
    pieces = struct.pack("<II", 0, len(content) // 2) + struct.pack("<HIH", 0, 2048, 0)
    clx = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    struct.pack_into("<II", fib, 0x1A2, 0, len(clx))
    main = bytes(fib) + content
    main += bytes(-len(main) % 512)
    ends, at = [2048], 2048
    for part, _ in marked:
        at += len(part.encode("utf-16-le"))
        ends.append(at)
    struct.pack_into("<II", fib, 0x102, len(clx), 12)
    plc = struct.pack("<III", 2048, at, len(main) // 512)
    main = bytes(fib) + main[2048:] + _properties_page(ends, [properties for _, properties in marked])
    return compound({"WordDocument": main, "1Table": (clx + plc).ljust(4096, b"\0")})


def _properties_page(ends: list[int], properties: list[bytes]) -> bytes:
    page = bytearray(512)
    count = len(properties)
    struct.pack_into(f"<{count + 1}I", page, 0, *ends)
    position = 510
    for index, value in enumerate(properties):
        size = len(value) + len(value) % 2
        position -= size + 2
        position -= position % 2
        page[position : position + 2] = bytes([0, size // 2])
        page[position + 2 : position + 2 + len(value)] = value
        page[4 * (count + 1) + 13 * index] = position // 2
    page[511] = count
    return bytes(page)


def ppt(slides: Sequence[Sequence[str]], *, boxes: Sequence[str] = (), encrypted: bool = False) -> bytes:
    """A PowerPoint 97 file [MS-PPT]; each slide is a title and further texts; `boxes` stand on the first one."""
    texts = b""
    for number, slide in enumerate(slides):
        texts += _record(0x03F3, struct.pack("<IIiII", number + 2, 4, len(slide), 256 + number, 0))
        for index, text in enumerate(slide):
            texts += _record(0x0F9F, struct.pack("<I", 0 if index == 0 else 1))
            texts += _record(0x0FA0, text.encode("utf-16-le"))
    objects = [_record(0x03E8, _record(0x0FF0, texts, container=True), container=True)]
    for number, slide in enumerate(slides):
        shapes = b"".join(_record(0x0F9E, struct.pack("<I", index)) for index in range(len(slide)))
        if number == 0:
            shapes += b"".join(_record(0x0FA8, text.encode("latin-1")) for text in boxes)
        objects.append(_record(0x03EE, _record(0xF00D, shapes, container=True), container=True))
    places = [sum(map(len, objects[:index])) for index in range(len(objects))]
    data = b"".join(objects)
    directory = _record(0x1772, struct.pack(f"<I{len(places)}I", 1 | len(places) << 20, *places))
    edit = struct.pack("<IIIIIII", 0, 0, 0, len(data), 1, len(places), 0)
    data += directory + _record(0x0FF5, edit)
    token = 0xF3D1C4DF if encrypted else 0xE391C05F
    user = _record(0x0FF6, struct.pack("<IIIHHBBH", 20, token, len(data) - 8 - len(edit), 0, 1012, 3, 0, 0))
    return compound({"PowerPoint Document": data, "Current User": user})


def _record(kind: int, content: bytes, *, container: bool = False) -> bytes:
    return struct.pack("<HHI", 0xF if container else 0, kind, len(content)) + content


def msg(subject: str, body: str, *, sender: str, to: str, attachments: Mapping[str, bytes] | None = None) -> bytes:
    """An Outlook message [MS-OXMSG]."""

    def texts(values: Mapping[str, str]) -> dict[str, Any]:
        return {f"__substg1.0_{tag}001F": value.encode("utf-16-le") for tag, value in values.items()}

    parts: dict[str, Any] = {"__properties_version1.0": bytes(32), "__nameid_version1.0": {}}
    parts |= texts({"0037": subject, "1000": body, "0C1A": sender, "0C1F": sender, "5D01": sender, "0E04": to})
    parts["__recip_version1.0_#00000000"] = texts({"3001": to, "3003": to, "39FE": to}) | {
        "__properties_version1.0": bytes(8) + struct.pack("<HHIQ", 0x0003, 0x0C15, 6, 1)  # PidTagRecipientType: to
    }
    for index, (name, content) in enumerate((attachments or {}).items()):
        parts[f"__attach_version1.0_#{index:08X}"] = texts({"3704": name, "3707": name}) | {
            "__substg1.0_37010102": content,
            "__properties_version1.0": bytes(8) + struct.pack("<HHIQ", 0x0003, 0x3705, 6, 1),
        }
    return compound(parts)
