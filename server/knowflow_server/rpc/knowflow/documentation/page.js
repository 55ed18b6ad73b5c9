// The chatbot API's own address is /api; elsewhere all surfaces stand together.
const chatbot = window.location.pathname === "/api";
const surfaces = ["all", "knowflow", "platform", "flowgent", "knowledgebase", "konversation"];

SwaggerUIBundle({
  dom_id: "#documentation",
  urls: surfaces.map((name) => ({ name, url: `/openapi/${name}.json` })),
  "urls.primaryName": chatbot ? "konversation" : "all",
  layout: "StandaloneLayout",
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  filter: true,
  deepLinking: true,
  displayRequestDuration: true,
  validatorUrl: null,
});
