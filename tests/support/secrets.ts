/** The key that the tests' Worker knows. */
export const TEST_API_KEY = "clave-de-las-pruebas-0123456789";

export const TEST_PEPPER = "pimienta-de-las-pruebas-0123456789abcdef";
export const TEST_JWT_SECRET = "firma-de-las-pruebas-0123456789abcdef01";
export const TEST_JWT_SECRET_BEFORE = "firma-de-antes-de-las-pruebas-0123456789";

/** Of the fake Cloudflare Access. */
export const TEST_ACCESS_DOMAIN = "equipo-de-pruebas.cloudflareaccess.com";
export const TEST_ACCESS_AUD = "f00dfacef00dfacef00dfacef00dface";

export const TEST_PROVIDER_KEY = "sk-de-pega-0123456789abcdef";
export const TEST_WEBHOOK_SECRET = "secreto-de-las-pruebas";

/** Of the fake mail service and the fake bot. */
export const MAIL_KEY = "re_prueba_no_es_un_secreto";
export const BOT_TOKEN = "123456789:prueba-no-es-un-secreto-de-nadie";

/** What no answer and no line of the log may hold: of the database, the part of its address that lets in. */
export const SECRETS: readonly string[] = [
  TEST_API_KEY,
  TEST_PEPPER,
  TEST_JWT_SECRET,
  TEST_JWT_SECRET_BEFORE,
  TEST_PROVIDER_KEY,
  TEST_WEBHOOK_SECRET,
  MAIL_KEY,
  BOT_TOKEN,
  "postgres:local@",
];
