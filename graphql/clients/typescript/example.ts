// A visitor finds the markets of a Sunday, and registers a phone.
import { randomUUID } from "node:crypto";
import { MarketsOnDocument, RegisterDeviceDocument } from "./generated/laocai.js";
import { PublishedClient } from "./published-client.js";

const SA_PA = { latitude: 22.3364, longitude: 103.8438 };

function nextSunday(today: Date): string {
  const sunday = new Date(today);
  sunday.setUTCDate(today.getUTCDate() + ((7 - today.getUTCDay()) % 7));
  return sunday.toISOString().slice(0, 10);
}

const url = process.env["LAOCAI_PUBLIC_URL"] ?? "http://127.0.0.1:8000";
const client = new PublishedClient(url, "fr");
const { marketsOn } = await client.send(MarketsOnDocument, {
  date: nextSunday(new Date()),
  near: SA_PA,
  first: 3,
});
for (const { node } of marketsOn.edges) console.log(node.name?.text ?? node.id);

const { registerDevice } = await client.send(RegisterDeviceDocument, {
  input: {
    platform: "ANDROID",
    language: client.language,
    registration: `example-${randomUUID()}${randomUUID()}`,
    idempotencyKey: randomUUID(),
  },
});
if (registerDevice.__typename === "AccountError")
  console.log(registerDevice.code, registerDevice.message);
else console.log(registerDevice.device.language);
