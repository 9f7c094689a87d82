"""How a page reaches us: by phone over a desk or through a copier, with ordinary or hard wear; truth goes along."""

import random
from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np
from PIL import Image, ImageChops, ImageDraw

from ingestion.specimens import desks
from ingestion.specimens.carrying import Points, carried, through
from ingestion.specimens.faces import NOTO, font
from ingestion.specimens.printed import SpecimenPage
from ingestion.specimens.wear import about_centre, recompressed

Level = Literal["ordinary", "hard"]
LEVELS: tuple[Level, ...] = ("ordinary", "hard")
TINT = (222, 96, 96)
STRONG = (
    "creases",
    "glare",
    "hand_shadow",
    "curled",
    "clipped",
    "second_copy",
    "dense_watermark",
    "stamp_on_number",
)
ON_PAPER = ("creases", "dense_watermark", "stamp_on_number", "faint")
ON_A_COPIER = ("second_copy",)
#: Together they leave figures that no person could tell, so nothing would be true of them.
BEYOND_READING = (
    {"second_copy", "dense_watermark"},
    {"dense_watermark", "faint"},
    {"dense_watermark", "glare"},
)
ON_A_PHONE = ("glare", "hand_shadow", "curled", "clipped", "paper_behind")
WATERMARKS = ("仅供职业培训补贴使用", "复印无效", "样本职业培训专用", "内部资料")


@dataclass(frozen=True)
class Scene:
    """What happens to one page. `wears` are names for the report; `hardest` marks the worst third of the hard ones."""

    medium: Literal["phone", "copier"]
    wears: tuple[str, ...]
    quarter_turns: int
    seed: int
    level: Level = "ordinary"
    hardest: bool = False

    @property
    def rotation(self) -> int:
        return self.quarter_turns % 4 * 90

    @property
    def names(self) -> tuple[str, ...]:
        return (self.level, self.medium, *self.wears, *(("hardest",) if self.hardest else ()))


def ordinary_scene(rng: random.Random) -> Scene:
    """A phone or a copier, a red seal over a value now and then, a diagonal watermark, any quarter turn."""
    wears = [name for name, share in (("stamp", 0.35), ("watermark", 0.35)) if rng.random() < share]
    return Scene(rng.choice(("phone", "copier")), tuple(wears), _turns(rng), rng.randrange(2**31))


def hard_scene(rng: random.Random, *, hardest: bool) -> Scene:
    """One strong wear, or two for the hardest, of which one lies on the number or takes the fine strokes away."""
    if hardest:
        first = rng.choice(("second_copy", "dense_watermark", "stamp_on_number"))
        others = ON_PAPER if first in ON_A_COPIER else (*ON_PAPER, *ON_A_PHONE)
        second = rng.choice(
            [name for name in others if name != first and {first, name} not in BEYOND_READING]
        )
        wears = [first, second, "low_resolution"]
    else:
        wears = [rng.choice((*STRONG, "paper_behind"))]
    return Scene(_medium(wears, rng), tuple(wears), _turns(rng), rng.randrange(2**31), "hard", hardest)


def seen(page: SpecimenPage, scene: Scene) -> SpecimenPage:
    """The page as the upload shows it."""
    rng = random.Random(scene.seed)
    page = _overprinted(page, scene, rng)
    page = _bent(page, scene, rng)
    page = _photographed(page, scene, rng) if scene.medium == "phone" else _copied(page, scene, rng)
    return _turned(page, scene.quarter_turns)


def _turns(rng: random.Random) -> int:
    return rng.choice((0, 0, 0, 0, 1, 2, 3))


def _medium(wears: list[str], rng: random.Random) -> Literal["phone", "copier"]:
    if any(name in ON_A_COPIER for name in wears):
        return "copier"
    if any(name in ON_A_PHONE for name in wears):
        return "phone"
    return rng.choice(("phone", "copier"))


def _overprinted(page: SpecimenPage, scene: Scene, rng: random.Random) -> SpecimenPage:
    if "watermark" in scene.wears:
        page = _watermarked(page, rng, rows=2, ink=rng.randrange(196, 216))
    if "dense_watermark" in scene.wears:
        page = _watermarked(page, rng, rows=6, ink=rng.randrange(146, 168))
    if "stamp" in scene.wears:
        page = _stamped(
            page, rng, ("issued_on", "issued_by", "name", "issuing_authority", "signed_on", "address")
        )
    if "stamp_on_number" in scene.wears:
        page = _stamped(page, rng, ("id_number", "certificate_no", "valid_from"))
    return page


def _watermarked(page: SpecimenPage, rng: random.Random, *, rows: int, ink: int) -> SpecimenPage:
    """Diagonal grey text; what is printed shows through."""
    width, height = page.image.size
    side = int((width**2 + height**2) ** 0.5)
    layer = Image.new("L", (side, side), 255)
    pen, text = ImageDraw.Draw(layer), rng.choice(WATERMARKS)
    face = font(NOTO.of("sans_bold"), max(18, min(width, height) // (14 if rows < 4 else 16)))
    step, written = side // (rows + 1), 0
    for row in range(1, rows + 1):
        for x in range(-(row % 2) * side // 6, side, side // 2 if rows < 4 else side // 3):
            pen.text((x, row * step), text, font=face, fill=ink)
            written += len(text)
    turned = layer.rotate(rng.uniform(24, 40), fillcolor=255, resample=Image.Resampling.BILINEAR)
    left, top = (side - width) // 2, (side - height) // 2
    marks = turned.crop((left, top, left + width, top + height)).convert("RGB")
    return replace(page, image=ImageChops.multiply(page.image, marks), overprint=page.overprint + written)


def _stamped(page: SpecimenPage, rng: random.Random, wanted: tuple[str, ...]) -> SpecimenPage:
    """A red seal across the first of these values that each document has."""
    layer = Image.new("RGB", page.image.size, (255, 255, 255))
    pen, count = ImageDraw.Draw(layer), 0
    for document in page.documents:
        places = [document.fields[name].box for name in wanted if name in document.fields]
        places += [row["id_number"].box for row in document.rows[::5] if "id_number" in row]
        for left, top, right, bottom in places[:1] if document.fields else places:
            radius = max(2.2 * (bottom - top), min(0.45 * (right - left), 20 * page.dpi / 25.4))
            x, y = rng.uniform(left, right), rng.uniform(top, bottom) + rng.uniform(-0.3, 0.3) * radius
            width = max(2, int(radius * 0.07))
            pen.ellipse([x - radius, y - radius, x + radius, y + radius], outline=TINT, width=width)
            pen.text((x, y), "★", font=font(NOTO.of("sans"), int(radius * 0.9)), fill=TINT, anchor="mm")
            face = font(NOTO.of("serif_bold"), max(9, int(radius * 0.26)))
            pen.text((x, y + radius * 0.55), "样本专用章", font=face, fill=TINT, anchor="mm")
            count += 6
    return replace(page, image=ImageChops.multiply(page.image, layer), overprint=page.overprint + count)


def _bent(page: SpecimenPage, scene: Scene, rng: random.Random) -> SpecimenPage:
    picture: desks.Picture = np.asarray(page.image, np.float32)
    if "creases" in scene.wears:
        picture = desks.creases(picture, rng)
    if "clipped" in scene.wears:
        picture = desks.clip(picture, rng)
    page = replace(page, image=_image(picture))
    return _curled(page, rng) if "curled" in scene.wears else page


def _curled(page: SpecimenPage, rng: random.Random) -> SpecimenPage:
    """A page that does not lie flat: lines rise and fall, light with them."""
    picture: desks.Picture = np.asarray(page.image, np.float32)
    height, width = picture.shape[:2]
    lift, waves, phase = rng.uniform(0.012, 0.024) * height, rng.uniform(0.8, 1.5), rng.uniform(0, 3.1)
    columns = np.arange(width, dtype=np.float32)
    shift = (lift * np.sin(columns / width * np.pi * waves + phase)).astype(np.float32)
    margin = int(lift) + 2
    rows = np.arange(height + 2 * margin, dtype=np.float32) - margin
    map_x = np.broadcast_to(columns, (len(rows), width)).astype(np.float32)
    map_y = (rows[:, None] - shift[None, :]).astype(np.float32)
    light = 1 - 0.16 * (1 + np.cos(columns / width * np.pi * waves + phase)) / 2
    edge = tuple(float(value) for value in picture[2, 2])
    bent = cv2.remap(picture, map_x, map_y, cv2.INTER_LINEAR, borderValue=edge) * light[None, :, None]

    def mapping(points: Points) -> Points:
        moved = points.copy()
        moved[:, 1] += margin + lift * np.sin(points[:, 0] / width * np.pi * waves + phase)
        return moved

    return carried(page, _image(bent), mapping)


def _photographed(page: SpecimenPage, scene: Scene, rng: random.Random) -> SpecimenPage:
    """Over a desk, from a hand: perspective, a little askew, the outline in view (or cut off when clipped)."""
    scale = _scale(page, scene, rng)
    width, height = page.image.width * scale, page.image.height * scale
    room = rng.uniform(0.05, 0.14) if "clipped" not in scene.wears else rng.uniform(-0.015, 0.02)
    across, down = int(width * (1 + 2 * room)), int(height * (1 + 2 * room))
    desk = desks.table_top(down, across, rng)
    if "paper_behind" in scene.wears:
        desk = desks.paper_behind(desk, rng)
    tilt = 0.035 if scene.level == "ordinary" else 0.05
    edges = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    share = 1 + 2 * room
    target = np.array(
        [(across * (room + x) / share, down * (room + y) / share) for x, y in edges], np.float32
    )
    target += np.array(
        [(rng.uniform(-tilt, tilt) * width, rng.uniform(-tilt, tilt) * height) for _ in edges], np.float32
    )
    flat = np.array(
        [(0, 0), (page.image.width, 0), (page.image.width, page.image.height), (0, page.image.height)],
        np.float32,
    )
    matrix = np.asarray(cv2.getPerspectiveTransform(flat, target), np.float64)
    picture: desks.Picture = np.asarray(page.image, np.float32)
    laid = cv2.warpPerspective(_softened(picture, scale), matrix, (across, down), flags=cv2.INTER_LINEAR)
    inside = cv2.warpPerspective(np.ones(picture.shape[:2], np.float32), matrix, (across, down))[:, :, None]
    shadow = cv2.GaussianBlur(inside, (0, 0), 0.012 * across)[:, :, None]
    composed = laid * inside + desk * (1 - 0.5 * shadow) * (1 - inside)
    return _taken(carried(page, _image(composed), through(matrix)), composed, scene, rng)


def _taken(page: SpecimenPage, picture: desks.Picture, scene: Scene, rng: random.Random) -> SpecimenPage:
    """Light, focus, noise and compression of a phone."""
    height, width = picture.shape[:2]
    fall = rng.uniform(0.08, 0.32)
    slope = np.linspace(1.0, 1.0 - fall, width, dtype=np.float32)
    slope = slope if rng.random() < 0.5 else slope[::-1]
    picture = (
        picture
        * slope[None, :, None]
        * np.linspace(1.0, 1.0 - fall / 2, height, dtype=np.float32)[:, None, None]
    )
    if "hand_shadow" in scene.wears:
        picture = desks.hand_shadow(picture, rng)
    if "glare" in scene.wears:
        picture = desks.glare(picture, rng)
    if "faint" in scene.wears:
        picture = picture * 0.45 + 120
    sharp = scene.level == "ordinary" or "low_resolution" in scene.wears
    blur = rng.uniform(0.5, 1.0) if sharp else rng.uniform(0.7, 1.35)
    picture = cv2.GaussianBlur(picture, (0, 0), blur)
    noise = np.random.default_rng(rng.randrange(2**31))
    picture = picture + noise.normal(0, rng.uniform(2, 6), picture.shape)
    return replace(page, image=recompressed(_image(picture), rng.randrange(52, 86)))


def _copied(page: SpecimenPage, scene: Scene, rng: random.Random) -> SpecimenPage:
    """Through a copier or scanner: askew on white, grey, specks, 120 dpi; twice and at 100 for a second copy."""
    scale = _scale(page, scene, rng)
    skew = rng.uniform(-2.5, 2.5)
    width, height = page.image.size
    matrix = about_centre(width, height, skew, scale)
    corners = through(matrix)(np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=float))
    left, top = corners.min(axis=0)
    across, down = (int(value) for value in np.ceil(corners.max(axis=0) - corners.min(axis=0)))
    matrix = np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1]]) @ matrix
    ground = (250, 250, 249)
    picture: desks.Picture = _softened(np.asarray(page.image, np.float32), scale)
    picture = cv2.warpPerspective(picture, matrix, (across, down), flags=cv2.INTER_LINEAR, borderValue=ground)
    page = carried(page, _image(picture), through(matrix))
    second = "second_copy" in scene.wears
    if second or rng.random() < 0.6:
        grey = picture.mean(axis=2, keepdims=True)
        picture = np.repeat(grey, 3, axis=2)
    if "faint" in scene.wears:
        picture = picture * 0.5 + 118
    noise = np.random.default_rng(rng.randrange(2**31))
    picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.4, 0.8))
    if second:
        picture = 255 / (1 + np.exp(-(picture - rng.uniform(150, 190)) / rng.uniform(16, 26)))
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.5, 0.8))
    specks = noise.random(picture.shape[:2]) < (0.0012 if second else 0.0003)
    picture = np.where(specks[:, :, None], noise.uniform(20, 140), picture)
    picture = picture + noise.normal(0, rng.uniform(3, 8), picture.shape[:2])[:, :, None]
    return replace(page, image=recompressed(_image(picture), rng.randrange(55, 86)))


def _scale(page: SpecimenPage, scene: Scene, rng: random.Random) -> float:
    """Pixels of the upload a pixel of the drawing. A card that fills the picture is taken from nearby."""
    small = max(page.image.size) / page.dpi < 5
    if "second_copy" in scene.wears or "low_resolution" in scene.wears:
        return (100 if not small else 190) / page.dpi
    if small:
        return rng.uniform(190, 280) / page.dpi
    return (120 if scene.medium == "copier" and rng.random() < 0.7 else rng.uniform(122, 150)) / page.dpi


def _softened(picture: desks.Picture, scale: float) -> desks.Picture:
    """Before it is made smaller, so that thin strokes pale instead of breaking."""
    if scale >= 1:
        return picture
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.42 / scale), np.float32)


def _turned(page: SpecimenPage, turns: int) -> SpecimenPage:
    width, height = page.image.size
    for _ in range(turns % 4):
        size = height

        def mapping(points: Points, size: int = size) -> Points:
            return np.stack([size - points[:, 1], points[:, 0]], axis=1)

        page = carried(page, page.image.transpose(Image.Transpose.ROTATE_270), mapping)
        width, height = page.image.size
    return page


def _image(picture: desks.Picture) -> Image.Image:
    return Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
