import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitSentences } from "../text/sentences.ts";
import { joinSentences, selectSummarySentences } from "./summarise.ts";

const summariseLocally = (text: string, options: { sentences: number | undefined }): string =>
  joinSentences(selectSummarySentences(text, options));

const MAIL =
  "Buenos días a todos. Espero que estéis bien después del puente. Os escribo porque ayer hablamos un rato en la cafetería. El tiempo ha mejorado mucho esta semana. Como sabéis, llevamos meses con problemas en el sistema de facturación. El sistema de facturación duplica algunas facturas cuando el cliente paga con tarjeta. Hemos decidido cambiar el proveedor del sistema de facturación antes del 30 de junio. El nuevo proveedor costará 12.000 euros al año y evitará las facturas duplicadas. Por lo demás, la máquina de café vuelve a funcionar. Un saludo.";

const NEWS =
  "El Ayuntamiento de Valencia aprobó ayer un plan de 45 millones de euros para ampliar el carril bici. El plan contempla 30 kilómetros nuevos de carril bici en cinco distritos. Las obras empezarán en otoño y durarán dos años. La oposición criticó el plan por su coste. El alcalde llegó al pleno en bicicleta. Los vecinos de Ruzafa pidieron más árboles en las calles.";

/** The main points are in the middle or at the end; `|` separates alternatives. */
const BURIED: readonly { text: string; sentences: number; keys: readonly string[] }[] = [
  {
    text: MAIL,
    sentences: 2,
    keys: ["Hemos decidido cambiar el proveedor", "sistema de facturación"],
  },
  {
    text: "Hola equipo. Antes de nada, gracias por venir tan temprano. La sala olía a pintura, así que abrimos las ventanas. Empezamos con diez minutos de retraso. María explicó que la migración de la base de datos terminó el viernes sin incidencias. La migración de la base de datos ha reducido un 40 % el tiempo de respuesta de la aplicación. Luis comentó que le gusta el nuevo fondo de pantalla. Se acordó que la aplicación móvil se publicará el 15 de mayo. Para publicar la aplicación móvil falta la revisión de seguridad. Alguien preguntó por las plazas de aparcamiento. La próxima reunión será el lunes. Un abrazo.",
    sentences: 3,
    keys: ["Se acordó que la aplicación móvil", "la migración de la base de datos"],
  },
  {
    text: "Dear all, I hope you had a lovely weekend. The weather was great and many of you went to the beach. I also want to thank Peter for the cake. Now to business. The payment service was down for three hours on Friday because a certificate expired. During the outage, 1,200 customers could not pay for their orders. The root cause was that nobody owned the renewal of the certificate of the payment service. We have decided to renew certificates automatically from next week. Enjoy the week. Best regards, Tom.",
    sentences: 2,
    keys: ["certificate", "We have decided to renew|payment service"],
  },
  {
    text: "Ayer paseamos por el centro. Hacía sol y había mucha gente. Comimos en un bar que le gusta a Carmen. Después hablamos del contrato con Solaris. Solaris quiere renovar el contrato de mantenimiento por tres años. A cambio de renovar el contrato, Solaris ofrece un descuento del 15 %. El plazo para responder a Solaris termina el 1 de diciembre. Volvimos en autobús.",
    sentences: 2,
    keys: ["renovar el contrato", "El plazo para responder|quiere renovar"],
  },
];

const keysIn = (summary: string, keys: readonly string[]) =>
  keys.filter((key) => key.split("|").some((fragment) => summary.includes(fragment))).length;

const sentencesOf = (text: string) => splitSentences(text).map((sentence) => sentence.text);

describe("selectSummarySentences", () => {
  it.each(BURIED)(
    "picks the main points, which the first sentences miss: $keys",
    ({ text, sentences, keys }) => {
      const summary = summariseLocally(text, { sentences });
      const first = sentencesOf(text).slice(0, sentences).join(" ");
      expect(keysIn(summary, keys)).toBe(keys.length);
      expect(keysIn(first, keys)).toBe(0);
    },
  );

  it("keeps the first sentence of a news article", () => {
    expect(summariseLocally(NEWS, { sentences: 2 })).toMatch(/^El Ayuntamiento de Valencia/);
  });

  it.each([
    "Una sola frase, sin más.",
    "Llega tarde. No importa.",
    "hola",
    "Sin punto\nDos líneas",
  ])("returns the short text «%s» whole", (text) => {
    expect(summariseLocally(text, { sentences: undefined })).toBe(text);
  });

  it("returns as many sentences as asked for, or a fifth of a long text by default", () => {
    const long = BURIED.map(({ text }) => text).join("\n\n");
    expect(sentencesOf(summariseLocally(long, { sentences: 4 }))).toHaveLength(4);
    const all = sentencesOf(long).length;
    expect(sentencesOf(summariseLocally(long, { sentences: undefined }))).toHaveLength(
      Math.round(all / 5),
    );
  });

  it("does not repeat similar sentences", () => {
    const text = `${NEWS} ${NEWS.replaceAll("El plan contempla", "El plan, además, contempla")}`;
    const summary = summariseLocally(text, { sentences: 4 });
    expect(summary.match(/30 kilómetros/g) ?? []).toHaveLength(1);
    expect(summary.match(/45 millones/g) ?? []).toHaveLength(1);
  });

  it("replaces white space inside a sentence with single spaces", () => {
    expect(summariseLocally("El  comité se\nreunió   ayer.", { sentences: 2 })).toBe(
      "El comité se reunió ayer.",
    );
  });

  it("puts sentences without a final stop on their own line", () => {
    const text =
      "Pendiente:\n- pagar la factura del proveedor de servidores\n- renovar el contrato del proveedor";
    expect(summariseLocally(text, { sentences: 5 })).toBe(
      "Pendiente:\npagar la factura del proveedor de servidores\nrenovar el contrato del proveedor",
    );
  });

  it("summarises Japanese, which has no spaces between words", () => {
    const text =
      "今日は天気がいい。決済サーバーが停止した。決済サーバーの証明書が期限切れだった。昼食はカレーだった。決済サーバーの証明書を自動更新する。";
    expect(summariseLocally(text, { sentences: 2 })).toContain("決済サーバー");
  });

  const word = fc.constantFrom(
    "casa",
    "perro",
    "La",
    "el",
    "Sr.",
    "factura",
    "3,5",
    "EE.",
    "UU.",
    "contrato",
    "¿qué",
    "fin.",
    "sí!",
    "\n",
    "- ",
    "(",
    ")",
    "informe.",
  );
  const anyText = fc.oneof(
    fc.array(word, { maxLength: 120 }).map((words) => words.join(" ")),
    fc.string({ unit: "binary", maxLength: 400 }),
    fc.lorem({ mode: "sentences", maxCount: 40 }),
  );

  it("returns complete sentences of the text, in its order, and at most as many as asked for", () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 2, max: 12 }), (text, count) => {
        let rest = summariseLocally(text, { sentences: count });
        let taken = 0;
        for (const sentence of sentencesOf(text)) {
          const folded = sentence.replaceAll(/\s+/g, " ");
          if (!/[\p{L}\p{N}]/u.test(folded)) continue;
          if (rest !== folded && !/^[ \n]/.test(rest.slice(folded.length))) continue;
          if (!rest.startsWith(folded)) continue;
          rest = rest.slice(folded.length + 1);
          taken += 1;
        }
        if (taken > 0) expect(rest).toBe("");
        expect(taken).toBeLessThanOrEqual(count);
      }),
    );
  });

  it("returns a summary of any text that is not blank, and is deterministic", () => {
    fc.assert(
      fc.property(
        anyText,
        fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
        (text, sentences) => {
          const summary = summariseLocally(text, { sentences });
          expect(summary === "").toBe(text.trim() === "");
          expect(summariseLocally(text, { sentences })).toBe(summary);
        },
      ),
    );
  });
});
