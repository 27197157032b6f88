import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { moveRenamedObjects } from "./renamed-objects.ts";

/** The ids of the object «clock», as workerd derives them from script and class name. */
const OLD =
  "asistente-ia-ClockObject/1ba6e5af29f9ca1253187ea466518c5a9de695aac158d450e063116067340f6d";
const NEW =
  "asistente-ia-CoordinatorObject/163dc30b09b24e0f4d0b41850e532746e895e23752228751d3b6b636876d4bc2";

let workerFolder: string;
const pathOf = (file: string): string => join(workerFolder, "v3/do", file);
const read = (file: string): string => readFileSync(pathOf(file), "utf8");

function write(file: string, content: string): void {
  mkdirSync(join(pathOf(file), ".."), { recursive: true });
  writeFileSync(pathOf(file), content);
}

function files(): string[] {
  return readdirSync(pathOf("."), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath.slice(pathOf(".").length + 1)}/${name}`);
}

beforeEach(() => {
  workerFolder = mkdtempSync(join(tmpdir(), "asistente-objetos-"));
});
afterEach(() => rmSync(workerFolder, { recursive: true }));

it("moves the object with its log under the new class, and removes the old folder", () => {
  write(`${OLD}.sqlite`, "database");
  write(`${OLD}.sqlite-wal`, "log");
  write(`${OLD}.sqlite-shm`, "index of the log");
  write("asistente-ia-ClockObject/metadata.sqlite", "no alarms");
  moveRenamedObjects(workerFolder);
  expect(files().toSorted()).toEqual([`${NEW}.sqlite`, `${NEW}.sqlite-wal`]);
  expect(read(`${NEW}.sqlite`)).toBe("database");
  expect(read(`${NEW}.sqlite-wal`)).toBe("log");
});

it("changes nothing when it runs again", () => {
  write(`${OLD}.sqlite`, "database");
  moveRenamedObjects(workerFolder);
  write(`${NEW}.sqlite`, "newer database");
  moveRenamedObjects(workerFolder);
  expect(files()).toEqual([`${NEW}.sqlite`]);
  expect(read(`${NEW}.sqlite`)).toBe("newer database");
});

it("finishes a move that was interrupted between the log and the database", () => {
  write(`${OLD}.sqlite`, "database");
  write(`${NEW}.sqlite-wal`, "log");
  moveRenamedObjects(workerFolder);
  expect(files().toSorted()).toEqual([`${NEW}.sqlite`, `${NEW}.sqlite-wal`]);
});

it("keeps both objects when one exists under the new class too", () => {
  write(`${OLD}.sqlite`, "old");
  write(`${NEW}.sqlite`, "new");
  moveRenamedObjects(workerFolder);
  expect(read(`${OLD}.sqlite`)).toBe("old");
  expect(read(`${NEW}.sqlite`)).toBe("new");
});

it("does nothing in a folder without objects", () => {
  moveRenamedObjects(workerFolder);
  expect(readdirSync(workerFolder)).toEqual([]);
});
