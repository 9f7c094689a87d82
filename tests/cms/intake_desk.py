"""A browser's side of the upload door, for tests: creation, chunks, the end; and files to send."""

import base64
import io
import zipfile
from dataclasses import dataclass
from typing import Any

import pymupdf
from django.test import Client
from PIL import Image, ImageDraw

from dossiers.models import Account, DossierPage

TUS = {"Tus-Resumable": "1.0.0"}
OCTETS = "application/offset+octet-stream"


@dataclass
class Sender:
    """One signed-in browser that sends files into one dossier."""

    client: Client
    dossier: DossierPage

    @classmethod
    def of(cls, account: Account, dossier: DossierPage) -> "Sender":
        client = Client(headers={"host": "localhost"})
        client.force_login(account)
        return cls(client, dossier)

    def create(self, name: str, size: int, **told: str) -> Any:
        values = {"filename": name, "dossier": str(self.dossier.uuid), "target": "", "enrolment": ""} | told
        pairs = [
            f"{key} {base64.b64encode(value.encode()).decode()}".strip() for key, value in values.items()
        ]
        headers = TUS | {"Upload-Length": str(size), "Upload-Metadata": ",".join(pairs)}
        return self.client.post("/files/", headers=headers)

    def patch(self, address: str, offset: int, content: bytes, **more: str) -> Any:
        headers = TUS | {"Upload-Offset": str(offset)} | {name.replace("_", "-"): more[name] for name in more}
        return self.client.patch(address, content, content_type=OCTETS, headers=headers)

    def head(self, address: str) -> Any:
        return self.client.head(address, headers=TUS)

    def delete(self, address: str) -> Any:
        return self.client.delete(address, headers=TUS)

    def send(self, name: str, content: bytes, **told: str) -> Any:
        """The whole of a file in one piece; the last answer, or the refusal of the first."""
        created = self.create(name, len(content), **told)
        if created.status_code != 201:
            return created
        return self.patch(created["Location"], 0, content)


def picture(text: str = "样本", *, size: tuple[int, int] = (620, 877), form: str = "JPEG") -> bytes:
    """A page with a line and some ink on it; another text gives other bytes."""
    page = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(page)
    for line in range(8):
        pen.rectangle(
            [60, 80 + 60 * line, 60 + (len(text) * 37 + line * 53) % 480, 110 + 60 * line], fill="black"
        )
    return saved(page, form, comment=text)


def saved(page: Image.Image, form: str, *, comment: str = "") -> bytes:
    held = io.BytesIO()
    extra = {"comment": comment.encode()} if form == "JPEG" else {}
    page.save(held, form, **extra)
    return held.getvalue()


def tiff(pages: int = 3) -> bytes:
    """A multi-page TIFF whose pages differ."""
    frames = [Image.open(io.BytesIO(picture("页" * (number + 1)))) for number in range(pages)]
    held = io.BytesIO()
    frames[0].save(held, "TIFF", save_all=True, append_images=frames[1:], compression="tiff_lzw")
    return held.getvalue()


def pdf(pages: int = 2, *, password: str = "") -> bytes:
    """A PDF with a word on each page, locked when there is a password."""
    with pymupdf.open() as document:
        for number in range(pages):
            document.new_page().insert_text((72, 100), f"page {number + 1}", fontsize=30)
        if password:
            return document.tobytes(
                encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw=password, owner_pw=password
            )
        return document.tobytes()


def bomb() -> bytes:
    """A PNG of a few kilobytes that unfolds to 400 million pixels."""
    return saved(Image.new("1", (20_000, 20_000)), "PNG")


def archive() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as box:
        box.writestr("扫描.jpg", picture())
    return held.getvalue()
