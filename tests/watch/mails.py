"""Mails as offices get them."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid


def make_mail(
    subject: str,
    *files: tuple[str, bytes],
    text: str = "Please find attached.",
    logo: bytes = b"",
    message_id: str = "",
) -> bytes:
    """A mail with attachments, and perhaps a signature with a logo."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Message-ID"] = "marie@example.org", "office@example.org", message_id or make_msgid()
    if subject:
        mail["Subject"] = subject
    mail.set_content(text)
    if logo:
        mail.add_alternative(f"<p>{text}</p><img src='cid:logo@firm'>", subtype="html")
        page = mail.get_payload()[1]  # type: ignore[index]
        page.add_related(logo, "image", "png", cid="<logo@firm>", filename="logo.png")  # type: ignore[union-attr]
    for name, data in files:
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return bytes(mail)
