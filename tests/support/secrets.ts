/** API_KEY of the Worker under test. */
export const TEST_API_KEY = "clave-de-las-pruebas-0123456789";

export const TEST_PEPPER = "pimienta-de-las-pruebas-0123456789abcdef";
export const TEST_JWT_SECRET = "firma-de-las-pruebas-0123456789abcdef01";
export const TEST_PREVIOUS_JWT_SECRET = "firma-de-antes-de-las-pruebas-0123456789";

/** Settings of the fake Cloudflare Access. */
export const TEST_ACCESS_DOMAIN = "equipo-de-pruebas.cloudflareaccess.com";
export const TEST_ACCESS_AUD = "f00dfacef00dfacef00dfacef00dface";

export const TEST_PROVIDER_KEY = "sk-de-pega-0123456789abcdef";
export const TEST_WEBHOOK_SECRET = "secreto-de-las-pruebas";

/** Credentials of the fake mail service and the fake Telegram bot. */
export const MAIL_KEY = "re_prueba_no_es_un_secreto";
export const BOT_TOKEN = "123456789:prueba-no-es-un-secreto-de-nadie";

/**
 * Secrets that no response and no log line may hold. The database is represented by the user and password of its address.
 */
export const SECRETS: readonly string[] = [
  TEST_API_KEY,
  TEST_PEPPER,
  TEST_JWT_SECRET,
  TEST_PREVIOUS_JWT_SECRET,
  TEST_PROVIDER_KEY,
  TEST_WEBHOOK_SECRET,
  MAIL_KEY,
  BOT_TOKEN,
  "postgres:local@",
];
