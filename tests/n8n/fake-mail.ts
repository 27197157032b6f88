import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Readable } from "node:stream";
import { callbackify } from "node:util";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

export type Mail = { from: string; to: string; subject: string; text: string };

/** An SMTP server on loopback that keeps what it is given; `refuse` makes it turn the next ones away. */
export async function startFakeMail() {
  const received: Mail[] = [];
  let refusals = 0;

  const accept = callbackify(async (stream: Readable) => {
    const mail = await simpleParser(stream);
    if (refusals > 0) {
      refusals -= 1;
      throw Object.assign(new Error("Mailbox unavailable"), { responseCode: 450 });
    }
    const to = Array.isArray(mail.to) ? mail.to[0] : mail.to;
    received.push({
      from: mail.from?.text ?? "",
      to: to?.text ?? "",
      subject: mail.subject ?? "",
      text: mail.text?.trim() ?? "",
    });
  });
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData: (stream, _session, done) => accept(stream, done),
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  return {
    port: (server.server.address() as AddressInfo).port,
    received,
    refuse: (times: number) => (refusals = times),
    stop: async () => await new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

export type FakeMail = Awaited<ReturnType<typeof startFakeMail>>;
