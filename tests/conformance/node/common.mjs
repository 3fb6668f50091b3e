// Runs steps one after the other and says how each ended, a line of JSON each.
export const env = process.env;
export const base = env.WHATSAPP_WIZARD_GRAPH_URL;
export const phone = env.WHATSAPP_PHONE_NUMBER_ID;
export const waba = env.WHATSAPP_WABA_ID;
export const to = env.WHATSAPP_RECIPIENT;
export const token = env.WHATSAPP_ACCESS_TOKEN;

export async function steps(table) {
  const found = {};
  for (const [name, step] of Object.entries(table)) {
    try {
      found[name] = await step(found);
      console.log(JSON.stringify({ step: name, ok: true, value: found[name] ?? null }));
    } catch (error) {
      console.log(JSON.stringify({ step: name, ok: false, error: String(error?.stack ?? error) }));
    }
  }
}

export function must(condition, said) {
  if (!condition) throw new Error(`not so: ${JSON.stringify(said)}`);
  return true;
}
