import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Readable } from "node:stream";
import { callbackify } from "node:util";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

type ReceivedMail = { from: string; to: string; subject: string; text: string };

/** Starts a loopback SMTP server that records the mails it receives. `refuse` rejects the next mails to an address. */
export async function startFakeSmtp() {
  const received: ReceivedMail[] = [];
  const refusals = new Map<string, number>();

  const accept = callbackify(async (stream: Readable) => {
    const mail = await simpleParser(stream);
    const to = Array.isArray(mail.to) ? mail.to[0] : mail.to;
    const left = refusals.get(to?.text ?? "") ?? 0;
    if (left > 0) {
      refusals.set(to?.text ?? "", left - 1);
      throw Object.assign(new Error("Mailbox unavailable"), { responseCode: 450 });
    }
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
    refuse: (to: string, times: number) => refusals.set(to, times),
    stop: async () => await new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
