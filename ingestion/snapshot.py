"""What is to be said of a photograph while the paper is still in the hand: blurred, cut off, or its edges unseen."""

import cv2
import numpy as np

from ingestion.outline import outline_of
from ingestion.reading import Image
from ingestion.sharpness import is_blurred

BLURRED, CUT_OFF, EDGES_UNSEEN = "blurred", "cut_off", "edges_unseen"
NOTES = frozenset({BLURRED, CUT_OFF, EDGES_UNSEEN})
TOUCHES = 0.004  # of the picture's longer side: a corner this near its border may go on beyond it


def seen_in(view: bytes) -> tuple[str, ...]:
    """The same of an encoded picture; nothing is said of one that cannot be opened."""
    picture = cv2.imdecode(np.frombuffer(view, np.uint8), cv2.IMREAD_COLOR)
    return () if picture is None else seen_on(np.asarray(picture, np.uint8))


def seen_on(picture: Image) -> tuple[str, ...]:
    """Codes of what is wrong with this photograph of one paper; none where it is whole and sharp."""
    told = [BLURRED] if is_blurred(picture) else []
    corners = outline_of(picture)
    if corners is None:
        return (*told, EDGES_UNSEEN)
    height, width = picture.shape[:2]
    near = TOUCHES * max(height, width)
    outside = (corners < near) | (corners > np.array([width, height]) - near)
    return (*told, CUT_OFF) if outside.any() else tuple(told)
