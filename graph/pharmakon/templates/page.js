"use strict";
(() => {
  const data = JSON.parse(document.getElementById("picture").textContent);
  const figure = document.querySelector(".figure"), scroll = document.querySelector(".scroll"), card = document.querySelector(".card");
  document.body.classList.add("drawn");
  const nodes = new Map(data.nodes.map((node) => [node.id, node]));
  const fonts = getComputedStyle(document.body).fontFamily;
  const SIZE = 13, LEADING = 17, LARGEST = 1.1;
  let colours, chosen = null, lit = null;

  const read = () => {
    const style = getComputedStyle(document.documentElement);
    colours = new Proxy({}, { get: (_, name) => style.getPropertyValue(`--${name}`).trim() });
  };

  const paint = ({ ctx, id, x, y }) => {
    const node = nodes.get(id), dim = lit && !lit.has(id);
    const drawNode = () => {
      const path = new Path2D(node.outline);
      ctx.translate(x, y);
      ctx.fillStyle = colours.paper;
      ctx.fill(path);
      ctx.globalAlpha = dim ? 0.04 : Number(colours.tint);
      ctx.fillStyle = colours[node.kind];
      ctx.fill(path);
      ctx.globalAlpha = dim ? 0.35 : 1;
      ctx.lineWidth = (node.kind === "class" ? 2.6 : 1.4) + (id === chosen ? 1.2 : 0);
      ctx.setLineDash(node.kind === "open" ? [3, 3] : []);
      ctx.strokeStyle = colours[node.kind];
      ctx.stroke(path);
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      node.lines.forEach(([text, tone], i) => {
        ctx.font = `${tone === "plain" ? 400 : 600} ${SIZE}px ${fonts}`;
        ctx.fillStyle = tone === "plain" || tone === "strong" ? colours.ink : colours[tone];
        ctx.fillText(text, 0, (i - (node.lines.length - 1) / 2) * LEADING, node.width - 8);
      });
    };
    return { drawNode, nodeDimensions: { width: node.width, height: node.height } };
  };

  const lines = (ctx) => {
    const on = (edge) => lit && lit.has(edge.from) && lit.has(edge.to);
    for (const edge of [...data.edges].sort((a, b) => on(a) - on(b))) {
      ctx.save();
      ctx.globalAlpha = lit && !on(edge) ? 0.25 : 1;
      ctx.strokeStyle = ctx.fillStyle = colours[edge.tone] || colours.line;
      ctx.lineWidth = on(edge) ? 2.2 : 1.4;
      ctx.setLineDash(edge.dashes || []);
      ctx.stroke(new Path2D(edge.route.path));
      const [x, y] = edge.route.tip;
      ctx.fill(new Path2D(`M${x} ${y}l-9 -4.2l2 4.2l-2 4.2Z`));
      ctx.restore();
    }
  };

  read();
  const drawn = {
    nodes: new vis.DataSet(data.nodes.map(({ id, x, y, label }) => ({ id, x, y, label, shape: "custom", ctxRenderer: paint }))),
    edges: new vis.DataSet(data.edges.map(({ id, from, to, dashes, hidden }) => ({ id, from, to, dashes, hidden }))),
  };
  const network = new vis.Network(document.querySelector(".canvas"), drawn, data.options);
  // The library never fills the bounding box of a custom shape, and draws only what its box says is in view.
  for (const { id, x, y, width, height } of data.nodes) {
    const box = { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 };
    Object.assign(network.body.nodes[id].shape.boundingBox, box);
  }
  network.on("beforeDrawing", lines);
  window.network = network;

  const fit = () => {
    const room = scroll.clientWidth;
    const scale = Math.min(LARGEST, Math.max(room < 700 ? 0.9 : 0.7, room / data.width));
    const width = data.width * scale, height = data.height * scale;
    figure.style.width = `${width}px`;
    figure.style.height = `${height}px`;
    figure.style.aspectRatio = `${width} / ${height}`;
    network.setSize(`${width}px`, `${height}px`);
    network.moveTo({ position: { x: data.width / 2, y: data.height / 2 }, scale, animation: false });
    network.redraw();
  };

  const reach = (start, from, to) => {
    const found = new Set([start]);
    for (const id of found) for (const edge of data.edges) if (edge[from] === id) found.add(edge[to]);
    return found;
  };

  const add = (parent, tag, text, kind) => {
    const element = parent.appendChild(document.createElement(tag));
    element.textContent = text;
    if (kind) element.className = kind;
    return element;
  };

  const list = (texts, kind) => {
    if (!texts.length) return;
    const ul = add(card, "ul", "", kind);
    texts.forEach((text) => add(ul, "li", text));
  };

  const hint = card.firstElementChild;
  const choose = (id) => {
    chosen = id;
    lit = id && new Set([...reach(id, "from", "to"), ...reach(id, "to", "from")]);
    figure.querySelectorAll("button").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.node === id)));
    card.replaceChildren();
    if (id) {
      const { kind, card: told } = nodes.get(id);
      add(card, "button", "Close").addEventListener("click", () => choose(null));
      add(card, "p", told.kind, `kind ${kind}`);
      add(card, "p", told.claim, "sentence");
      list(told.told, "told");
      list(told.also, "also");
      list(told.sources, "from");
    } else card.append(hint);
    card.classList.toggle("chosen", Boolean(id));
    network.redraw();
    const hidden = id && figure.querySelector(`[data-node="${id}"]`).getBoundingClientRect().bottom + 12 - card.getBoundingClientRect().top;
    if (hidden > 0) scrollBy(0, hidden);
  };

  figure.addEventListener("click", (event) => choose(event.target.dataset.node || null));
  figure.addEventListener("focusin", (event) => event.target.matches(":focus-visible") && choose(event.target.dataset.node));
  document.addEventListener("keydown", (event) => event.key === "Escape" && choose(null));
  const again = () => { read(); fit(); };
  const printing = (light) => () => {
    if (light) document.documentElement.dataset.scheme = "light";
    else delete document.documentElement.dataset.scheme;
    again();
  };
  addEventListener("beforeprint", printing(true));
  addEventListener("afterprint", printing(false));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  addEventListener("resize", fit);
  fit();
})();
