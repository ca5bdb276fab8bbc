// The failing run and the nearest safe one, one above the other, at the same moment.
ha.beside = (exhibit, room) => {
  const body = ha.el("section", { id: "beside", class: "panel" }, ha.el("h2", {}, ha.t("beside")));
  const contrast = exhibit.contrast;
  if (!contrast) {
    body.append(ha.el("p", { class: "dim" }, ha.t("missing", exhibit.no_contrast)));
    return { element: body, set() {} };
  }
  const same = contrast.same ? ha.t("sameUntil", contrast.same) : ha.t("sameNone");
  body.append(ha.el("p", { class: "lead" }, ha.t("besideHint", same)));
  body.append(ha.el("p", { class: "differs" }, ha.el("b", {}, `${ha.t("differs")}${ha.t("colon")}`), contrast.change));
  const sentences = (strip) => strip.scenes.flatMap((scene) => scene.story.map((line) => ({ ...line, at: scene.at })));
  const side = (strip, other, title, kind) => {
    const known = new Set(sentences(other).map((line) => `${line.node} ${line.text}`));
    const picture = ha.timeline(strip, room, { label: title });
    const from = ha.zero(strip);
    const list = ha.el("ol", { class: "story compare" }, sentences(strip).map((line) => ha.el("li", { class: known.has(`${line.node} ${line.text}`) ? "same" : "other" },
      ha.el("time", {}, ha.seconds(Math.max(0, line.at - from))), " ", line.node ? ha.el("b", {}, `${line.node} `) : null, line.text)));
    const element = ha.el("div", { class: `side ${kind}` }, ha.el("h3", {}, title), picture.element,
      ha.el("details", {}, ha.el("summary", {}, ha.t("run")), list));
    return { element, picture, strip };
  };
  const sides = [
    side(exhibit.strip, contrast.strip, ha.t("failing", exhibit.name), "fails"),
    side(contrast.strip, exhibit.strip, ha.t("safe", contrast.change), "safe"),
  ];
  body.append(...sides.map((each) => each.element));
  return {
    element: body,
    set(number) {
      sides[0].picture.set(number);
      const passed = exhibit.strip.scenes[number].at - ha.zero(exhibit.strip);
      const scenes = contrast.strip.scenes;
      let here = 0;
      scenes.forEach((scene, i) => { if (number > 0 && i > 0 && scene.at - ha.zero(contrast.strip) <= passed) here = i; });
      sides[1].picture.set(number === exhibit.strip.scenes.length - 1 ? scenes.length - 1 : here);
    },
  };
};
