// One state in words: a card for each node, and what is said at one step.
ha.cards = (look, strip) => ha.el("div", { class: "cards" }, strip.nodes.map((name, n) => ha.el("div", { class: `card m-${look.machines[n]}` },
  ha.el("h4", {}, name, ha.el("span", { class: "word" }, ha.word(look.machines[n]))),
  ha.el("p", { class: `belief v-${look.views[n]}` }, ha.believes(strip, n, look.views[n])),
  ha.el("ul", {}, strip.items.map((item, i) => {
    const mode = look.resources[n][i];
    const twice = ha.holds(item) && ha.isUp(mode) && ha.twice(look, i);
    return ha.el("li", { class: `chip i-${mode} k-${item.kind}${twice ? " twice" : ""}`, title: item.text },
      `${mode === "stopped" ? "○" : mode === "running" ? "●" : "◐"} ${item.label}`, ha.el("small", {}, twice ? ha.t("both") : ha.word(mode)));
  })))));

ha.surroundings = (look, strip) => ha.el("ul", { class: "around" },
  strip.media.map((name, m) => {
    const [to0, to1] = look.media[m];
    const word = to0 === to1 ? ha.word(to0) : `→ ${strip.nodes[1]} ${ha.word(to1)}, → ${strip.nodes[0]} ${ha.word(to0)}`;
    return ha.el("li", { class: `b-${to0 === to1 ? to0 : "half"}` }, `${to0 === "cut" ? "✂" : "♥"} ${name}: ${word}`);
  }),
  look.notes.map((note) => ha.el("li", { class: "note" }, note)));

ha.told = (story) => ha.el("ul", { class: "story" }, story.map((line) => ha.el("li", { class: line.cause ? "cause" : "" },
  line.node ? ha.el("b", {}, `${line.node} `) : null, line.text)));

ha.countdowns = (scene) => {
  if (!scene.countdowns.length) return ha.el("p", { class: "dim" }, ha.t("noClock"));
  return ha.el("ul", { class: "clocks" }, scene.countdowns.map((clock) => {
    const left = clock.lo - scene.at;
    const most = clock.hi === null ? null : clock.hi - scene.at;
    const whole = Math.max(1, (clock.hi === null ? clock.lo : clock.hi) - clock.since);
    const percent = (part) => `${Math.max(0, Math.min(100, (100 * part) / whole)).toFixed(1)}%`;
    return ha.el("li", {}, ha.el("span", {}, clock.text),
      ha.el("b", {}, most === null ? ha.t("unknown") : most === 0 ? ha.t("due") : ha.t("within", ha.span(left, most))),
      ha.el("i", { class: "meter", "aria-hidden": "true" },
        ha.el("i", { class: "late", style: `width:${percent(most === null ? whole : most)}` }), ha.el("i", { class: "soon", style: `width:${percent(left)}` })));
  }));
};

ha.messages = (strip, step) => {
  const now = strip.arrows.filter((arrow) => step > 0 && (arrow.sent === step || arrow.handled === step));
  if (!now.length) return null;
  return ha.el("div", { class: "messages" }, ha.el("h3", {}, ha.t("messages")), ha.el("ul", { class: "story" }, now.map((arrow) => ha.el("li", { class: arrow.handled === null ? "lost" : "" },
    ha.el("b", {}, `${strip.nodes[arrow.sender]} → ${strip.nodes[arrow.receiver]}: `), `“${arrow.text}” `,
    ha.el("small", {}, arrow.handled === null ? ha.t("neverHandled") : arrow.handled === step ? ha.t("handled") : ha.t("sent"))))));
};

ha.lightsOf = (lights, values) => ha.el("ul", { class: "lights" }, lights.map((light, i) => {
  const [mark, kind, word] = ha.LIGHTS[values[i]];
  return ha.el("li", { class: `l-${kind}${light.main ? " main" : ""}`, title: light.doc }, ha.el("span", { "aria-hidden": "true" }, mark), ` ${light.name} `, ha.el("small", {}, ha.t(word)));
}));

ha.logs = (strip, n) => {
  const list = ha.el("ol", { class: "log", tabindex: "0", "aria-label": ha.t("log", strip.nodes[n]) });
  const lines = strip.logs[n].map((entry) => {
    const level = /error|crit|emerg/i.test(entry.level) ? "err" : /warn/i.test(entry.level) ? "warn" : "";
    const line = ha.el("li", { class: level }, entry.text);
    list.append(line);
    return line;
  });
  const empty = ha.el("li", { class: "empty" }, ha.t("noLog"));
  list.append(empty);
  return {
    element: ha.el("section", { class: "logbox" }, ha.el("h3", {}, ha.t("log", strip.nodes[n])), list),
    set(number) {
      let newest = null;
      let shown = 0;
      strip.logs[n].forEach((entry, i) => {
        lines[i].hidden = entry.step > number;
        lines[i].classList.toggle("new", entry.step === number && number > 0);
        if (entry.step <= number) shown += 1;
        if (entry.step === number && newest === null) newest = lines[i];
      });
      empty.hidden = shown > 0;
      const target = newest || lines[shown - 1];
      if (target) list.scrollTop = Math.max(0, target.offsetTop - 30);
    },
  };
};
