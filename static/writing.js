// A section of a proposal that saves itself: a moment after the last key, at once after a choice, and when the page is hidden. The server reads
// and checks what was typed as it does for the button, and says what is asked, what is wrong and what it comes to. Without scripts the button does it.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const AFTER_TYPING = 1.5, AFTER_CHOOSING = 0.2, AT_MOST = 10, SIGNED_OUT = 10, HERE = 30; // seconds

  const autosave = (form) => {
    const words = form.dataset;
    const status = form.querySelector("[data-status]");
    const trouble = form.querySelector("[data-trouble]");
    const company = form.querySelector("[data-others]");
    let edits = 0, savedEdits = 0, busy = false, stopped = false, timer = 0, since = 0, tries = 0, pressed;

    const speak = (text, { signIn = false, compare = false } = {}) => {
      trouble.hidden = !text;
      const place = trouble.querySelector("p");
      if (place.textContent !== text) place.textContent = text;
      trouble.querySelector("[data-sign-in]").hidden = !signIn;
      trouble.querySelector("[data-compare]").hidden = !compare;
    };
    const tell = (text) => {
      company.hidden = !text;
      if (company.textContent !== text) company.textContent = text;
    };
    const show = (id, text) => {
      const place = document.getElementById(id);
      if (place) { place.hidden = !text; place.textContent = text; }
    };
    const took = (told) => {
      form.elements.version.value = told.version;
      form.elements.seen.value = told.seen;
      all("[data-question]", form).forEach((question) => {
        const key = question.dataset.question;
        question.hidden = !told.shown.includes(key);
        show(`${key}-error`, told.errors[key] || "");
        show(`${key}-fault`, told.errors[key] ? "" : told.faults[key] || "");
        question.querySelector(".field")?.classList.toggle("has-error", Boolean(told.errors[key]));
        all(".cell .wrong", question).forEach((place) => show(place.id, told.cells[place.id.slice(0, -"-error".length)] || ""));
      });
      for (const [id, html] of Object.entries(told.fragments)) {
        const place = document.getElementById(id);
        if (!place) continue;
        if (id === "steps") place.outerHTML = html; else place.innerHTML = html;
      }
      status.textContent = filled(Object.keys(told.errors).length ? words.partly : words.saved, { time: told.saved });
      tell(told.others);
      speak("");
    };
    const send = (address, headers = {}) => fetch(address, {
      method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "error",
      headers: { "X-CSRFToken": form.elements.csrf_token.value, Accept: "application/json", ...headers },
    });
    const later = (seconds) => { clearTimeout(timer); timer = setTimeout(save, seconds * 1000); };

    // After the session ended: who signs in again, in any tab, gives this page a token that counts, and it goes on.
    const signedOut = async () => {
      const now = await (await fetch(words.session, { cache: "no-store" })).json();
      if (String(now.person) === words.person) {
        all("[name=csrf_token]").forEach((input) => { input.value = now.token; });
        document.body.dataset.hxHeaders = JSON.stringify({ "X-CSRFToken": now.token });
        later(0);
        return;
      }
      speak(now.person ? words.other : words.out, { signIn: true });
      later(SIGNED_OUT);
    };
    const answered = async (response, sending) => {
      if (response.ok) {
        took(await response.json());
        savedEdits = sending; tries = 0;
        if (edits === sending && !form.querySelector(".has-error")) { since = 0; form.dispatchEvent(new CustomEvent("intake:saved", { bubbles: true })); }
      } else if (response.status === 409) {
        stopped = true;
        speak((await response.json().catch(() => ({}))).words || words.failed, { compare: true });
      } else if (response.status === 400 || response.status === 401) {
        await signedOut();
      } else {
        savedEdits = sending; // the same words would be refused again: the button shows why
        speak(words.failed);
      }
    };
    async function save() {
      clearTimeout(timer);
      if (busy || stopped || savedEdits === edits) return;
      busy = true;
      const sending = edits;
      status.textContent = words.saving;
      try {
        await answered(await send(form.action, { "X-Autosave": "1" }), sending);
      } catch {
        tries += 1;
        speak(words.offline);
        later(Math.min(60, 2 ** tries));
      }
      busy = false;
      if (!trouble.hidden) status.textContent = "";
      if (pressed !== undefined) {
        const button = pressed;
        pressed = undefined;
        button?.removeAttribute("aria-busy");
        if (trouble.hidden) { form.requestSubmit(button); return; }
      }
      if (!stopped && edits > sending) later(AFTER_TYPING);
    }
    const touched = (delay) => {
      edits += 1;
      since ||= Date.now();
      later(Date.now() - since > AT_MOST * 1000 ? 0 : delay);
    };

    form.addEventListener("input", (event) => { if (event.target.type !== "file") touched(AFTER_TYPING); });
    form.addEventListener("change", (event) => { if (event.target.matches("select, [type=radio], [type=checkbox]")) touched(AFTER_CHOOSING); });
    // A button that is pressed while a save is under way waits for its answer: the version in it is the one that the button's save needs.
    form.addEventListener("submit", (event) => {
      clearTimeout(timer);
      stopped = !busy;
      if (!busy) return;
      event.preventDefault();
      pressed = event.submitter;
      pressed?.setAttribute("aria-busy", "true");
    });
    document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
    addEventListener("focus", () => { if (!trouble.hidden && !stopped) later(0); });
    addEventListener("pageshow", (event) => { if (event.persisted) stopped = false; });

    // Who else is in, and whether this section has changed under one's hands.
    const here = async () => {
      if (document.hidden || stopped || busy) return;
      try {
        const response = await send(words.autosave);
        if (!response.ok) return;
        const told = await response.json();
        tell([told.others, edits === savedEdits ? told.changed : ""].filter(Boolean).join(" "));
      } catch { /* the next save will tell */ }
    };
    here();
    setInterval(here, HERE * 1000);
  };

  // One more row without asking the server: a copy of the last one, emptied and numbered on.
  const addRow = (button, form) => {
    const stem = `${button.dataset.more}-`;
    const last = form.querySelector(`[data-rows-of="${CSS.escape(button.dataset.more)}"]`)?.lastElementChild;
    if (!last) return false;
    const row = last.cloneNode(true);
    const number = Number(last.querySelector("[name]").name.slice(stem.length).split("-")[0]);
    const was = `${stem}${number}-`, becomes = `${stem}${number + 1}-`;
    all("*", row).forEach((part) => ["id", "name", "for", "aria-describedby"].forEach((name) => {
      const value = part.getAttribute(name);
      if (value?.startsWith(was)) part.setAttribute(name, becomes + value.slice(was.length));
    }));
    all("input:not([type=hidden]), select", row).forEach((input) => { input.value = ""; input.removeAttribute("value"); });
    all("option[selected]", row).forEach((option) => option.removeAttribute("selected"));
    all(".wrong", row).forEach((place) => { place.hidden = true; });
    last.after(row);
    row.querySelector("select, input:not([type=hidden])").focus();
    return true;
  };

  all("form[data-autosave]").forEach((form) => {
    autosave(form);
    form.addEventListener("click", (event) => {
      const button = event.target.closest("[data-more]");
      if (button && addRow(button, form)) event.preventDefault();
    });
  });
})();
