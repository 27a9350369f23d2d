// The subscriber's phone: its inbox, live.

const inbox = document.getElementById("inbox");
const empty = document.getElementById("empty");
const line = document.getElementById("line");
const banner = document.getElementById("banner");
const unread = document.getElementById("unread");
const blank = document.getElementById("sms");
const narrow = matchMedia("(max-width: 820px)");
const clock = new Intl.DateTimeFormat("zh-CN", { timeStyle: "medium", hour12: false }); // local, like the chat beside it

const RETRY = 2000; // ms

const DIGITS = "(\\d{4,8}|\\d{3}[ -]\\d{3})(?!\\d)";
const AFTER = new RegExp(`码\\D{0,12}${DIGITS}`);
const BEFORE = new RegExp(`(?<!\\d)${DIGITS}\\D{0,8}码`);

const FIRST = new RegExp(`^【[^】]*】\\s*${DIGITS}`); // right behind the sender's name

/** The code in the text of an SMS, as it stands there, or "". */
export function codeIn(text) {
  return (FIRST.exec(text) ?? AFTER.exec(text) ?? BEFORE.exec(text))?.[1] ?? "";
}

/** 482913 → "482 913": easier to read and to keep in mind. */
export function spaced(code) {
  const digits = code.replace(/\D/g, "");
  const half = Math.ceil(digits.length / 2);
  return digits.length < 6 ? digits : `${digits.slice(0, half)} ${digits.slice(half)}`;
}

function timeOf(at) {
  const date = new Date(typeof at === "number" && at < 1e12 ? at * 1000 : at);
  return Number.isNaN(date.getTime()) ? "" : clock.format(date);
}

function marked(text, code) {
  const at = code ? text.indexOf(code) : -1;
  if (at < 0) return [text];
  const mark = document.createElement("mark");
  mark.textContent = code;
  return [text.slice(0, at), mark, text.slice(at + code.length)];
}

function render(sms) {
  const item = blank.content.firstElementChild.cloneNode(true);
  const code = codeIn(sms.text);
  item.dataset.id = sms.id;
  item.querySelector("time").textContent = timeOf(sms.at);
  item.querySelector("p").replaceChildren(...marked(sms.text, code));
  if (code) {
    item.querySelector("footer").hidden = false;
    item.querySelector(".code").textContent = spaced(code);
    item.querySelector(".copy").dataset.code = item.querySelector(".go").dataset.fill = code.replace(/\D/g, "");
  }
  return item;
}

async function copy(button) {
  const done = await navigator.clipboard.writeText(button.dataset.code).then(() => true, () => false);
  button.textContent = done ? "已复制" : "请手动复制";
  setTimeout(() => (button.textContent = "复制"), 1600);
}

export function connectPhone({ number, handset }, show) {
  const seen = new Set();
  let waiting = 0;
  let fading;

  function count(n) {
    waiting = n;
    unread.hidden = n === 0;
    unread.textContent = String(n);
  }

  function announce(sms) {
    const view = document.body.dataset.view;
    if (!narrow.matches || view === "phone") return;
    count(waiting + 1);
    banner.replaceChildren(render(sms));
    banner.hidden = false;
    clearTimeout(fading);
    fading = setTimeout(() => (banner.hidden = true), 12000);
  }

  function add(sms, isNew) {
    if (seen.has(sms.id)) return;
    seen.add(sms.id);
    empty.hidden = true;
    const item = render(sms);
    item.classList.toggle("new", isNew);
    inbox.prepend(item);
    inbox.scrollTop = 0;
    if (isNew) announce(sms);
  }

  const base = `${handset}/${encodeURIComponent(number)}`;
  let caughtUp = false;

  async function catchUp() {
    const answer = await fetch(`${base}.json`);
    if (!answer.ok) return;
    for (const sms of await answer.json()) add(sms, caughtUp); // what came while the line was down
    caughtUp = true;
  }

  function connect() {
    const events = new EventSource(`${base}/events`);
    events.addEventListener("open", () => {
      line.dataset.state = "on";
      catchUp().catch(() => {}); // the next time the line comes up
    });
    events.addEventListener("message", (event) => add(JSON.parse(event.data), true));
    events.addEventListener("error", () => {
      line.dataset.state = "wait";
      if (events.readyState === EventSource.CLOSED) setTimeout(connect, RETRY); // a browser gives up after an error page
    });
  }
  connect();

  document.addEventListener("view", (event) => {
    if (event.detail === "phone") count(0);
    banner.hidden = true;
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".copy");
    if (button) copy(button);
    else if (event.target.closest("#banner") && !event.target.closest("button")) show("phone");
  });
}
