"""What of a mail is a document, and what its subject says."""

import email
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sake_ray.errors import UnreadableDocument
from sake_ray.watch.mail import SIGNATURE_BYTES, find_attachments, find_subject, identify_mail, parse_mail
from tests.watch.mails import make_mail
from tests.watch.watched import SCAN

LOGO = b"\x89PNG\r\n\x1a\n logo"
PHOTO = b"\xff\xd8\xff\xe0" + b"x" * SIGNATURE_BYTES


def names(raw: bytes) -> list[str]:
    return [attachment.name for attachment in find_attachments(parse_mail(raw))]


def test_attachments_are_documents_and_the_text_is_none() -> None:
    mail = make_mail("Durand", ("cv.pdf", b"%PDF-1.7"), ("contrat signé.png", SCAN))
    assert names(mail) == ["cv.pdf", "contrat signé.png"]
    assert [one.data for one in find_attachments(parse_mail(mail))] == [b"%PDF-1.7", SCAN]


def test_the_picture_of_a_signature_is_passed_over() -> None:
    assert names(make_mail("Durand", ("cv.pdf", b"%PDF-1.7"), logo=LOGO)) == ["cv.pdf"]


def test_a_photograph_that_a_telephone_shows_in_the_text_is_a_document() -> None:
    assert names(make_mail("Durand", logo=PHOTO)) == ["logo.png"]


@pytest.mark.parametrize("name", ["smime.p7s", "meeting.ics", "marie.vcf", "Thumbs.db", "mail.html", "list.csv"])
def test_what_mail_programs_add_is_passed_over(name: str) -> None:
    assert names(make_mail("Durand", (name, b"anything"), ("cv.pdf", b"%PDF-1.7"))) == ["cv.pdf"]


def test_attachments_of_an_attached_mail_are_documents() -> None:
    inner = email.message_from_bytes(make_mail("Old", ("cv.pdf", b"%PDF-1.7")), policy=SMTP)
    outer = EmailMessage(policy=SMTP)
    outer["Subject"] = "TR: Old"
    outer.set_content("See below")
    outer.add_attachment(inner)
    assert names(bytes(outer)) == ["cv.pdf"]


def test_a_document_without_a_name_gets_one() -> None:
    mail = EmailMessage(policy=SMTP)
    mail.set_content("text")
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf")
    assert names(bytes(mail)) == ["attachment 2.pdf"]


@pytest.mark.parametrize(
    ("subject", "reference"),
    [
        ("Durand, Marie", "Durand, Marie"),
        ("Re: TR : Fwd: Durand, Marie", "Durand, Marie"),
        ("  Durand,\r\n Marie", "Durand, Marie"),
        ("AW: WG: Müller", "Müller"),
        ("Regina", "Regina"),
        ("", ""),
    ],
)
def test_the_subject_is_the_reference(subject: str, reference: str) -> None:
    raw = f"Subject: {subject}\r\n\r\ntext".encode()
    assert find_subject(parse_mail(raw)) == reference


def test_a_mail_is_known_by_its_id_or_else_by_its_content() -> None:
    with_id, without = make_mail("a", message_id="<1@x>"), b"Subject: a\r\n\r\ntext"
    assert identify_mail(parse_mail(with_id), with_id) == "<1@x>"
    assert len(identify_mail(parse_mail(without), without)) == 64


def test_parts_within_parts_without_end_are_refused() -> None:
    parts = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(5000))
    with pytest.raises(UnreadableDocument):
        parse_mail(b"Subject: x\r\n" + parts)


def test_a_header_without_end_is_no_subject_and_stops_nothing() -> None:
    mail = b"Subject: " + b"=?utf-8?q?a?= " * 200_000 + b"\r\n" + make_mail("", ("cv.pdf", b"%PDF-1.7"))
    assert find_subject(parse_mail(mail)) == ""


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=300), st.integers(0, 400))
def test_a_damaged_mail_is_read_as_far_as_it_goes(noise: bytes, at: int) -> None:
    raw = make_mail("Durand", ("cv.pdf", b"%PDF-1.7"), logo=LOGO, message_id="<1@x>")
    message = parse_mail(raw[:at] + noise + raw[at:])
    assert isinstance(find_subject(message), str)
    assert all(isinstance(attachment.name, str) for attachment in find_attachments(message))


@pytest.mark.parametrize(
    "header",
    [
        "Content-Disposition: attachment; filename*=utf-8''%ff%fe",
        "Content-Disposition: attachment; filename*0*=x''; filename*1=",
        "Content-Type: image/png; name==?utf-8?b?!!!?=",
        "Content-Type: multipart/mixed",
        "Content-ID: <",
        "Subject: =?x-none?q?=FF?=",
        "Message-ID: <[",
    ],
)
def test_a_damaged_header_stops_nothing(header: str) -> None:
    raw = f"{header}\r\n\r\nbody".encode()
    message = parse_mail(raw)
    _ = list(find_attachments(message))
    assert isinstance(find_subject(message), str)
    assert identify_mail(message, raw)
