import { WhatsAppClient } from "@kapso/whatsapp-cloud-api";
import { verifySignature, normalizeWebhook } from "@kapso/whatsapp-cloud-api/server";
import { base, must, phone, steps, to, token, waba } from "./common.mjs";

const client = new WhatsAppClient({ accessToken: token, baseUrl: base });
const body = { type: "BODY", text: "Hi {{1}}, your order is ready.", example: { body_text: [["Ayu"]] } };
const flowJson = { version: "7.1", screens: [{ id: "START" }] };
const button = { buttons: [{ id: "y", title: "Yes" }], bodyText: "Sure?" };

await steps({
  sendText: async () => (await client.messages.sendText({ phoneNumberId: phone, to, body: "halo" })).messages[0].id,
  sendButtons: () => client.messages.sendInteractiveButtons({ phoneNumberId: phone, to, ...button }),
  sendLocation: () => client.messages.sendLocation({ phoneNumberId: phone, to, location: { latitude: 1, longitude: 2, name: "x", address: "y" } }),
  sendReaction: ({ sendText }) => client.messages.sendReaction({ phoneNumberId: phone, to, reaction: { messageId: sendText, emoji: "👍" } }),
  markRead: () => client.messages.markRead({ phoneNumberId: phone, messageId: process.env.INBOUND_ID }),
  upload: async () => (await client.media.upload({ phoneNumberId: phone, type: "image/png", file: new Blob(["a picture"], { type: "image/png" }), fileName: "a.png" })).id,
  media: async ({ upload }) => (await client.media.get({ mediaId: upload })).mimeType,
  download: async ({ upload }) => {
    const bytes = await client.media.download({ mediaId: upload, auth: "always" });
    return must(new TextDecoder().decode(bytes) === "a picture", bytes);
  },
  sendImage: ({ upload }) => client.messages.sendImage({ phoneNumberId: phone, to, image: { id: upload, caption: "x" } }),
  deleteMedia: ({ upload }) => client.media.delete({ mediaId: upload }),
  createTemplate: () => client.templates.create({ businessAccountId: waba, name: "order_ready", language: "id", category: "UTILITY", components: [body] }),
  getTemplate: ({ createTemplate }) => client.templates.get({ businessAccountId: waba, templateId: createTemplate.id }),
  listTemplates: async () => must((await client.templates.list({ businessAccountId: waba, name: "order_ready" })).data.length === 1, "one"),
  sendTemplate: () => client.messages.sendTemplate({ phoneNumberId: phone, to, template: { name: "order_ready", language: { code: "id" }, components: [{ type: "body", parameters: [{ type: "text", text: "Ayu" }] }] } }),
  deleteTemplate: () => client.templates.delete({ businessAccountId: waba, name: "order_ready" }),
  settings: () => client.phoneNumbers.settings.get({ phoneNumberId: phone }),
  setSettings: () => client.phoneNumbers.settings.update({ phoneNumberId: phone, calling: { status: "ENABLED" } }),
  setProfile: () => client.phoneNumbers.businessProfile.update({ phoneNumberId: phone, about: "Fresh", websites: ["https://hidden-market.example"] }),
  profile: async () => must((await client.phoneNumbers.businessProfile.get({ phoneNumberId: phone, fields: "about,websites" })).data[0].about === "Fresh", "about"),
  requestCode: () => client.phoneNumbers.requestCode({ phoneNumberId: phone, codeMethod: "SMS", language: "en_US" }),
  verifyCode: () => client.phoneNumbers.verifyCode({ phoneNumberId: phone, code: "123456" }),
  deregister: () => client.phoneNumbers.deregister({ phoneNumberId: phone }),
  register: () => client.phoneNumbers.register({ phoneNumberId: phone, pin: "246810" }),
  createFlow: async () => (await client.flows.create({ wabaId: waba, name: "sign up", categories: ["SIGN_UP"], flowJson })).id,
  updateAsset: ({ createFlow }) => client.flows.updateAsset({ flowId: createFlow, json: flowJson }),
  previewFlow: ({ createFlow }) => client.flows.preview({ flowId: createFlow }),
  getFlow: ({ createFlow }) => client.flows.get({ flowId: createFlow }),
  publishFlow: ({ createFlow }) => client.flows.publish({ flowId: createFlow }),
  listFlows: () => client.flows.list({ wabaId: waba }),
  connectCall: () => client.calls.connect({ phoneNumberId: phone, to, session: { sdpType: "offer", sdp: "v=0" } }),
  refused: async () => {
    try {
      await client.messages.sendText({ phoneNumberId: phone, to: "6281255501234", body: "halo" });
    } catch (error) {
      return must(error.code === 131030, error);
    }
    throw new Error("not refused");
  },
  signature: () => {
    const ok = verifySignature({ appSecret: process.env.WHATSAPP_APP_SECRET, rawBody: process.env.EVENT, signatureHeader: process.env.SIGNATURE });
    return must(ok && normalizeWebhook(JSON.parse(process.env.EVENT)).messages.length === 1, "signed");
  },
});
