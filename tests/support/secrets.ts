/** The key that the tests' Worker knows. */
export const TEST_API_KEY = "clave-de-las-pruebas-0123456789";

export const TEST_PEPPER = "pimienta-de-las-pruebas-0123456789abcdef";
export const TEST_JWT_SECRET = "firma-de-las-pruebas-0123456789abcdef01";
export const TEST_JWT_SECRET_BEFORE = "firma-de-antes-de-las-pruebas-0123456789";

/** Of the fake Cloudflare Access. */
export const TEST_ACCESS_DOMAIN = "equipo-de-pruebas.cloudflareaccess.com";
export const TEST_ACCESS_AUD = "f00dfacef00dfacef00dfacef00dface";
