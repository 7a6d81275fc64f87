// Comfort for the network: zoom, pan, search, arrow keys, and neighbours that stand out. Without this script every
// node is a link of its own. Where there are more nodes than are drawn as SVG, all are drawn on a canvas.

const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const MOST_ZOOM = 16;
const LETTERS = 13;
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** The nearest node in a direction: what lies beside it counts as twice as far. */
function nearest(nodes, from, [right, down]) {
  let best = null, least = Infinity;
  nodes.forEach((node, place) => {
    const x = node.x - nodes[from].x, y = node.y - nodes[from].y;
    const ahead = x * right + y * down, aside = Math.abs(x * down) + Math.abs(y * right);
    if (place !== from && ahead > 0.5 && ahead + 2 * aside < least) { least = ahead + 2 * aside; best = place; }
  });
  return best;
}

/** Names that have room within the window, those of the first nodes and of `first` before all. */
function roomFor(nodes, box, height, most, first = []) {
  const taken = [], found = [];
  const meets = (one) => taken.some((other) => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3]);
  for (const place of [...first, ...nodes.keys()]) {
    if (found.length >= most) break;
    const { x, y, r, name } = nodes[place];
    if (x < box.x || x > box.x + box.w || y < box.y || y > box.y + box.h) continue;
    const text = [...name].length > 30 ? `${[...name].slice(0, 29).join("")}…` : name;
    const half = [...text].reduce((sum, letter) => sum + (letter.codePointAt(0) >= 0x1100 ? 1 : 0.56), 0) * height / 2;
    const line = y + r + height;
    const own = [x - half, line - height * 0.85, x + half, line + height * 0.25];
    if (meets(own)) continue;
    taken.push(own);
    found.push({ place, text, x, y: line });
  }
  return found;
}

/** What is seen of the drawing, and how it is moved: `changed` is called after each change. */
class Window {
  constructor(width, height, changed) { Object.assign(this, { width, height, changed, zoom: 1, x: 0, y: 0 }); }
  get w() { return this.width / this.zoom; }
  get h() { return this.height / this.zoom; }
  to(zoom, middleX = this.x + this.w / 2, middleY = this.y + this.h / 2) {
    const shareX = (middleX - this.x) / this.w, shareY = (middleY - this.y) / this.h;
    this.zoom = clamp(zoom, 1, MOST_ZOOM);
    this.move(middleX - shareX * this.w, middleY - shareY * this.h);
  }
  move(x, y) {
    this.x = clamp(x, 0, this.width - this.w);
    this.y = clamp(y, 0, this.height - this.h);
    this.changed();
  }
  show(node) {
    const inside = node.x > this.x && node.x < this.x + this.w && node.y > this.y && node.y < this.y + this.h;
    if (!inside) this.move(node.x - this.w / 2, node.y - this.h / 2);
  }
}

/** The drawing that the server made. */
class Drawn {
  constructor(svg) {
    this.element = svg;
    const part = (link) => link.querySelector("path").transform.baseVal;
    this.links = [...svg.querySelectorAll(".network-node")];
    this.nodes = this.links.map((link) => ({
      x: part(link)[0].matrix.e, y: part(link)[0].matrix.f, r: part(link)[1].matrix.a,
      name: link.dataset.name, title: link.getAttribute("aria-label"),
      page: link.getAttribute("href"), around: link.dataset.around,
    }));
    this.lines = [...svg.querySelectorAll(".network-link")];
    this.ends = this.lines.map((line) => line.dataset.ends.split(" ").map(Number));
    this.names = svg.querySelector(".network-names");
    this.kept = [...this.names.children];
    this.links.forEach((link, place) => link.setAttribute("tabindex", place ? "-1" : "0"));
  }
  at(target) { const link = target.closest?.(".network-node"); return link ? this.links.indexOf(link) : null; }
  draw(view, chosen, near) {
    this.element.setAttribute("viewBox", `${view.x} ${view.y} ${view.w} ${view.h}`);
    this.element.classList.toggle("has-chosen", chosen !== null);
    this.links.forEach((link, place) => link.classList.toggle("is-near", near.has(place)));
    this.lines.forEach((line, place) => line.classList.toggle("is-near", this.ends[place].includes(chosen)));
    this.label(view, near);
  }
  label(view, near) {
    if (view.zoom !== this.zoom) {
      this.zoom = view.zoom;
      const whole = { x: 0, y: 0, w: view.width, h: view.height };
      const texts = view.zoom === 1 ? this.kept : roomFor(this.nodes, whole, LETTERS / view.zoom, 300).map((one) => {
        const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
        text.textContent = one.text;
        text.dataset.of = one.place;
        text.setAttribute("x", one.x);
        text.setAttribute("y", one.y);
        text.style.fontSize = `${LETTERS / view.zoom}px`;
        text.style.strokeWidth = `${3.5 / view.zoom}px`;
        return text;
      });
      this.names.replaceChildren(...texts);
    }
    for (const text of this.names.children) text.classList.toggle("is-near", near.has(Number(text.dataset.of)));
  }
  focus(place) {
    this.links.forEach((link, other) => link.setAttribute("tabindex", other === place ? "0" : "-1"));
    this.links[place].focus({ preventScroll: true });
  }
}

/** Bring a drawing to life. */
function enliven(frame, picture) {
  const figure = frame.closest("figure"), told = figure.querySelector("[data-network-told]");
  if (picture.isPainted) told.setAttribute("role", "status"); // a canvas says nothing by itself
  const neighbours = picture.nodes.map(() => new Set());
  picture.ends.forEach(([one, other]) => { neighbours[one].add(other); neighbours[other].add(one); });
  let chosen = null, last = 0, dragged = null, waiting = false;
  const draw = () => {
    waiting = false;
    picture.draw(view, chosen, chosen === null ? new Set() : new Set([chosen, ...neighbours[chosen]]));
    frame.classList.toggle("is-zoomed", view.zoom > 1);
    frame.querySelectorAll("[data-zoom]").forEach((button) => {
      button.disabled = button.dataset.zoom === "in" ? view.zoom >= MOST_ZOOM : view.zoom === 1;
    });
  };
  const view = new Window(1000, 680, () => { if (!waiting) { waiting = true; requestAnimationFrame(draw); } });
  const choose = (place) => {
    if (place === chosen) return;
    chosen = place;
    if (place !== null) {
      last = place;
      told.hidden = false;
      told.querySelector("[data-told]").textContent = picture.nodes[place].title;
      told.querySelector("[data-told-page]").href = picture.nodes[place].page;
      told.querySelector("[data-told-around]").href = picture.nodes[place].around;
    }
    view.changed();
  };
  const zoom = { in: () => view.to(view.zoom * 1.6), out: () => view.to(view.zoom / 1.6), whole: () => view.to(1) };
  frame.querySelectorAll("[data-zoom]").forEach((button) => button.addEventListener("click", zoom[button.dataset.zoom]));
  frame.querySelector("[data-network-tools]").hidden = false;

  const point = (event) => {
    const box = picture.element.getBoundingClientRect();
    return [view.x + (event.clientX - box.left) / box.width * view.w, view.y + (event.clientY - box.top) / box.height * view.h];
  };
  picture.element.addEventListener("pointermove", (event) => {
    if (dragged) {
      const box = picture.element.getBoundingClientRect();
      dragged.far ||= Math.hypot(event.clientX - dragged.left, event.clientY - dragged.top) > 4;
      view.move(dragged.x - (event.clientX - dragged.left) / box.width * view.w, dragged.y - (event.clientY - dragged.top) / box.height * view.h);
    } else choose(picture.at(event.target, event, view));
  });
  picture.element.addEventListener("pointerleave", () => { dragged = null; if (!frame.contains(document.activeElement)) choose(null); });
  picture.element.addEventListener("pointerdown", (event) => {
    if (view.zoom > 1 && event.button === 0) dragged = { left: event.clientX, top: event.clientY, x: view.x, y: view.y };
  });
  window.addEventListener("pointerup", () => setTimeout(() => { dragged = null; }));
  picture.element.addEventListener("dragstart", (event) => event.preventDefault());
  let chosenByTouch = null;
  picture.element.addEventListener("click", (event) => {
    const place = picture.at(event.target, event, view);
    // The first touch chooses, as there is no pointer that could; the second opens.
    const isFirstTouch = event.pointerType === "touch" && chosenByTouch !== place;
    if (dragged?.far || isFirstTouch) event.preventDefault();
    else if (place !== null && picture.isPainted) location.assign(picture.nodes[place].page);
    if (event.pointerType === "touch") { chosenByTouch = place; choose(place); }
  });
  picture.element.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return; // the page scrolls
    event.preventDefault();
    view.to(view.zoom * (event.deltaY < 0 ? 1.25 : 0.8), ...point(event));
  }, { passive: false });
  picture.element.addEventListener("focusin", (event) => choose(picture.at(event.target, event, view) ?? last));
  picture.element.addEventListener("focusout", () => choose(null));
  picture.element.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const own = { "+": zoom.in, "=": zoom.in, "-": zoom.out, 0: zoom.whole, Escape: () => choose(null) }[event.key];
    const to = DIRECTIONS[event.key] ? nearest(picture.nodes, last, DIRECTIONS[event.key]) : null;
    if (to !== null) { choose(to); picture.focus(to); view.show(picture.nodes[to]); }
    else if (event.key === "Enter" && picture.isPainted) location.assign(picture.nodes[last].page);
    else if (own) own();
    if (to !== null || own) event.preventDefault();
  });
  search(figure, picture, (place) => {
    choose(place);
    view.to(Math.max(view.zoom, 2.5));
    view.move(picture.nodes[place].x - view.w / 2, picture.nodes[place].y - view.h / 2);
    picture.focus(place);
  });
  new ResizeObserver(view.changed).observe(frame);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", view.changed);
}

/** A box that finds a node of the drawing by its name. */
function search(figure, picture, found) {
  const form = figure.querySelector("[data-network-find]");
  if (!form) return;
  form.hidden = false;
  const box = form.querySelector("input"), names = form.querySelector("datalist");
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
  names.replaceChildren(...picture.nodes.map((node) => new Option(node.name, node.name)));
  const find = () => {
    const words = plain(box.value);
    if (!words) return;
    const at = (fits) => picture.nodes.findIndex((node) => fits(plain(node.name)));
    const place = [(name) => name === words, (name) => name.startsWith(words), (name) => name.includes(words)].map(at).find((one) => one >= 0);
    form.querySelector("[data-none]").hidden = place !== undefined;
    if (place !== undefined) found(place);
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); find(); });
}

/** The picture of all nodes, from the file of what it shows. */
async function painted(frame, svg) {
  const [answer, { Painted }] = await Promise.all([fetch(frame.dataset.json), import(frame.dataset.canvas)]);
  if (!answer.ok) throw new Error(`The picture could not be read: ${answer.status}`);
  return new Painted(svg, await answer.json(), roomFor);
}

for (const frame of document.querySelectorAll("[data-network]")) {
  const svg = frame.querySelector("svg");
  // Where the file can't be had, what the server drew is still there.
  const picture = frame.dataset.json ? painted(frame, svg).catch(() => new Drawn(svg)) : new Drawn(svg);
  Promise.resolve(picture).then((one) => enliven(frame, one));
}
