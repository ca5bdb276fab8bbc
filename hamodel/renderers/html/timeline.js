// The run as a picture: one lane for each node, heartbeats between them, bars for what runs where, clocks and promises.
ha.places = (strip, room) => {
  const zero = strip.scenes;
  const places = [0];
  for (let i = 1; i < zero.length; i += 1) {
    const passed = zero[i].at - zero[i - 1].at;
    const wide = i === 1 ? 64 : 26 + 22 * Math.log2(1 + passed / 150);
    places.push(places[i - 1] + wide);
  }
  const width = places[places.length - 1] + 84;
  const scale = Math.max(1, room / width);
  return { x: places.map((place) => place * scale), width: width * scale };
};

ha.rows = (strip) => {
  const rows = [];
  let y = 6;
  const add = (kind, high, label, data) => { rows.push({ kind, y, high, label, ...data }); y += high + 4; };
  add("cause", 22, ha.t("befalls"), {});
  strip.nodes.forEach((name, n) => {
    const own = [["machine", 22, name], ["view", 14, ha.t("sees")]];
    const items = strip.items.map((item, i) => ["item", 20, item.label, i]);
    const lane = n === 0 ? [...own, ...items] : [...items, ...own.reverse()];
    y += 6;
    for (const [kind, high, label, item] of lane) add(kind, high, label, { node: n, item });
    if (n === 0) {
      y += 6;
      strip.media.forEach((name_, m) => add("medium", 16, name_, { medium: m }));
    }
  });
  y += 6;
  const keys = new Map();
  for (const scene of strip.scenes) for (const clock of scene.countdowns) if (!keys.has(clock.key)) keys.set(clock.key, clock.text);
  for (const [key, text] of [...keys].slice(0, 6)) add("clock", 14, ha.clockName(strip, key, text), { key, long: text });
  y += 6;
  strip.lights.forEach((light, i) => {
    const values = strip.scenes.map((scene) => scene.look.lights[i]);
    if (light.main || values.some((value) => value !== 1)) add("light", 14, light.name, { light: i, main: light.main });
  });
  return { rows, high: y + 22 };
};

ha.timeline = (strip, room, options) => {
  const id = `t${(ha.drawn = (ha.drawn || 0) + 1)}`;
  const { x, width } = ha.places(strip, room);
  const { rows, high } = ha.rows(strip);
  const ends = [...x.slice(1), width];
  const svg = ha.svg("svg", { width, height: high, viewBox: `0 0 ${width} ${high}`, class: "timeline", role: "img", "aria-label": options.label });
  svg.append(ha.svg("defs", {},
    ha.svg("pattern", { id: `${id}h`, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, ha.svg("rect", { width: 3, height: 6, class: "hatch" })),
    ha.svg("pattern", { id: `${id}r`, width: 8, height: 8, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, ha.svg("rect", { width: 4, height: 8, class: "redhatch" })),
    ha.svg("marker", { id: `${id}a`, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse" }, ha.svg("path", { d: "M0 0L8 4L0 8Z", class: "tip" }))));
  const spans = (word) => {
    const found = [];
    strip.scenes.forEach((scene, i) => {
      const value = word(scene, i);
      const last = found[found.length - 1];
      if (last && last.value === value) last.to = ends[i];
      else found.push({ value, from: x[i], to: ends[i] });
    });
    return found;
  };
  const bar = (from, to, row, kind, text, tip) => {
    const group = ha.svg("g", { class: kind });
    const wide = Math.max(2, to - from - 1.5);
    group.append(ha.svg("rect", { x: from + 0.75, y: row.y, width: wide, height: row.high, rx: 4 }));
    const fits = Math.floor((wide - 10) / (row.high > 14 ? 6.6 : 5.6));
    if (text && row.high >= 14 && fits > 2) {
      group.append(ha.svg("text", { x: from + 7, y: row.y + row.high / 2 + (row.high > 14 ? 4 : 3.5), class: row.high > 14 ? "" : "small" }, document.createTextNode(ha.fit(text, fits))));
    }
    if (tip) group.append(ha.svg("title", {}, document.createTextNode(tip)));
    svg.append(group);
  };
  const at = (moment) => {
    for (let i = 1; i < x.length; i += 1) {
      const [a, b] = [strip.scenes[i - 1].at, strip.scenes[i].at];
      if (moment <= b && b > a) return x[i - 1] + ((moment - a) / (b - a)) * (x[i] - x[i - 1]);
    }
    const over = moment - strip.scenes[x.length - 1].at;
    return over <= 0 ? x[x.length - 1] : Math.min(width - 4, x[x.length - 1] + 12 + 8 * Math.log2(1 + over / 500));
  };
  const rowOf = (kind, node, item) => rows.find((row) => row.kind === kind && row.node === node && row.item === item);

  strip.items.forEach((item, i) => {
    const [upper, lower] = [rowOf("item", 0, i), rowOf("item", 1, i)];
    for (const span of spans((scene) => ha.holds(item) && ha.twice(scene.look, i))) {
      if (!span.value) continue;
      svg.append(ha.svg("rect", { x: span.from, y: upper.y - 3, width: span.to - span.from, height: lower.y + lower.high - upper.y + 6, rx: 6, class: "glow", fill: `url(#${id}r)` },
        ha.svg("title", {}, document.createTextNode(`${item.label} ${ha.t("both")}`))));
    }
  });
  for (const row of rows) {
    if (row.kind === "machine") for (const s of spans((scene) => scene.look.machines[row.node])) bar(s.from, s.to, row, `machine m-${s.value}`, ha.word(s.value), `${strip.nodes[row.node]}: ${ha.word(s.value)}`);
    if (row.kind === "view") for (const s of spans((scene) => scene.look.views[row.node])) bar(s.from, s.to, row, `view v-${s.value}`, ha.belief(s.value), ha.believes(strip, row.node, s.value));
    if (row.kind === "item") {
      const item = strip.items[row.item];
      const word = (scene) => `${scene.look.resources[row.node][row.item]}${ha.holds(item) && ha.twice(scene.look, row.item) && ha.isUp(scene.look.resources[row.node][row.item]) ? " twice" : ""}`;
      for (const s of spans(word)) {
        const [mode, twice] = s.value.split(" ");
        if (mode === "stopped") bar(s.from, s.to, { ...row, y: row.y + row.high / 2 - 1, high: 2 }, "item i-stopped", "", `${item.text}: ${ha.word("stopped")}`);
        else bar(s.from, s.to, row, `item i-${mode} k-${item.kind}${twice ? " twice" : ""}`, twice ? `✗ ${ha.t("both")}` : `${mode === "running" ? "" : `${ha.word(mode)} `}${item.label}`, `${item.text}: ${ha.word(mode)}`);
      }
    }
    if (row.kind === "medium") {
      for (const s of spans((scene) => scene.look.media[row.medium].join(" "))) {
        const [to0, to1] = s.value.split(" ");
        const word = to0 === to1 ? ha.word(to0) : `${to1 === "beats" ? "↓" : "·"} ${to0 === "beats" ? "↑" : "·"}`;
        const kind = to0 === "cut" ? "cut" : to0 === "beats" && to1 === "beats" ? "beats" : to0 !== "beats" && to1 !== "beats" ? "silent" : "half";
        const tip = `${row.label}: → ${strip.nodes[1]} ${ha.word(to1)}, → ${strip.nodes[0]} ${ha.word(to0)}`;
        if (kind === "cut") {
          const gap = Math.min(9, (s.to - s.from) / 4);
          bar(s.from + gap, s.to, row, "medium b-cut", `✂ ${ha.word("cut")}`, tip);
        } else bar(s.from, s.to, row, `medium b-${kind}`, kind === "beats" ? "♥ ♥" : word, tip);
      }
    }
    if (row.kind === "clock") {
      strip.scenes.forEach((scene, i) => {
        const clock = scene.countdowns.find((each) => each.key === row.key);
        if (!clock) return;
        bar(x[i], ends[i], row, "clock", i && strip.scenes[i - 1].countdowns.some((each) => each.key === row.key) ? "" : ha.clockSays(clock), `${clock.text}: ${ha.span(clock.lo - scene.at, clock.hi === null ? null : clock.hi - scene.at)}`);
        const after = strip.scenes[i + 1] && strip.scenes[i + 1].countdowns.find((each) => each.key === row.key && each.since === clock.since);
        if (!after) {
          const from = Math.min(at(clock.lo), ends[i]);
          const to = clock.hi === null ? ends[i] : Math.max(from + 3, Math.min(at(clock.hi), width - 3));
          svg.append(ha.svg("rect", { x: from, y: row.y, width: to - from, height: row.high, class: "window", fill: `url(#${id}h)` }));
        }
      });
    }
    if (row.kind === "light") {
      for (const s of spans((scene) => scene.look.lights[row.light])) {
        const [mark, kind, word] = ha.LIGHTS[s.value];
        bar(s.from, s.to, row, `light l-${kind}${row.main ? " main" : ""}`, `${mark} ${ha.t(word)}`, `${row.label}: ${ha.t(word)}`);
      }
    }
  }
  const edge = (node) => {
    const lane = rows.filter((row) => row.node === node);
    return node === 0 ? lane[lane.length - 1].y + lane[lane.length - 1].high : lane[0].y;
  };
  for (const arrow of strip.arrows) {
    if (!arrow.sent && arrow.handled === null) continue;
    const from = x[arrow.sent];
    const to = arrow.handled === null ? Math.min(from + 14, width - 4) : arrow.handled === arrow.sent ? from : x[arrow.handled];
    const [a, b] = [edge(arrow.sender), edge(arrow.receiver)];
    const reach = arrow.handled === null ? a + (b - a) * 0.55 : b;
    const back = arrow.handled === arrow.sent ? Math.min(10, from) : 0;
    const line = ha.svg("path", { d: `M${from - back} ${a}L${to} ${reach}`, class: `arrow${arrow.handled === null ? " lost" : ""}`, "marker-end": `url(#${id}a)` });
    line.append(ha.svg("title", {}, document.createTextNode(`${strip.nodes[arrow.sender]} → ${strip.nodes[arrow.receiver]}: ${arrow.text}`)));
    svg.append(line);
  }
  let free = -1;
  let told = "";
  strip.scenes.forEach((scene, i) => {
    if (i && x[i] >= free && ha.when(strip, i) !== told) {
      told = ha.when(strip, i);
      svg.append(ha.svg("text", { x: x[i] + 3, y: high - 6, class: "tick" }, document.createTextNode(ha.when(strip, i))));
      free = x[i] + 62;
    }
    svg.append(ha.svg("line", { x1: x[i], x2: x[i], y1: 30, y2: high - 20, class: "grid" }));
    if (scene.kind === "timer" || scene.kind === "beginning") return;
    const mark = ha.svg("g", { class: `cause c-${scene.kind}` },
      ha.svg("path", { d: scene.kind === "fault" ? `M${x[i]} 4L${x[i] + 13} 17L${x[i]} 30L${x[i] - 13} 17Z` : `M${x[i] - 11} 6h22v22h-22z` }),
      ha.svg("text", { x: x[i], y: 22, "text-anchor": "middle" }, document.createTextNode(ha.MARKS[scene.kind] || "·")),
      ha.svg("title", {}, document.createTextNode(scene.title)));
    const next = strip.scenes.findIndex((other, j) => j > i && !["timer", "beginning"].includes(other.kind));
    const fits = Math.floor(((next < 0 ? width : x[next]) - x[i] - 34) / 6.6);
    if (fits > 6) mark.append(ha.svg("text", { x: x[i] + 19, y: 21, class: "what" }, document.createTextNode(ha.fit(scene.title, fits))));
    svg.append(mark);
  });
  if (strip.loop !== null) svg.append(ha.svg("path", { d: `M${width - 20} 17 H${x[strip.loop]}`, class: "loop", "marker-end": `url(#${id}a)` }, ha.svg("title", {}, document.createTextNode(ha.t("loop", strip.loop + 1)))));
  const veil = ha.svg("rect", { y: 32, height: high - 52, class: "veil" });
  const head = ha.svg("line", { y1: 0, y2: high - 18, class: "head" });
  const knob = ha.svg("circle", { r: 5, cy: high - 16, class: "knob" });
  svg.append(veil, head, knob);

  const labels = ha.el("div", { class: "labels", "aria-hidden": "true", style: `height:${high}px` },
    rows.map((row) => ha.el("span", { class: `r-${row.kind}${row.main ? " main" : ""}`, style: `top:${row.y}px;height:${row.high}px;line-height:${row.high}px`, title: row.long || row.label }, row.label)));
  const scroller = ha.el("div", { class: "scroller" }, svg);
  const step = (event) => {
    const place = event.clientX - svg.getBoundingClientRect().left;
    let best = 0;
    x.forEach((each, i) => { if (each <= place + 8) best = i; });
    return best;
  };
  if (options.pick) svg.addEventListener("click", (event) => options.pick(step(event)));
  return {
    element: ha.el("div", { class: "picture" }, labels, scroller),
    set(number) {
      const here = x[number];
      const shown = number === strip.scenes.length - 1 ? width : here;
      veil.setAttribute("x", number === 0 ? x[1] || width : ends[number]);
      veil.setAttribute("width", Math.max(0, width - (number === 0 ? x[1] || width : ends[number])));
      for (const line of [head]) { line.setAttribute("x1", here + 1); line.setAttribute("x2", here + 1); }
      knob.setAttribute("cx", here + 1);
      const room_ = scroller.clientWidth;
      if (room_ && (shown < scroller.scrollLeft + 40 || here > scroller.scrollLeft + room_ - 90)) scroller.scrollLeft = here - room_ / 2;
    },
  };
};
