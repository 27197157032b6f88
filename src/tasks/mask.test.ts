import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { doLocally, doTask } from "../../tests/support/do-task.ts";
import type { WorkResult } from "./work-result.ts";
import { parseConfig } from "../config.ts";
import { applyMask, maskPersonalData, removeMask } from "./mask.ts";

const resultOf = (text: string, data: WorkResult["data"] = null): WorkResult => ({
  text,
  data,
  language: "es",
  engine: "openai",
  model: "m",
  warnings: [],
  truncated: false,
});

const TEXT = "Soy 12345678Z y quiero cambiar mi cita del martes.";

describe("executeWork with personal data", () => {
  const settings = { OPENAI_API_KEY: "sk-de-pega" };
  it.for([
    ["a request asks for it", parseConfig(settings), true, true],
    ["a setting asks for it", parseConfig({ ...settings, PROTEGER_DATOS: "true" }), false, true],
    ["neither asks for it", parseConfig(settings), false, false],
  ] as const)(
    "hides personal data from the model only on request: %s",
    async ([, config, protect, isHidden]) => {
      const request = { type: "resumir", text: TEXT, config, protect } as const;
      const { prompts } = await doTask(request, "Quiere cambiar su cita.");
      expect(prompts[0]?.input.includes("12345678Z")).toBe(!isHidden);
    },
  );

  it("hides personal data in the options, numbers included, and explains the placeholders in the prompt", async () => {
    const options = {
      tono: `${"muy ".repeat(20)}amable con 612345678`,
      datos: { correo: "ana@ejemplo.es", movil: 612345678, tarjeta: 4111111111111111 },
    };
    const answer = "[[CORREO_1]], [[TELEFONO_1]], [[TARJETA_1]].";
    const { prompts, text, work } = await doTask(
      { type: "generar", text: "Escribe los datos.", options, protect: true },
      answer,
    );
    expect(JSON.stringify(prompts)).not.toMatch(/612345678|411111|ana@/u);
    expect(prompts[0]?.instructions).toContain("cópialas letra por letra");
    expect(work.mask && removeMask(resultOf(text), work.text, work.mask).text).toBe(
      "ana@ejemplo.es, 612345678, 4111111111111111.",
    );
  });

  it("adds no explanation to the prompt when the text has no personal data", async () => {
    const request = { type: "resumir", text: "Nada que ocultar hoy.", protect: true } as const;
    const { prompts } = await doTask(request, "Nada.");
    expect(prompts[0]?.instructions).not.toContain("[[DNI_1]]");
  });

  it("does not mask personal data for the local engine", async () => {
    const { work } = await doLocally({ type: "resumir", text: TEXT, protect: true });
    expect(work.mask).toBeUndefined();
  });
});

describe("maskPersonalData", () => {
  it.for([
    ["Mi DNI es 12345678Z.", "Mi DNI es [[DNI_1]]."],
    ["DNI 12.345.678-Z", "DNI [[DNI_1]]"],
    ["NIE X-1234567-L", "NIE [[NIE_1]]"],
    ["La empresa A58818501 paga", "La empresa [[CIF_1]] paga"],
    ["Cuenta ES91 2100 0418 4502 0005 1332", "Cuenta [[IBAN_1]]"],
    ["Tarjeta 4111 1111 1111 1111, caduca 12/27", "Tarjeta [[TARJETA_1]], caduca 12/27"],
    ["Llama al 612 345 678", "Llama al [[TELEFONO_1]]"],
    ["Llama al +34 612 345 678", "Llama al [[TELEFONO_1]]"],
    ["Escribe a ana.gil@ejemplo.es hoy", "Escribe a [[CORREO_1]] hoy"],
    ["Ingresa en ES91 2100 0418 4502 0005 1332 para pagar", "Ingresa en [[IBAN_1]] para pagar"],
    ["ES9121000418450200051332 antes del lunes", "[[IBAN_1]] antes del lunes"],
    ["es91\u00a02100\u00a00418\u00a04502\u00a00005\u00a01332 hoy", "[[IBAN_1]] hoy"],
    ["ES91 2100 0418 4502 0005 1332 DE89 3704 0044 0532 0130 00", "[[IBAN_1]] [[IBAN_2]]"],
    ["Visa 4111 1111 1111 1111 12/27 123", "Visa [[TARJETA_1]] 12/27 123"],
    ["-4111.1111.1111.1111", "-[[TARJETA_1]]"],
    ["Ana,4111111111111111,123", "Ana,[[TARJETA_1]],123"],
    ["Pedido 12 4111 1111 1111 1111", "Pedido 12 [[TARJETA_1]]"],
    ["NIF ESB12345674 y DNI12345678Z", "NIF ES[[CIF_1]] y DNI[[DNI_1]]"],
    ["X1.234.567-L, 12 345 678 Z", "[[NIE_1]], [[DNI_1]]"],
    ["12345678‑z", "[[DNI_1]]"],
    ["x1234567l, b12345674, CIFB12345674", "[[NIE_1]], [[CIF_1]], CIF[[CIF_1]]"],
    ["Pedido 612\u00a0345\u00a0678", "Pedido [[TELEFONO_1]]"],
    ["correo='ana@ejemplo.es'", "correo='[[CORREO_1]]'"],
    ["-ana@ejemplo.es_", "-[[CORREO_1]]_"],
  ])("hides «%s»", ([text = "", masked]) => {
    expect(maskPersonalData(text).text).toBe(masked);
  });

  it.for([
    "El pedido 12345678A tardó 3 días.",
    "Factura 2026-00041, total 1.234,56 €.",
    "Son 4111 1111 1111 1112 unidades.",
    "La factura 12345674 sube a 12345674 y hoy 1234567 l.",
    "Son 12345678 z.",
    "El 14/05/2026 a las 17:30.",
  ])("does not change «%s»", (text) => {
    expect(maskPersonalData(text).text).toBe(text);
  });

  it("uses one placeholder for every spelling of a value, in the text and in the options", () => {
    const masked = maskPersonalData("Soy 12345678Z, ana@ejemplo.es; repito: 12.345.678-Z.", {
      enfoque: "Para 12345678-Z, luis@ejemplo.es",
    });
    expect(masked.text).toBe("Soy [[DNI_1]], [[CORREO_1]]; repito: [[DNI_1]].");
    expect(masked.options).toEqual({ enfoque: "Para [[DNI_1]], [[CORREO_2]]" });
  });

  it("restores the data in the answer, also when the model changed the placeholder", () => {
    const original = "Soy 12345678Z y mi correo es ana@ejemplo.es";
    const { mask } = maskPersonalData(original);
    const shown = (text: string) => removeMask(resultOf(text), original, mask).text;
    const answer =
      "El [[dni_1]] escribe desde [[ CORREO_1 ]]; [DNI_1], DNI_1 y \\[\\[DNI\\_1\\]\\].";
    expect(shown(answer)).toBe(
      "El 12345678Z escribe desde ana@ejemplo.es; 12345678Z, 12345678Z y 12345678Z.",
    );
    expect(shown("([ver [[DNI_1]]](x) [[DNI_12]] MI_DNI_1")).toBe(
      "([ver 12345678Z](x) [[DNI_12]] MI_DNI_1",
    );
  });

  it("avoids placeholders whose name the text or the options contain without brackets", () => {
    const original = "DNI_1 = 12345678Z";
    const { text, mask } = maskPersonalData(original, { enfoque: "la variable dni_2" });
    expect(text).toBe("DNI_1 = [[DNI_3]]");
    expect(removeMask(resultOf("DNI_1, dni_2 y DNI_3"), original, mask).text).toBe(
      "DNI_1, dni_2 y 12345678Z",
    );
  });

  it("does not replace a placeholder that the text already contained or that was never given", () => {
    const original = "Usa [[DNI_1]] como marcador de 12345678Z.";
    const { text, mask } = maskPersonalData(original);
    expect(text).toBe("Usa [[DNI_1]] como marcador de [[DNI_2]].");
    expect(removeMask(resultOf("[[DNI_1]] [[DNI_2]] [[DNI_3]]"), original, mask).text).toBe(
      "[[DNI_1]] 12345678Z [[DNI_3]]",
    );
  });

  it("moves the offsets of text pieces to the original text", () => {
    const text = "📞 612 345 678 y ana@ejemplo.es: reunión con Nora Vidal.";
    const { text: masked, mask } = maskPersonalData(text);
    const piece = (words: string) => {
      const inicio = masked.indexOf(words);
      return { texto: words, inicio, fin: inicio + words.length };
    };
    const extracciones = [
      piece("Nora Vidal"),
      piece("[[CORREO_1]]"),
      piece("y [[CORREO_1]]: reunión"),
    ];
    const { data } = removeMask(resultOf("", { extracciones }), text, mask);
    const at = (words: string) => ({
      texto: words,
      inicio: text.indexOf(words),
      fin: text.indexOf(words) + words.length,
    });
    expect(data).toEqual({
      extracciones: [at("Nora Vidal"), at("ana@ejemplo.es"), at("y ana@ejemplo.es: reunión")],
    });
  });

  it("uses separate placeholders for a telephone number with and without an extension", () => {
    const text = "Llama al 612 345 678 ext. 5 y, si nadie contesta por la tarde, al 612 345 678.";
    const { text: masked, mask } = maskPersonalData(text);
    expect(masked).toBe(
      "Llama al [[TELEFONO_1]] y, si nadie contesta por la tarde, al [[TELEFONO_2]].",
    );
    expect(removeMask(resultOf(masked), text, mask).text).toBe(text);
  });

  it("restores any text exactly and hides every known value", () => {
    const values = ["12345678Z", "ana@ejemplo.es", "+34 612 345 678", "ES9121000418450200051332"];
    const pieces = fc.array(fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom(...values)));
    fc.assert(
      fc.property(pieces, (words) => {
        const text = words.join(" , ");
        const { text: masked, mask } = maskPersonalData(text);
        expect(removeMask(resultOf(masked), text, mask).text).toBe(text);
        expect(applyMask(text, structuredClone(mask))).toBe(masked);
        for (const value of values) expect(` ${masked} `).not.toContain(` ${value} `);
      }),
    );
  });
});
