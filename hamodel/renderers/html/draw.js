// Small helpers: elements with text (never markup), SVG shapes, durations.
ha.el = (tag, props, ...children) => {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "class") node.className = value;
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  for (const child of children.flat()) if (child !== null && child !== undefined) node.append(child);
  return node;
};
ha.svg = (tag, props, ...children) => {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(props || {})) if (value !== null && value !== undefined) node.setAttribute(key, String(value));
  for (const child of children.flat()) if (child) node.append(child);
  return node;
};
ha.seconds = (ms) => {
  const short = (value, digits) => String(Number(value.toFixed(digits)));
  if (ms < 120000) return `${short(ms / 1000, 3)} s`;
  if (ms < 7200000) return `${Math.floor(ms / 60000)} min ${short((ms % 60000) / 1000, 1)} s`;
  return `${short(ms / 3600000, 2)} h`;
};
ha.span = (lo, hi) => {
  if (hi === null) return `${ha.seconds(lo)} …`;
  return lo === hi ? ha.seconds(lo) : `${ha.seconds(lo)} – ${ha.seconds(hi)}`;
};
ha.zero = (strip) => {
  const first = strip.scenes.find((scene) => !["timer", "beginning"].includes(scene.kind));
  return first ? first.at : 0;
};
ha.when = (strip, step) => {
  const at = strip.scenes[step].at - ha.zero(strip);
  return at < 0 ? `−${ha.seconds(-at)}` : ha.seconds(at);
};
ha.belief = (view) => (view === "none" ? "–" : ha.word(view));
ha.broad = (text) => [...text].reduce((sum, sign) => sum + (sign > "\u2e80" ? 1.8 : 1), 0);
ha.fit = (text, room) => {
  if (ha.broad(text) <= room) return text;
  const signs = [...text];
  while (signs.length && ha.broad(signs.join("")) > room - 1) signs.pop();
  return `${signs.join("")}…`;
};
ha.believes = (strip, n, view) => (view === "none" ? ha.t("noBelief") : ha.t("believes", strip.nodes[1 - n], ha.word(view)));
ha.clockSays = (clock) => ha.span(clock.lo - clock.since, clock.hi === null ? null : clock.hi - clock.since);
ha.clockName = (strip, key, text) => {
  const clock = strip.scenes.flatMap((scene) => scene.countdowns).find((each) => each.key === key);
  return `${clock.node === null ? "" : `${strip.nodes[clock.node]} `}${text.split(/[:：]/)[0]}`;
};
ha.MARKS = { fault: "!", repair: "+", operator: "›", script: "·" };
ha.LIGHTS = [["✗", "bad", "isBroken"], ["✓", "good", "holds"], ["…", "wait", "waiting"]];
ha.isUp = (word) => word === "running" || word === "stopping";
ha.twice = (look, item) => look.resources.filter((row) => ha.isUp(row[item])).length > 1;
ha.holds = (item) => item.kind !== "service";
