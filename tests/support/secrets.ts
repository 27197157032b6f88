/** The key that the tests' Worker knows. */
export const TEST_API_KEY = "clave-de-las-pruebas-0123456789";
