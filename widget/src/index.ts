import { RehabAssistant } from "./element";

// A page may load the script twice.
if (!customElements.get("rehab-assistant")) {
  customElements.define("rehab-assistant", RehabAssistant);
}

export { RehabAssistant };
