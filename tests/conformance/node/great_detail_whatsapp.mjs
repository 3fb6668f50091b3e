import Client from "@great-detail/whatsapp";
import { base, env, must, phone, steps, to, token, waba } from "./common.mjs";

const sdk = new Client({ prefixUrl: base, request: { prefixUrl: base, headers: { Authorization: `Bearer ${token}` }, retry: 0 } });
const json = (promise) => promise.json();

await steps({
  sendText: async () => (await json(sdk.message.createMessage({ phoneNumberID: phone, to, type: "text", text: { body: "halo" } }))).messages[0].id,
  markRead: () => json(sdk.message.createStatus({ phoneNumberID: phone, status: "read", message_id: env.INBOUND_ID })),
  setProfile: () => json(sdk.businessProfile.updateBusinessProfile({ phoneNumberID: phone, about: "Fresh", vertical: "RETAIL" })),
  profile: async () => must((await json(sdk.businessProfile.getBusinessProfile({ phoneNumberID: phone, fields: ["about", "vertical"] }))).data[0].about === "Fresh", "about"),
  upload: async () => (await json(sdk.media.upload({ phoneNumberID: phone, file: new Blob(["a picture"], { type: "image/png" }), filename: "a.png", mimeType: "image/png" }))).id,
  media: async ({ upload }) => (await json(sdk.media.getURL({ mediaID: upload, phoneNumberID: phone }))).url,
  download: async ({ media }) => must((await (await sdk.media.download({ mediaURL: media, request: { headers: { Authorization: `Bearer ${token}` } } })).text()) === "a picture", "bytes"),
  deleteMedia: ({ upload }) => json(sdk.media.delete({ mediaID: upload, phoneNumberID: phone })),
  number: async () => must((await json(sdk.phoneNumbers.getPhoneNumber({ phoneNumberID: phone }))).id === phone, "id"),
  numbers: async () => must((await json(sdk.phoneNumbers.listPhoneNumbers({ businessAccountID: waba }))).data.length === 2, "two"),
  rename: () => json(sdk.phoneNumbers.updatePhoneNumber({ phoneNumberID: phone, new_display_name: "Night Stall" })),
  subscribe: () => json(sdk.subscribedApps.createSubscription({ businessAccountID: waba })),
  subscriptions: async () => must((await json(sdk.subscribedApps.listSubscriptions({ businessAccountID: waba }))).data.length === 1, "one"),
});
