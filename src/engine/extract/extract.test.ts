import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ENTITY_KINDS, type Entity, type EntityKind } from "./entity.ts";
import { extractLocally } from "./extract.ts";

function extract(
  text: string,
  kinds: readonly EntityKind[] = ENTITY_KINDS,
  defaultCountry = "ES",
): Entity[] {
  return extractLocally(text, {
    kinds,
    referenceDate: "2026-05-15T10:00:00Z",
    timeZone: "Europe/Madrid",
    defaultCountry,
  });
}

/** «text», or «text = value». */
function format(entity: Entity): string {
  if (!("value" in entity)) return entity.text;
  const { text, value } = entity;
  if (typeof value === "string") return `${text} = ${value}`;
  if ("currency" in value) return `${text} = ${value.amount} ${value.currency ?? "?"}`;
  if ("unit" in value) return `${text} = ${value.amount}${value.unit ?? ""}`;
  return `${text} = ${value.from}/${value.to}`;
}

type EntityCase = readonly [text: string, ...found: string[]];

const CASES: Readonly<Record<EntityKind, readonly EntityCase[]>> = {
  fecha: [
    ["Nos vemos el 03/05/2026 en la oficina", "03/05/2026 = 2026-05-03"],
    ["The meeting is on 03/05/2026 at the office", "03/05/2026 = 2026-03-05"],
    ["ver https://blog.es/2026/05/03/hola"],
    ["llame al 612 345 678 o al +34 600 11 22 33"],
    ["El contrato n.º 12-05-26-331 vale 3.052,026 €"],
  ],
  importe: [
    ["Son 1.234,56 €", "1.234,56 € = 1234.56 EUR"],
    ["Son €1,234.56", "€1,234.56 = 1234.56 EUR"],
    ["Son 1 234,56 €", "1 234,56 € = 1234.56 EUR"],
    ["Son 1\u00a0234\u00a0567,8\u00a0€", "1\u00a0234\u00a0567,8\u00a0€ = 1234567.8 EUR"],
    ["12 millones de euros", "12 millones de euros = 12000000 EUR"],
    ["3,5 M€", "3,5 M€ = 3500000 EUR"],
    ["10k €", "10k € = 10000 EUR"],
    ["44.000 millones de dólares", "44.000 millones de dólares = 44000000000 USD"],
    ["2 mil millones de euros", "2 mil millones de euros = 2000000000 EUR"],
    ["$1.2 million", "$1.2 million = 1200000 USD"],
    ["$2.5bn", "$2.5bn = 2500000000 USD"],
    ["USD 40", "USD 40 = 40 USD"],
    ["40 usd", "40 usd = 40 USD"],
    ["$40", "$40 = 40 USD"],
    ["US$ 1,500", "US$ 1,500 = 1500 USD"],
    ["20 euros", "20 euros = 20 EUR"],
    ["1 euro", "1 euro = 1 EUR"],
    ["50 céntimos", "50 céntimos = 0.5 EUR"],
    ["MXN 200", "MXN 200 = 200 MXN"],
    ["£5", "£5 = 5 GBP"],
    ["5 libras esterlinas", "5 libras esterlinas = 5 GBP"],
    ["1.500 pesos", "1.500 pesos = 1500 ?"],
    ["1.500 pesos mexicanos", "1.500 pesos mexicanos = 1500 MXN"],
    ["S/ 50", "S/ 50 = 50 PEN"],
    ["300 francos suizos", "300 francos suizos = 300 CHF"],
    ["perdió -5,50 €", "-5,50 € = -5.5 EUR"],
    ["cuesta 600.000.000 euros", "600.000.000 euros = 600000000 EUR"],
    ["20-30 €", "30 € = 30 EUR"],
    ["entre 20 y 30 euros", "30 euros = 30 EUR"],
    ["a 2,50 €/kg", "2,50 € = 2.5 EUR"],
    ["1.500 €", "1.500 € = 1500 EUR"],
    ["1,500 €", "1,500 € = 1500 EUR"],
    ["0,125 €", "0,125 € = 0.125 EUR"],
    ["$ 1,250.00 MXN", "$ 1,250.00 MXN = 1250 MXN"],
    ["mil euros"],
    ["el euro sube un 2 %"],
    ["pen 5, try 4, mad 3"],
    ["5 libras de harina"],
    ["1.234,56"],
  ],
  numero: [
    ["hay 12 personas", "12 = 12"],
    ["3.500 empleados", "3.500 = 3500"],
    ["mide 1,75 m", "1,75 = 1.75"],
    ["pesa 1,500 kg", "1,500 = 1.5"],
    ["We have sold 1,500 of these units already", "1,500 = 1500"],
    ["1 234 567 habitantes", "1 234 567 = 1234567"],
    ["3 millones de personas", "3 millones = 3000000"],
    ["5 mil personas", "5 mil = 5000"],
    ["el 12 %", "12 % = 12%"],
    ["el 12,5% de IVA", "12,5% = 12.5%"],
    ["12 por ciento", "12 por ciento = 12%"],
    ["12 percent of it", "12 percent = 12%"],
    ["bajó un -3,2 %", "-3,2 % = -3.2%"],
    ["pesa 70kg", "70 = 70"],
    ["25 °C", "25 = 25"],
    ["doce personas, veintitrés, twelve"],
    ["a las 17:30"],
    ["el 3º piso y la 2ª planta, the 3rd"],
    ["A-12, COVID-19, H2O, B2B"],
    ["versión 2.3 y v1"],
    ["2.3.1 y 192.168.1.1"],
    ["16:9 y 1920x1080"],
    ["NIF 12345678Z"],
    ["ES91 2100 0418 4502 0005 1332"],
    ["4111 1111 1111 1111"],
    ["00123"],
    ["1. Pan\n2. Leche\n3) Huevos"],
    ["el 3 de mayo de 2026"],
    ["5 € y 612 345 678"],
    ["1️⃣"],
    ["+52 1 00 1234 5678 y (55) 1234 5678"],
    ["#42 y @7"],
    ["123456789012345678901234567890"],
  ],
  correo: [
    ["Escribe a marta.ruiz@empresa.com.", "marta.ruiz@empresa.com"],
    ["<ana+lista@mail.empresa.co.uk>", "ana+lista@mail.empresa.co.uk"],
    ["mailto:juan_perez@x.org", "juan_perez@x.org"],
    ["a@b.es,c@d.es", "a@b.es", "c@d.es"],
    ["josé@españa.es", "josé@españa.es"],
    ["usuario@localhost"],
    ["@usuario y ana@"],
    ["a..b@x.es"],
    ["https://x.es/?de=ana@x.es"],
  ],
  url: [
    ["Mira https://ejemplo.es/a?b=1#c.", "https://ejemplo.es/a?b=1#c"],
    ["(ver http://ejemplo.es)", "http://ejemplo.es"],
    [
      "https://es.wikipedia.org/wiki/Madrid_(España)",
      "https://es.wikipedia.org/wiki/Madrid_(España)",
    ],
    ["[aquí](https://a.es/b), y", "https://a.es/b"],
    ["«www.empresa.es»", "www.empresa.es"],
    ["github.com/honojs/hono!", "github.com/honojs/hono"],
    ["HTTPS://EJEMPLO.ES", "HTTPS://EJEMPLO.ES"],
    ["http://localhost:8787/health", "http://localhost:8787/health"],
    ["empresa.com"],
    ["y/o, km/h, 24/7, S.A./S.L."],
    ["http:// y https://"],
    ["fin.El principio"],
    ["ana@empresa.com/x"],
  ],
  telefono: [
    ["612 345 678", "612 345 678 = +34612345678"],
    ["Llama al 612345678.", "612345678 = +34612345678"],
    ["tel. 91 234 56 78", "91 234 56 78 = +34912345678"],
    ["Tel.: 600.123.456", "600.123.456 = +34600123456"],
    ["+34 612 34 56 78", "+34 612 34 56 78 = +34612345678"],
    ["0034 612345678", "0034 612345678 = +34612345678"],
    ["(+52) 55 1234 5678", "(+52) 55 1234 5678 = +525512345678"],
    ["Call +1 415-555-2671", "+1 415-555-2671 = +14155552671"],
    ["pedido 612345678"],
    ["Pedido n.º 612345678"],
    ["factura nº 912345678"],
    ["ref. 912 345 678"],
    ["ES91 2100 0418 4502 0005 1332"],
    ["4111 1111 1111 1111"],
    ["600.000.000 euros"],
    ["€ 612345678"],
    ["el 03/05/2026 10:30"],
    ["612.345.678 habitantes"],
    ["112, 091 y 1004"],
    ["123456789"],
    ["A612345678"],
  ],
  persona: [
    ["Hola, soy Marta Ruiz de Acme, S.L., de Soria", "Marta Ruiz"],
    ["La directora Ana Pérez firmó", "Ana Pérez"],
    ["dijo Marta Ruiz", "Marta Ruiz"],
    ["El presidente Pedro Sánchez habló", "Pedro Sánchez"],
    ["Ayer Ana Pérez dimitió", "Ana Pérez"],
    ["José Luis Rodríguez Zapatero", "José Luis Rodríguez Zapatero"],
    ["María del Carmen López de la Fuente", "María del Carmen López de la Fuente"],
    ["José Ortega y Gasset y Juan López", "José Ortega y Gasset", "Juan López"],
    ["Ludwig van Beethoven", "Ludwig van Beethoven"],
    ["Ursula von der Leyen", "Ursula von der Leyen"],
    ["El Sr. García y la Dra. López", "García", "López"],
    ["D. Luis Martínez-Echevarría", "Luis Martínez-Echevarría"],
    ["la señora Pilar", "Pilar"],
    ["Dear Mr. Brown", "Brown"],
    ["I met Dr. Emily Watson", "Emily Watson"],
    ["según Itziar Etxeberria", "Itziar Etxeberria"],
    ["Según Sánchez, sí", "Sánchez"],
    ["John Smith said so", "John Smith"],
    ["Hola Marta, ¿qué tal?", "Marta"],
    ["Felipe VI y Juan Carlos I", "Felipe VI", "Juan Carlos I"],
    ["Hablé con Ana Pérez de Acme", "Ana Pérez"],
    ["Hablé con Juan de Telefónica", "Juan"],
    ["Ana Toledo vive en Toledo", "Ana Toledo"],
    ["ANA PÉREZ GARCÍA", "ANA PÉREZ GARCÍA"],
    ["John’s car", "John"],
    ["Julio Pérez llega en julio", "Julio Pérez"],
    ["La rosa es roja. Rosa vino"],
    ["Mar Menor, Luz Verde y Cruz Roja"],
    ["Mark Your Calendar"],
    ["Buenos días, Estimado Cliente"],
    ["Gracias por su compra. Un saludo, Atención al Cliente"],
    ["El Lunes hay Reunión General"],
    ["Petilla de Aragón"],
    ["IBM y BBVA"],
    ["OPENAI_API_KEY, @Marta y MARTA_2"],
    ["Mª José", "Mª José"],
    ["Según Telefónica, no"],
    ["Hospital Gregorio Marañón, calle Ana Pérez"],
    ["Will you come? Hope so. May I? Bill it."],
    ["pedro y ana"],
  ],
  organizacion: [
    ["con Telefónica S.A. y Acme, S.L.", "Telefónica S.A.", "Acme, S.L."],
    ["Construcciones Hermanos Pérez, S.L.", "Construcciones Hermanos Pérez, S.L."],
    ["soy Marta Ruiz de Acme, S.L.", "Acme, S.L."],
    ["Talleres Marta Ruiz de Soria, S.L.", "Talleres Marta Ruiz de Soria, S.L."],
    ["Con Acme Inc. y Müller GmbH", "Acme Inc.", "Müller GmbH"],
    ["el Ayuntamiento de Zaragoza", "Ayuntamiento de Zaragoza"],
    [
      "la Universidad de Salamanca y la Universidad Carlos III de Madrid",
      "Universidad de Salamanca",
      "Universidad Carlos III de Madrid",
    ],
    ["el Ministerio de Economía y Hacienda", "Ministerio de Economía y Hacienda"],
    ["el Banco Santander", "Banco Santander"],
    ["el Gobierno de España", "Gobierno de España"],
    ["Bank of America and Harvard University", "Bank of America", "Harvard University"],
    ["el Real Madrid", "Real Madrid"],
    ["la ONU, el FMI y la Unión Europea", "ONU", "FMI", "Unión Europea"],
    ["trabaja en Google", "Google"],
    ["la empresa Acme y la startup Fever Labs", "Acme", "Fever Labs"],
    ["el ayuntamiento de Vigo", "ayuntamiento de Vigo"],
    ["Correos y Podemos", "Podemos"],
    ["Podemos ir mañana. Apple pie"],
    ["el gobierno, el banco y la universidad"],
    ["una vez, once veces, la once"],
    ["Ana Pérez vive en Madrid"],
  ],
  lugar: [
    ["Vivo en Madrid", "Madrid"],
    ["de Nueva York a Buenos Aires", "Nueva York", "Buenos Aires"],
    ["España, Francia y el Reino Unido", "España", "Francia", "Reino Unido"],
    ["en EE. UU. y en Ciudad de México", "EE. UU.", "Ciudad de México"],
    ["Castilla-La Mancha", "Castilla-La Mancha"],
    ["en la calle de Alcalá", "calle de Alcalá"],
    ["C/ Mayor, 5", "C/ Mayor"],
    ["Plaza de Mayo", "Plaza de Mayo"],
    ["junto al río Ebro", "río Ebro"],
    ["nos vemos en Santiago", "Santiago"],
    ["viaje a Lima", "Lima"],
    ["la localidad de Villaconejos", "Villaconejos"],
    ["London, Paris and New York", "London", "Paris", "New York"],
    ["MADRID", "MADRID"],
    ["Santiago no viene"],
    ["una lima y una granada"],
    ["Ana Toledo y Carlos Valencia"],
    ["la Universidad de Salamanca"],
    ["el Banco de España"],
    ["en casa, a la playa"],
  ],
};

const NAMED = Object.entries(CASES).flatMap(([kind, cases]) =>
  cases.map(([text, ...found]) => ({ kind, text, found })),
);

function isKind(kind: string): kind is EntityKind {
  return ENTITY_KINDS.some((one) => one === kind);
}

describe("extractLocally", () => {
  it.for(NAMED)("extracts $kind from «$text»: $found", ({ kind, text, found }) => {
    expect(isKind(kind) ? extract(text, [kind]).map(format) : kind).toEqual(found);
  });

  it("returns entities of all kinds in the order of the text", () => {
    const text =
      "La directora Ana Pérez firmó el 3 de mayo de 2026 en Madrid un contrato de 1.234,56 € con Acme, S.L.; " +
      "el 12 % va aparte. Más en https://acme.es/x, info@acme.es o el 612 345 678.";
    expect(extract(text).map((entity) => `${entity.kind}: ${entity.text}`)).toEqual([
      "persona: Ana Pérez",
      "fecha: 3 de mayo de 2026",
      "lugar: Madrid",
      "importe: 1.234,56 €",
      "organizacion: Acme, S.L.",
      "numero: 12 %",
      "url: https://acme.es/x",
      "correo: info@acme.es",
      "telefono: 612 345 678",
    ]);
  });

  it.for([
    ["MX", "MXN"],
    ["CO", "COP"],
    ["ES", "USD"],
    ["PE", "USD"],
  ])("reads «$» in %s as %s", ([country = "", currency]) => {
    expect(extract("$40", ENTITY_KINDS, country)).toMatchObject([
      { kind: "importe", value: { amount: 40, currency } },
    ]);
  });

  it("reads «pesos» as those of the default country", () => {
    expect(extract("200 pesos", ENTITY_KINDS, "AR").map(format)).toEqual(["200 pesos = 200 ARS"]);
  });

  it("reads phone numbers without a prefix only in a valid default country", () => {
    expect(extract("55 1234 5678", ["telefono"], "MX").map(format)).toEqual([
      "55 1234 5678 = +525512345678",
    ]);
    expect(extract("612 345 678", ["telefono"], "ningún")).toEqual([]);
    expect(extract("+34 612 345 678", ["telefono"], "ningún")).toHaveLength(1);
  });

  it("returns nothing for an empty text or without kinds", () => {
    expect(extract("")).toEqual([]);
    expect(extract("Ana Pérez, 5 €", [])).toEqual([]);
  });

  it.for([
    [{ referenceDate: "ayer", timeZone: "Europe/Madrid" }],
    [{ referenceDate: "2026-05-15T10:00:00Z", timeZone: "Madrid" }],
  ] as const)("throws RangeError for an unreadable reference: %o", ([reference]) => {
    expect(() =>
      extractLocally("hoy", { kinds: ENTITY_KINDS, defaultCountry: "ES", ...reference }),
    ).toThrow(RangeError);
  });
});

// ---- Properties

const PIECES = [
  "Ana Pérez",
  "el 3 de mayo",
  "del 3 al",
  "10 de mayo",
  "mañana",
  "a las 5",
  "1.234,56",
  "€",
  "$",
  "-",
  "12",
  "%",
  "612 345 678",
  "+34",
  "ana@x.es",
  "https://x.es/(a",
  "www.",
  "Telefónica S.A.",
  "Sr.",
  "de la",
  "Madrid",
  "EE. UU.",
  "2026-05-03T17:30",
  "31/02/2026",
  "millones",
  "\u0301",
  "\u200f",
  "שלום",
  "مرحبا",
  "👨‍👩‍👧",
  "1️⃣",
  "\ud800",
  "\uFFFC",
  "İ",
  "ß",
  "ﬁ",
  "\u00a0",
  "\n",
  "\r\n",
  "\t",
  " ",
  ".",
  ",",
  ":",
  "(",
  ")",
  "9999999999",
  "hace 999 años",
  "en 999 días",
];
const patchwork = fc
  .array(fc.constantFrom(...PIECES, " ", " "), { maxLength: 30 })
  .map((pieces) => pieces.join(""));
const anyText = fc.oneof(
  patchwork,
  fc.string({ unit: "grapheme", maxLength: 200 }),
  fc.string({ unit: "binary", maxLength: 200 }),
);

describe("extractLocally, for any text", () => {
  it("returns slices of the text, in order and without overlaps", () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom("ES", "MX", "US", ""), (text, country) => {
        let end = 0;
        for (const entity of extract(text, ENTITY_KINDS, country)) {
          expect(text.slice(entity.start, entity.end)).toBe(entity.text);
          expect(entity.end).toBeGreaterThan(entity.start);
          expect(entity.start).toBeGreaterThanOrEqual(end);
          end = entity.end;
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("returns the same entities of a kind, whatever other kinds are asked for", () => {
    fc.assert(
      fc.property(anyText, fc.subarray([...ENTITY_KINDS]), (text, kinds) => {
        expect(extract(text, kinds)).toEqual(
          extract(text).filter(({ kind }) => kinds.includes(kind)),
        );
      }),
    );
  });

  it("returns values that survive JSON", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const entities = extract(text);
        expect(JSON.parse(JSON.stringify(entities))).toEqual(entities);
      }),
    );
  });
});
