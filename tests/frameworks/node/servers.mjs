// Webhook servers on real frameworks, sound ones and broken ones, each at a path of its own.
// Prints one line of JSON, the port of each framework, and runs until its standard input ends.
import crypto from 'node:crypto'
import http from 'node:http'
import 'reflect-metadata'
import { getRequestListener } from '@hono/node-server'
import { Controller, Get, Module, Post, Req, Res, UseGuards } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import express from 'express'
import Fastify from 'fastify'
import { createApp, createRouter, toNodeListener } from 'h3'
import { Hono } from 'hono'

const { TOKEN, SECRET } = process.env

const isSigned = (body, header) =>
  header === 'sha256=' + crypto.createHmac('sha256', SECRET).update(body).digest('hex')
const challengeOf = (query) =>
  query['hub.mode'] === 'subscribe' && query['hub.verify_token'] === TOKEN
    ? query['hub.challenge']
    : undefined
const header = 'x-hub-signature-256'

function onExpress() {
  const app = express().set('query parser', 'extended')
  const verify = (req, res) => {
    const challenge = challengeOf(req.query)
    challenge === undefined ? res.sendStatus(403) : res.status(200).send(challenge)
  }
  const raw = express.json({ limit: '4mb', verify: (req, _res, buf) => { req.rawBody = buf } })
  const check = (body) => (req, res) =>
    res.sendStatus(isSigned(body(req), req.headers[header]) ? 200 : 401)
  app.get('/sound', verify).post('/sound', raw, check((req) => req.rawBody))
  app.get('/rewritten', verify)
  app.post('/rewritten', express.json({ limit: '4mb' }), check((req) => JSON.stringify(req.body)))
  app.get('/small', verify)
  app.post('/small', express.json({ verify: (req, _res, buf) => { req.rawBody = buf } }), check((req) => req.rawBody))
  app.get('/nested', (req, res) => res.send(req.query.hub.challenge))
  app.get('/status', (req, res) => res.status(Number(req.query['hub.challenge'])).end())
  app.get('/silent', (req, res) => {
    if (req.query['hub.verify_token'] === 'Another0one') res.send(req.query['hub.challenge'])
  })
  app.post('/silent', (_req, res) => res.sendStatus(200))
  app.get('/number', (req, res) => res.json(Number(req.query['hub.challenge'])))
  app.get('/object', (req, res) => res.json({ challenge: req.query['hub.challenge'] }))
  app.get('/accepted', verify).post('/accepted', (_req, res) => res.sendStatus(202))
  app.get('/other', (req, res) => res.status(400).json({ success: false }))
  app.post('/other', raw, check((req) => req.rawBody))
  return http.createServer(app)
}

function onFastify() {
  const app = Fastify({ bodyLimit: 4 * 1024 * 1024 })
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_req, body, done) => done(null, body))
  const verify = (req, reply) => {
    const challenge = challengeOf(req.query)
    return challenge === undefined ? reply.code(403).send() : reply.send(challenge)
  }
  const check = (body) => (req, reply) =>
    reply.code(isSigned(body(req.body), req.headers[header]) ? 200 : 401).send()
  app.get('/sound', verify)
  app.post('/sound', check((body) => body))
  app.get('/rewritten', verify)
  app.post('/rewritten', check((body) => JSON.stringify(JSON.parse(body))))
  app.get('/required', { schema: { querystring: { type: 'object', required: ['hub_mode'] } } }, verify)
  return app.ready().then(() => app.server)
}

function onHono() {
  const app = new Hono()
  const verify = (c) => {
    const challenge = challengeOf(c.req.query())
    return challenge === undefined ? c.text('', 403) : c.text(challenge)
  }
  const signed = (c, body) => c.text('', isSigned(body, c.req.header(header)) ? 200 : 401)
  app.get('/sound', verify).post('/sound', async (c) => signed(c, await c.req.text()))
  app.get('/rewritten', verify)
  app.post('/rewritten', async (c) => signed(c, JSON.stringify(await c.req.json())))
  app.get('/quoted', (c) => c.json(c.req.query('hub.challenge')))
  return http.createServer(getRequestListener(app.fetch))
}

class Guard {
  canActivate() {
    return false
  }
}

async function onNest() {
  class Hook {
    verify(req, res) {
      const challenge = challengeOf(req.query)
      challenge === undefined ? res.sendStatus(403) : res.send(challenge)
    }
    sound(req, res) {
      res.sendStatus(isSigned(req.rawBody, req.headers[header]) ? 200 : 401)
    }
    rewritten(req, res) {
      res.sendStatus(isSigned(JSON.stringify(req.body), req.headers[header]) ? 200 : 401)
    }
    guarded(_req, res) {
      res.sendStatus(200)
    }
  }
  const route = (name, ...decorators) => {
    const described = Object.getOwnPropertyDescriptor(Hook.prototype, name)
    for (const decorate of decorators) decorate(Hook.prototype, name, described)
    Req()(Hook.prototype, name, 0)
    Res()(Hook.prototype, name, 1)
  }
  route('verify', Get(['sound', 'rewritten', 'guarded']))
  route('sound', Post('sound'))
  route('rewritten', Post('rewritten'))
  route('guarded', Post('guarded'), UseGuards(Guard))
  Controller()(Hook)
  class App {}
  Module({ controllers: [Hook] })(App)
  const app = await NestFactory.create(App, { rawBody: true, logger: false })
  app.useBodyParser('json', { limit: '4mb' })
  await app.init()
  return app.getHttpServer()
}

function onH3() {
  const app = createApp()
  app.use(createRouter())
  return http.createServer(toNodeListener(app))
}

const makers = { express: onExpress, fastify: onFastify, hono: onHono, nest: onNest, h3: onH3 }
const ports = {}
for (const [name, make] of Object.entries(makers)) {
  const server = await make()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  ports[name] = server.address().port
}
console.log(JSON.stringify(ports))
process.stdin.resume().on('end', () => process.exit(0))
