// The focal point of a photo, set on the picture itself. The number fields hold it; they work alone as well.

const STEP = 1;
const STRIDE = 10; // with Shift
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const inside = (number, most) => Math.min(most, Math.max(0, number));

// Which of the positions along a side, in per cent, leaves the point in the middle of the part that shows.
function position(length, part, focus) {
  const spare = length - part;
  return spare > 0 ? (100 * inside((length * focus) / 100 - part / 2, spare)) / spare : 50;
}

function start(frame) {
  const [x, y] = [frame.dataset.x, frame.dataset.y].map((id) => document.getElementById(id));
  const picture = frame.querySelector(".focal-picture img");
  const mark = frame.querySelector(".focal-mark");
  if (!x || !y) return; // somebody who may only look

  function show() {
    const [left, upper] = [x, y].map((field) => inside(Number(field.value) || 0, 100));
    mark.style.insetInlineStart = `${left}%`;
    mark.style.insetBlockStart = `${upper}%`;
    mark.setAttribute("aria-label", `${mark.dataset.label} ${left} %, ${upper} %`);
    const [width, height] = [picture.width, picture.height];
    for (const cut of frame.querySelectorAll(".focal-cut")) {
      const ratio = cut.getAttribute("width") / cut.getAttribute("height");
      const across = position(width, Math.min(width, height * ratio), left);
      const down = position(height, Math.min(height, width / ratio), upper);
      cut.style.objectPosition = `${across}% ${down}%`;
    }
  }

  function move(left, upper) {
    x.value = Math.round(inside(left, 100));
    y.value = Math.round(inside(upper, 100));
    show();
  }

  function follow(event) {
    const box = picture.getBoundingClientRect();
    move((100 * (event.clientX - box.left)) / box.width, (100 * (event.clientY - box.top)) / box.height);
  }

  const area = frame.querySelector(".focal-picture");
  area.addEventListener("pointerdown", (event) => {
    event.preventDefault(); // or the browser would drag the picture away
    area.setPointerCapture(event.pointerId);
    mark.focus();
    follow(event);
  });
  area.addEventListener("pointermove", (event) => area.hasPointerCapture(event.pointerId) && follow(event));
  mark.addEventListener("keydown", (event) => {
    if (!(event.key in MOVES)) return;
    event.preventDefault();
    const [across, down] = MOVES[event.key].map((way) => way * (event.shiftKey ? STRIDE : STEP));
    move(Number(x.value) + across, Number(y.value) + down);
  });
  for (const field of [x, y]) field.addEventListener("input", show);

  for (const cut of frame.querySelectorAll(".focal-cut")) {
    cut.style.aspectRatio = `${cut.getAttribute("width")} / ${cut.getAttribute("height")}`;
    cut.src = cut.dataset.original;
  }
  for (const element of [mark, frame.querySelector("[data-with-script]")]) element.hidden = false;
  frame.classList.add("focal-active");
  show();
}

document.querySelectorAll(".focal").forEach(start);
