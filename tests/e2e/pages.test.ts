import { afterAll, beforeAll, expect, it } from "vitest";
import { findFreePort } from "../../scripts/lib/ports.ts";
import { findBrowser, visit } from "./browser.ts";
import { makeClone, startService, type Clone, type Service } from "./service.ts";

const browser = findBrowser();
const NO_BROWSER = "Requires Chromium. Set CHROMIUM when it is in an unusual folder.";

let clone: Clone;
let service: Service;

beforeAll(async () => {
  clone = makeClone();
  service = await startService(clone, { PORT: String(await findFreePort()) });
});

afterAll(async () => {
  await service.stop("SIGTERM");
  clone.remove();
});

it("shows the routes in a browser without requests to other hosts, and executes one", async ({
  skip,
}) => {
  skip(browser === undefined, NO_BROWSER);
  await visit(browser ?? "", `${service.address}/docs`, async ({ page, problems }) => {
    await page.waitForSelector(".opblock");
    const paths = await page.locator(".opblock-summary-path").allInnerTexts();
    expect(paths.map((path) => path.replaceAll("​", ""))).toEqual(
      expect.arrayContaining([
        "/api/v1/procesar",
        "/api/v1/estado",
        "/api/v1/consultar",
        "/api/v1/consultar-inteligente",
        "/health/detailed",
      ]),
    );

    await page.click("button.authorize");
    await page.fill("#api_key_value", service.key);
    await page.click(".auth-btn-wrapper .authorize");
    await page.click(".auth-btn-wrapper .btn-done");
    await page.click("#operations-Tareas-procesar .opblock-summary-control");
    await page.click("#operations-Tareas-procesar .execute");
    const answer = page.locator("#operations-Tareas-procesar .live-responses-table .microlight");
    await answer.first().waitFor();
    expect(await answer.first().innerText()).toContain('"resultado"');
    expect(problems).toEqual([]);
  });
});

it("shows the page of a problem with its link to the routes", async ({ skip }) => {
  skip(browser === undefined, NO_BROWSER);
  await visit(
    browser ?? "",
    `${service.address}/errores/falta_tarea`,
    async ({ page, problems }) => {
      expect(await page.locator("h1").innerText()).toBe("Falta decir qué hacer con el texto");
      expect(await page.locator("p code").first().innerText()).toBe("tipo_tarea");
      await page.click("a");
      await page.waitForSelector(".opblock");
      expect(problems).toEqual([]);
    },
  );
});
