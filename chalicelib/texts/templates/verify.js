"use strict";
// Checks a certificate where it is read: nothing is fetched and nothing is sent, which the page's headers forbid as well.
const field = (id) => document.getElementById(id);
const show = (id, shown) => { field(id).hidden = !shown; };
const said = ["malformed", "keys_bad", "no_key", "invalid", "valid", "mine", "not_mine", "unsupported"];
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const opened = (part) => JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes(part)));
const hex = (digest) => Array.from(new Uint8Array(digest), (b) => b.toString(16).padStart(2, "0")).join("");

// The address as it is hashed: lower case, the domain in ASCII; at Gmail without dots and what follows a plus.
function exact(address) {
  const plain = address.normalize("NFKC").trim().replace(/^<|>$/g, "");
  const at = plain.lastIndexOf("@");
  let local = plain.slice(0, at).toLowerCase().replaceAll("ß", "ss").replaceAll("ς", "σ"), domain = plain.slice(at + 1);
  if (at < 1 || !domain) return "";
  try { domain = new URL(`http://${domain}`).hostname.replace(/\.$/, ""); } catch { return ""; }
  if (domain === "gmail.com" || domain === "googlemail.com") {
    local = local.split("+")[0].replaceAll(".", "");
    domain = "gmail.com";
  }
  return `${local}@${domain}`;
}

async function verdict(compact, keys) {
  let header, statement, listed, parts = compact.trim().split(".");
  try {
    if (parts.length !== 3) return ["malformed"];
    [header, statement] = [opened(parts[0]), opened(parts[1])];
  } catch { return ["malformed"]; }
  try {
    listed = JSON.parse(keys).keys.filter((key) => key.kid === header.kid);
  } catch { return ["keys_bad"]; }
  if (!listed.length) return ["no_key", statement];
  if (header.alg !== "ES256" || header.typ !== "iko-certificate+jws") return ["invalid", statement];
  const { kty, crv, x, y } = listed[0], algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  try {
    const key = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, algorithm, false, ["verify"]);
    const signed = new TextEncoder().encode(`${parts[0]}.${parts[1]}`);
    const holds = await crypto.subtle.verify(algorithm, key, bytes(parts[2]), signed);
    return [holds ? "valid" : "invalid", statement];
  } catch { return ["invalid", statement]; }
}

async function means(statement, address, salt) {
  const text = new TextEncoder().encode(salt.trim() + exact(address));
  const digest = hex(await crypto.subtle.digest("SHA-256", text));
  return Array.isArray(statement.scope) && statement.scope.some((each) => each && each.sha256 === digest);
}

function tell(statement) {
  const spoken = document.documentElement.lang;
  const day = new Intl.DateTimeFormat(spoken === "en" ? "en-GB" : spoken, { dateStyle: "long", timeZone: "UTC" });
  for (const value of document.querySelectorAll("[data-claim]")) {
    const at = new Date(statement[value.dataset.claim]);
    value.textContent = Number.isNaN(at.getTime()) ? "–" : day.format(at);
  }
  show("nothing", true);
  for (const line of document.querySelectorAll("[data-count]")) {
    const number = (statement.deleted || {})[line.dataset.count];
    line.hidden = !number;
    if (number) show("nothing", false);
    line.textContent = line.dataset.text.replace("{n}", String(number));
  }
}

async function check(event) {
  event.preventDefault();
  field("check").ariaBusy = "true";
  await judge();
  field("check").ariaBusy = "false";
}

async function judge() {
  said.forEach((each) => show(each, false));
  show("states", false);
  const [word, statement] = await verdict(field("certificate").value, field("keys").value);
  show(word, true);
  if (word !== "valid") return;
  tell(statement);
  show("states", true);
  const address = field("address").value;
  if (address.trim()) show(await means(statement, address, field("salt").value) ? "mine" : "not_mine", true);
}

const able = typeof crypto === "object" && Boolean(crypto.subtle);
show("check", able);
show("unsupported", !able);
field("check").addEventListener("submit", check);
