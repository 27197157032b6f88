import { existsSync } from "node:fs";
import { chromium, type Page } from "playwright-core";

/** Where Debian, Fedora, Chrome's own packages and macOS install Chromium or Chrome. */
const BROWSER_PATHS = [
  process.env["CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Returns the path of a Chromium on this machine. The variable `CHROMIUM` overrides it. */
export function findBrowser(): string | undefined {
  return BROWSER_PATHS.find((path) => path !== undefined && existsSync(path));
}

export type Visit = {
  page: Page;
  /** Requests to other hosts, failed requests, console errors and page errors. */
  problems: string[];
};

/** Opens a page in a new browser, and closes the browser when `inspect` ends. */
export async function visit(
  browserPath: string,
  url: string,
  inspect: (visit: Visit) => Promise<void>,
): Promise<void> {
  const browser = await chromium.launch({
    executablePath: browserPath,
    // Chromium's sandbox does not start as root, nor in most containers.
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  try {
    const page = await browser.newPage();
    const problems: string[] = [];
    const { origin } = new URL(url);
    page.on("request", (request) => {
      if (/^https?:/.test(request.url()) && !request.url().startsWith(`${origin}/`)) {
        problems.push(`requested ${request.url()}`);
      }
    });
    page.on("requestfailed", (request) => problems.push(`failed ${request.url()}`));
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    page.on("pageerror", (error) => problems.push(error.message));
    await page.goto(url);
    await inspect({ page, problems });
  } finally {
    await browser.close();
  }
}
