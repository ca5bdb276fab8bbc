// The page: what is shown, where one is, and how one moves.
ha.start = () => {
  const english = JSON.parse(document.getElementById("data").textContent);
  let data = english;
  const root = document.documentElement;
  const page = document.getElementById("page");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const night = matchMedia("(prefers-color-scheme: dark)");
  let chosen = 0;
  let step = 0;
  let playing = null;
  let parts = [];
  let themed = false;

  const theme = (dark) => {
    root.dataset.theme = dark ? "dark" : "light";
    const button = document.getElementById("theme");
    button.textContent = dark ? `☀ ${ha.t("light")}` : `☾ ${ha.t("dark")}`;
    button.setAttribute("aria-pressed", String(dark));
  };
  document.getElementById("theme").addEventListener("click", () => { themed = true; theme(root.dataset.theme !== "dark"); });
  night.addEventListener("change", (event) => { if (!themed) theme(event.matches); });

  const exhibit = () => data.exhibits[chosen];
  const last = () => exhibit().strip.scenes.length - 1;
  const address = () => {
    const where = data.exhibits.length > 1 ? `property=${encodeURIComponent(exhibit().name)}&step=${step}` : `step=${step}`;
    history.replaceState(null, "", `#${where}`);
  };
  const fromAddress = () => {
    const asked = new URLSearchParams(location.hash.slice(1));
    const named = data.exhibits.findIndex((each) => each.name === asked.get("property"));
    const number = Number.parseInt(asked.get("step") || "", 10);
    return { exhibit: named < 0 ? chosen : named, step: Number.isNaN(number) ? null : number };
  };
  const go = (number, quietly) => {
    step = Math.max(0, Math.min(last(), number));
    for (const part of parts) part.set(step);
    if (!quietly) address();
  };
  const stop = () => {
    if (playing !== null) clearTimeout(playing);
    playing = null;
    const button = document.getElementById("play");
    if (button) { button.textContent = ha.t("play"); button.setAttribute("aria-label", ha.t("play")); button.setAttribute("aria-pressed", "false"); }
  };
  const tick = () => {
    if (step >= last()) { stop(); return; }
    go(step + 1);
    playing = setTimeout(tick, still.matches ? 2400 : 1500);
  };
  const play = () => {
    if (playing !== null) { stop(); return; }
    const button = document.getElementById("play");
    button.textContent = ha.t("pause");
    button.setAttribute("aria-label", ha.t("pause"));
    button.setAttribute("aria-pressed", "true");
    if (step >= last()) go(0);
    playing = setTimeout(tick, 350);
  };

  const hero = () => {
    const one = exhibit();
    const lesson = data.lessons.find((each) => each.language === ha.language) || data.lessons[0];
    const strip = one.strip;
    const lasts = one.length === "for ever" ? ha.t("forever") : one.length && ha.t("atMost", one.length.replace(/ at most$/, ""));
    const passed = strip.scenes[last()].at - ha.zero(strip);
    return ha.el("section", { class: "hero" },
      ha.el("p", { class: "kicker" }, `${ha.t("counterexample")} · ${strip.nodes.join(" + ")} · Heartbeat ${data.heartbeat}`),
      ha.el("h1", {}, lesson && lesson.title ? lesson.title : data.cluster),
      ha.el("p", { class: "claim" }, ha.el("span", { class: "cross" }, `✗ ${ha.t("broken")}`), " ", ha.el("code", {}, one.name), ha.el("span", { class: "doc" }, one.doc)),
      ha.el("ul", { class: "facts" },
        ha.el("li", {}, `${ha.t("by")} `, ha.el("b", {}, one.faults)),
        lasts ? ha.el("li", {}, `${ha.t("lasts")} `, ha.el("b", {}, lasts)) : null,
        ha.el("li", {}, ha.t("events", last(), ha.seconds(passed))),
        strip.certified.length ? ha.el("li", {}, `${ha.t("certified")}${ha.t("colon")}${strip.certified.join(", ")}`) : null),
      lesson && lesson.story ? ha.el("details", { class: "lesson", open: true, lang: lesson.language }, ha.el("summary", {}, ha.t("lesson")), ha.el("p", {}, lesson.story.replace(/(?<=[\u3000-\u9fff\uff00-\uffef])\n(?=[\u3000-\u9fff\uff00-\uffef])/g, ""))) : null);
  };

  const plot = () => {
    const turns = exhibit().plot;
    if (!turns.length) return null;
    const turn = (one) => ha.el("li", {}, ha.el("button", { type: "button", class: "plain turn", onclick: () => { stop(); go(one.step); } }, one.text), " ", ha.el("small", { class: "dim" }, ha.t("eventOf", one.step, last())));
    return ha.el("div", { id: "plot" }, ha.el("h3", {}, ha.t("plot")), ha.el("p", { class: "dim" }, ha.t("plotHint")), ha.el("ol", {}, turns.map(turn)));
  };

  const watch = () => {
    const strip = exhibit().strip;
    const room = Math.max(280, page.clientWidth - (page.clientWidth > 700 ? 236 : 138));
    const picture = ha.timeline(strip, room, { label: `${ha.t("run")}: ${exhibit().name}`, pick: (number) => { stop(); go(number); } });
    const slider = ha.el("input", { type: "range", id: "slider", min: 0, max: last(), value: 0, "aria-label": ha.t("slider"), oninput: () => { stop(); go(Number(slider.value)); } });
    const button = (id, text, label, action) => ha.el("button", { type: "button", id, "aria-label": label, title: label, onclick: action }, text);
    const where = ha.el("output", { class: "where", for: "slider" });
    const copy = ha.el("button", { type: "button", class: "plain", id: "link", onclick: () => {
      address();
      const done = () => { copy.textContent = ha.t("copied"); setTimeout(() => { copy.textContent = ha.t("link"); }, 1500); };
      if (navigator.clipboard) navigator.clipboard.writeText(location.href).then(done, () => {});
    } }, ha.t("link"));
    const controls = ha.el("div", { class: "controls", role: "group", "aria-label": ha.t("run") },
      button("first", "|◀", ha.t("first"), () => { stop(); go(0); }), button("back", "◀", ha.t("back"), () => { stop(); go(step - 1); }),
      ha.el("button", { type: "button", id: "play", "aria-label": ha.t("play"), "aria-pressed": "false", onclick: play }, ha.t("play")),
      button("next", "▶", ha.t("next"), () => { stop(); go(step + 1); }), button("last", "▶|", ha.t("last"), () => { stop(); go(last()); }),
      slider, where, copy);
    const time = ha.el("p", { class: "time" });
    const title = ha.el("p", { class: "title" });
    const story = ha.el("div", {});
    const state = ha.el("div", {});
    const clocks = ha.el("div", {});
    const lights = ha.el("div", {});
    const logs = strip.nodes.map((_, n) => ha.logs(strip, n));
    const moment = ha.el("section", { class: "moment" }, ha.el("h3", {}, ha.t("now")), ha.el("div", { "aria-live": "polite" }, time, title, story), state, ha.el("h3", {}, ha.t("clocks")), clocks);
    parts.push(picture, ...logs, { set(number) {
      const scene = strip.scenes[number];
      slider.value = String(number);
      slider.setAttribute("aria-valuetext", `${ha.t("eventOf", number, last())}: ${scene.title}`);
      where.textContent = number ? ha.t("eventOf", number, last()) : ha.t("beginning");
      time.textContent = number ? ha.when(strip, number) : "";
      const told = scene.story.filter((line) => !line.cause);
      title.textContent = number ? scene.title : ha.t("beginning");
      title.className = `title c-${scene.kind}${told.length && scene.kind === "timer" ? " rule" : ""}`;
      const sent = ha.messages(strip, number);
      const otherwise = number === 0 ? ha.t("nothing") : scene.kind === "timer" && !sent ? ha.t("quietStep") : "";
      story.replaceChildren(told.length ? ha.told(told) : otherwise ? ha.el("p", { class: "dim" }, otherwise) : "", sent || "");
      state.replaceChildren(ha.cards(scene.look, strip), ha.surroundings(scene.look, strip));
      clocks.replaceChildren(ha.countdowns(scene));
      lights.replaceChildren(ha.lightsOf(strip.lights, scene.look.lights));
    } });
    return ha.el("section", { id: "watch", class: "panel", tabindex: "-1" }, ha.el("h2", {}, ha.t("run")), ha.el("p", { class: "lead" }, ha.t("runHint")),
      strip.loop === null ? null : ha.el("p", { class: "lead" }, `↻ ${ha.t("loop", strip.loop + 1)}`), plot(),
      picture.element, controls, ha.el("div", { class: "moments" }, logs[0].element, moment, logs[1].element),
      ha.el("h3", {}, ha.t("lights")), lights);
  };

  const draw = () => {
    stop();
    parts = [];
    root.lang = ha.language;
    data = ha.language === "zh" ? { ...english, exhibits: ha.translated(english.exhibits, english.said, english.spoken) } : english;
    document.getElementById("skip").textContent = ha.t("skip");
    document.getElementById("tabs").setAttribute("aria-label", ha.t("tabs"));
    const one = exhibit();
    document.title = `${one.name}: ${data.cluster}`;
    const room = Math.max(280, page.clientWidth - (page.clientWidth > 700 ? 250 : 150));
    const compared = ha.beside(one, room);
    page.replaceChildren(hero(), watch(), compared.element, ha.game(one), ha.quiz(one),
      one.rests_on.length ? ha.el("section", { class: "panel", id: "rests" }, ha.el("h2", {}, ha.t("rests")), ha.el("ul", { class: "lines" }, one.rests_on.map((line) => ha.el("li", {}, ha.el("code", {}, line))))) : "",
      ha.el("footer", {}, ha.t("made", data.version, data.heartbeat)));
    parts.push(compared);
    tabs();
    theme(root.dataset.theme === "dark");
    go(step, true);
  };
  const tabs = () => {
    const list = data.exhibits.length < 2 ? [] : data.exhibits.map((each, i) => ha.el("button", { type: "button", "aria-current": i === chosen ? "page" : null, onclick: () => { chosen = i; step = 0; draw(); address(); } }, each.name));
    document.getElementById("tabs").replaceChildren(...list);
    const languages = [["en", "English"], ["zh", "中文"]].map(([code, name]) =>
      ha.el("button", { type: "button", lang: code, "aria-pressed": String(ha.language === code), onclick: () => { ha.language = code; draw(); } }, name));
    document.getElementById("languages").replaceChildren(...languages);
  };

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    const moves = { ArrowLeft: () => go(step - 1), ArrowRight: () => go(step + 1), Home: () => go(0), End: () => go(last()) };
    if (event.key === " " && !/^(BUTTON|SUMMARY|A)$/.test(event.target.tagName)) { event.preventDefault(); play(); }
    else if (moves[event.key]) { event.preventDefault(); stop(); moves[event.key](); }
  });
  addEventListener("hashchange", () => {
    const asked = fromAddress();
    if (asked.exhibit !== chosen) { chosen = asked.exhibit; step = asked.step || 0; draw(); }
    else if (asked.step !== null && asked.step !== step) { stop(); go(asked.step, true); }
  });
  const asked = fromAddress();
  chosen = asked.exhibit;
  step = asked.step === null ? 0 : Math.max(0, asked.step);
  root.dataset.theme = night.matches ? "dark" : "light";
  if (data.begin === "zh" || (navigator.language || "").startsWith("zh")) ha.language = "zh";
  draw();
};
ha.start();
