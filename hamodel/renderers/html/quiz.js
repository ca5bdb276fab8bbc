// Which change would have saved you? The answers were decided by checks; the page only compares.
ha.quiz = (exhibit) => {
  const body = ha.el("section", { id: "quiz", class: "panel" }, ha.el("h2", {}, ha.t("quiz")));
  if (!exhibit.quiz.length) {
    body.append(ha.el("p", { class: "dim" }, ha.t("missing", exhibit.no_quiz)));
    return body;
  }
  const some = exhibit.quiz.some((option) => option.saves);
  const options = [...exhibit.quiz, { text: ha.t("none"), saves: !some, reason: some ? ha.t("noneWrong") : ha.t("noneRight"), how: "" }];
  const score = ha.el("p", { class: "score", role: "status" });
  const answers = options.map((option, i) => {
    const box = ha.el("input", { type: "checkbox", id: `q${i}` });
    const verdict = ha.el("p", { class: "verdict", hidden: true });
    return { option, box, verdict, element: ha.el("li", {}, box, ha.el("label", { for: `q${i}` }, option.text), verdict) };
  });
  const show = ha.el("button", { type: "button", class: "show" }, ha.t("look"));
  const shown = (yes) => {
    let right = 0;
    for (const { option, box, verdict, element } of answers) {
      box.disabled = yes;
      verdict.hidden = !yes;
      const judged = box.checked === option.saves;
      right += judged ? 1 : 0;
      const last = option === options[options.length - 1];
      verdict.replaceChildren(ha.el("b", {}, last ? (option.saves ? "✓" : "✗") : option.saves ? `✓ ${ha.t("would")}` : `✗ ${ha.t("wouldNot")}`), ` ${option.reason}`, option.how ? ha.el("small", {}, ` (${option.how})`) : "");
      element.className = yes ? `${option.saves ? "saves" : "fails"} ${judged ? "judged" : "misjudged"}` : "";
      if (!yes) box.checked = false;
    }
    score.textContent = yes ? ha.t("score", right, answers.length) : "";
    show.textContent = yes ? ha.t("again") : ha.t("look");
  };
  let open = false;
  show.addEventListener("click", () => { open = !open; shown(open); });
  body.append(ha.el("p", { class: "lead" }, ha.t("quizHint")), ha.el("ol", { class: "quiz" }, answers.map((answer) => answer.element)), show, score);
  return body;
};
