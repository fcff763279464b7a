// Makes the replica set and the product's own user; run again, it adds members and sets the password anew.
const fs = require("fs");
const secret = (name) => fs.readFileSync(`/run/secrets/${name}`, "utf8").trim();
const members = process.env.MONGO_MEMBERS.split(",").map((host, _id) => ({ _id, host: host.trim() }));
const address = `mongodb://root:${encodeURIComponent(secret("mongo_root_password"))}@${members[0].host}`;
db = connect(`${address}/admin?directConnection=true`);

try {
  const config = rs.conf();
  const missing = members.filter(({ host }) => !config.members.some((one) => one.host === host));
  for (const { host } of missing) rs.add(host);
} catch (error) {
  if (error.codeName !== "NotYetInitialized") throw error;
  rs.initiate({ _id: "laocai", members });
}
for (let second = 0; !db.hello().isWritablePrimary; second++) {
  if (second >= 60) throw new Error(`no primary at ${members[0].host} after a minute`);
  sleep(1000);
}

const products = db.getSiblingDB("laocai");
const user = { pwd: secret("mongodb_password"), roles: [{ role: "readWrite", db: "laocai" }, { role: "dbAdmin", db: "laocai" }] };
if (products.getUser("laocai")) products.updateUser("laocai", user);
else products.createUser({ user: "laocai", ...user });
