// The chatbot API's own address is /api; elsewhere all surfaces stand together.
const chatbot = window.location.pathname === "/api";
// A link may name the surface, and the page notes there which one was chosen.
const asked = new URLSearchParams(window.location.search).get("urls.primaryName");
const surfaces = ["all", "knowflow", "platform", "flowgent", "knowledgebase", "konversation"];

SwaggerUIBundle({
  dom_id: "#documentation",
  urls: surfaces.map((name) => ({ name, url: `/openapi/${name}.json` })),
  "urls.primaryName": asked ?? (chatbot ? "konversation" : "all"),
  layout: "StandaloneLayout",
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  filter: true,
  deepLinking: true,
  displayRequestDuration: true,
  validatorUrl: null,
});
