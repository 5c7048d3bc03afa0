// What makes pages quicker for those whose browser runs scripts. Everything here is an ease: without it every page and form still works.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  // Counters beside fields. The server refuses what is too long; the page only warns, so nothing pasted is cut.
  // Words as the server counts them: each Chinese character is one, and so is each run of other signs that holds a letter or a digit.
  const signs = "\\u3007\\u3041-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{323af}";
  const marks = "\\u3000-\\u3006\\u3008-\\u303f\\uff00-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65\\u2018-\\u201f\\u2026";
  const run = new RegExp(`[${signs}]|[^\\s${signs}${marks}]+`, "gu");
  const words = (text) => (text.match(run) || []).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const counted = (field) => (field.dataset.unit === "words" ? words(field.value) : [...field.value]).length;
  const count = (field) => {
    const place = document.querySelector(`[data-count-of="${CSS.escape(field.id)}"]`);
    if (!place) return;
    const limit = Number(field.dataset.limit);
    const n = counted(field);
    place.classList.toggle("over", n > limit);
    place.textContent = filled(n > limit ? place.dataset.beyond : place.dataset.within, { n, limit, over: n - limit });
  };

  // Files are measured when picked, before minutes go into sending one that will be refused.
  const checkFiles = (field) => {
    const { maxBytes, maxFiles, maxTotal, tooLarge, tooMany, tooMuch } = field.dataset;
    const big = maxBytes && [...field.files].find((file) => file.size > Number(maxBytes));
    const crowd = maxFiles && field.files.length > Number(maxFiles);
    const much = maxTotal && [...field.files].reduce((sum, file) => sum + file.size, 0) > Number(maxTotal);
    field.setCustomValidity(big ? filled(tooLarge, { name: big.name }) : crowd ? tooMany : much ? tooMuch : "");
    field.reportValidity();
  };

  // Files on their way: a form with data-upload tells how much is sent. The server's answer, whatever it is, replaces the
  // form's region of the page and nothing else, so that words typed beside it stay.
  const upload = (form, body) => {
    const place = form.querySelector("[data-sending]");
    const [bar, told] = [place.querySelector("progress"), place.querySelector("[data-told]")];
    const sending = new XMLHttpRequest();
    sending.open("POST", form.getAttribute("action"));
    sending.upload.addEventListener("progress", ({ loaded, total }) => {
      bar.value = total ? loaded / total : 0;
      told.textContent = loaded < total ? filled(told.dataset.sent, { percent: Math.floor((loaded / total) * 100) }) : told.dataset.reading;
    });
    sending.addEventListener("load", () => {
      const page = new DOMParser().parseFromString(sending.responseText, "text/html");
      const region = form.closest("[data-files]");
      const fresh = page.getElementById(region.id);
      if (!fresh) { form.submit(); return; } // signed out, say: the plain way shows the page that tells so
      region.replaceWith(fresh);
      document.getElementById("flashes")?.replaceChildren(...(page.getElementById("flashes")?.childNodes || []));
      window.htmx?.process(fresh);
      begin(fresh);
      if (!fresh.contains(document.activeElement)) fresh.focus();
    });
    sending.addEventListener("error", () => {
      bar.hidden = true;
      told.textContent = told.dataset.broken;
      delete form.dataset.sent;
      all("[aria-busy]", form).forEach((button) => button.removeAttribute("aria-busy"));
    });
    bar.hidden = place.hidden = false;
    sending.send(body);
  };

  // Unsaved words: a form with data-guard asks before the page is left.
  const unsaved = new Set();
  document.addEventListener("intake:saved", (event) => unsaved.delete(event.target));
  addEventListener("beforeunload", (event) => { if (unsaved.size) event.preventDefault(); });

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.dataset.limit) count(field);
    if (field.form?.matches("[data-guard]")) unsaved.add(field.form);
  });
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.type === "file") checkFiles(field);
    if (field.dataset.checkAll !== undefined) {
      all(field.dataset.checkAll || "tbody input[type=checkbox]", field.closest("table")).forEach((box) => { box.checked = field.checked; });
    }
    if (field.form?.matches("[data-auto]") && !field.matches("[type=search], [type=text]")) field.form.requestSubmit();
  });

  // A second press sends nothing twice. The button is only marked, since a disabled one would not send its value.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    unsaved.delete(form);
    if (form.method !== "post" || form.matches("[data-again]")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
    if (form.matches("[data-upload]")) { event.preventDefault(); upload(form, new FormData(form, event.submitter)); }
  });
  addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    all("[aria-busy]", form).forEach((button) => button.removeAttribute("aria-busy"));
  }));
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest("form");
    if (!form) return;
    delete form.dataset.sent;
    if (event.detail.successful) unsaved.delete(form);
  });

  // Times: the reader's own zone on hover, on focus and in print, where it is not the office's.
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang; // day before month, as the page has it
  const inZone = (instant, timeZone) => new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone }).format(new Date(instant));
  const ownZone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const localTime = (time) => {
    const instant = time.dateTime;
    if (!instant.includes("T") || time.dataset.seen) return;
    time.dataset.seen = "yes";
    time.dataset.local = `${inZone(instant)} ${ownZone().replaceAll("_", " ")}`;
    time.title = `${time.title} = ${time.dataset.local}`;
  };
  // Where a page gives it room, the reader's own time stands in the text, if their clock shows another one than the office's.
  all("[data-own-time]").forEach((place) => {
    const instant = place.dataset.ownTime;
    if (inZone(instant) === inZone(instant, place.dataset.zone)) return;
    place.textContent = place.dataset.words.replace("{time}", `${inZone(instant)} ${ownZone().replaceAll("_", " ")}`);
    place.hidden = false;
  });
  document.addEventListener("mouseover", (event) => { const time = event.target.closest("time"); if (time) localTime(time); });
  let opened = [];
  addEventListener("beforeprint", () => {
    all("main time").forEach(localTime);
    opened = all("main details:not([open]):not(.no-print)");
    opened.forEach((details) => { details.open = true; });
  });
  addEventListener("afterprint", () => opened.forEach((details) => { details.open = false; }));

  // Clicks: open a dialog, copy a text, close a menu by a click beside it.
  document.addEventListener("click", async (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open)?.showModal();
    const copier = event.target.closest("[data-copy]");
    if (copier) {
      const source = document.getElementById(copier.dataset.copy);
      await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
      copier.textContent = copier.dataset.done;
    }
    all("details[data-menu][open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  // Keys. None of them acts while somebody types, or together with Ctrl, Alt or Command.
  const rows = () => all("[data-rows] > tbody > tr").filter((row) => row.offsetParent !== null);
  const walk = (step) => {
    const list = rows();
    if (!list.length) return;
    const now = list.findIndex((row) => row.classList.contains("at"));
    const next = now < 0 ? 0 : Math.min(Math.max(now + step, 0), list.length - 1);
    list.forEach((row, index) => row.classList.toggle("at", index === next));
    const link = list[next].querySelector("[data-open-row], a");
    if (link) link.focus({ preventScroll: true });
    list[next].scrollIntoView({ block: "nearest" });
  };
  const keys = {
    "/": () => document.querySelector('[data-key="/"]')?.focus(),
    "?": () => document.getElementById("keys")?.showModal(),
    j: () => walk(1),
    k: () => walk(-1),
    x: () => document.querySelector("tr.at input[type=checkbox]")?.click(),
    e: () => document.querySelector('[data-key="e"]')?.click(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") {
      const menu = event.target.closest("details[data-menu][open]");
      if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
      return;
    }
    if (event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], dialog[open]")) return;
    if (Object.hasOwn(keys, event.key)) { event.preventDefault(); keys[event.key](); }
  });

  // The state of a page just shown, or of a piece of it that htmx has put in.
  const begin = (root) => {
    all("[data-limit]", root).forEach(count);
    all("[data-open], [data-copy]", root).forEach((button) => { button.hidden = false; });
    root.querySelector("[data-focus]")?.focus();
  };
  begin(document);
  // Where the address names a place, the browser goes there last and takes the focus away again.
  addEventListener("pageshow", ({ persisted }) => { if (location.hash && !persisted) document.querySelector("[data-focus]")?.focus({ preventScroll: true }); });
  document.querySelector(".areas [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) begin(event.target); });
})();
