"""`make screenshots`: every type of page, wide and narrow, light and dark, into docs/screenshots/."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser, Page, sync_playwright

from tests.looks.served import newsroom

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots" / "pages"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
TALLEST = {390: 1200, 1280: 1000}
MOST_BYTES = 34_000
QUALITIES = (50, 40, 30, 20)
# A page of text has few colours: kept as they are, they take less than a blurred picture, and stay sharp.
FEW_COLOURS = 16
MOST_DIFFERENCE = 1.5  # of 255, on average: more is a photo
# One that loads when it comes near would never be decoded.
DECODED = """Promise.all([...document.images].map((one) => {
    one.loading = "eager";
    return one.decode().catch(() => 0);
}))"""
OPEN = "recap with a citation open"


def save(picture: bytes, path: Path) -> int:
    """As WebP, no better than fits into `MOST_BYTES`; gives its size."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    kept = _in_few_colours(image)
    if kept is None or len(kept) > MOST_BYTES:
        kept = min([*([kept] if kept else []), _as_photo(image)], key=len)
    path.write_bytes(kept)
    return len(kept)


def _in_few_colours(image: Image.Image) -> bytes | None:
    """The picture in its few main colours; None where it has too many."""
    few = image.quantize(FEW_COLOURS, dither=Image.Dither.NONE).convert("RGB")
    if max(ImageStat.Stat(ImageChops.difference(image, few)).mean) > MOST_DIFFERENCE:
        return None
    out = io.BytesIO()
    few.save(out, "WEBP", lossless=True, quality=100, method=6)
    return out.getvalue()


def _as_photo(image: Image.Image) -> bytes:
    for quality in QUALITIES:
        out = io.BytesIO()
        image.save(out, "WEBP", quality=quality, method=6)
        if out.tell() <= MOST_BYTES:
            break
    return out.getvalue()


def photograph(page: Page, width: int) -> bytes:
    page.evaluate("document.fonts.ready")
    height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST[width])
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate(DECODED)
    return page.screenshot(animations="disabled", caret="hide")


def take_all(browser: Browser, site: str, pages: dict[str, str]) -> list[str]:
    lines = []
    for width in TALLEST:
        page = browser.new_page(
            locale="en-GB", timezone_id="Europe/London", reduced_motion="reduce", device_scale_factor=1
        )
        for name, path in [*pages.items(), (OPEN, pages["recap"])]:
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(site + path)
            if name == OPEN:
                page.locator("#ref-2-1").click()
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                file = FOLDER / f"{name.replace(' ', '-')}-{width}-{scheme}.webp"
                save(photograph(page, width), file)
        page.close()
    for name in [*pages, OPEN]:
        file = name.replace(" ", "-")
        links = " | ".join(
            f"[light](pages/{file}-{width}-light.webp), [dark](pages/{file}-{width}-dark.webp)"
            for width in TALLEST
        )
        lines.append(f"| {name} | {links} |")
    return lines


def main() -> None:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise SystemExit("There is no Chromium here.")
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with newsroom() as (site, pages), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        lines = take_all(browser, site, pages)
        browser.close()
    head = "# What the pages look like\n\nMade by `make screenshots`; the upper part of long pages."
    table = "| page | 390 px | 1280 px |\n| --- | --- | --- |"
    (FOLDER.parent / "README.md").write_text("\n".join([head, "", table, *lines, ""]))
    sizes = [path.stat().st_size for path in FOLDER.glob("*.webp")]
    print(f"{len(sizes)} pictures, {sum(sizes) / 1e6:.1f} MB, the largest {max(sizes) / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
