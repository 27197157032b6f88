import { createHash, createHmac } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/** The name in wrangler.toml. */
const SCRIPT_NAME = "asistente-ia";

/** Classes that a migration of wrangler.toml has renamed, with the names of their objects. */
const RENAMED_CLASSES = [{ from: "ClockObject", to: "CoordinatorObject", objects: ["clock"] }];

/** Move the database last: its presence means done. SQLite recreates the `-shm` file. */
const FILES_OF_AN_OBJECT = [".sqlite-wal", ".sqlite"];

/**
 * Moves the local storage of Durable Object classes that were renamed. On Cloudflare the migration in wrangler.toml
 * keeps the data; the local runtime derives folder and object id from script and class name, and would start empty.
 * Idempotent: does nothing when there is nothing to move, and never overwrites an object that exists under the new name.
 * No Worker may be running on the folder.
 */
export function moveRenamedObjects(workerFolder: string): void {
  for (const { from, to, objects } of RENAMED_CLASSES) {
    const [oldKey, newKey] = [`${SCRIPT_NAME}-${from}`, `${SCRIPT_NAME}-${to}`];
    const oldFolder = join(workerFolder, "v3/do", oldKey);
    const newFolder = join(workerFolder, "v3/do", newKey);
    if (!existsSync(oldFolder)) continue;
    mkdirSync(newFolder, { recursive: true });
    for (const name of objects) {
      moveObject(join(oldFolder, objectId(oldKey, name)), join(newFolder, objectId(newKey, name)));
    }
    // Alarms are in metadata.sqlite; none of these objects sets one.
    const isEmpty = readdirSync(oldFolder).every((file) => !/^[0-9a-f]{64}\.sqlite$/.test(file));
    if (isEmpty) rmSync(oldFolder, { recursive: true });
  }
}

function moveObject(from: string, to: string): void {
  if (!existsSync(`${from}.sqlite`) || existsSync(`${to}.sqlite`)) return;
  for (const suffix of FILES_OF_AN_OBJECT) {
    if (existsSync(from + suffix)) renameSync(from + suffix, to + suffix);
  }
}

/** The id that workerd derives for `idFromName(name)`: an HMAC keyed by the class's unique key, and its check value. */
function objectId(uniqueKey: string, name: string): string {
  const key = createHash("sha256").update(uniqueKey).digest();
  const sign = (data: string, encoding: "utf8" | "hex"): string =>
    createHmac("sha256", key).update(data, encoding).digest("hex").slice(0, 32);
  const signedName = sign(name, "utf8");
  return signedName + sign(signedName, "hex");
}
