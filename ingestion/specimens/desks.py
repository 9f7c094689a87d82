"""What a camera sees around a page: table tops, another paper lying behind, a hand's shadow, glare, a clip."""

import random
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ingestion.specimens.faces import NOTO, font

Picture = NDArray[Any]
BEHIND = "关于开展年度安全检查工作的通知各单位要高度重视认真组织逐项落实"


def table_top(height: int, width: int, rng: random.Random) -> Picture:
    """A desk: a tone with grain, streaks of wood, or a cloth's weave."""
    noise = np.random.default_rng(rng.randrange(2**31))
    tone = np.array(
        rng.choice(((92, 74, 58), (120, 96, 70), (70, 76, 84), (150, 138, 120), (52, 54, 60))), np.float32
    )
    grain = noise.normal(0, 1, (max(2, height // 24), max(2, width // 3))).astype(np.float32)
    streaks = cv2.resize(grain, (width, height), interpolation=cv2.INTER_CUBIC)
    fine = noise.normal(0, 2.0, (height, width)).astype(np.float32)
    return np.clip(tone[None, None, :] + (streaks * 6 + fine)[:, :, None], 0, 255).astype(np.float32)


def paper_behind(desk: Picture, rng: random.Random) -> Picture:
    """Another sheet, askew, whose text is nobody's business here."""
    height, width = desk.shape[:2]
    side = max(height, width)
    sheet = Image.new("RGB", (side, side), (244, 243, 240))
    pen, face = ImageDraw.Draw(sheet), font(NOTO.of("serif"), max(14, side // 60))
    for line in range(8, side, max(30, side // 26)):
        shift = rng.randrange(len(BEHIND))
        pen.text((20, line), (BEHIND[shift:] + BEHIND * 3)[: side // 24], font=face, fill=(60, 60, 64))
    angle = rng.choice((-1, 1)) * rng.uniform(6, 20)
    flat = cv2.getRotationMatrix2D((side / 2, side / 2), angle, 1.0)
    flat[:, 2] += (rng.choice((-0.35, 0.35)) * width, rng.uniform(-0.2, 0.2) * height)
    laid = cv2.warpAffine(np.asarray(sheet, np.float32), flat, (width, height), borderValue=(-1, -1, -1))
    return np.where(laid[:, :, :1] >= 0, laid, desk).astype(np.float32)


def hand_shadow(picture: Picture, rng: random.Random) -> Picture:
    """The soft shadow of a hand and the phone above it."""
    height, width = picture.shape[:2]
    mask: Picture = np.zeros((height, width), np.float32)
    middle = (int(rng.uniform(0.2, 0.8) * width), int(rng.uniform(0.3, 0.9) * height))
    size = (int(0.28 * width), int(0.4 * height))
    cv2.ellipse(mask, middle, size, rng.uniform(-40, 40), 0, 360, 1.0, -1)
    for finger in range(4):
        end = (middle[0] + int((finger - 1.5) * 0.1 * width), middle[1] - int(0.55 * height))
        cv2.line(mask, middle, end, 1.0, int(0.05 * width))
    mask = cv2.GaussianBlur(mask, (0, 0), 0.012 * width)
    return (picture * (1 - rng.uniform(0.35, 0.55) * mask[:, :, None])).astype(np.float32)


def glare(picture: Picture, rng: random.Random) -> Picture:
    """The reflection of a lamp on laminate: what lies below pales, but is not gone."""
    height, width = picture.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = rng.uniform(0.25, 0.75) * width, rng.uniform(0.25, 0.75) * height
    spread = rng.uniform(0.10, 0.2) * width
    spot = np.exp(-(((columns - x) / spread) ** 2 + ((rows - y) / (spread * rng.uniform(0.5, 1.4))) ** 2))
    share = rng.uniform(0.5, 0.72) * spot[:, :, None]
    return (picture * (1 - share) + 255 * share).astype(np.float32)


def creases(picture: Picture, rng: random.Random) -> Picture:
    """Folded twice and smoothed out: bright ridges with a dark side, and a crumple across."""
    height, width = picture.shape[:2]
    light: Picture = np.zeros((height, width), np.float32)
    for _ in range(rng.randrange(3, 6)):
        upright = rng.random() < 0.5
        at, lean = rng.uniform(0.15, 0.85), rng.uniform(-0.12, 0.12)
        ends = ((at, 0.0), (at + lean, 1.0)) if upright else ((0.0, at), (1.0, at + lean))
        points = [(int(x * width), int(y * height)) for x, y in ends]
        shifted = [(x + 3, y + 3) for x, y in points]
        cv2.line(light, points[0], points[1], 46.0, 3)
        cv2.line(light, shifted[0], shifted[1], -58.0, 4)
    soft = cv2.GaussianBlur(light, (0, 0), 1.4)
    waves = np.random.default_rng(rng.randrange(2**31)).normal(0, 1, (7, 5)).astype(np.float32)
    relief = cv2.resize(waves, (width, height), interpolation=cv2.INTER_CUBIC) * 9
    return np.clip(picture + (soft + relief)[:, :, None], 0, 255).astype(np.float32)


def clip(picture: Picture, rng: random.Random) -> Picture:
    """A black clip that holds the paper at its upper edge."""
    height, width = picture.shape[:2]
    left, size = int(rng.uniform(0.3, 0.6) * width), int(0.09 * width)
    worked = picture.copy()
    cv2.rectangle(worked, (left, 0), (left + size, int(0.035 * height)), (24, 24, 26), -1)
    cv2.circle(worked, (left + size // 2, int(0.035 * height)), size // 5, (70, 70, 74), 4)
    return worked
