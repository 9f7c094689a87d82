"""A face engine for squares of plain colour, and a room in which such squares sit: nobody's face is needed for a test."""

import subprocess
from pathlib import Path

import cv2
import numpy as np

from media_processing.sightings import Box, Face, Template
from media_processing.tracks import Picture

RED, GREEN, BLUE = (0, 0, 255), (0, 255, 0), (255, 0, 0)
COLOURS = {"red": RED, "lime": GREEN, "blue": BLUE}
SIZE = (320, 180)


class ColouredFaces:
    """Sees squares of red, green and blue; each colour is one person. Counts what it was asked to remember."""

    name = "coloured"
    version = "1"
    threshold = 0.5

    def __init__(self) -> None:
        self.remembered = 0

    def faces(self, picture: Picture) -> tuple[Face, ...]:
        found = []
        for colour in COLOURS.values():
            near = np.abs(picture.astype(int) - np.array(colour)).sum(axis=2) < 160
            count, _labels, boxes, _centres = cv2.connectedComponentsWithStats(near.astype(np.uint8))
            for left, top, width, height, area in boxes[1:count]:
                if area > 200:
                    found.append(Face(Box(float(left), float(top), float(width), float(height)), 0.9, 0.8))
        return tuple(found)

    def template(self, picture: Picture, face: Face) -> Template:
        self.remembered += 1
        x, y = (int(edge) for edge in face.box.centre)
        return np.eye(3, dtype=np.float32)[int(np.argmax(picture[y, x]))]


def portrait(*colours: tuple[int, int, int]) -> Picture:
    """Squares side by side on a grey wall."""
    picture = np.full((200, 200, 3), 128, np.uint8)
    for number, colour in enumerate(colours):
        picture[60:120, 20 + 90 * number : 80 + 90 * number] = colour
    return picture


def room(target: Path, *seats: tuple[str, int, float, float], seconds: int = 40) -> Path:
    """A recording with a keyframe a second; each seat is (colour, x, from, until)."""
    boxes = ",".join(
        f"drawbox=x={x}:y=60:w=40:h=40:color={colour}:t=fill:enable='between(t,{start},{end})'"
        for colour, x, start, end in seats
    )
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi"]
    command += ["-i", f"color=gray:s={SIZE[0]}x{SIZE[1]}:r=2:d={seconds}", "-vf", boxes or "null"]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-g", "2", "-pix_fmt", "yuv420p", str(target)]
    subprocess.run(command, check=True, capture_output=True)
    return target
