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

/** Routes that a key with any permission may call. */
const ROUTES_FOR_ANY_KEY = new Set(["POST /api/v1/auth/token"]);

type Caller = TestKey["call"];

async function callerWithTokenOf(key: TestKey, body: object = {}): Promise<Caller> {
  const { json } = await key.call("/api/v1/auth/token", body);
  return callerWithToken(String(json["token"]));
}

const GENERAL_SCOPES = SCOPES.filter((scope) => !OWNER_ONLY_SCOPES.includes(scope));

let victim: Awaited<ReturnType<typeof createVictimChat>>;
let victimKey: TestKey;
let target: Target;
beforeAll(async () => {
  victim = await createVictimChat();
  victimKey = await newKey({ cliente: "principal", permisos: ["procesar"] });
  target = { chatId: victim.chatId, keyId: victimKey.id, token: victim.token };
});

it("finds the guarded routes, and those that name a chat, in the OpenAPI document", () => {
  expect(routes.length).toBeGreaterThan(15);
  expect(withChat.length).toBeGreaterThan(5);
});

it.for(routes)("finds an attack value for each parameter of $name", (route) => {
  expect(parametersWithoutAttack(route)).toEqual([]);
});

describe("another client", () => {
  let callers: Caller[];
  beforeAll(async () => {
    const key = await newKey({ permisos: GENERAL_SCOPES });
    callers = [key.call, await callerWithTokenOf(key)];
  });

  it.for(routes)("reads and changes nothing of the owner through $name", async (route) => {
    // With another word, because a response may repeat the attacker's own text.
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

  it.for(OWNER_ONLY_SCOPES)("cannot get the permission %s, even from the owner", async (scope) => {
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
    "gets 403 from $name, which exactly one permission opens, and has no effect",
    async (route) => {
      const sufficientScopes: string[] = [];
      for (const { scope, key } of byScope) {
        const untouched = untouchedChat();
        const { path, body, method } = attackRequest(route, {
          ...untouched,
          keyId: "0".repeat(16),
        });
        const answer = await key.call(path, body, method);
        if (!String(answer.json["mensaje"]).startsWith("Esta ruta necesita")) {
          sufficientScopes.push(scope);
          continue;
        }
        expect(answer.status).toBe(403);
        await untouched.expectUntouched();
      }
      expect(sufficientScopes).toHaveLength(ROUTES_FOR_ANY_KEY.has(route.name) ? SCOPES.length : 1);
    },
  );

  it.for(routes)("gets 403 from $name as a token of the owner too", async (route) => {
    const { json } = await call("/api/v1/auth/token", { permisos: ["metricas"] });
    const untouched = untouchedChat();
    const { path, body, method } = attackRequest(route, { ...untouched, keyId: "0".repeat(16) });
    const answer = await callerWithToken(String(json["token"]))(path, body, method);
    expectRefused(answer, 403, "permiso_insuficiente");
    await untouched.expectUntouched();
  });
});

describe("a key that is limited to some chats", () => {
  let callers: Caller[];
  beforeAll(async () => {
    const [limited, all] = await Promise.all([
      newKey({ cliente: "principal", permisos: GENERAL_SCOPES, chats: [-1] }),
      newKey({ cliente: "principal", permisos: GENERAL_SCOPES }),
    ]);
    callers = [
      limited.call,
      await callerWithTokenOf(limited),
      await callerWithTokenOf(all, { chats: [-1] }),
    ];
  });

  it.for(withChat)("gets 403 for another chat from $name", async (route) => {
    const { path, body, method } = attackRequest(route, target);
    for (const caller of callers) {
      expectRefused(await caller(path, body, method), 403, "chat_no_permitido");
    }
    await victim.expectUnchanged();
  });

  it.for(withChat)(
    "gets the same response from $name whether the other chat exists or not",
    async (route) => {
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
    },
  );
});

describe("the id of an unknown key", () => {
  it("gets 404 from every route", async () => {
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
