// What changes while somebody looks: the sidebar, the team, what is said. Comes after desk.js.
"use strict";

// --- the sidebar ------------------------------------------------------------------------------------------------
let board = "", pressed = false; // what is under a finger is not drawn anew: the click would be lost
const named = (of) => ["row", "do", "session", "act"].filter((key) => key in of).map((key) => `[data-${key}="${of[key]}"]`).join("");
function draw() {
  const side = $("#side"), held = side.contains(document.activeElement) ? named(document.activeElement.dataset) : "";
  side.innerHTML = board;
  board = "";
  htmx.process(side);
  if (held) $(held, side)?.focus(); // keys go on where they were
  mark(); tick();
  offered(all("[data-offer]", side));
  changed();
}
document.addEventListener("pointerdown", (event) => { pressed = Boolean(event.target.closest("#side, #team")); }, true);
for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, () => setTimeout(() => { pressed = false; if (board) draw(); }), true);

// --- the team: drawn anew when it is another, its clocks apart; htmx gives the focus back to what has the same id ---
let team = "";
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "team" || !event.detail.shouldSwap) return;
  const shown = event.detail.serverResponse.replace(/(<time[^>]*>)[^<]*/g, "$1");
  if (pressed || shown === team || $("dialog[open]")) event.detail.shouldSwap = false; else team = shown;
});

// --- what comes in ----------------------------------------------------------------------------------------------
let source = null;
function listen() {
  source = new EventSource("/stream");
  source.addEventListener("hello", async (event) => {
    skew = Number(event.data) - Date.now();
    if (!open() || $("#talk.over")) return; // what was said from the picture to this moment, or while the connection was broken
    const answer = await fetch(`/s/${open()}/after?seq=${$("#talk").dataset.seq}`, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (answer?.ok) for (const line of await answer.json()) addLine(line);
  });
  source.addEventListener("board", (event) => {
    if (!$("#side")) { // the team, figures, the audit: his sessions go on meanwhile
      const found = all("[data-offer]", new DOMParser().parseFromString(event.data, "text/html"));
      offers = found.length;
      offered(found);
      return mark();
    }
    board = event.data;
    if (!pressed) draw();
  });
  source.addEventListener("line", (event) => addLine(JSON.parse(event.data)));
  source.addEventListener("notice", (event) => toast(event.data));
  source.addEventListener("writes", (event) => {
    const sign = $("#writing");
    if (event.data !== open() || !sign) return;
    sign.hidden = false;
    clearTimeout(sign.dataset.timer);
    sign.dataset.timer = setTimeout(() => { sign.hidden = true; }, 6000);
  });
  source.addEventListener("here", () => { fetch("/here", { headers: { "HX-Request": "true" } }).catch(() => {}); });
  source.addEventListener("gone", () => location.assign("/"));
  source.addEventListener("over", () => { source.close(); listen(); });
  source.onopen = () => { $("#news").textContent = ""; };
  source.onerror = async () => {
    $("#news").textContent = body.dataset.offline;
    if (source.readyState === EventSource.CLOSED) { // refused: logged out, locked, or not there
      source.close();
      const answer = await fetch("/seen", { method: "POST", headers: { "X-Form": body.dataset.form, "HX-Request": "true" } }).catch(() => null);
      const go = answer?.headers.get("X-Go");
      if (go) location.assign(go); else setTimeout(listen, 1500);
    }
  };
}
listen(); // on every page: whoever looks at figures is at work, too
if (body.classList.contains("desk")) { shown(); offered(all("#side [data-offer]")); }
tick();
