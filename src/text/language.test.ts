import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { detectLanguage } from "./language.ts";

const MESSAGES: readonly (readonly [string, string])[] = [
  ["es", "hola, ¿qué tal?"],
  ["es", "buenos días"],
  ["es", "hola"],
  ["es", "gracias"],
  ["es", "no funciona"],
  ["es", "dime"],
  ["es", "No puedo entrar en el correo"],
  ["es", "La VPN se cae"],
  ["es", "Ventas del trimestre: 45.000 €"],
  ["en", "hello"],
  ["en", "Hi, how are you?"],
  ["en", "meeting at 10:30"],
  ["en", "The VPN keeps dropping"],
  ["en", "please send me the invoice"],
  ["pt", "bom dia"],
  ["pt", "não consigo entrar no e-mail"],
  ["pt", "O cliente quer cancelar o contrato"],
  ["ca", "bon dia"],
  ["ca", "hola, com estàs?"],
  ["ca", "El client vol cancel·lar el contracte"],
  ["fr", "s'il vous plaît"],
  ["fr", "je n'arrive pas à me connecter"],
  ["de", "ich kann mich nicht anmelden"],
  ["de", "Rechnung im Anhang"],
  ["it", "non riesco ad accedere alla posta"],
  ["it", "Ho bisogno di aiuto"],
  ["eu", "eskerrik asko"],
  ["ja", "会議は明日です"],
  ["zh", "服务器坏了"],
  ["ko", "안녕하세요"],
  ["ru", "сервер не работает"],
  ["el", "καλημέρα σας"],
];

describe("detectLanguage", () => {
  it.each(MESSAGES)("detects %s in «%s»", (language, text) => {
    expect(detectLanguage(text)).toBe(language);
  });

  it.each([
    "",
    "   ",
    "12345",
    "10:30",
    "😀😀",
    "...",
    "a",
    "ok",
    "https://example.com/el/perro",
    "ana@example.com",
    "€ 45.000,00",
  ])("returns null for «%s», which has no words to judge by", (text) => {
    expect(detectLanguage(text)).toBeNull();
  });

  it("returns the language of most of a long text, not of its beginning", () => {
    const greeting = "Dear team, please find the report below. Best regards. ".repeat(20);
    const body = "El comité aprobó el presupuesto y pidió que se revise cada trimestre. ".repeat(
      400,
    );
    expect(detectLanguage(greeting + body)).toBe("es");
  });

  it("ignores the addresses and codes around the words", () => {
    const noise =
      "https://www.example.com/the-new-report?ref=abc123 support@example.com ERR_4021_TIMEOUT ";
    expect(detectLanguage(`${noise.repeat(5)} no puedo abrir la página de pedidos`)).toBe("es");
  });

  it("returns a code of two letters or null for any text, and is deterministic", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        const language = detectLanguage(text);
        expect(language ?? "es").toMatch(/^[a-z]{2}$/);
        expect(detectLanguage(text)).toBe(language);
      }),
    );
  });
});
