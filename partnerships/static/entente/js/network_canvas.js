// A network of very many nodes, painted on a canvas. network.js loads it where it is needed and moves the picture.

const LETTERS = 13;

/** All nodes on a canvas, from the file of what the picture shows. */
export class Painted {
  constructor(svg, data, roomFor) {
    this.isPainted = true;
    this.roomFor = roomFor;
    this.nodes = data.rows.map((row) => ({
      x: row.x, y: row.y, r: row.radius, series: row.series, name: row.name, title: row.title,
      page: row.address, around: row.around,
    }));
    this.ends = data.links;
    this.shapes = Object.fromEntries(Object.entries(data.shapes).map(([series, path]) => [series, new Path2D(path)]));
    this.element = document.createElement("canvas");
    this.element.tabIndex = 0;
    this.element.setAttribute("role", "application");
    this.element.setAttribute("aria-labelledby", "network-words");
    svg.replaceWith(this.element);
    this.pen = this.element.getContext("2d");
  }
  colours() {
    const style = getComputedStyle(this.element), named = (name) => style.getPropertyValue(name).trim();
    const series = [named("--edge"), ...[1, 2, 3, 4, 5, 6, 7, 8].map((number) => named(`--series-${number}`))];
    return { series, paper: named("--paper"), ink: named("--ink"), sans: named("--sans") };
  }
  at(target, event, view) {
    const frame = this.element.getBoundingClientRect();
    const scale = view.w / frame.width, reach = 10 * scale;
    const x = view.x + (event.clientX - frame.left) * scale, y = view.y + (event.clientY - frame.top) * scale;
    let best = null, least = Infinity;
    this.nodes.forEach((node, place) => {
      const away = Math.hypot(node.x - x, node.y - y) - node.r;
      if (away < Math.min(reach, least)) { least = away; best = place; }
    });
    return best;
  }
  draw(view, chosen, near) {
    const { pen, element } = this, dense = window.devicePixelRatio || 1;
    const width = element.clientWidth * dense, height = element.clientHeight * dense;
    if (element.width !== Math.round(width)) { element.width = width; element.height = height; }
    const scale = width / view.w, { series, paper, ink, sans } = this.colours();
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, element.width, element.height);
    pen.setTransform(scale, 0, 0, scale, -view.x * scale, -view.y * scale);
    this.ends.forEach(([one, other, , thick]) => {
      const isNear = one === chosen || other === chosen;
      if (chosen !== null && !isNear) return;
      const from = this.nodes[one], to = this.nodes[other];
      pen.strokeStyle = series[from.series === to.series ? from.series : 0];
      pen.globalAlpha = isNear ? 0.9 : Math.min(0.28, 300 / this.ends.length + 0.04);
      pen.lineWidth = Math.max(thick * (isNear ? 0.6 : 0.3), 0.5 * dense / scale);
      pen.beginPath();
      pen.moveTo(from.x, from.y);
      pen.lineTo(to.x, to.y);
      pen.stroke();
    });
    this.nodes.forEach((node, place) => {
      pen.globalAlpha = chosen === null || near.has(place) ? 1 : 0.15;
      pen.fillStyle = node.series ? series[node.series] : paper;
      pen.setTransform(scale * node.r, 0, 0, scale * node.r, (node.x - view.x) * scale, (node.y - view.y) * scale);
      pen.fill(this.shapes[node.series]);
      pen.lineWidth = place === chosen ? 2.5 * dense / (scale * node.r) : Math.min(0.8 * dense / (scale * node.r), 0.2);
      pen.strokeStyle = place === chosen ? ink : node.series ? paper : series[0];
      pen.stroke(this.shapes[node.series]);
    });
    this.label(view, scale, near, { paper, ink, sans });
  }
  label(view, scale, near, { paper, ink, sans }) {
    const dense = window.devicePixelRatio || 1, height = LETTERS * dense / scale;
    const shown = [...near];
    const names = this.roomFor(this.nodes, view, height, shown.length ? Math.min(shown.length, 25) : 28, shown);
    this.pen.setTransform(scale, 0, 0, scale, -view.x * scale, -view.y * scale);
    Object.assign(this.pen, { globalAlpha: 1, font: `500 ${height}px ${sans}`, textAlign: "center", lineJoin: "round" });
    Object.assign(this.pen, { strokeStyle: paper, fillStyle: ink, lineWidth: 3.5 * dense / scale });
    for (const { text, x, y } of names) { this.pen.strokeText(text, x, y); this.pen.fillText(text, x, y); }
  }
  focus() { this.element.focus({ preventScroll: true }); }
}
