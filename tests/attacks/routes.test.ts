import { beforeAll, describe, expect, it } from "vitest";
import {
  attackRequest,
  expectRefused,
  guardedRoutes,
  createVictimChat,
  parametersWithoutAttack,
  untouchedChat,
  type Target,
} from "../support/attack.ts";
import { call } from "../support/client.ts";
import { callerWithToken, newKey, type TestKey } from "../support/keys.ts";
import { OWNER_ONLY_SCOPES, SCOPES } from "../../src/access/principal.ts";

const routes = await guardedRoutes();
const withChat = routes.filter(({ namesChat }) => namesChat);

/** What a key of any permission may do: nothing but ask for a part of itself. */
const FOR_ANY_KEY = new Set(["POST /api/v1/auth/token"]);

type Caller = TestKey["call"];

async function withToken(key: TestKey, wanted: object = {}): Promise<Caller> {
  const { json } = await key.call("/api/v1/auth/token", wanted);
  return callerWithToken(String(json["token"]));
}

const NOT_THE_OWNERS = SCOPES.filter((scope) => !OWNER_ONLY_SCOPES.includes(scope));

let victim: Awaited<ReturnType<typeof createVictimChat>>;
let victimKey: TestKey;
let target: Target;
beforeAll(async () => {
  victim = await createVictimChat();
  victimKey = await newKey({ cliente: "principal", permisos: ["procesar"] });
  target = { chatId: victim.chatId, keyId: victimKey.id, token: victim.token };
});

it("reads the routes that there are", () => {
  expect(routes.length).toBeGreaterThan(15);
  expect(withChat.length).toBeGreaterThan(5);
});

it.for(routes)("$name has no parameter that nobody thought of attacking", (route) => {
  expect(parametersWithoutAttack(route)).toEqual([]);
});

describe("another client", () => {
  let callers: Caller[];
  beforeAll(async () => {
    const key = await newKey({ permisos: NOT_THE_OWNERS });
    callers = [key.call, await withToken(key)];
  });

  it.for(routes)("gets nothing of the owner's by $name, and changes nothing", async (route) => {
    // Their own words come back to them.
    const { path, body, method } = attackRequest(route, { ...target, token: "secreto" });
    for (const caller of callers) {
      const { status, text } = await caller(path, body, method);
      expect(status).toBeLessThan(500);
      expect(text).not.toContain(victim.token);
      expect(text).not.toContain(victimKey.id);
    }
    await victim.expectUnchanged();
    expect((await victimKey.call("/api/v1/tareas")).status).toBe(200);
  });

  it.for(OWNER_ONLY_SCOPES)("cannot have the permission %s, from nobody", async (scope) => {
    for (const cliente of [undefined, "otro"]) {
      const answer = await call("/api/v1/claves", { nombre: "x", permisos: [scope], cliente });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.text).not.toContain("aia_");
    }
  });
});

describe("a key without the permission", () => {
  let byScope: { scope: string; key: TestKey }[];
  beforeAll(async () => {
    byScope = await Promise.all(
      SCOPES.map(async (scope) => ({
        scope,
        key: await newKey({ cliente: "principal", permisos: [scope] }),
      })),
    );
  });

  it.for(routes)(
    "is refused by $name, which one permission opens, and does nothing",
    async (route) => {
      const opening: string[] = [];
      for (const { scope, key } of byScope) {
        const untouched = untouchedChat();
        const { path, body, method } = attackRequest(route, {
          ...untouched,
          keyId: "0".repeat(16),
        });
        const answer = await key.call(path, body, method);
        if (!String(answer.json["mensaje"]).startsWith("Esta ruta necesita")) {
          opening.push(scope);
          continue;
        }
        expect(answer.status).toBe(403);
        await untouched.expectUntouched();
      }
      expect(opening).toHaveLength(FOR_ANY_KEY.has(route.name) ? SCOPES.length : 1);
    },
  );

  it.for(routes)("nor does a token of the owner's without it open $name", async (route) => {
    const { json } = await call("/api/v1/auth/token", { permisos: ["metricas"] });
    const untouched = untouchedChat();
    const { path, body, method } = attackRequest(route, { ...untouched, keyId: "0".repeat(16) });
    const answer = await callerWithToken(String(json["token"]))(path, body, method);
    expectRefused(answer, 403, "permiso_insuficiente");
    await untouched.expectUntouched();
  });
});

describe("a key for some chats", () => {
  let callers: Caller[];
  beforeAll(async () => {
    const [few, all] = await Promise.all([
      newKey({ cliente: "principal", permisos: NOT_THE_OWNERS, chats: [-1] }),
      newKey({ cliente: "principal", permisos: NOT_THE_OWNERS }),
    ]);
    callers = [few.call, await withToken(few), await withToken(all, { chats: [-1] })];
  });

  it.for(withChat)("reaches no other by $name", async (route) => {
    const { path, body, method } = attackRequest(route, target);
    for (const caller of callers) {
      expectRefused(await caller(path, body, method), 403, "chat_no_permitido");
    }
    await victim.expectUnchanged();
  });

  it.for(withChat)("is not told by $name whether another exists", async (route) => {
    const absent = attackRequest(route, { ...untouchedChat(), keyId: "" });
    const present = attackRequest(route, target);
    for (const caller of callers) {
      const answers = await Promise.all(
        [absent, present].map(({ path, body, method }) => caller(path, body, method)),
      );
      const [one, other] = answers.map(({ json }) => ({
        ...json,
        solicitud_id: "",
        chat_id: "",
      }));
      expect(one).toEqual(other);
    }
  });
});

describe("an id that is somebody else's", () => {
  it("looks like one that does not exist", async () => {
    const paths = routes.filter(({ path }) => path.includes("{id}"));
    expect(paths.length).toBeGreaterThan(2);
    for (const route of paths) {
      const { path, body, method } = attackRequest(route, {
        chatId: 0,
        token: "",
        keyId: "0123456789abcdef",
      });
      const answer = await call(path, body, { method });
      expectRefused(answer, 404, "no_encontrado");
    }
  });
});
