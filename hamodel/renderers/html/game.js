// You are the operator: a walk through the part of the graph that lies in the page. Nothing is computed here but paths.
ha.board = (game) => {
  const positions = game.positions;
  const idle = (edge) => game.choices[edge.choice].who !== "you";
  const before = positions.map(() => []);
  positions.forEach((position, i) => position.edges.forEach((edge) => { if (idle(edge)) before[edge.target].push(i); }));
  const doom = positions.map(() => Infinity);
  const queue = [];
  positions.forEach((position, i) => { if (position.broken || position.never) { doom[i] = 0; queue.push(i); } });
  for (let k = 0; k < queue.length; k += 1) for (const i of before[queue[k]]) if (doom[i] === Infinity) { doom[i] = doom[queue[k]] + 1; queue.push(i); }
  const ahead = (start) => {
    const seen = new Set([start]);
    const found = { broken: false, unknown: false, rests: [] };
    for (const i of seen) {
      const position = positions[i];
      if (position.broken || position.never) found.broken = true;
      else if (!position.known) found.unknown = true;
      else if (!position.edges.some(idle)) found.rests.push(i);
      for (const edge of position.edges) if (idle(edge)) seen.add(edge.target);
    }
    return found;
  };
  const known = new Map();
  const verdict = (i) => {
    if (!known.has(i)) {
      const found = ahead(i);
      const rests = !positions[i].edges.some(idle);
      const word = positions[i].broken ? "lost" : positions[i].never ? (rests ? "stuck" : "round") : !positions[i].known ? "ended" : found.broken ? "open" : found.unknown ? "maybe" : "saved";
      known.set(i, { word, rests: found.rests });
    }
    return known.get(i);
  };
  const worst = (i) => [...positions[i].edges].filter(idle).sort((a, b) => doom[a.target] - doom[b.target] || a.lo - b.lo)[0];
  return { verdict, worst, idle, look: (i) => game.looks[positions[i].look] };
};

ha.game = (exhibit) => {
  const game = exhibit.game;
  const body = ha.el("section", { id: "game", class: "panel" }, ha.el("h2", {}, ha.t("game")));
  if (!game) {
    body.append(ha.el("p", { class: "dim" }, ha.t("missing", exhibit.no_game)));
    return body;
  }
  const board = ha.board(game);
  const strip = exhibit.strip;
  const path = [{ position: 0, edge: null }];
  const state = ha.el("div", { class: "state" });
  const moves = ha.el("div", { class: "moves" });
  const diary = ha.el("ol", { class: "diary", "aria-label": ha.t("run") });
  const status = ha.el("p", { class: "status", role: "status" });
  const advice = ha.el("p", { class: "advice", role: "status" });
  const here = () => path[path.length - 1].position;
  const timing = (edge, who) => who === "you" ? "" : ha.t("within", ha.span(edge.lo, edge.hi));
  const go = (edge) => { path.push({ position: edge.target, edge }); advice.textContent = ""; draw(); };
  const button = (edge) => {
    const choice = game.choices[edge.choice];
    return ha.el("button", { type: "button", class: `move ${choice.who}`, onclick: () => go(edge) }, choice.text, ha.el("small", {}, timing(edge, choice.who)));
  };
  const say = (edge) => {
    const choice = game.choices[edge.choice];
    const story = game.stories[edge.story].filter((line) => !line.cause);
    const text = choice.who === "you" ? `${ha.t("you")}: ${choice.text}` : choice.text;
    return ha.el("li", { class: choice.who }, ha.el("span", {}, story.length && choice.who === "clock" ? "" : text), ha.el("time", {}, timing(edge, choice.who)), story.length ? ha.told(story) : null);
  };
  const hint = () => {
    const at = game.positions[here()];
    if (board.verdict(here()).word === "saved") advice.textContent = ha.t(game.promise ? "hintSafePromise" : "hintSafe");
    else {
      const out = at.edges.filter((edge) => !board.idle(edge) && board.verdict(edge.target).word === "saved");
      advice.textContent = out.length ? ha.t("hintYes", out.map((edge) => game.choices[edge.choice].text).join(" / ")) : ha.t("hintNo");
    }
  };
  const draw = () => {
    const position = game.positions[here()];
    const { word, rests } = board.verdict(here());
    const served = rests.every((i) => strip.items.every((_, k) => board.look(i).resources.some((row) => row[k] === "running")));
    const own = game.promise && ["saved", "open", "maybe"].includes(word) ? `${word}Promise` : word;
    const texts = [ha.t(own, exhibit.name)];
    if (word === "saved" && !game.promise && rests.length && !served) texts.push(ha.t("savedUnserved"));
    if (position.known && !position.broken && !position.never && !position.edges.some(board.idle)) texts.push(ha.t("rest"));
    status.className = `status ${word}`;
    status.replaceChildren(ha.el("span", { class: "sign", "aria-hidden": "true" }, { lost: "✗", stuck: "✗", round: "↻", saved: "✓", open: "?", maybe: "?", ended: "…" }[word]), ` ${texts.join(" ")}`);
    state.replaceChildren(ha.cards(board.look(here()), strip), ha.surroundings(board.look(here()), strip), ha.lightsOf(strip.lights.slice(0, 1), board.look(here()).lights));
    const yours = position.edges.filter((edge) => !board.idle(edge));
    const next = position.edges.filter(board.idle);
    const worst = board.worst(here());
    moves.replaceChildren(
      ha.el("h3", {}, ha.t("yourMove"), ha.el("small", {}, ha.t("commandsLeft", position.left))),
      worst ? ha.el("button", { type: "button", class: "move wait", onclick: () => go(board.worst(here())) }, ha.t("wait"), ha.el("small", {}, next.length > 1 ? ha.t("waitWorst") : timing(worst, "clock"))) : "",
      ...yours.map(button),
      next.length > 1 ? ha.el("details", {}, ha.el("summary", {}, ha.t("chooseNext")), next.map(button)) : "",
      ha.el("p", { class: "tools" },
        ha.el("button", { type: "button", class: "plain hint", onclick: hint }, ha.t("hint")),
        ha.el("button", { type: "button", class: "plain undo", disabled: path.length < 2, onclick: () => { path.pop(); advice.textContent = ""; draw(); } }, ha.t("undo")),
        ha.el("button", { type: "button", class: "plain restart", disabled: path.length < 2, onclick: () => { path.length = 1; advice.textContent = ""; draw(); } }, ha.t("restart"))));
    diary.replaceChildren(ha.el("li", { class: "world" }, ha.t("begins", game.after)), ...path.slice(1).map((each) => say(each.edge)));
    diary.scrollTop = diary.scrollHeight;
  };
  draw();
  body.append(ha.el("p", { class: "lead" }, ha.t(game.promise ? "gameHintPromise" : "gameHint", game.after, game.commands, exhibit.name)), status,
    ha.el("div", { class: "board" }, ha.el("div", {}, state), ha.el("div", {}, moves, advice), diary),
    ha.el("p", { class: "dim" }, ha.t("situations", game.positions.length, game.complete ? ha.t("allOf") : ha.t("notAll"))));
  return body;
};
