"use strict";
(() => {
  const data = JSON.parse(document.getElementById("picture").textContent);
  const $ = (name) => document.querySelector(name);
  const figure = $(".figure"), scroll = $(".scroll"), card = $(".card"), tools = $(".tools"), found = $(".found"), find = tools.elements.find;
  document.body.classList.add("drawn");
  const nodes = new Map(data.nodes.map((node) => [node.id, node]));
  const buttons = new Map([...figure.querySelectorAll("button")].map((button) => [button.dataset.node, button]));
  const fonts = getComputedStyle(document.body).fontFamily;
  const SIZE = 13, LEADING = 17, LARGEST = 1.1, PIXELS = 16e6, LONGEST = 40;
  const off = { kind: new Set(), step: new Set(), verdict: new Set() };
  let colours, chosen = null, lit = null, marked = null, zoom = 1;

  const read = () => {
    const style = getComputedStyle(document.documentElement);
    colours = new Proxy({}, { get: (_, name) => style.getPropertyValue(`--${name}`).trim() });
  };
  const colour = (kind) => colours[kind === "rule" ? "rule-kind" : kind];

  // --- what is shown ---

  const shown = (node) => !off.kind.has(node.kind) && (!node.verdicts.length || node.verdicts.some((verdict) => !off.verdict.has(verdict)));
  const drawn = (edge) => shown(nodes.get(edge.from)) && shown(nodes.get(edge.to)) && !off.step.has(edge.dashes ? "derived" : "asserted") && !off.verdict.has(edge.tone);
  const touches = (edge) => edge.from === chosen || edge.to === chosen;
  const byId = new Map(data.edges.map((edge) => [edge.id, edge]));

  const paintNode = (ctx, node) => {
    const dim = (lit && !lit.has(node.id)) || (marked && !marked.has(node.id));
    const path = new Path2D(node.outline);
    ctx.fillStyle = colours.paper;
    ctx.fill(path);
    ctx.globalAlpha = dim ? 0.04 : Number(colours.tint);
    ctx.fillStyle = colour(node.kind);
    ctx.fill(path);
    ctx.globalAlpha = dim ? 0.35 : 1;
    ctx.lineWidth = (node.kind === "class" ? 2.4 : 1.4) + (node.id === chosen ? 1.2 : 0);
    ctx.setLineDash(node.kind === "open" ? [3, 3] : []);
    ctx.strokeStyle = colour(node.kind);
    ctx.stroke(path);
    ctx.setLineDash([]);
    ctx.textBaseline = "middle";
    const font = (tone) => { ctx.font = `${tone === "plain" ? 400 : 600} ${SIZE}px ${fonts}`; };
    const verdict = (tone) => tone !== "plain" && tone !== "strong";
    font("strong");
    const widest = Math.max(0, ...node.lines.filter(([, tone]) => verdict(tone)).map(([text]) => ctx.measureText(text).width));
    node.lines.forEach(([text, tone], i) => {
      font(tone);
      ctx.textAlign = verdict(tone) ? "left" : "center";
      ctx.fillStyle = verdict(tone) ? colours[tone] : colours.ink;
      ctx.fillText(text, verdict(tone) ? -widest / 2 : 0, (i - (node.lines.length - 1) / 2) * LEADING, node.width - 8);
    });
  };

  const line = (ctx, path, tone, dashes, alpha, width) => {
    ctx.save();
    ctx.globalAlpha = alpha;
    ctx.strokeStyle = ctx.fillStyle = colours[tone] || colours.line;
    ctx.lineWidth = width;
    ctx.setLineDash(dashes || []);
    ctx.stroke(new Path2D(path));
    return ctx;
  };

  const paintLines = (ctx) => {
    const on = (edge) => lit && lit.has(edge.from) && lit.has(edge.to);
    ctx.font = `600 12px ${fonts}`;
    ctx.fillStyle = colours.soft;
    ctx.textAlign = "left";
    ctx.textBaseline = "alphabetic";
    for (const [text, x, y] of data.heads) ctx.fillText(text, x, y);
    const alone = (edge) => (data.near ? touches(edge) : on(edge));
    for (const bracket of data.brackets) {
      const own = bracket.edges.map((id) => byId.get(id)).filter(drawn);
      if (own.length) line(ctx, bracket.path, bracket.tone, bracket.dashes, lit && !own.some(touches) ? 0.25 : 1, 1.4).restore();
    }
    const many = data.near && lit && lit.size > LONGEST;
    for (const edge of data.edges.filter(drawn).sort((a, b) => on(a) - on(b))) {
      if (edge.quiet && !alone(edge)) continue;
      const clear = lit && on(edge);
      line(ctx, edge.route.path, edge.tone, edge.dashes, lit && !clear ? 0.25 : many ? 0.4 : 1, many ? 1 : clear ? 2 : 1.4);
      const [x, y, side] = edge.route.tip;
      ctx.fill(new Path2D(`M${x} ${y}l${-9 * side} -4.2l${2 * side} 4.2l${-2 * side} 4.2Z`));
      ctx.restore();
    }
  };

  const paint = ({ ctx, id, x, y }) => {
    const node = nodes.get(id);
    const drawNode = () => {
      if (!shown(node)) return;
      ctx.save();
      ctx.translate(x, y);
      paintNode(ctx, node);
      ctx.restore();
    };
    return { drawNode, nodeDimensions: { width: node.width, height: node.height } };
  };

  read();
  const content = {
    nodes: new vis.DataSet(data.nodes.map(({ id, x, y, label }) => ({ id, x, y, label, shape: "custom", ctxRenderer: paint }))),
    edges: new vis.DataSet(data.edges.map(({ id, from, to, dashes, hidden }) => ({ id, from, to, dashes, hidden }))),
  };
  const network = new vis.Network($(".canvas"), content, data.options);
  // The library never fills the bounding box of a custom shape, and draws only what its box says is in view.
  for (const { id, x, y, width, height } of data.nodes) {
    const box = { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 };
    Object.assign(network.body.nodes[id].shape.boundingBox, box);
  }
  network.canvas.frame.removeAttribute("tabindex");
  network.on("beforeDrawing", paintLines);
  window.network = network;

  const fit = () => {
    const room = scroll.clientWidth, most = Math.sqrt(PIXELS / (data.width * data.height)) / (window.devicePixelRatio || 1);
    const start = Math.min(LARGEST, Math.max(room < 700 ? 0.85 : 0.7, room / data.width));
    const scale = Math.min(most, zoom ? start * zoom : Math.min(LARGEST, room / data.width));
    const width = data.width * scale, height = data.height * scale;
    figure.style.width = `${width}px`;
    figure.style.height = `${height}px`;
    figure.style.aspectRatio = `${width} / ${height}`;
    network.setSize(`${width}px`, `${height}px`);
    network.moveTo({ position: { x: data.width / 2, y: data.height / 2 }, scale, animation: false });
    network.redraw();
  };

  // --- cards ---

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
  const cited = (parent, numbers) => {
    if (numbers.length) add(parent, "span", ` [${numbers.map((i) => data.sources[i]).join("] [")}]`, "cite");
  };
  const proof = (parent, [claim, sources, below]) => {
    const li = add(parent, "li", claim);
    cited(li, sources);
    if (!below.length) return;
    const ul = add(li, "ul", "", "proof");
    below.forEach((part) => proof(ul, part));
  };
  const reach = (start, from, to) => {
    const met = new Set([start]);
    for (const id of met) for (const edge of data.edges) if (edge[from] === id) met.add(edge[to]);
    return met;
  };
  const near = (id) => new Set([id, ...data.edges.filter(drawn).flatMap(({ from, to }) => (from === id ? [to] : to === id ? [from] : []))]);

  const basis = (id) => {
    const { card: told } = nodes.get(id);
    if (told.proofs.length) return told.proofs;
    const all = data.edges.filter((edge) => (edge.from === id || edge.to === id) && drawn(edge)).flatMap((edge) => edge.told);
    const own = [...new Map(all.map((part) => [JSON.stringify(part), part])).values()].filter(([text]) => text !== told.claim);
    if (own.length) {
      const shorter = own.slice(0, LONGEST).map(([text, sources]) => [text, sources, []]);
      return own.length > LONGEST ? [...shorter, [`and ${own.length - LONGEST} more`, [], []]] : shorter;
    }
    const stated = [...reach(id, "to", "from")].map((key) => nodes.get(key)).filter((node) => node.id !== id && ["statement", "claim"].includes(node.kind));
    return stated.map((node) => [node.card.claim, node.card.sources, []]);
  };

  const hint = card.firstElementChild;
  const choose = (id) => {
    chosen = id;
    lit = id && (data.near ? near(id) : new Set([...reach(id, "from", "to"), ...reach(id, "to", "from")]));
    buttons.forEach((button, key) => button.setAttribute("aria-pressed", String(key === id)));
    if (id) rove(id);
    card.replaceChildren();
    tip.hidden = true;
    if (id) {
      const { kind, card: told } = nodes.get(id);
      add(card, "button", "Close").addEventListener("click", () => choose(null));
      add(card, "p", told.kind, `kind ${kind}`);
      add(card, "p", told.claim, "sentence");
      list(told.told, "told");
      list(told.also, "also");
      list(told.sources.map((i) => data.sources[i]), "from");
      const parts = basis(id);
      if (parts.length) {
        add(card, "p", told.proofs.length || !data.near ? "It rests on" : "What is said", "head");
        const ul = add(card, "ul", "", "proof");
        parts.forEach((part) => proof(ul, part));
      }
      card.scrollTop = 0;
    } else card.append(hint);
    card.classList.toggle("chosen", Boolean(id));
    network.redraw();
    const hidden = id && buttons.get(id).getBoundingClientRect().bottom + 12 - card.getBoundingClientRect().top;
    if (hidden > 0) scrollBy(0, hidden);
  };

  // --- hovering: the same in short, beside the node ---

  const tip = add(figure, "div", "", "tip");
  tip.hidden = true;
  const hover = (id) => {
    tip.hidden = !id || id === chosen;
    if (tip.hidden) return;
    const { x, y, width, height, card: told } = nodes.get(id);
    tip.replaceChildren();
    add(tip, "p", told.claim, "sentence");
    told.told.forEach((text) => add(tip, "p", text));
    const sources = told.sources.length ? told.sources : basis(id).flatMap(([, numbers]) => numbers);
    [...new Set(sources)].slice(0, 2).forEach((i) => add(tip, "p", data.sources[i], "cite"));
    const right = x > data.width * 0.6;
    tip.style.left = right ? "auto" : `${((x - width / 2) / data.width) * 100}%`;
    tip.style.right = right ? `${(1 - (x + width / 2) / data.width) * 100}%` : "auto";
    tip.style.top = `${((y + height / 2 + 6) / data.height) * 100}%`;
  };
  figure.addEventListener("mouseover", (event) => hover(event.target.dataset.node));
  figure.addEventListener("mouseleave", () => hover(null));

  // --- keys: one node is in the order of Tab, the arrow keys go on from it ---

  const rove = (id) => buttons.forEach((button, key) => { button.tabIndex = key === id ? 0 : -1; });
  const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const beside = (id, [right, down]) => {
    const here = nodes.get(id);
    let best = null, least = Infinity;
    for (const node of data.nodes) {
      const along = (node.x - here.x) * right + (node.y - here.y) * down, aside = Math.abs((node.x - here.x) * down) + Math.abs((node.y - here.y) * right);
      if (node.id !== id && along > 1 && shown(node) && along + aside * (right ? 1 : 4) < least) [best, least] = [node.id, along + aside * (right ? 1 : 4)];
    }
    return best;
  };
  figure.addEventListener("keydown", (event) => {
    const id = event.target.dataset.node, open = [...buttons].filter(([key]) => shown(nodes.get(key))).map(([key]) => key);
    const next = WAYS[event.key] ? beside(id, WAYS[event.key]) : event.key === "Home" ? open[0] : event.key === "End" ? open.at(-1) : null;
    if (!next || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    buttons.get(next).focus();
    choose(next);
  });
  figure.addEventListener("click", (event) => choose(event.target.dataset.node || null));
  figure.addEventListener("focusin", (event) => event.target.matches(":focus-visible") && choose(event.target.dataset.node));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    hover(null);
    choose(null);
  });

  // --- legend, search, zoom, saving ---

  $(".legend").addEventListener("change", ({ target }) => {
    const [[what, value]] = Object.entries(target.dataset);
    off[what][target.checked ? "delete" : "add"](value);
    buttons.forEach((button, key) => { button.hidden = !shown(nodes.get(key)); });
    const first = [...buttons].find(([, button]) => !button.hidden);
    if (chosen && !shown(nodes.get(chosen))) choose(null);
    if (first && ![...buttons.values()].some((button) => button.tabIndex === 0 && !button.hidden)) rove(first[0]);
    search();
    network.redraw();
  });

  const search = () => {
    const words = find.value.trim().toLowerCase();
    const text = (node) => `${node.label} ${node.card.claim} ${node.card.also.join(" ")}`.toLowerCase();
    marked = words ? new Set([...buttons.keys()].filter((id) => shown(nodes.get(id)) && text(nodes.get(id)).includes(words))) : null;
    buttons.forEach((button, id) => button.classList.toggle("marked", Boolean(marked && marked.has(id))));
    found.textContent = marked ? (marked.size ? `${marked.size} found; Enter goes to the next` : "nothing found") : "";
    network.redraw();
  };
  find.addEventListener("input", search);
  tools.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!marked || !marked.size) return;
    const ids = [...marked], exact = ids.find((id) => nodes.get(id).label.toLowerCase() === find.value.trim().toLowerCase());
    const next = !marked.has(chosen) && exact ? exact : ids[(ids.indexOf(chosen) + 1) % ids.length];
    buttons.get(next).scrollIntoView({ block: "center", inline: "center" });
    choose(next);
  });
  tools.addEventListener("click", ({ target }) => {
    const by = target.dataset.zoom;
    if (by === undefined) return;
    zoom = Number(by) ? Math.min(4, Math.max(0.2, (zoom || 1) * by)) : 0;
    fit();
  });

  const wrapped = (ctx, text, room) => {
    const lines = [""];
    for (const word of text.split(" ")) {
      const longer = `${lines.at(-1)} ${word}`.trim();
      if (ctx.measureText(longer).width > room && lines.at(-1)) lines.push(word);
      else lines[lines.length - 1] = longer;
    }
    return lines;
  };
  $("[data-save]").addEventListener("click", () => {
    const canvas = document.createElement("canvas"), ctx = canvas.getContext("2d"), width = Math.max(data.width, 640);
    const scale = Math.min(2, Math.sqrt(PIXELS / (width * (data.height + 120))));
    ctx.font = `12px ${fonts}`;
    const foot = data.foot.flatMap((text) => wrapped(ctx, text, width - 20));
    canvas.width = width * scale;
    canvas.height = (data.height + 50 + foot.length * 16) * scale;
    ctx.scale(scale, scale);
    ctx.fillStyle = colours.paper;
    ctx.fillRect(0, 0, canvas.width, canvas.height);
    ctx.fillStyle = colours.ink;
    ctx.font = `600 18px ${fonts}`;
    ctx.fillText(document.title, 8, 26, width - 16);
    ctx.fillStyle = colours.soft;
    ctx.font = `12px ${fonts}`;
    foot.forEach((text, i) => ctx.fillText(text, 8, data.height + 56 + i * 16));
    ctx.translate((width - data.width) / 2, 40);
    paintLines(ctx);
    data.nodes.filter(shown).forEach((node) => {
      ctx.save();
      ctx.translate(node.x, node.y);
      paintNode(ctx, node);
      ctx.restore();
    });
    canvas.toBlob((blob) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = `${document.title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "")}.png`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
  });

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
