"""Makes a short lesson clip: drawn slides that change, a clock, a tone, the word 样本 throughout."""

import subprocess
import tempfile
from pathlib import Path

from PIL import Image

from ingestion.specimens.course import SpecimenCourse
from ingestion.specimens.sheet import Sheet

SIZE = (160.0, 90.0)
DPI = 203.2  # 1280 by 720 pixels
FRAMES_A_SECOND = 10
TONE_HERTZ = 220
INK, PAPER, BOARD = (32, 44, 54), (246, 244, 238), (21, 94, 117)


def make_clip(target: Path, course: SpecimenCourse, *, seconds: int = 20, session: int = 0) -> Path:
    """Write an MP4 (H.264, AAC) of `seconds` seconds for one session of the course."""
    with tempfile.TemporaryDirectory(prefix="juanzong-clip-") as folder:
        slides = _write_slides(Path(folder), course, session, seconds)
        subprocess.run(_command(slides, target, seconds), check=True, capture_output=True)
    return target


def _write_slides(folder: Path, course: SpecimenCourse, session: int, seconds: int) -> Path:
    """One picture a second; ffmpeg reads them as page-0000.png and so on."""
    for second in range(seconds):
        slide_of(course, session, second).save(folder / f"page-{second:04d}.png")
    return folder


def slide_of(course: SpecimenCourse, session: int, second: int) -> Image.Image:
    """What the projector shows at this second: the topic, its third of the lesson, and the time of day."""
    lesson = course.sessions[session]
    slide = Sheet(SIZE, dpi=DPI, paper=PAPER)
    slide.draw.rectangle([0, 0, slide.px(160), slide.px(16)], fill=BOARD)
    slide.text(8, 8, course.body, points=13, face="sans_bold", ink=PAPER, anchor="lm")
    slide.text(152, 8, "样本", points=13, face="sans_bold", ink=PAPER, anchor="rm")
    slide.text(80, 34, lesson.topic, points=26, face="sans_bold", ink=INK, anchor="mm")
    page = second // 7 + 1
    slide.text(
        80,
        52,
        f"第 {page} 页  {course.occupation} {course.level}",
        points=15,
        face="sans",
        ink=INK,
        anchor="mm",
    )
    slide.text(
        8,
        82,
        f"班次 {course.class_no}  授课教师 {lesson.lecturer}",
        points=11,
        face="sans",
        ink=INK,
        anchor="lm",
    )
    clock = f"{lesson.on:%Y-%m-%d} {lesson.starts_at}:{second:02d}"
    slide.text(152, 82, clock, points=11, face="sans", ink=INK, anchor="rm")
    return slide.image


def _command(slides: Path, target: Path, seconds: int) -> list[str]:
    return [
        *("ffmpeg", "-nostdin", "-y", "-loglevel", "error"),
        *("-framerate", "1", "-i", f"file:{slides / 'page-%04d.png'}"),
        *("-f", "lavfi", "-i", f"sine=frequency={TONE_HERTZ}:duration={seconds}"),
        *("-vf", "scale=trunc(iw/2)*2:trunc(ih/2)*2", "-r", str(FRAMES_A_SECOND)),
        *("-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-threads", "1"),
        *("-c:a", "aac", "-b:a", "64k", "-t", str(seconds)),
        *("-movflags", "+faststart", f"file:{target}"),
    ]
