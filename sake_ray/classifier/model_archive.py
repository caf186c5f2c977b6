"""Pack arrays and texts into one .npz file, and unpack such a file without trusting it.

The file is a zip of .npy members, which `numpy.load` reads too, and one member of JSON. Nothing is compressed, so that no
member can grow; nothing is pickled, so that nothing can run; a member of another name, type or size is refused before any
array is made of it. Equal content gives equal bytes.
"""

import io
import json
import math
import re
from collections.abc import Mapping
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

TEXTS = "texts.json"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can hold, in place of the time of writing."""
MAGIC = b"\x93NUMPY\x01\x00"
HEADER = re.compile(
    rb"\{'descr': '(?P<dtype><f4|<f8)', 'fortran_order': False, 'shape': \((?P<shape>|\d{1,12},|\d{1,12}, \d{1,12})\), \} *\n"
)


def pack_archive(arrays: Mapping[str, NDArray[Any]], texts: Mapping[str, tuple[str, ...]]) -> bytes:
    """Pack named arrays of floats and named lists of strings."""
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_STORED) as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            npy.write_array(member, np.asarray(array, order="C"), version=(1, 0), allow_pickle=False)
            archive.writestr(ZipInfo(f"{name}.npy", EPOCH), member.getvalue())
        archive.writestr(ZipInfo(TEXTS, EPOCH), json.dumps(texts))
    return packed.getvalue()


def unpack_archive(
    content: bytes, arrays: tuple[str, ...], texts: tuple[str, ...]
) -> tuple[dict[str, NDArray[Any]], dict[str, tuple[str, ...]]]:
    """Unpack the arrays and lists of these names; raises ValueError, or what zipfile and json raise, for any other content."""
    names = [f"{name}.npy" for name in arrays]
    with ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if sorted(member.filename for member in members) != sorted([*names, TEXTS]):
            raise ValueError("its members are others")
        if any(member.compress_type != ZIP_STORED or member.file_size != member.compress_size for member in members):
            raise ValueError("a member is compressed")
        if sum(member.file_size for member in members) > len(content):
            raise ValueError("its members overlap")
        return (
            {array: unpack_array(archive.read(name)) for array, name in zip(arrays, names, strict=True)},
            unpack_texts(archive.read(TEXTS), texts),
        )


def unpack_array(member: bytes) -> NDArray[Any]:
    """Make an array of a .npy member, whose header must announce exactly the bytes that follow it; raises ValueError."""
    start = len(MAGIC) + 2 + int.from_bytes(member[len(MAGIC) : len(MAGIC) + 2], "little")
    # numpy evaluates the header as Python; ours always has this form.
    header = HEADER.fullmatch(member[len(MAGIC) + 2 : start]) if member.startswith(MAGIC) else None
    if header is None:
        raise ValueError("an array has a strange header")
    dtype = np.dtype(header["dtype"].decode())
    shape = tuple(int(side) for side in header["shape"].split(b",") if side)
    if math.prod(shape) * dtype.itemsize != len(member) - start:
        raise ValueError(f"an array does not have the size {shape} of its header")
    return np.frombuffer(member, dtype, offset=start).reshape(shape)


def unpack_texts(member: bytes, names: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Make lists of strings of the JSON member; raises ValueError."""
    texts = json.loads(member)
    if not isinstance(texts, dict) or texts.keys() != set(names):
        raise ValueError("its texts are others")
    for found in texts.values():
        if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
            raise ValueError("its texts are no strings")
    return {name: tuple(texts[name]) for name in names}
