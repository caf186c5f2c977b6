"""The hostile requests of `raw_http.py`: what each of them is."""

# ruff: noqa: E501 - lists of odd bytes read best in a few long lines

import json
import re
from collections.abc import Iterator
from pathlib import Path

from tests.raw_http import BIDI, CANARY, NUL, PNG, SMUGGLED, RawRequest, Target, make_request

CONTRACT = Path(__file__).parents[1] / "docs" / "openapi.json"
JSON, FORM = "Content-Type: application/json", "Content-Type: application/x-www-form-urlencoded"
MULTIPART = "Content-Type: multipart/form-data; boundary=b"
HIDDEN = f"GET /{SMUGGLED} HTTP/1.1\r\nX: ".encode()
"""A request hidden in the body of another, whose last header would swallow the next request's first line."""
CHUNKED = "Transfer-Encoding: chunked"


def _send(name: str, method: str, path: str, *lines: str | bytes, body: bytes = b"", **more: object) -> RawRequest:
    length = more.pop("length", None)

    def make(target: Target) -> bytes:
        return make_request(target, method, path, *lines, body=body, length=length)  # type: ignore[arg-type]

    return RawRequest(name, make, **more)  # type: ignore[arg-type]


def framings() -> Iterator[RawRequest]:
    """Requests whose end two servers would see at different places."""
    small = b"0\r\n\r\n" + HIDDEN
    for kind in ("POST", "GET"):
        yield _send(f"CL.TE {kind}", kind, "/predict", JSON, CHUNKED, body=small, length=True, ambiguous=True)
        yield _send(
            f"TE.CL {kind}",
            kind,
            "/predict",
            JSON,
            "Content-Length: 4",
            CHUNKED,
            body=b"5c\r\n" + HIDDEN.ljust(0x5C) + b"\r\n0\r\n\r\n",
            length=False,
            ambiguous=True,
        )
    for number, line in enumerate(
        (
            b"Transfer-Encoding: xchunked", b"Transfer-Encoding: chunked, identity", b"Transfer-Encoding: identity",
            b"Transfer-Encoding : chunked", b"Transfer-Encoding\t: chunked", b" Transfer-Encoding: chunked",
            b"X: y\r\n Transfer-Encoding: chunked", b"X: y\nTransfer-Encoding: chunked", b"Transfer-Encoding:\x0bchunked",
            b"Transfer-Encoding: \"chunked\"", b"Transfer-Encoding: chunked;q=1", b"Transfer-Encoding: chunked\r\nTransfer-Encoding: cow",
            b"Transfer_Encoding: chunked\r\nTransfer-Encoding: chunked", b"Transfer-Encoding: chu\0nked", b"Transfer-Encoding: ",
            b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        )
    ):  # fmt: skip
        yield _send(
            f"TE.TE {number} {line[:40]!r}", "POST", "/predict", JSON, line, body=small, length=True, ambiguous=True
        )
    for lengths in (
        ["5", "6"], ["6", "5"], ["5, 6"], ["+5"], ["-1"], ["0x5"], ["5abc"], ["5 5"], [""], ["9" * 30], ["9" * 5000],
        ["\u0665"], ["1e1"], ["5;"], ["5,"], ["18446744073709551621"],
    ):  # fmt: skip
        lines = [f"Content-Length: {length}" for length in lengths]
        yield _send(
            f"lengths {str(lengths)[:40]}",
            "POST",
            "/predict",
            JSON,
            *lines,
            body=b"{}   " + HIDDEN,
            length=False,
            ambiguous=True,
        )
    latin = b"Content-Length: \xb2"
    yield _send(
        "length of a superscript two", "POST", "/predict", JSON, latin, body=b"{}", length=False, ambiguous=True
    )


def chunks() -> Iterator[RawRequest]:
    """Bodies in chunks that are none."""
    for number, body in enumerate(
        (
            b"-1\r\nx\r\n0\r\n\r\n", b"fffffffffffffffff\r\nx", b"7fffffffffffffff\r\nx", b"0x2\r\n{}\r\n0\r\n\r\n",
            b"2\n{}\n0\n\n", b"2\r\n{}0\r\n\r\n", b"2 \r\n{}\r\n0\r\n\r\n" + HIDDEN, b" 2\r\n{}\r\n0\r\n\r\n",
            b"\r\n2\r\n{}\r\n0\r\n\r\n", b"g\r\n{}", b"2\r\n{}xx\r\n0\r\n\r\n", b"2\r{}\r0\r\r",
            b"\0\r\n\r\n", b"2;\0\r\n{}\r\n0\r\n\r\n",
        )
    ):  # fmt: skip
        yield _send(f"chunks {number} {body[:24]!r}", "POST", "/predict", JSON, CHUNKED, body=body, length=False)
    tiny = b"1\r\n \r\n" * 20_000 + b"0\r\n\r\n"
    yield _send("20,000 chunks", "POST", "/predict", JSON, CHUNKED, body=tiny, length=False, accepted=frozenset({422}))
    long_extension = b"2;" + b"x" * 1_000_000 + b"\r\n{}\r\n0\r\n\r\n"
    yield _send("extension of a megabyte", "POST", "/predict", JSON, CHUNKED, body=long_extension, length=False)
    trailers = b"2\r\n{}\r\n0\r\n" + b"X: y\r\n" * 10_000 + b"\r\n"
    yield _send("10,000 trailers", "POST", "/predict", JSON, CHUNKED, body=trailers, length=False)
    trailer = b"2\r\n{}\r\n0\r\nContent-Length: 50\r\nAuthorization: Bearer x\r\n\r\n"
    yield _send(
        "length as a trailer",
        "POST",
        "/predict",
        JSON,
        CHUNKED,
        body=trailer,
        length=False,
        accepted=frozenset({400, 422}),
    )


def heads() -> Iterator[RawRequest]:
    """Request lines and headers."""
    for line in (
        b"X\0Y: 1", b"X Y: 1", b"X: a\0b", b"X: a\rb", b"X: a\nb", b"X\xe9: 1", b": 1", b"X", b"(X): 1", b"X: \x7f", b"X: \xff\xfe",
        b"Host: two", b"Host: a b", b"Host: \xff", b"Host: [::1", b"Content-Type: \xff", b"Content-Type: " + b"a" * 100_000,
        b"Content-Type: multipart/form-data; boundary=", b"Content-Type: application/json; charset=utf-32",
        b"Content-Type: application/json; charset=nonsense", b"Content-Encoding: gzip", b"Expect: 100-continue", b"Expect: nonsense",
        b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13",
        b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__", b"Connection: nonsense, close, keep-alive",
        b"X-Request-Id: " + b"i" * 100_000, b"X-Request-Id: a\xffb", b"Idempotency-Key: " + b"k" * 100_000, b"Idempotency-Key: \xff\xfe",
        b"Idempotency-Key: ", b"X-Forwarded-For: " + b"1.2.3.4, " * 10_000, b"X-Forwarded-For: \xff", b"X-Forwarded-Proto: javascript",
        b"Forwarded: for=\"[::1", b"If-None-Match: " + b'"x", ' * 10_000, b"If-None-Match: \xff", b"If-Match: *",
        b"Range: bytes=" + b"0-0," * 10_000, b"Range: bytes=-", b"Range: bytes=9-1", b"Range: bytes=" + b"9" * 5000 + b"-",
        b"Range: \xff", b"If-Range: \xff", b"Accept: " + b"*/*," * 10_000, b"Accept-Language: \xff", b"Accept-Encoding: \xff;q=2",
        b"Cookie: " + b"a=b; " * 10_000, b"Origin: null", b"Origin: \xff", b"Authorization: Bearer x", b"Authorization: \xff",
        b"Authorization: Bearer " + b"x" * 100_000, b"Authorization: Basic \xff", b"Authorization:",
    ):  # fmt: skip
        yield _send(f"header {line[:40]!r}", "GET", "/batches", line)
        yield _send(f"header {line[:40]!r} of a POST", "POST", "/predict", line, body=b"{}")
    yield _send("10,000 headers", "GET", "/batches", *[f"X-{n}: y" for n in range(10_000)])
    yield _send("header of a megabyte", "GET", "/batches", "X: " + "y" * 1_000_000)
    for first in (
        b"GET /health HTTP/0.9", b"GET /health HTTP/1.0", b"GET /health HTTP/2.0", b"GET /health HTTP/9.9", b"GET /health", b"GET  /health HTTP/1.1",
        b"get /health HTTP/1.1", b"\0 /health HTTP/1.1", b"G\xc9T /health HTTP/1.1", b"G" * 100_000 + b" / HTTP/1.1", b"OPTIONS * HTTP/1.1",
        b"CONNECT localhost:22 HTTP/1.1", b"TRACE /health HTTP/1.1", b"PRI * HTTP/2.0\r\n\r\nSM", b"GET http://other.example/health HTTP/1.1",
        b"GET //other.example/health HTTP/1.1", b"GET ? HTTP/1.1", b"GET health HTTP/1.1", b"GET /health#x HTTP/1.1", b"GET /he alth HTTP/1.1",
        b"GET /\xff HTTP/1.1", b"GET /\0 HTTP/1.1", b"GET /%00 HTTP/1.1", b"GET /%ff%fe HTTP/1.1", b"GET /%0d%0aX:%20y HTTP/1.1",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1", b"GET /" + b"../" * 1000 + b"etc/passwd HTTP/1.1", b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1",
        b"GET /..%2f..%2fetc%2fpasswd HTTP/1.1", b"GET /%e2%80%ae HTTP/1.1", b"GET /\\..\\x HTTP/1.1", b"GET /%c0%ae%c0%ae/ HTTP/1.1",
        b"GET /%u0000 HTTP/1.1", b"GET /% HTTP/1.1", b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03", b"\r\n\r\nGET /health HTTP/1.1",
    ):  # fmt: skip
        yield RawRequest(
            f"line {first[:50]!r}", lambda target, first=first: first + f"\r\nHost: {target.host}\r\n\r\n".encode()
        )  # type: ignore[misc]
    yield RawRequest("no Host", lambda target: b"GET /health HTTP/1.1\r\n\r\n")
    yield RawRequest("bare line feeds", lambda target: f"GET /health HTTP/1.1\nHost: {target.host}\n\n".encode())


def queries() -> Iterator[RawRequest]:
    """Query strings, and names within paths."""
    for path in ("/batches", "/documents", "/search", "/references", "/admin/audit", "/admin/images"):
        for query in (
            "%00", "=%00", "reference=%00", "reference=%ff", "reference=%ed%a0%80", "q=%00", "q=%ed%a0%80", "q=" + "a%20" * 5000, "q=(((((",
            "q=%22%22%22", "cursor=%00", "cursor=%ff", "cursor=" + "A" * 20_000, "page_size=-1", "page_size=99999999999999999999999",
            "page_size=1e9", "page_size=%d9%a1", "page_size=1&page_size=2", "&" * 10_000, "a=b&" * 10_000, "status[]=x", "a" * 60_000,
        ):  # fmt: skip
            yield _send(f"{path}?{query[:40]}", "GET", f"{path}?{query}")
    for path in ("/documents/{}", "/documents/{}/original", "/documents/{}/pages/1", "/predict/{}", "/batches/{}", "/documents/x/pages/{}",
                 "/admin/jobs/{}", "/models/{}", "/admin/images/{}/file", "/references/{}"):  # fmt: skip
        for name in (
            "%00",
            "%ff",
            "%ed%a0%80",
            "%e2%80%ae",
            "..",
            "..%2f..%2fx",
            "a" * 20_000,
            "-1",
            "99999999999999999999999",
            "1e400",
            "%0d%0a",
            "'\"<>",
        ):
            yield _send(f"{path} of {name[:20]}", "GET", path.format(name))
            yield _send(f"{path} of {name[:20]}, deleted", "DELETE", path.format(name))


def json_bombs() -> Iterator[RawRequest]:
    """JSON that costs more than it looks, or says what no text can."""
    good = {"reference": "R", "files": [{"name": "a.png", "content": ""}]}
    bodies = {
        "deep list": b"[" * 200_000, "deep object": b'{"a":' * 200_000, "deep and closed": b"[" * 100_000 + b"]" * 100_000,
        "deep value": b'{"reference": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "infinite": b'{"reference": 1e400}',
        "many digits": b'{"reference": ' + b"9" * 100_000 + b"}", "many decimals": b'{"reference": 0.' + b"9" * 100_000 + b"}",
        "nan": b'{"reference": NaN}', "infinity": b"Infinity", "huge string": b'{"reference": "' + b"a" * 900_000 + b'"}',
        "same key often": b"{" + b'"reference": "R", ' * 40_000 + b'"files": []}', "many keys": json.dumps({str(n): n for n in range(50_000)}).encode(),
        "lone surrogate": b'{"reference": "\\ud800", "files": []}', "nul": b'{"reference": "a\\u0000b", "files": [{"name": "\\u0000", "content": ""}]}',
        "raw nul": b'{"reference": "a\0b"}', "surrogate name": b'{"reference": "R", "files": [{"name": "\\ud800.png", "content": "iVBORw0KGgo="}]}',
        "mark": b"\xef\xbb\xbf" + json.dumps(good).encode(), "utf-16": json.dumps(good).encode("utf-16"), "no utf-8": b'{"reference": "\xff"}',
        "empty": b"", "null": b"null", "list": b"[]", "comma": b'{"reference": "R",}', "comment": b"{} // x", "two": b"{}{}",
        "escapes": b'{"reference": "' + b"\\u0041" * 100_000 + b'"}', "many lists": b"[" + b"[]," * 200_000 + b"[]]",
        "proto": b'{"__proto__": {"x": 1}, "constructor": 1}', "bidi": json.dumps(good | {"reference": BIDI}).encode(),
    }  # fmt: skip
    for method, path in _find_routes_of_json():
        for name, body in bodies.items():
            yield _send(f"{method} {path}: {name}", method, path, JSON, body=body, length=True)


def _find_routes_of_json() -> Iterator[tuple[str, str]]:
    """Find the routes that take JSON in the contract."""
    contract = json.loads(CONTRACT.read_text(encoding="utf-8"))
    for path, operations in contract["paths"].items():
        for method, operation in operations.items():
            if "application/json" in operation.get("requestBody", {}).get("content", {}):
                yield method.upper(), re.sub(r"{\w+}", "x", path)


def forms() -> Iterator[RawRequest]:
    """Forms of files, and of names and passwords."""

    def part(disposition: str | bytes, content: bytes = PNG, more: bytes = b"") -> bytes:
        line = disposition if isinstance(disposition, bytes) else disposition.encode("utf-8", "surrogatepass")
        return b"--b\r\nContent-Disposition: form-data; " + line + b"\r\n" + more + b"\r\n" + content + b"\r\n"

    reference, end = part('name="reference"', b"R"), b"--b--\r\n"
    bodies = {
        "10,000 fields": part('name="reference"', b"R") * 10_000 + end, "10,000 files": reference + part('name="files"; filename="a.png"') * 10_000 + end,
        "10,000 empty parts": b"--b\r\n\r\n\r\n" * 10_000 + end, "no end": reference + part('name="files"; filename="a.png"'),
        "nothing": b"", "end only": end, "no parts": b"nonsense" * 1000, "no name": part("filename=x") + end, "empty name": part('name=""') + end,
        "10,000 headers": part('name="files"; filename="a.png"', more=b"X: y\r\n" * 10_000) + end,
        "header of a megabyte": part('name="files"; filename="a.png"', more=b"X: " + b"y" * 1_000_000 + b"\r\n") + end,
        "no disposition": b"--b\r\nX: y\r\n\r\nz\r\n" + end, "disposition of one byte": b"--b\r\nContent-Disposition: \xff\r\n\r\nz\r\n" + end,
        "field of a megabyte": part('name="reference"', b"R" * 1_000_000) + end, "field that is a file": part('name="reference"; filename="r"') + end,
        "reference of no text": part('name="reference"', b"\xff\xfe") + part('name="files"; filename="a.png"') + end,
        "reference with nul": part('name="reference"', b"a\0b") + part('name="files"; filename="a.png"') + end,
        "reference in hex": part('name="reference"', b"R", b"Content-Transfer-Encoding: base64\r\n") + end,
        "charset": part('name="_charset_"', b"utf-7") + reference + end, "part in hex": part('name="reference"', b"R", b"Content-Type: text/plain; charset=hex\r\n") + part('name="files"; filename="a.png"') + end,
        "bare line feeds": (reference + end).replace(b"\r\n", b"\n"), "nested": reference + part('name="files"', b"--c\r\n\r\nx\r\n--c--", b"Content-Type: multipart/mixed; boundary=c\r\n") + end,
    }  # fmt: skip
    for name, body in bodies.items():
        yield _send(f"form: {name}", "POST", "/predict", MULTIPART, body=body, length=True)
    for boundary in ("", "x" * 10_000, "\xff", '"b', "b; boundary=c", "\t", "b\0"):
        yield _send(
            f"boundary {boundary[:20]!r}",
            "POST",
            "/predict",
            f"Content-Type: multipart/form-data; boundary={boundary}",
            body=reference + end,
        )
    names: tuple[str | bytes, ...] = (
        'filename=""', "filename=", 'filename=".."', 'filename="../../etc/passwd"', 'filename="C:\\\\x\\\\y.png"', f'filename="{BIDI}"', f'filename="{NUL}"',
        'filename="a\tb\x1b[31m\x7f"', 'filename="' + "n" * 4000 + '"', b'filename="\xff\xfe"', 'filename="a"; filename="b"', 'filename="\ud800"',
        "filename*=utf-8''%00%ff", "filename*=utf-8''" + "%41" * 2000, "filename*=hex''41", "filename*=idna''%ff", "filename*=undefined''x",
        "filename*=unicode_escape''%5Cud800", "filename*=raw_unicode_escape''%5Cud800", "filename*=utf-7''%2B2AA-", "filename*=punycode''%ff",
        "filename*=utf-16''%d8%00", "filename*=rot13''x", "filename*=mbcs''x", "filename*=x" + "x" * 2000 + "''y", "filename*=utf-8''..%2F..%2Fx",
        "filename*=''", "filename*=utf-8", "filename*0=a; filename*1=b", 'filename="=?utf-8?b?Li4v?="', 'filename="%0d%0aX: y"',
    )  # fmt: skip
    for file_name in names:
        disposition = b'name="files"; ' + (
            file_name if isinstance(file_name, bytes) else file_name.encode("utf-8", "surrogatepass")
        )
        yield _send(f"name {file_name[:40]!r}", "POST", "/predict", MULTIPART, body=reference + part(disposition) + end)
    for body in (
        b"username=%00&password=%00", b"username=%ff&password=x", b"username=%ed%a0%80&password=%ed%a0%80", b"username=" + b"a" * 15_000 + b"&password=x",
        b"username=a&username=b&password=x", b"a&" * 9000, b"=&=&", b"%", b"username[]=a&password=x", b"username=admin&password=x&device_token=%00",
        b"username=admin&password=x&device_token=" + b"x" * 4000, b"username=" + b"%41" * 199 + b"&password=x&device_token=\xff.\xff.\xff",
    ):  # fmt: skip
        yield _send(f"sign-in {body[:40]!r}", "POST", "/auth/token", FORM, body=body)


def lying() -> Iterator[RawRequest]:
    """Bodies shorter and longer than their length says; `answer_raw` ends the connection behind the next request."""
    for path, kind in (
        ("/predict", JSON),
        ("/predict", MULTIPART),
        ("/auth/token", FORM),
        ("/documents/x/answers", JSON),
    ):
        yield _send(
            f"longer than said: {path} {kind[14:]}",
            "POST",
            path,
            kind,
            "Content-Length: 2",
            body=b"{}" + b"GARBAGE" * 10,
            length=False,
        )
        yield _send(
            f"shorter than said: {path} {kind[14:]}",
            "POST",
            path,
            kind,
            "Content-Length: 900000",
            body=b"{}",
            length=False,
        )
        yield _send(
            f"chunks that end early: {path} {kind[14:]}", "POST", path, kind, CHUNKED, body=b"ffff\r\n{}", length=False
        )
    yield _send("body of a GET", "GET", "/batches", JSON, body=b"x" * 5000)
    yield _send("200 MB announced", "POST", "/predict", MULTIPART, "Content-Length: 200000001", body=b"", length=False)
    pipelined = f"GET /batches HTTP/1.1\r\nHost: {CANARY}\r\n\r\n".encode() * 200
    yield RawRequest("200 requests at once", lambda target: pipelined)


KINDS = (framings, chunks, heads, queries, json_bombs, forms, lying)
