import { WhatsAppAPI } from "whatsapp-api-js";
import { Text, Image, Template, Language, BodyComponent, BodyParameter, Interactive, Body, ActionButtons, Button, Reaction } from "whatsapp-api-js/messages";
import { base, env, must, phone, steps, to, token } from "./common.mjs";

const turned = (url, init) => fetch(String(url).replace("https://graph.facebook.com", base), init);
const api = new WhatsAppAPI({ token, appSecret: env.WHATSAPP_APP_SECRET, webhookVerifyToken: env.WHATSAPP_VERIFY_TOKEN, v: "v24.0", ponyfill: { fetch: turned } });
const blob = new Blob(["a picture"], { type: "image/png" });
const good = (answer) => { must(!answer.error, answer); return answer; };

await steps({
  sendText: async () => good(await api.sendMessage(phone, to, new Text("halo"))).messages[0].id,
  sendButtons: async () => good(await api.sendMessage(phone, to, new Interactive(new ActionButtons(new Button("y", "Yes")), new Body("Sure?")))),
  sendReaction: async ({ sendText }) => good(await api.sendMessage(phone, to, new Reaction(sendText, "👍"))),
  markRead: async () => good(await api.markAsRead(phone, env.INBOUND_ID, "text")),
  upload: async () => { const form = new FormData(); form.set("file", blob, "a.png"); return good(await api.uploadMedia(phone, form)).id; },
  media: async ({ upload }) => good(await api.retrieveMedia(upload)).url,
  download: async ({ media }) => must((await (await api.fetchMedia(media)).text()) === "a picture", "bytes"),
  sendImage: async ({ upload }) => good(await api.sendMessage(phone, to, new Image(upload, true, "x"))),
  deleteMedia: async ({ upload }) => good(await api.deleteMedia(upload)),
  sendTemplate: async () => good(await api.sendMessage(phone, to, new Template("hello_world", new Language("en_US")))),
  tooMany: async () => must((await api.sendMessage(phone, to, new Template("hello_world", new Language("en_US"), new BodyComponent(new BodyParameter("x"))))).error.code === 132000, "count"),
  createQR: async () => good(await api.createQR(phone, "halo", "png")).code,
  retrieveQR: async ({ createQR }) => must(good(await api.retrieveQR(phone, createQR)).data[0].code === createQR, "code"),
  updateQR: async ({ createQR }) => good(await api.updateQR(phone, createQR, "hi")),
  listQR: async () => must(good(await api.retrieveQR(phone)).data.length === 1, "one"),
  deleteQR: async ({ createQR }) => good(await api.deleteQR(phone, createQR)),
  block: async () => good(await api.blockUser(phone, to)),
  unblock: async () => good(await api.unblockUser(phone, to)),
  challenge: () => must(api.get({ "hub.mode": "subscribe", "hub.verify_token": env.WHATSAPP_VERIFY_TOKEN, "hub.challenge": "42" }) === "42", "42"),
  event: async () => {
    let heard; api.on.message = ({ message }) => { heard = message.text.body; };
    await api.post(JSON.parse(env.EVENT), env.EVENT, env.SIGNATURE);
    await new Promise((done) => setTimeout(done, 20));
    return must(heard === "halo", heard);
  },
});
