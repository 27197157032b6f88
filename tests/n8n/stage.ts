import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import { createN8nApi } from "../../scripts/flows/n8n-api.ts";
import { importFlows } from "../../scripts/flows/import-flows.ts";
import { type Flow, FLOWS_FOLDER, type Node, readFlow } from "../../scripts/flows/flow.ts";
import { controlFakeOpenAi } from "../support/fake-openai-control.ts";
import { startFakeOpenAi } from "../support/fake-openai.ts";
import { startFakeGoogle } from "./fake-google.ts";
import { startFakeMail } from "./fake-mail.ts";
import { readHtml, startFakeTelegram } from "../support/fake-telegram.ts";
import { BOT_TOKEN } from "../support/secrets.ts";
import { startGateway } from "./gateway.ts";
import { installN8n } from "./install.ts";
import { startN8n } from "./n8n.ts";
import { startWorker } from "../support/running-worker.ts";

export const ROOT = join(import.meta.dirname, "../..");
const WAIT_LIMIT_MS = 90_000;
const POLL_MS = 50;

export const OWNER_CHAT = 600;
export const ALERTS_CHAT = 601;
export const ALERTS_MAIL = "yo@example.com";
/** Chats that may use the bot: 700–799, and a group. */
export const GROUP = -100_200;
const ALLOWED = [...Array.from({ length: 100 }, (_, index) => 700 + index), GROUP].join(",");
/** Of Google's own shape, and nobody's. */
const OAUTH = {
  clientId: "prueba.apps.googleusercontent.com",
  clientSecret: "prueba",
  oauthTokenData: {
    access_token: "prueba",
    refresh_token: "prueba",
    token_type: "Bearer",
    expires_in: 86_400,
    scope:
      "https://mail.google.com/ https://www.googleapis.com/auth/spreadsheets https://www.googleapis.com/auth/calendar",
  },
};

/** Everything that the flows talk to, and a real n8n with the flows in it, put there by `npm run flows:import`. */
export async function setStage() {
  const installed = await installN8n();
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stops.toReversed()) await one();
  };
  try {
    const [model, telegram, mail, google] = await Promise.all([
      startFakeOpenAi(),
      startFakeTelegram(),
      startFakeMail(),
      startFakeGoogle(),
    ]);
    stops.push(model.stop, telegram.stop, mail.stop, google.stop);
    const [worker, n8n] = await Promise.all([
      startWorker(model.url, { TELEGRAM_BOT_TOKEN: BOT_TOKEN, TELEGRAM_API_URL: telegram.url }),
      startN8n(installed, google),
    ]);
    stops.push(worker.remove, n8n.stop);
    const [gateway, n8nGateway] = [await startGateway(worker.address), await startGateway(n8n.url)];
    stops.push(gateway.stop, n8nGateway.stop);

    const api = createN8nApi(n8n.url, n8n.apiKey);
    const importing = async (
      args: string[] = [],
      env: Record<string, string> = {},
    ): Promise<string> => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ["--disable-warning=ExperimentalWarning", "scripts/flows/import.ts", ...args],
        {
          cwd: ROOT,
          env: {
            ...process.env,
            N8N_URL: n8nGateway.url,
            N8N_API_KEY: n8n.apiKey,
            API_KEY: worker.key,
            TELEGRAM_BOT_TOKEN: BOT_TOKEN,
            TELEGRAM_API_URL: telegram.url,
            ...env,
          },
        },
      );
      return stdout;
    };
    const firstImport = await importing();
    await api.createCredential("Correo (SMTP)", "smtp", {
      user: "",
      password: "",
      host: "127.0.0.1",
      port: mail.port,
      secure: false,
      disableStartTls: true,
    });
    await api.createCredential("Gmail", "gmailOAuth2", OAUTH);
    await api.createCredential("Google Sheets", "googleSheetsOAuth2Api", OAUTH);
    await api.createCredential("Google Calendar", "googleCalendarOAuth2Api", OAUTH);
    const settings = {
      api_url: gateway.url,
      chats_permitidos: ALLOWED,
      chat_del_propietario: String(OWNER_CHAT),
      chat_de_avisos: String(ALERTS_CHAT),
      correo_de_avisos: ALERTS_MAIL,
      remitente: "asistente@example.com",
    };
    const secondImport = await importing([
      "--publicar",
      ...Object.entries(settings).flatMap(([name, value]) => ["--ajuste", `${name}=${value}`]),
    ]);
    const [old] = await importFlows(
      api,
      [readFlow(join(import.meta.dirname, "previous-backend-flow.json"))],
      {
        settings: { api_url: gateway.url },
        publish: true,
      },
    );
    await until(() => telegram.isWebhookSet(), "n8n sets its webhook at Telegram");
    return {
      installed,
      worker,
      gateway,
      n8nGateway,
      n8n,
      api,
      telegram,
      mail,
      google,
      model: controlFakeOpenAi(model.url),
      imports: [firstImport, secondImport],
      importing,
      oldFlowId: old?.id ?? "",
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

export type Stage = Awaited<ReturnType<typeof setStage>>;

/** A flow of ours with one of its steps changed: nobody waits here for a Monday, or for the night. */
export function flowWith(file: string, step: string, change: Partial<Node>): Flow {
  const flow = readFlow(join(FLOWS_FOLDER, file));
  const nodes = flow.nodes.map((node) => (node.name === step ? { ...node, ...change } : node));
  return { ...flow, nodes };
}

/** Puts a flow in the place of the one of its name, and publishes it. */
export async function putFlow(
  { api }: Stage,
  flow: Flow,
  settings: Record<string, string> = {},
): Promise<void> {
  const inPlace = readFlow(join(FLOWS_FOLDER, "errores.json"));
  await importFlows(api, [inPlace, flow], { settings, publish: true });
}

/**
 * Puts a flow in its place whose first step, which waits for its time, is one that listens. Gives what runs it to its
 * end, and says whether that was a good one.
 */
export async function putRunnable(
  stage: Stage,
  [file, firstStep]: [string, string],
  settings: Record<string, string> = {},
): Promise<() => Promise<boolean>> {
  // One of its own: what answers there is this flow and not the one before.
  const path = randomUUID();
  const listening: Partial<Node> = {
    type: "n8n-nodes-base.webhook",
    typeVersion: 2.1,
    webhookId: path,
    parameters: { httpMethod: "POST", path, responseMode: "lastNode" },
  };
  await putFlow(stage, flowWith(file, firstStep, listening), settings);
  return async () => {
    const ran = await until(async () => {
      const response = await fetch(`${stage.n8n.url}/webhook/${path}`, { method: "POST" });
      await response.arrayBuffer();
      return response.status === 404 ? null : response;
    }, `n8n listens for ${file}`);
    return ran.ok;
  };
}

/** Looks again until there is something. */
export async function until<T>(
  look: () => T | Promise<T>,
  what: string,
  limitMs = WAIT_LIMIT_MS,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`Never came about: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** What the owner was told in these words, without format. */
export async function toldTheOwner({ telegram }: Stage, words: string): Promise<string> {
  return await until(
    () =>
      telegram
        .messagesTo(OWNER_CHAT)
        .map(({ text }) => readHtml(text ?? ""))
        .find((text) => text?.includes(words)),
    `the owner is told: ${words}`,
  );
}
