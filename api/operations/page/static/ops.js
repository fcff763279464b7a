// Signs an administrator in, and shows the live state every ten seconds. Nothing is kept but in this page's memory.
"use strict";
(() => {
  const EVERY = 10_000;
  const root = document.getElementById("operations");
  const said = root.dataset;
  const byId = (id) => document.getElementById(id);
  const status = byId("status");
  let tokens = null;
  let codeId = null;
  let timer = 0;

  const say = (text) => {
    if (status.textContent !== text) status.textContent = text;
  };
  const key = () => crypto.randomUUID().replaceAll("-", "");

  async function send(documentId, variables) {
    const headers = { "content-type": "application/json", "accept-language": document.documentElement.lang };
    if (tokens) headers.authorization = `Bearer ${tokens.accessToken}`;
    const answer = await fetch("/graphql", {
      method: "POST",
      headers,
      body: JSON.stringify({ documentId, variables }),
      credentials: "omit",
      cache: "no-store",
    });
    return answer.json();
  }

  // The one member of the answer, or null once its refusal is said.
  async function done(documentId, name, input) {
    let answer;
    try {
      answer = await send(documentId, { input });
    } catch {
      say(said.unreached);
      return null;
    }
    const result = answer.data?.[name];
    const refusal = result?.code ? result.message : answer.errors?.[0]?.message;
    if (refusal || !result) {
      say(refusal || said.unreached);
      return null;
    }
    return result;
  }

  async function ask(event) {
    event.preventDefault();
    const input = { address: byId("address").value.trim(), idempotencyKey: key() };
    const result = await done(said.requesting, "requestCode", input);
    if (!result) return byId("address").focus();
    codeId = result.sentCode.id;
    byId("enter").hidden = false;
    say(said.sent);
    byId("code").focus();
  }

  async function enter(event) {
    event.preventDefault();
    const input = { codeId, code: byId("code").value.trim(), app: "ops", idempotencyKey: key() };
    const result = await done(said.signingIn, "signIn", input);
    if (!result) return byId("code").focus();
    tokens = result.tokens;
    byId("enter").reset();
    say("");
    await read();
  }

  async function refreshed() {
    if (Date.parse(tokens.accessExpiresAt) - Date.now() > 30_000) return true;
    const result = await done(said.refreshing, "refreshSession", { refreshToken: tokens.refreshToken });
    if (result) tokens = result.tokens;
    return Boolean(result);
  }

  async function read() {
    clearTimeout(timer);
    if (!tokens) return;
    try {
      if (!(await refreshed())) return again();
      const answer = await send(said.reading, {});
      const code = answer.errors?.[0]?.extensions?.code;
      if (!tokens) return;
      if (code === "NOT_SIGNED_IN") return shut(said.signedOut);
      if (code === "NOT_ALLOWED") return leave(said.notAllowed);
      if (!answer.data?.operations) {
        say(answer.errors?.[0]?.message || said.unread);
        return again();
      }
      show(answer.data.operations);
      say("");
    } catch {
      say(said.unread);
    }
    again();
  }

  function again() {
    timer = setTimeout(read, EVERY);
  }

  async function leave(why) {
    if (tokens) await send(said.signingOut, {}).catch(() => null);
    shut(why);
  }

  function shut(why) {
    clearTimeout(timer);
    tokens = codeId = null;
    byId("state").hidden = true;
    byId("enter").hidden = true;
    byId("door").hidden = false;
    for (const place of root.querySelectorAll("[data-field], [data-rows]")) place.replaceChildren();
    say(why);
    byId("address").focus();
  }

  const moments = new Intl.DateTimeFormat(document.documentElement.lang, {
    dateStyle: "short",
    timeStyle: "medium",
    timeZone: "Asia/Ho_Chi_Minh",
  });
  const numbers = new Intl.NumberFormat(document.documentElement.lang);
  const moment = (text) => (text ? moments.format(new Date(text)) : said.never);
  const shown = (value) => (typeof value === "number" ? numbers.format(value) : String(value ?? ""));

  // In words as well as in colour.
  function fill(place, value, needsAttention) {
    place.textContent = needsAttention ? `${shown(value)} (${said.attention})` : shown(value);
    place.classList.toggle("attention", Boolean(needsAttention));
  }

  function field(name, value, needsAttention) {
    fill(root.querySelector(`[data-field="${name}"]`), value, needsAttention);
  }

  // Each cell: a value, or a value and whether it needs attention. The first one heads its row.
  function rows(name, items, cells) {
    const body = root.querySelector(`[data-rows="${name}"]`);
    body.replaceChildren(
      ...(items.length ? items.map((item) => row(cells(item))) : [nothing(body)]),
    );
  }

  function nothing(body) {
    const line = row([said.none]);
    line.cells[0].colSpan = body.closest("table").tHead.rows[0].cells.length;
    return line;
  }

  function row(cells) {
    const line = document.createElement("tr");
    cells.forEach((cell, number) => {
      const place = document.createElement(number ? "td" : "th");
      if (!number) place.scope = "row";
      const [value, needsAttention] = Array.isArray(cell) ? cell : [cell, false];
      fill(place, value, needsAttention);
      line.append(place);
    });
    return line;
  }

  function show(state) {
    field("at", moment(state.at));
    field("version", state.version);
    field("storeMilliseconds", state.storeMilliseconds, state.storeMilliseconds > 250);
    const redis = { UNUSED: said.unused, REACHED: said.yes, AWAY: said.no };
    field("redis", redis[state.redis], state.redis === "AWAY");
    field("bot", state.botIsThere ? said.yes : said.no, !state.botIsThere);
    rows("lanes", state.lanes, (it) => [
      it.name,
      it.depth,
      [it.oldestSeconds, it.oldestSeconds > (it.name === "EXTREME" ? 30 : 300)],
      it.leased,
    ]);
    field("jobs.due", state.jobs.due);
    field("jobs.oldestSeconds", state.jobs.oldestSeconds, state.jobs.oldestSeconds > 120);
    field("jobs.leased", state.jobs.leased);
    field("jobs.parked", state.jobs.parked, state.jobs.parked > 0);
    field("activeAlerts", state.activeAlerts);
    rows("alerts", state.alerts, (it) => [
      it.id,
      it.devices,
      it.queued,
      it.accepted,
      [it.refused, it.refused > 0.2 * it.devices],
      it.retired,
      it.opened,
      it.safe,
      [it.needHelp, it.needHelp > 0],
    ]);
    rows("feeds", state.feeds, (it) => [
      it.agencyId,
      moment(it.polledAt),
      moment(it.succeededAt),
      [it.failures, it.failures >= 5],
      it.lastError,
    ]);
    field("stations", state.stations);
    field("silent", state.silentStations.join(", ") || said.none, state.silentStations.length > 0);
    for (const name of ["accept", "answer", "fix"]) field(`overdueReports.${name}`, state.overdueReports[name]);
    const soon = Date.now() + 14 * 86_400_000;
    rows("certificates", state.certificates, (it) => [it.agencyId, [moment(it.endsAt), Date.parse(it.endsAt) < soon]]);
    rows("smsCaps", state.smsCaps, (it) => [it.name, [it.used, it.used > 0.8 * it.most], it.most]);
    if (byId("state").hidden) {
      byId("door").hidden = true;
      byId("state").hidden = false;
      byId("now-title").tabIndex = -1;
      byId("now-title").focus();
    }
  }

  byId("ask").addEventListener("submit", ask);
  byId("enter").addEventListener("submit", enter);
  byId("leave").addEventListener("click", () => leave(said.signedOut));
  byId("door").hidden = false;
})();
