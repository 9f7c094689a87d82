"""Files as strangers send them: good ones of every allowed type, and the bad ones of the corpus."""

import io
import struct
import subprocess
import zipfile
import zlib
from pathlib import Path

import pillow_heif
import pymupdf
from PIL import Image


def picture(width: int = 320, height: int = 200) -> Image.Image:
    """A picture with enough detail that cutting it short shows."""
    image = Image.effect_noise((width, height), 80)
    return image.convert("RGB")


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def jpeg() -> bytes:
    return encoded(picture(), "JPEG", quality=90)


def png() -> bytes:
    return encoded(picture(), "PNG")


def tiff(pages: int = 3) -> bytes:
    first, *rest = (picture() for _ in range(pages))
    return encoded(first, "TIFF", save_all=True, append_images=rest, compression="tiff_lzw")


def heic() -> bytes:
    pillow_heif.register_heif_opener()
    return encoded(picture(), "HEIF")


def pdf(pages: int = 2, **options: object) -> bytes:
    document = pymupdf.open()
    for number in range(pages):
        document.new_page().insert_text((72, 72), f"page {number + 1}")
    return document.tobytes(**options)


def encrypted_pdf() -> bytes:
    return pdf(encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="secret", owner_pw="owner")


def owner_locked_pdf() -> bytes:
    """Opens without a password, only printing is forbidden."""
    return pdf(encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="", owner_pw="owner", permissions=0)


def bomb_png(side: int = 40_000) -> bytes:
    """1.6 thousand million pixels in some 200 kilobytes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    line = b"\0" * (1 + side // 8)
    body = b"".join(packer.compress(line) for _ in range(side)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def bomb_pdf(megabytes: int = 1536) -> bytes:
    """One page whose content stream unpacks to gigabytes of drawing."""
    packer = zlib.compressobj(9)
    piece = b"0 0 m 100 100 l S\n" * 58_254  # one megabyte
    stream = b"".join(packer.compress(piece) for _ in range(megabytes)) + packer.flush()
    return _minimal_pdf(stream)


def _minimal_pdf(stream: bytes) -> bytes:
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return (
        out
        + b"xref\n0 5\n0000000000 65535 f \n%s" % table
        + (b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(out))
    )


def zipped(name: str = "证书.jpg", content: bytes = b"x") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(name, content)
    return target.getvalue()


def docx() -> bytes:
    return zipped("[Content_Types].xml", b"<Types/>")


def film(folder: Path, name: str) -> bytes:
    """One second of a test picture in the container that the name's extension asks for."""
    path = folder / name
    source = ["-f", "lavfi", "-i", "testsrc=size=160x120:rate=25:duration=1"]
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", *source, "-pix_fmt", "yuv420p", str(path)],
        check=True,
        timeout=60,
    )
    return path.read_bytes()
