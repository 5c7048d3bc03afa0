// The form builder's eases: a question is drawn to another place by mouse, and the preview asks the server which questions follow from an answer.
// Both send what the page's own buttons send; without scripts these do it.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Drag and drop. Only the grip starts it, so that words can still be marked and links followed. A line shows where the question would stand.
  all("form[data-builder]").forEach((form) => {
    let held = null;
    const lists = all("[data-section]", form);
    const rows = (list) => [...list.children].filter((row) => row !== held);
    const below = (list, y) => rows(list).find((row) => y < row.getBoundingClientRect().top + row.offsetHeight / 2);
    const unmark = () => all(".gap, .gap-end", form).forEach((place) => place.classList.remove("gap", "gap-end"));

    all("[data-key]", form).forEach((row) => {
      const grip = row.querySelector(".grip");
      grip.addEventListener("pointerdown", () => { row.draggable = true; });
      grip.addEventListener("pointerup", () => { row.draggable = false; });
      row.addEventListener("dragstart", (event) => {
        held = row;
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", row.dataset.key);
        row.classList.add("held");
      });
      row.addEventListener("dragend", () => {
        row.classList.remove("held");
        row.draggable = false;
        held = null;
        unmark();
      });
    });
    lists.forEach((list) => {
      list.addEventListener("dragover", (event) => {
        if (!held) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = "move";
        const before = below(list, event.clientY);
        unmark();
        (before || list).classList.add(before ? "gap" : "gap-end");
      });
      list.addEventListener("drop", (event) => {
        if (!held) return;
        event.preventDefault();
        const others = rows(list), before = below(list, event.clientY);
        form.elements.key.value = held.dataset.key;
        form.elements.to.value = `${list.dataset.section}:${before ? others.indexOf(before) : others.length}`;
        form.submit();
      });
    });
  });

  // The preview: as a proposal that saves itself would, after each answer that other questions depend on.
  all("form[data-preview]").forEach((form) => {
    const show = (id, text) => {
      const place = document.getElementById(id);
      if (place) { place.hidden = !text; place.textContent = text; }
    };
    form.addEventListener("change", async (event) => {
      if (!event.target.matches("[data-decides]")) return;
      const response = await fetch(form.action, {
        method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "error",
        headers: { "X-CSRFToken": form.elements.csrf_token.value, Accept: "application/json", "X-Autosave": "1" },
      });
      if (!response.ok) return;
      const told = await response.json();
      all("[data-question]", form).forEach((question) => {
        const key = question.dataset.question;
        question.hidden = !told.shown.includes(key);
        show(`${key}-error`, told.errors[key] || "");
      });
    });
  });
})();
