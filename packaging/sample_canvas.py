"""What the sample pictures are drawn with: a brush in unit coordinates, backgrounds, light, shadow and noise.

Things are drawn two to three times larger than they end up and scaled down, which smooths their edges. Coordinates
of a thing run from -1 to 1, x to the right and y down.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
Points = npt.NDArray[np.float64]
Pixels = npt.NDArray[Any]

SIDE = 480
_HALF = SIDE / 2


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """The colour `share` (0 to 1) of the way from `first` to `second`."""
    parts = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    red, green, blue = (min(255, max(0, part)) for part in parts)
    return red, green, blue


def lighter(colour: Colour, share: float) -> Colour:
    """The colour mixed with white."""
    return mix(colour, (255, 255, 255), share)


def darker(colour: Colour, share: float) -> Colour:
    """The colour mixed with a warm black."""
    return mix(colour, (20, 14, 18), share)


def oval(x: float, y: float, rx: float, ry: float, angle: float = 0.0, n: int = 72) -> Points:
    """The outline of an ellipse turned by `angle` radians, as `(n, 2)` points."""
    t = np.linspace(0, 2 * math.pi, n, endpoint=False)
    c, s = math.cos(angle), math.sin(angle)
    px, py = rx * np.cos(t), ry * np.sin(t)
    return np.stack([x + c * px - s * py, y + s * px + c * py], axis=1)


def arc(x: float, y: float, rx: float, ry: float, start: float, end: float, n: int = 40) -> Points:
    """Points on an ellipse from angle `start` to `end`, in degrees, 0 to the right and 90 down."""
    t = np.radians(np.linspace(start, end, n))
    return np.stack([x + rx * np.cos(t), y + ry * np.sin(t)], axis=1)


def smooth(points: Sequence[tuple[float, float]] | Points, closed: bool = True, rounds: int = 4) -> Points:
    """A smooth line near the given corners (Chaikin's corner cutting)."""
    line = np.asarray(points, dtype=np.float64)
    for _ in range(rounds):
        after = np.roll(line, -1, axis=0) if closed else line[1:]
        before = line if closed else line[:-1]
        cut = np.stack([0.75 * before + 0.25 * after, 0.25 * before + 0.75 * after], axis=1).reshape(-1, 2)
        line = cut if closed else np.concatenate([line[:1], cut, line[-1:]])
    return line


@cache
def _spot() -> Image.Image:
    """A soft round spot: full in the middle, nothing at the rim."""
    y, x = np.mgrid[-1:1:128j, -1:1:128j]
    falloff = np.clip(1 - np.sqrt(x * x + y * y), 0, 1)
    return Image.fromarray((255 * falloff * falloff * (3 - 2 * falloff)).astype(np.uint8))


class Brush:
    """Draws one thing on a transparent square; `rng` makes each one a little different."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.image = Image.new("RGBA", (SIDE, SIDE), (0, 0, 0, 0))
        self._draw = ImageDraw.Draw(self.image)

    def some(self, low: float, high: float) -> float:
        """A number between two limits."""
        return float(self.rng.uniform(low, high))

    def pick(self, colours: Sequence[Colour], jitter: float = 12) -> Colour:
        """One of the colours, slightly changed."""
        chosen = colours[int(self.rng.integers(len(colours)))]
        red, green, blue = (int(min(255, max(0, part + self.rng.normal(0, jitter)))) for part in chosen)
        return red, green, blue

    def fill(self, points: Points, colour: Colour) -> None:
        """Fill a closed outline."""
        self._draw.polygon(self._pixels(points), fill=(*colour, 255))

    def line(self, points: Points | Sequence[tuple[float, float]], width: float, colour: Colour) -> None:
        """Draw a line with round ends; `width` is in units."""
        at = self._pixels(np.asarray(points, dtype=np.float64))
        size = max(1, round(width * _HALF))
        self._draw.line(at, fill=(*colour, 255), width=size, joint="curve")
        for x, y in (at[0], at[-1]):
            r = size / 2 - 0.5
            self._draw.ellipse((x - r, y - r, x + r, y + r), fill=(*colour, 255))

    def dot(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """Fill a circle."""
        px, py, r = (x + 1) * _HALF, (y + 1) * _HALF, radius * _HALF
        self._draw.ellipse((px - r, py - r, px + r, py + r), fill=(*colour, 255))

    def mask(self, points: Points) -> Image.Image:
        """The inside of an outline, to keep light and shade within."""
        mask = Image.new("L", (SIDE, SIDE), 0)
        ImageDraw.Draw(mask).polygon(self._pixels(points), fill=255)
        return mask

    def soft(
        self,
        x: float,
        y: float,
        rx: float,
        ry: float,
        colour: Colour,
        strength: float = 0.6,
        within: Image.Image | None = None,
    ) -> None:
        """A soft spot of light or shade, kept within a mask (by default, within what is drawn already)."""
        box = (round((x - rx + 1) * _HALF), round((y - ry + 1) * _HALF))
        size = (max(2, round(2 * rx * _HALF)), max(2, round(2 * ry * _HALF)))
        spot = _spot().resize(size, Image.Resampling.BILINEAR).point([round(v * strength) for v in range(256)])
        inside = (within or self.image.getchannel("A")).crop((*box, box[0] + size[0], box[1] + size[1]))
        self._blend(colour, ImageChops.multiply(spot, inside), box)

    def rim(self, points: Points, colour: Colour, strength: float = 0.5, reach: float = 0.25) -> None:
        """Shade an outline from its edge inwards, as a round thing is darker at its rim."""
        mask = self.mask(points)
        small = mask.resize((SIDE // 4, SIDE // 4), Image.Resampling.BOX)
        inner = small.filter(ImageFilter.GaussianBlur(max(0.5, reach * _HALF / 8))).resize(mask.size)
        edge = ImageChops.invert(inner).point([min(255, round(v * 2 * strength)) for v in range(256)])
        self._blend(colour, ImageChops.multiply(edge, mask), (0, 0))

    def ball(self, points: Points, colour: Colour, shine: float = 0.5) -> None:
        """Fill an outline and light it as something round: darker rim, a light upper left."""
        self.fill(points, colour)
        x0, y0, x1, y1 = (float(v) for v in (*points.min(axis=0), *points.max(axis=0)))
        w, h = x1 - x0, y1 - y0
        self.rim(points, darker(colour, 0.7), 0.7, 0.13 * min(w, h))
        within = self.mask(points)
        self.soft(x0 + 0.38 * w, y0 + 0.34 * h, 0.42 * w, 0.42 * h, lighter(colour, 0.55), 0.7, within)
        self.soft(x0 + 0.32 * w, y0 + 0.26 * h, 0.13 * w, 0.11 * h, (255, 255, 255), shine, within)

    def _blend(self, colour: Colour, mask: Image.Image, at: tuple[int, int]) -> None:
        """Mix a colour into what is drawn, without changing where anything is drawn."""
        self.image.paste((*colour, 255), (*at, at[0] + mask.width, at[1] + mask.height), mask)

    @staticmethod
    def _pixels(points: Points) -> list[tuple[float, float]]:
        return [(float(x), float(y)) for x, y in (points + 1) * _HALF]


# --------------------------------------------------------------------------------------
# backgrounds

_WALLS: tuple[Colour, ...] = (
    (226, 219, 205), (196, 208, 214), (176, 190, 172), (214, 190, 178), (150, 162, 178), (108, 118, 128),
    (232, 232, 228), (82, 92, 104), (190, 176, 200), (224, 206, 160), (134, 112, 96), (64, 74, 70),
)  # fmt: skip
_SKIES: tuple[Colour, ...] = ((126, 176, 222), (168, 204, 232), (96, 140, 190), (206, 196, 206), (232, 190, 160))
_GRASS: tuple[Colour, ...] = ((104, 146, 74), (78, 120, 62), (140, 164, 88), (96, 110, 60))
_WOODS: tuple[Colour, ...] = ((172, 126, 82), (128, 88, 56), (204, 166, 118), (96, 68, 50))
_SANDS: tuple[Colour, ...] = ((218, 196, 154), (200, 176, 136), (232, 216, 184))


def _pick(rng: np.random.Generator, colours: Sequence[Colour]) -> Pixels:
    base = np.asarray(colours[int(rng.integers(len(colours)))], dtype=np.float32)
    return np.clip(base + rng.normal(0, 9, 3).astype(np.float32), 0, 255)


def cloud(rng: np.random.Generator, width: int, height: int, cells: int) -> Pixels:
    """Soft random patches of zero mean, about -1 to 1, as `(height, width, 1)`."""
    grid = rng.normal(0, 0.5, (max(2, cells * height // width), max(2, cells))).astype(np.float32)
    patches: Pixels = np.asarray(Image.fromarray(grid).resize((width, height), Image.Resampling.BICUBIC))[..., None]
    return patches


def _ramp(first: Pixels, second: Pixels, t: Pixels) -> Pixels:
    between: Pixels = first + (second - first) * t[..., None]
    return between


def _wall(rng: np.random.Generator, x: Pixels, y: Pixels) -> Pixels:
    """A plain backdrop, brighter to one side."""
    angle = rng.uniform(0, 2 * math.pi)
    t = np.clip(0.5 + 0.5 * (np.cos(angle) * (x - 0.5) + np.sin(angle) * (y - 0.5)), 0, 1)
    colour = _pick(rng, _WALLS)
    return _ramp(colour, np.clip(colour * rng.uniform(0.6, 0.85), 0, 255), t)


def _table(rng: np.random.Generator, x: Pixels, y: Pixels) -> Pixels:
    """A wall above a wooden table top."""
    edge = rng.uniform(0.35, 0.62)
    top = _wood(rng, x, y)
    blend = np.clip((y - edge) * 60, 0, 1)[..., None]
    return _wall(rng, x, y) * (1 - blend) + top * blend


def _wood(rng: np.random.Generator, x: Pixels, y: Pixels) -> Pixels:
    """Wooden boards with a grain."""
    height, width = x.shape
    colour = _pick(rng, _WOODS)
    bend = cloud(rng, width, height, 3)[..., 0]
    grain = np.sin(2 * math.pi * (rng.uniform(5, 14) * y + 1.3 * bend)) * 0.06
    boards = np.floor(y * rng.uniform(2.5, 5) + 0.2)
    tone = 1 + grain + 0.07 * np.sin(boards * 12.9898)
    return np.clip(colour * tone[..., None], 0, 255)


def _field(rng: np.random.Generator, x: Pixels, y: Pixels) -> Pixels:
    """Sky above grass."""
    edge = rng.uniform(0.4, 0.75) + 0.03 * np.sin(rng.uniform(2, 6) * x + rng.uniform(0, 6))
    height, width = x.shape
    sky = _ramp(_pick(rng, _SKIES), _pick(rng, _SKIES) * 0.5 + 120, np.clip(y / 0.7, 0, 1))
    sky = sky + 22 * np.clip(cloud(rng, width, height, 5), 0, 1)
    grass = _pick(rng, _GRASS) * (1 + 0.12 * cloud(rng, width, height, 60))
    blend = np.clip((y - edge) * 30, 0, 1)[..., None]
    field: Pixels = sky * (1 - blend) + grass * blend
    return field


def _ground(rng: np.random.Generator, x: Pixels, y: Pixels) -> Pixels:
    """Grass, sand or leaves from above."""
    height, width = x.shape
    colour = _pick(rng, (*_GRASS, *_SANDS))
    tone = 1 + 0.10 * cloud(rng, width, height, 70) + 0.10 * cloud(rng, width, height, 6)
    ground: Pixels = np.clip(colour * tone, 0, 255) + 0 * y[..., None]
    return ground


def _bokeh(rng: np.random.Generator, x: Pixels, y: Pixels) -> Pixels:
    """Out-of-focus lights."""
    base = _ramp(_pick(rng, _GRASS) * 0.6, _pick(rng, _WALLS) * 0.6, np.clip(0.6 * x + 0.4 * y, 0, 1))
    height, width = x.shape
    picture = Image.fromarray(np.clip(base, 0, 255).astype(np.uint8))
    lights = Image.new("L", picture.size, 0)
    draw = ImageDraw.Draw(lights)
    for _ in range(int(rng.integers(8, 20))):
        cx, cy, r = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(0.03, 0.1) * width
        draw.ellipse((cx - r, cy - r, cx + r, cy + r), fill=int(rng.integers(40, 110)))
    glow = np.asarray(lights.filter(ImageFilter.GaussianBlur(2.5)), dtype=np.float32)[..., None] / 255
    tint = np.asarray((255, 236, 190), dtype=np.float32)
    return np.asarray(picture, dtype=np.float32) * (1 - glow) + tint * glow


def _cloth(rng: np.random.Generator, x: Pixels, y: Pixels) -> Pixels:
    """A soft checked or striped cloth."""
    first = _pick(rng, _WALLS)
    second = _pick(rng, _WALLS) * 0.4 + first * 0.6
    n = rng.uniform(4, 9)
    soft = 1 / (1 + np.exp(-9 * np.sin(2 * math.pi * n * x)))
    if rng.random() < 0.5:
        soft = 0.5 * soft + 0.5 / (1 + np.exp(-9 * np.sin(2 * math.pi * n * y)))
    return _ramp(first, second, soft.astype(np.float32))


Background = Callable[[np.random.Generator, Pixels, Pixels], Pixels]
BACKGROUNDS: tuple[Background, ...] = (_wall, _table, _wood, _field, _ground, _bokeh, _cloth)


# --------------------------------------------------------------------------------------
# composition


def background(rng: np.random.Generator, width: int, height: int) -> Image.Image:
    """A random background of the given size in pixels, RGB."""
    y, x = np.meshgrid(
        np.linspace(0, 1, height, dtype=np.float32), np.linspace(0, 1, width, dtype=np.float32), indexing="ij"
    )
    kind = BACKGROUNDS[int(rng.integers(len(BACKGROUNDS)))]
    return Image.fromarray(np.clip(kind(rng, x, y), 0, 255).astype(np.uint8))


def place(rng: np.random.Generator, picture: Image.Image, thing: Image.Image, across: float, turn: float) -> None:
    """Put a thing into a picture with its soft shadow.

    Args:
        rng: Decides the place; at most a sixth of the thing leaves the picture.
        picture: RGB, changed in place.
        thing: What a `Brush` drew.
        across: The size of the thing in pixels.
        turn: Rotation in degrees.
    """
    small = thing.resize((round(across), round(across)), Image.Resampling.BOX, reducing_gap=None)
    turned = small.rotate(turn, Image.Resampling.BICUBIC, expand=True)
    box = turned.getbbox()
    turned = turned.crop(box) if box else turned
    width, height = turned.size
    x = _somewhere(rng, picture.width, width)
    y = _somewhere(rng, picture.height, height)
    reach = max(2.0, across * float(rng.uniform(0.02, 0.06)))
    pad = round(3 * reach)
    shadow = Image.new("L", (width + 2 * pad, height + 2 * pad), 0)
    shadow.paste(turned.getchannel("A").point([round(v * 0.45) for v in range(256)]), (pad, pad))
    shadow = shadow.filter(ImageFilter.GaussianBlur(reach))
    picture.paste((18, 16, 26), (x - pad + round(reach), y - pad + round(1.4 * reach)), shadow)
    picture.paste(turned, (x, y), turned)


def _somewhere(rng: np.random.Generator, room: int, size: int) -> int:
    """Where something of `size` pixels begins in `room` pixels: mostly inside."""
    low, high = sorted((-size / 6, room - size + size / 6))
    return round(float(rng.uniform(low, high)) * 0.6 + (room - size) / 2 * 0.4)


def light(rng: np.random.Generator, picture: Image.Image) -> Image.Image:
    """Light the whole picture from one side, tint it, and add a sensor's blur and noise."""
    if rng.random() < 0.35:
        picture = picture.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.4, 1.1))))
    width, height = picture.size
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    angle = rng.uniform(0, 2 * math.pi)
    side = np.float32(rng.uniform(0.03, 0.2))
    corners = np.float32(rng.uniform(0, 0.12))
    tone = side * np.float32(math.cos(angle)) * x - corners * x * x
    tone = tone + (side * np.float32(math.sin(angle)) * y - corners * y * y + np.float32(rng.uniform(0.82, 1.08)))
    tint = (1 + rng.normal(0, 0.035, 3)).astype(np.float32)
    pixels = np.asarray(picture) * (tone[..., None] * tint)
    pixels += rng.standard_normal((height, width, 1), dtype=np.float32) * np.float32(rng.uniform(1.5, 7))
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
