// The desk in the browser: keys, the box, the conversation; what comes in is live.js. Everything that is shown was made by the server.
"use strict";
const body = document.body;
const $ = (what, where = document) => where.querySelector(what);
const all = (what, where = document) => [...where.querySelectorAll(what)];
const open = () => $("#talk")?.dataset.session || "";
const fresh = () => crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2) + Date.now();
if (sessionStorage.getItem("of") !== body.dataset.me) sessionStorage.clear(); // somebody else's, who was at this screen before
sessionStorage.setItem("of", body.dataset.me);
const drafts = new Map(JSON.parse(sessionStorage.getItem("drafts") || "[]")); // of this tab: gone with it
const unread = new Map();
let offers = 0; // of the board, on pages that do not show it
const unsure = new Map(JSON.parse(sessionStorage.getItem("unsure") || "[]")); // sent and not answered: the same words again go under the same id, and are said once

function keep(number, text) {
  if (text) drafts.set(number, text); else drafts.delete(number);
  sessionStorage.setItem("drafts", JSON.stringify([...drafts]));
}

function doubt(number, sent) {
  if (sent) unsure.set(number, sent); else unsure.delete(number);
  sessionStorage.setItem("unsure", JSON.stringify([...unsure]));
}

function toast(text) {
  if (!text) return;
  const p = document.createElement("p");
  p.textContent = text;
  $("#toasts").append(p);
  setTimeout(() => p.remove(), 3000 + 60 * text.length);
}

async function post(path, fields) {
  let answer;
  try {
    answer = await fetch(path, { method: "POST", headers: { "X-Form": body.dataset.form, "HX-Request": "true" }, body: new URLSearchParams(fields) });
  } catch { toast(body.dataset.away); return null; }
  const go = answer.headers.get("X-Go");
  if (go) { toast(body.dataset.expired); setTimeout(() => location.assign(go), 900); return null; }
  if (answer.status === 403) { toast(body.dataset.expired); setTimeout(() => location.reload(), 900); return null; } // another log-in in this browser
  if (!answer.ok) { toast(body.dataset.away); return null; }
  if (answer.status === 204) return [];
  try { return await answer.json(); } catch { toast(body.dataset.away); return null; } // it broke off
}

// --- time -------------------------------------------------------------------------------------------------------
let skew = 0; // of this machine's clock
function tick() {
  const now = Date.now() + skew;
  for (const time of all("time[data-since]")) {
    const ms = Math.max(0, now - Number(time.dataset.since)), s = Math.floor(ms / 1000);
    const text = s >= 3600 ? `${Math.floor(s / 3600)}:${String(Math.floor(s / 60) % 60).padStart(2, "0")}:${String(s % 60).padStart(2, "0")}` : `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
    if (time.textContent !== text) time.textContent = text;
    time.classList.toggle("late", s >= Number(time.dataset.late || Infinity));
    time.classList.toggle("warn", s >= Number(time.dataset.warn || Infinity) && !time.classList.contains("late"));
  }
  for (const count of all("[data-until]")) count.textContent = `${Math.max(0, Math.round((Number(count.dataset.until) - now) / 1000))} s`;
}
setInterval(tick, 1000);

// --- the conversation -------------------------------------------------------------------------------------------
const atEnd = (list) => list.scrollHeight - list.scrollTop - list.clientHeight < 80;
function toEnd() { const list = $("#lines"); if (list) list.scrollTop = list.scrollHeight; }
let following = true; // the end of the conversation is in sight, and stays so when the window changes (a phone's keyboard)
document.addEventListener("scroll", (event) => { if (event.target.id === "lines") following = atEnd(event.target); }, true);
addEventListener("resize", () => { if (following) toEnd(); });

function shown() { // a conversation was just put on the page
  body.classList.remove("info");
  const talk = $("#talk"), number = open();
  body.classList.toggle("talking", Boolean(number));
  if (number) {
    unread.delete(number);
    const box = $("#box");
    if ($("#note")) $("#note").value = drafts.get(`note ${number}`) || "";
    if (box) { box.value = drafts.get(number) || ""; grow(box); if (matchMedia("(min-width: 701px)").matches) box.focus(); }
    toEnd();
  }
  mark();
  tick();
}

function changed() { // the session that is open was taken over, ended, held: what may be done with it is another
  const talk = $("#talk"), row = $(`#side [data-row="${open()}"]`);
  if (!open() || talk.classList.contains("over")) return;
  if (!row) {
    talk.classList.add("over");
    $("#state").textContent = $("#state").dataset.over;
    $(".acts", talk)?.remove();
  } else if (row.dataset.state !== talk.dataset.state && !$("dialog[open]")) htmx.ajax("GET", `/s/${open()}?again`, { target: "#work" });
}
document.addEventListener("close", () => { if ($("#side")) changed(); }, true); // of a dialog: what was written in it is done with

function mark() { // the sidebar was drawn anew, or somebody went elsewhere
  const number = open();
  for (const row of all("[data-row]")) {
    if (row.dataset.row === number) row.setAttribute("aria-current", "true"); else row.removeAttribute("aria-current");
    row.classList.toggle("unread", unread.has(row.dataset.row));
  }
  document.title = document.title.replace(/^\(\d+\) /, "");
  const news = unread.size + ($("#side") ? all("#side [data-offer]").length : offers); // seen in the tab, whatever is in front
  if (!$("#side")) $("nav a").dataset.news = news || "";
  if (news) document.title = `(${news}) ${document.title}`;
}

function offered(list) { // for who hears the page: one line for each offer, said as it comes, however often the sidebar is drawn
  const region = $("#offered"), said = new Map(list.map((one) => [one.dataset.offer, one.dataset.said]));
  for (const p of all("p", region)) if (!said.delete(p.dataset.of)) p.remove();
  for (const [number, text] of said) {
    const p = document.createElement("p");
    p.dataset.of = number;
    p.textContent = text;
    region.append(p);
  }
}

const placeOf = (key) => key.split("-").map(Number); // 41-0; no number, and before nothing, for what only he was told
function follower(key, behind) { // the first line that stands behind this one: it may have been written down late
  const [seq, n] = behind ? [behind, Infinity] : placeOf(key);
  return all("#lines > [data-key]").find((li) => { const [s, m] = placeOf(li.dataset.key); return s > seq || (s === seq && m > n); });
}

function addLine({ session, key, kind, behind, html }) {
  const list = $("#lines");
  if (String(session) !== open() || !list) {
    if (kind === "customer") { unread.set(String(session), 1); mark(); }
    return;
  }
  if (document.getElementById(`l${key}`)) return;
  const end = atEnd(list);
  if (kind === "customer") $("#writing").hidden = true;
  if (kind === "staff") $(".line.pending", list)?.remove();
  const next = follower(key, behind);
  if (next) next.insertAdjacentHTML("beforebegin", html); else list.insertAdjacentHTML("beforeend", html);
  if (kind === "note") noteOf(document.getElementById(`l${key}`));
  if (end) toEnd();
  const talk = $("#talk"), seq = Number.parseInt(key, 10);
  if (seq > Number(talk.dataset.seq)) talk.dataset.seq = seq;
}

function noteOf(line) {
  const notes = $("#notes");
  if (!notes) return;
  $(".quiet", notes)?.remove();
  const li = document.createElement("li");
  li.textContent = $("p", line).textContent;
  const by = document.createElement("small");
  by.textContent = $(".by", line).dataset.by;
  li.append(by);
  notes.append(li);
}

function answer({ what, text }) { // what the desk says to a command, in the conversation it was given in
  const list = $("#lines");
  if (!list || (text.length < 40 && what !== "asks_secret")) return toast(text);
  const li = document.createElement("li"), p = document.createElement("p");
  li.className = "line desk answer";
  p.textContent = text;
  p.className = "pre";
  li.append(p);
  li.querySelector("p").innerHTML = p.innerHTML.replaceAll("\n", "<br>");
  if (what === "asks_secret" && $("#talk").dataset.mine) { // the way that is allowed, one key away
    const verify = document.createElement("button");
    verify.type = "button";
    verify.dataset.do = "验"; verify.dataset.session = open();
    verify.textContent = body.dataset.verify;
    li.append(verify);
  }
  list.append(li);
  toEnd();
}

async function say(form) {
  const box = $("#box"), text = box.value.trim(), number = form.dataset.session;
  if (!text) return;
  const again = unsure.get(number), id = again?.text === text ? again.id : fresh(), list = $("#lines");
  let pending = null;
  if (!text.startsWith("#")) {
    pending = document.createElement("li");
    pending.className = "line staff mine pending";
    const p = document.createElement("p");
    p.textContent = text;
    pending.append(p);
    list.append(pending);
    toEnd();
  }
  box.value = ""; grow(box); keep(number, "");
  const answers = await post(`/s/${number}/say`, { text, id });
  doubt(number, answers === null ? { text, id } : null);
  const back = answers === null || answers.some((one) => one.back);
  if (back) {
    pending?.remove();
    keep(number, text + (drafts.get(number) ? `\n${drafts.get(number)}` : ""));
    if (open() === number) { box.value = drafts.get(number); grow(box); }
  }
  for (const one of answers || []) answer(one);
  if (ended(answers || []) && open() === number) visit(next(number) || ""); // typed, or by a button
}

const ended = (answers) => answers.some((one) => ["ended", "given_back"].includes(one.what));

async function act(name, session, rest, opens) {
  const answers = await post("/do", { name, session, rest, id: fresh() });
  if (answers === null) return false;
  for (const one of answers) if (!["status", "watching"].includes(one.what)) answer(one); // the page shows these itself
  if (opens) visit(opens);
  else if (ended(answers) || (session === open() && answers.some((one) => one.what === "unwatched"))) visit(next(session) || "");
  return !answers.some((one) => one.back);
}

function visit(number) {
  if (number && !body.classList.contains("desk")) location.assign(`/?s=${number}`);
  else if (number) htmx.ajax("GET", `/s/${number}`, { target: "#work" }).then(() => history.replaceState(null, "", `/?s=${number}`));
  else location.assign("/");
}

const grow = (box) => { box.style.height = "auto"; box.style.height = `${Math.min(160, box.scrollHeight + 2)}px`; };

// --- canned replies: / and the first letters --------------------------------------------------------------------
const canned = JSON.parse($("#canned")?.textContent || "[]");
function pick(box) {
  const picks = $("#picks"), found = box.value.startsWith("/") ? box.value.slice(1).toLowerCase() : null;
  const rows = found === null ? [] : canned.filter(([short, text]) => short.startsWith(found) || (found && text.includes(found)));
  picks.hidden = !rows.length;
  picks.replaceChildren(...rows.map(([short, text], n) => {
    const li = document.createElement("li"), b = document.createElement("b"), span = document.createElement("span");
    b.textContent = short; span.textContent = text;
    li.role = "option"; li.ariaSelected = String(n === 0); li.append(b, span);
    li.addEventListener("mousedown", (event) => { event.preventDefault(); choose(li); });
    return li;
  }));
}
function choose(li) { const box = $("#box"); box.value = $("span", li).textContent; $("#picks").hidden = true; grow(box); keep(open(), box.value); box.focus(); }
function movePick(by) {
  const rows = all("#picks li"), at = rows.findIndex((li) => li.ariaSelected === "true"), to = rows[(at + by + rows.length) % rows.length];
  for (const li of rows) li.ariaSelected = String(li === to);
  to?.scrollIntoView({ block: "nearest" });
}

// --- going about ------------------------------------------------------------------------------------------------
const rows = () => all("#mine [data-row]").map((row) => row.dataset.row);
function next(number, by = 1) { const list = rows().filter((one) => one === number || true), at = list.indexOf(number); return list.length > 1 || at < 0 ? list[(at + by + list.length) % list.length] : ""; }
function neediest() { return all("#mine [data-row]").filter((row) => Number(row.dataset.owed)).sort((a, b) => a.dataset.owed - b.dataset.owed)[0]?.dataset.row; }
async function ask(dialog, number) {
  if (!dialog) return;
  if (number) { const form = $("form", dialog); form.dataset.session = number; form.dataset.open = number; }
  const part = $("[data-fresh]", dialog); // what must be as it is now: who is on duty
  if (part) {
    part.replaceChildren();
    await htmx.ajax("GET", part.dataset.fresh, { target: part });
    if (!part.firstElementChild) return; // away: said so already
    $(".primary", dialog).disabled = !$("input[type=radio]:enabled", part);
  }
  dialog.showModal();
}
const asking = (what) => document.getElementById(`ask-${what}`);

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  for (const menu of all(".menu[open]")) if (!menu.contains(event.target) || button) menu.open = false; // it lies over the customer's card
  if (!button) return;
  if (button.dataset.do) act(button.dataset.do, button.dataset.session, "", button.dataset.open);
  else if (button.dataset.ask) ask(asking(button.dataset.ask), button.dataset.for);
  else if (button.dataset.act === "close") button.closest("dialog").close();
  else if (button.dataset.act === "info") body.classList.toggle("info");
  else if (button.dataset.act === "keys") $("#keys").showModal();
  else if (button.dataset.act === "shift") ask($("#shift"));
  else if (button.dataset.act === "look") {
    const dark = document.documentElement.dataset.look ? document.documentElement.dataset.look === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    document.documentElement.dataset.look = dark ? "light" : "dark";
    localStorage.setItem("look", document.documentElement.dataset.look);
  }
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.getAttribute("action") === "/logout") return sessionStorage.clear(); // nobody reads here what he has written
  if (form.id === "say") { event.preventDefault(); return say(form); }
  if (!form.dataset.do) return;
  event.preventDefault();
  const rest = new FormData(form).getAll("rest").map((part) => part.trim()).filter(Boolean).join(" ");
  form.closest("dialog")?.close();
  const done = await act(form.dataset.do, form.dataset.session, rest, form.dataset.open);
  if (done) form.reset();
  if (done && $("#note", form)) keep(`note ${form.dataset.session}`, "");
});

document.addEventListener("input", (event) => {
  if (event.target.id === "note") keep(`note ${open()}`, event.target.value);
  if (event.target.id !== "box") return;
  grow(event.target); pick(event.target); keep(open(), event.target.value);
  typing();
});

let typed = 0;
function typing() {
  if (Date.now() - typed < 4000 || !$("#box").value || /^[#/]/.test($("#box").value)) return;
  typed = Date.now();
  fetch(`/s/${open()}/typing`, { method: "POST", headers: { "X-Form": body.dataset.form, "HX-Request": "true" } }).catch(() => {});
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const box = $("#box"), inBox = event.target === box, picking = inBox && !$("#picks").hidden;
  if (event.ctrlKey && $("dialog[open]")) return; // nothing is taken from under who writes in it
  if (picking && ["ArrowDown", "ArrowUp", "Enter", "Tab"].includes(event.key)) {
    event.preventDefault();
    if (event.key === "ArrowDown") movePick(1); else if (event.key === "ArrowUp") movePick(-1); else choose($("#picks [aria-selected=true]"));
  } else if (inBox && event.key === "Enter" && !event.shiftKey && !event.ctrlKey) { event.preventDefault(); say($("#say")); }
  else if (event.ctrlKey && event.key === "ArrowDown") { event.preventDefault(); const to = next(open(), 1); if (to) visit(to); }
  else if (event.ctrlKey && event.key === "ArrowUp") { event.preventDefault(); const to = next(open(), -1); if (to) visit(to); }
  else if (event.ctrlKey && event.key === "j") { event.preventDefault(); const to = neediest(); if (to) visit(to); }
  else if (event.ctrlKey && event.key === "b") { event.preventDefault(); ask(asking("wrap")); }
  else if (event.ctrlKey && event.key === "m") { event.preventDefault(); $("#note")?.focus(); }
  else if (event.key === "F2") { const offer = $("#side [data-offer] .primary") || $(".queue [data-do]"); if (offer) { event.preventDefault(); offer.click(); } }
  else if (event.key === "Escape" && $(".menu[open]")) { $(".menu").open = false; $(".menu summary").focus(); }
  else if (event.key === "?" && !/INPUT|TEXTAREA|SELECT/.test(event.target.tagName)) $("#keys")?.showModal();
  else if (/^[0-9]$/.test(event.key) && event.target.type === "radio") { // the number that stands before a choice
    const radio = event.target.form?.querySelector(`input[type=radio][value="${event.key}"]`);
    if (radio) { event.preventDefault(); radio.checked = true; radio.focus(); }
  } else if (event.key === "Escape" && body.classList.contains("info") && !document.querySelector("dialog[open]")) body.classList.remove("info");
  else if (event.key === "Escape" && box && !document.querySelector("dialog[open]")) { $("#picks").hidden = true; box.focus(); }
});

document.addEventListener("htmx:afterSwap", (event) => { if (event.target.id === "work") shown(); else tick(); });
document.addEventListener("htmx:responseError", (event) => {
  const go = event.detail.xhr.getResponseHeader("X-Go");
  if (go) location.assign(go); else toast(event.detail.xhr.status === 404 ? event.detail.xhr.responseText : body.dataset.away);
});
document.addEventListener("htmx:sendError", () => toast(body.dataset.away));

// Somebody is at this screen: said now and then, so that it is not locked under his hands.
let seen = Date.now();
for (const name of ["keydown", "pointermove", "scroll"]) document.addEventListener(name, () => {
  if (Date.now() - seen < 60000) return;
  seen = Date.now();
  post("/seen", {});
}, { passive: true });
