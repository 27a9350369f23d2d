// Converse.js, logged in as the test subscriber, with one chat: the hall.
import converse from "./vendor/converse/converse.min.js";

const starting = document.getElementById("starting");

/** Writes `text` into the chat's input; the person sends it himself. */
export function fill(text) {
  const input = document.querySelector("converse-root .chat-textarea");
  if (!input) return;
  input.value = text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
  input.focus();
}

function tell(text) {
  starting.textContent = text;
  starting.hidden = text === "";
}

converse.plugins.add("hall", {
  initialize() {
    const { api } = this._converse;
    api.listen.on("getHeadingButtons", () => []); // nobody blocks the hall or looks up its profile here
    api.listen.on("chatBoxViewInitialized", () => tell(""));
    api.listen.on("connected", () => tell(""));
    api.listen.on("reconnected", () => tell(""));
    api.listen.on("will-reconnect", () => tell("连接断开，正在重新登录…"));
    api.listen.on("disconnected", () => tell("连接已断开，请刷新页面。"));
  },
});

export function startChat({ jid, password, bot, websocket }) {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  converse.initialize({
    jid,
    password,
    auto_login: true,
    authentication: "login",
    websocket_url: `${scheme}://${location.host}${websocket}`,
    discover_connection_methods: false,
    reuse_scram_keys: false,
    persistent_store: "sessionStorage", // a closed tab leaves nothing behind
    assets_path: "/static/vendor/converse",
    i18n: "zh_CN",
    locales: ["zh_CN"],
    view_mode: "embedded",
    singleton: true,
    auto_join_private_chats: [bot],
    theme: "hall",
    dark_theme: "hall",
    play_sounds: false,
    show_desktop_notifications: false,
    show_tab_notifications: false,
    embed_3rd_party_media_players: false,
    fetch_url_headers: false,
    visible_toolbar_buttons: { call: false, clear: false, emoji: false, location: false, spoiler: false },
    blacklisted_plugins: ["converse-omemo", "converse-omemo-views", "converse-push", "converse-reactions", "converse-reaction-views"],
    whitelisted_plugins: ["hall"],
    loglevel: "warn",
  });
}
