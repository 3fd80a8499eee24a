/* The form is the page's address and what is asked: one text. What is on the screen carries the
   text it belongs to; until it is the form's own, it is shown as old. */
"use strict";

const form = document.getElementById("state");
const standing = document.getElementById("standing");
const WAIT = 150;
let timer = 0;
let joined = false;

function current(but) {
  const words = new URLSearchParams(new FormData(form));
  for (const [key, value] of Object.entries(but || {})) words.set(key, value);
  return words;
}

/* Without what belongs to single levers: another scenario has others. */
function bare(but) {
  const words = current(but);
  for (const key of [...words.keys()]) if (/^[syrp]\./.test(key)) words.delete(key);
  return words;
}

function same(text) {
  return new URLSearchParams(text).toString() === current().toString();
}

function judge() {
  const block = document.querySelector("#answer [data-state]");
  const fresh = block !== null && same(block.dataset.state);
  for (const id of ["answer", "figures"]) {
    const place = document.getElementById(id);
    const shown = place.querySelector("[data-state]");
    const old = shown !== null && !same(shown.dataset.state);
    place.classList.toggle("old", old);
    place.setAttribute("aria-busy", String(shown === null || old));
  }
  const key = !form.checkValidity() ? "invalid" : !joined && block ? "lost"
    : fresh ? "fresh" : block ? "stale" : "";
  if (key && standing.textContent !== standing.dataset[key]) {
    standing.textContent = standing.dataset[key];
  }
  standing.dataset.now = key;
  echo(fresh);
}

function echo(fresh) {
  const place = document.getElementById("echo");
  if (!place) return;
  const said = [...document.querySelectorAll("#answer .promises section")].map((one) =>
    one.querySelector("h2").textContent + ": " + one.querySelector("strong").textContent);
  place.replaceChildren(...said.map((words) => {
    const line = document.createElement("span");
    line.textContent = words;
    return line;
  }));
  place.classList.toggle("old", !fresh);
}

function links() {
  for (const link of document.querySelectorAll("a[data-page]")) {
    link.href = "?" + current({ page: link.dataset.page });
  }
  for (const link of document.querySelectorAll("a[data-lang]")) {
    link.href = "?" + current({ lang: link.dataset.lang });
  }
}

function send() {
  if (joined && form.checkValidity()) window.Shiny.setInputValue("state", current().toString());
}

function moved(event) {
  const name = event.target.closest("[data-reload]");
  if (name) {
    if (event.type === "change") location.search = bare().toString();
    return;
  }
  const told = event.target.nextElementSibling;
  if (event.target.type === "range" && told) told.textContent = event.target.value + " %";
  history.replaceState(null, "", "?" + current());
  links();
  judge();
  clearTimeout(timer);
  timer = setTimeout(send, WAIT);
}

async function post(address, body, place) {
  place.textContent = "…";
  let told = {};
  try {
    const answer = await fetch(address, { method: "POST", body: body });
    told = await answer.json();
  } catch (error) {
    told = { fault: String(error) };
  }
  place.textContent = told.fault || told.said || "";
  if (told.scenario) {
    const words = bare({ page: "whatif", scenario: told.scenario });
    words.delete("add");
    location.search = words.toString();
  }
}

function begin() {
  for (const kind of ["input", "change"]) form.addEventListener(kind, moved);
  form.addEventListener("submit", (event) => event.preventDefault());
  const saving = document.getElementById("saving");
  if (saving) {
    saving.addEventListener("submit", (event) => {
      event.preventDefault();
      const words = current();
      for (const [key, value] of new FormData(saving)) words.append(key, value);
      post("save", words.toString(), saving.querySelector(".said"));
    });
  }
  const sending = document.getElementById("sending");
  if (sending) {
    sending.addEventListener("change", () => {
      const file = sending.files[0];
      if (!file) return;
      const place = document.getElementById("sent");
      post("send?name=" + encodeURIComponent(file.name), file.slice(0, 300000), place);
    });
  }
  for (const id of ["answer", "figures"]) {
    new MutationObserver(judge).observe(document.getElementById(id), { childList: true });
  }
  window.jQuery(document).on("shiny:connected", () => { joined = true; send(); judge(); });
  window.jQuery(document).on("shiny:disconnected", () => { joined = false; judge(); });
  if (window.Shiny && window.Shiny.shinyapp && window.Shiny.shinyapp.isConnected()) {
    joined = true;
    send();
  }
  links();
}

/* The framework would send each field by itself; here they are asked together. */
for (const field of document.querySelectorAll(".asked :is(input, select, textarea, button)")) {
  field.setAttribute("data-shiny-no-bind-input", "");
}
if (form) begin();
