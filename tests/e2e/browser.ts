import { existsSync } from "node:fs";
import { chromium, type Page } from "playwright-core";

/** Where Debian, Fedora, Chrome's own packages and macOS put a Chromium. */
const PLACES = [
  process.env["CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The browser of this machine, if there is one. `CHROMIUM` names another. */
export function findBrowser(): string | undefined {
  return PLACES.find((place) => place !== undefined && existsSync(place));
}

export type Visit = {
  page: Page;
  /** Addresses on other hosts that the page asked for, requests that failed, and what the console complained of. */
  complaints: string[];
};

/** Opens a page in a new browser for as long as `look` lasts. */
export async function visit(
  browserPath: string,
  url: string,
  look: (visit: Visit) => Promise<void>,
): Promise<void> {
  const browser = await chromium.launch({
    executablePath: browserPath,
    // Chromium's sandbox does not start as root, nor in most containers.
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    const { origin } = new URL(url);
    page.on("request", (request) => {
      if (/^https?:/.test(request.url()) && !request.url().startsWith(`${origin}/`)) {
        complaints.push(`asked ${request.url()}`);
      }
    });
    page.on("requestfailed", (request) => complaints.push(`failed ${request.url()}`));
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(url);
    await look({ page, complaints });
  } finally {
    await browser.close();
  }
}
