/* global SwaggerUIBundle */
SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  tryItOutEnabled: true,
  // Asks an outside service to judge the document unless it is told not to.
  validatorUrl: null,
});
