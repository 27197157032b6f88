import { describe, expect, it } from "vitest";
import { ConfigError, parseConfig, retiredSettings, Settings } from "./config.ts";

describe("parseConfig", () => {
  it("reads a retention for each client in RETENCION_POR_CLIENTE", () => {
    const { RETENCION_POR_CLIENTE } = parseConfig({
      RETENCION_POR_CLIENTE: "equipo=30, legal = 0",
    });
    expect(RETENCION_POR_CLIENTE).toEqual(
      new Map([
        ["equipo", 30],
        ["legal", 0],
      ]),
    );
  });

  it.for(["equipo", "equipo=x", "a=1, a=2", "equipo=99999", "=3"])(
    "rejects RETENCION_POR_CLIENTE=«%s»",
    (RETENCION_POR_CLIENTE) => {
      expect(() => parseConfig({ RETENCION_POR_CLIENTE })).toThrow(
        "RETENCION_POR_CLIENTE debe ser una lista",
      );
    },
  );

  it("has a default for every setting except the keys", () => {
    expect(parseConfig({})).not.toHaveProperty("API_KEY");
    expect(parseConfig({})).toMatchObject({
      OPENAI_BASE_URL: "https://api.openai.com/v1",
      OPENAI_MODEL: "gpt-4o-mini",
      OPENAI_TIMEOUT: 30,
      OPENAI_TOTAL_TIMEOUT: 90,
      OPENAI_MAX_RETRIES: 3,
      OPENAI_RETRY_DELAY_BASE: 1,
      OPENAI_RETRY_DELAY_MAX: 10,
      OPENAI_RETRY_JITTER: 1,
      CACHE_TTL: 86_400,
      GENERIC_TIMEZONE: "Europe/Madrid",
    });
  });

  it("ignores bindings and unknown names, and treats an empty value as unset", () => {
    const config = parseConfig({
      CACHE: { get() {} },
      OTRO: "x",
      OPENAI_MODEL: " ",
      CACHE_TTL: "",
    });
    expect(config).toMatchObject({ OPENAI_MODEL: "gpt-4o-mini", CACHE_TTL: 86_400 });
    expect(config).not.toHaveProperty("OTRO");
  });

  it("reads numbers from text", () => {
    const config = parseConfig({ OPENAI_TIMEOUT: "2.5", OPENAI_RETRY_JITTER: "0.1" });
    expect(config).toMatchObject({ OPENAI_TIMEOUT: 2.5, OPENAI_RETRY_JITTER: 0.1 });
  });

  it("reads the numbers and booleans that wrangler passes as if they were text", () => {
    expect(parseConfig({ CACHE_TTL: 600, OPENAI_MODEL: true })).toMatchObject({
      CACHE_TTL: 600,
      OPENAI_MODEL: "true",
    });
    expect(() => parseConfig({ OPENAI_TIMEOUT: 601 })).toThrow("como mucho 600");
  });

  it("uses REDIS_CACHE_TTL as CACHE_TTL when CACHE_TTL is not set", () => {
    expect(parseConfig({ REDIS_CACHE_TTL: "600" }).CACHE_TTL).toBe(600);
    expect(parseConfig({ REDIS_CACHE_TTL: "600", CACHE_TTL: "0" }).CACHE_TTL).toBe(0);
  });

  it.for<[name: string, value: string]>([
    ["API_KEY", "corta"],
    ["OPENAI_BASE_URL", "sin-protocolo"],
    ["OPENAI_BASE_URL", "ftp://servidor"],
    ["OPENAI_TIMEOUT", "mucho"],
    ["OPENAI_TIMEOUT", "0"],
    ["OPENAI_TIMEOUT", "-1"],
    ["OPENAI_TIMEOUT", "Infinity"],
    ["OPENAI_MAX_RETRIES", "1.5"],
    ["OPENAI_RETRY_JITTER", "2"],
    ["CACHE_TTL", "30"],
    ["SUMMARY_CACHE_TTL", "-5"],
    ["GENERIC_TIMEZONE", "Europa/Madriz"],
    ["JURISDICCION", "us"],
    ["DATABASE_DRIVER", "mysql"],
    ["DATABASE_URL", "mysql://servidor/base"],
    ["DATABASE_URL", "postgres://servidor"],
    ["NEON_PROXY", "servidor:5432"],
    ["TELEGRAM_BOT_TOKEN", "el-mío"],
    ["WEBHOOK_SECRET", "corto"],
    ["WEBHOOKS_PERMITIDOS", "http://n8n.ejemplo.com/"],
    ["WEBHOOKS_PERMITIDOS", "https://bien.ejemplo.com/,mal"],
    ["WEBHOOKS_PERMITIDOS", "https://u:p@n8n.ejemplo.com/"],
    ["CORREO_API_URL", "ftp://correo.ejemplo.com"],
    ["CORREO_REMITENTE", "sin arroba"],
    ["CORREO_REMITENTE", "Dos <a@b.com>, <c@d.com>"],
  ])(
    "names %s when it is %j, says what it should be, and does not show the value",
    ([name, value]) => {
      const read = () => parseConfig({ [name]: value });
      expect(read).toThrow(ConfigError);
      expect(read).toThrow(`${name} debe`);
      expect(read).not.toThrow(`«${value}»`);
    },
  );

  it.for<[name: string, value: string]>([
    ["API_KEY", "secreto-7q"],
    ["OPENAI_BASE_URL", "secreto-7q"],
    ["OPENAI_TIMEOUT", "secreto-7q"],
    ["OPENAI_TOTAL_TIMEOUT", "7654321"],
    ["OPENAI_MAX_RETRIES", "secreto-7q"],
    ["OPENAI_RETRY_DELAY_BASE", "7654321"],
    ["OPENAI_RETRY_DELAY_MAX", "secreto-7q"],
    ["OPENAI_RETRY_JITTER", "7654321"],
    ["OPENAI_CONTEXT_TOKENS", "secreto-7q"],
    ["OPENAI_MAX_OUTPUT_TOKENS", "7654321"],
    ["CACHE_TTL", "secreto-7q"],
    ["REDIS_CACHE_TTL", "-7654321"],
    ["TRANSLATION_CACHE_TTL", "secreto-7q"],
    ["CLASSIFICATION_CACHE_TTL", "76543210"],
    ["KV_WRITES_PER_DAY", "secreto-7q"],
    ["GENERIC_TIMEZONE", "secreto-7q"],
    ["JURISDICCION", "secreto-7q"],
    ["DATABASE_DRIVER", "secreto-7q"],
    ["DATABASE_URL", "mysql://ana:secreto-7q@servidor/base"],
    ["DATABASE_URL", "postgres://ana:secreto/7q@servidor:5432/base"],
    ["NEON_PROXY", "secreto-7q"],
  ])("never shows the value of %s when it is invalid", ([name, value]) => {
    const error = errorOf(() => parseConfig({ [name]: value }));
    expect(error).toBeInstanceOf(ConfigError);
    const seen = `${String(error)} ${JSON.stringify(error)}`;
    expect(seen).toContain(name);
    expect(seen).not.toContain(value);
    expect(seen).not.toContain("secreto");
    expect(error).not.toHaveProperty("cause");
  });

  it("names the limit that a value exceeds", () => {
    expect(() => parseConfig({ OPENAI_TIMEOUT: "601" })).toThrow("como mucho 600");
    expect(() => parseConfig({ OPENAI_MAX_RETRIES: "11" })).toThrow("como mucho 10");
    expect(() => parseConfig({ API_KEY: "x".repeat(513) })).toThrow("como mucho 512 caracteres");
    expect(() => parseConfig({ CACHE_TTL: "59" })).toThrow("0 (sin caché) o al menos 60");
  });

  it("uses the default of a setting whose value is empty", () => {
    const empty = Object.fromEntries(Object.keys(Settings.shape).map((name) => [name, "  "]));
    expect(parseConfig(empty)).toEqual(parseConfig({}));
  });

  it("requires DATABASE_URL with DATABASE_DRIVER=neon only", () => {
    const url = "postgres://ana:clave@ep-1.eu.neon.tech/base";
    expect(() => parseConfig({ DATABASE_DRIVER: "neon" })).toThrow("DATABASE_URL debe estar");
    expect(parseConfig({ DATABASE_DRIVER: "neon", DATABASE_URL: url }).DATABASE_URL).toBe(url);
    expect(parseConfig({}).DATABASE_DRIVER).toBe("hyperdrive");
  });

  it("names all invalid settings in one error", () => {
    const read = () => parseConfig({ OPENAI_TIMEOUT: "x", CACHE_TTL: "1" });
    expect(read).toThrow(/OPENAI_TIMEOUT.*CACHE_TTL/);
  });
});

describe("retiredSettings", () => {
  it("names the replacement of each retired setting", () => {
    const warnings = retiredSettings({
      POSTGRES_PASSWORD: "x",
      REDIS_URL: "y",
      REDIS_CACHE_TTL: "60",
      REDIS_PASSWORD: "",
    });
    expect(warnings.join(" ")).not.toContain("REDIS_CACHE_TTL");
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toMatch(/^POSTGRES_PASSWORD ya no se usa: .*DATABASE_URL/);
    expect(warnings[1]).toMatch(/^REDIS_URL ya no se usa: .*Workers KV/);
  });

  it("ignores settings that are in use, and shows no value", () => {
    expect(
      retiredSettings(Object.fromEntries(Object.keys(Settings.shape).map((n) => [n, "x"]))),
    ).toEqual([]);
    expect(retiredSettings({ POSTGRES_PASSWORD: "secreto-7q" }).join(" ")).not.toContain("secreto");
  });
});

function errorOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
