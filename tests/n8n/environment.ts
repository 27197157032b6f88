import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { createN8nApi } from "../../scripts/flows/n8n-api.ts";
import { importFlows } from "../../scripts/flows/import-flows.ts";
import { readFlow } from "../../scripts/flows/flow.ts";
import { controlFakeOpenAi } from "../support/fake-openai-control.ts";
import { startFakeOpenAi } from "../support/fake-openai.ts";
import { startFakeGoogle } from "./fake-google.ts";
import { startFakeSmtp } from "./fake-smtp.ts";
import { startFakeTelegram } from "../support/fake-telegram.ts";
import { BOT_TOKEN } from "../support/secrets.ts";
import { startFaultyProxy } from "./faulty-proxy.ts";
import { installN8n } from "./install-n8n.ts";
import { startN8n } from "./n8n.ts";
import { startWorker } from "../support/running-worker.ts";
import { waitUntil } from "../support/wait-until.ts";

export const ROOT = join(import.meta.dirname, "../..");

export const OWNER_CHAT = 600;
export const ALERTS_CHAT = 601;
export const ALERTS_MAIL = "yo@example.com";
/** A group that may use the bot. The private chats 700 to 799 may use it too. */
export const GROUP = -100_200;
const ALLOWED = [...Array.from({ length: 100 }, (_, index) => 700 + index), GROUP].join(",");
/** An OAuth credential in Google's format. Only the fake Google accepts it. */
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

/**
 * Starts the service, a real n8n and fakes of every other service that the flows use. `npm run flows:import` imports the
 * flows into n8n: first without the credentials of mail and Google, then with all of them.
 */
export async function startEnvironment() {
  const installed = await installN8n();
  const cleanups: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const cleanUp of cleanups.toReversed()) await cleanUp();
  };
  try {
    const [model, telegram, mail, google] = await Promise.all([
      startFakeOpenAi(),
      startFakeTelegram(),
      startFakeSmtp(),
      startFakeGoogle(),
    ]);
    cleanups.push(model.stop, telegram.stop, mail.stop, google.stop);
    const [worker, n8n] = await Promise.all([
      startWorker(model.url, { TELEGRAM_BOT_TOKEN: BOT_TOKEN, TELEGRAM_API_URL: telegram.url }),
      startN8n(installed, google),
    ]);
    cleanups.push(worker.remove, n8n.stop);
    const [apiProxy, n8nProxy] = [
      await startFaultyProxy(worker.address),
      await startFaultyProxy(n8n.url),
    ];
    cleanups.push(apiProxy.stop, n8nProxy.stop);

    const api = createN8nApi(n8n.url, n8n.apiKey);
    const runFlowsImport = async (
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
            N8N_URL: n8nProxy.url,
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
    const firstImport = await runFlowsImport();
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
      api_url: apiProxy.url,
      chats_permitidos: ALLOWED,
      chat_del_propietario: String(OWNER_CHAT),
      chat_de_avisos: String(ALERTS_CHAT),
      correo_de_avisos: ALERTS_MAIL,
      remitente: "asistente@example.com",
    };
    const secondImport = await runFlowsImport([
      "--publicar",
      ...Object.entries(settings).flatMap(([name, value]) => ["--ajuste", `${name}=${value}`]),
    ]);
    await importFlows(api, [readFlow(join(import.meta.dirname, "previous-backend-flow.json"))], {
      settings: { api_url: apiProxy.url },
      publish: true,
    });
    await waitUntil(() => telegram.isWebhookSet(), "n8n registers its webhook at Telegram");
    return {
      installed,
      worker,
      apiProxy,
      n8nProxy,
      n8n,
      api,
      telegram,
      mail,
      google,
      model: controlFakeOpenAi(model.url),
      importOutputs: [firstImport, secondImport],
      runFlowsImport,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

export type Environment = Awaited<ReturnType<typeof startEnvironment>>;
