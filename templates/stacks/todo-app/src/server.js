'use strict';
/* server.js - the HTTP side: the page with its two files, and /items.
 * Starts at createServer(). Checks everything that comes from outside; knows no SQL. */

const fs = require('fs');
const http = require('http');
const path = require('path');

const BODY_LIMIT_BYTES = 16 * 1024;
const NAME_LIMIT_CHARS = 255;
const CLOSE_LIMIT_MS = 1500;
const PUBLIC = path.join(__dirname, 'public');
const FILES = {
	'/': ['index.html', 'text/html; charset=utf-8'],
	'/app.js': ['app.js', 'text/javascript; charset=utf-8'],
	'/style.css': ['style.css', 'text/css; charset=utf-8'],
	'/icon.svg': ['icon.svg', 'image/svg+xml'],
};
const SAFETY = {
	'Content-Security-Policy': "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
	'Referrer-Policy': 'no-referrer',
	'X-Content-Type-Options': 'nosniff',
};

/* A request that is the client's fault. */
class Refusal extends Error {
	constructor(status, message, headers) {
		super(message);
		this.status = status;
		this.headers = headers || {};
	}
}

function send(response, status, type, body, headers) {
	response.writeHead(status, Object.assign({
		'Content-Type': type, 'Content-Length': Buffer.byteLength(body), 'Cache-Control': 'no-cache',
	}, SAFETY, headers));
	response.end(body);
}

function sendJson(response, status, value, headers) {
	send(response, status, 'application/json; charset=utf-8', JSON.stringify(value), headers);
}

/* The body, or a Refusal where it is too long; the rest of one that is too long is not kept. */
function readBody(request) {
	return new Promise((resolve, reject) => {
		let chunks = [];
		let bytes = 0;
		request.on('data', (chunk) => {
			bytes += chunk.length;
			if (bytes <= BODY_LIMIT_BYTES) {
				chunks.push(chunk);
				return;
			}
			chunks = [];
			reject(new Refusal(413, `the body is over ${BODY_LIMIT_BYTES} bytes`, { Connection: 'close' }));
		});
		request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
		request.on('error', reject);
	});
}

/* The body as an object, or a Refusal that says what is wrong with it. */
async function readJson(request) {
	if (!/^application\/json\b/i.test(request.headers['content-type'] || ''))
		throw new Refusal(415, 'send JSON, with Content-Type: application/json');
	const body = await readBody(request);
	let value;
	try {
		value = JSON.parse(body);
	} catch (error) {
		throw new Refusal(400, 'the body is not JSON');
	}
	if (value === null || typeof value !== 'object' || Array.isArray(value))
		throw new Refusal(400, 'the body must be an object');
	return value;
}

function checkName(name) {
	if (typeof name !== 'string') throw new Refusal(400, 'name must be a text');
	const trimmed = name.trim();
	if (!trimmed) throw new Refusal(400, 'name must not be empty');
	if (Array.from(trimmed).length > NAME_LIMIT_CHARS)
		throw new Refusal(400, `name must not be longer than ${NAME_LIMIT_CHARS} characters`);
	return trimmed;
}

function checkId(id) {
	if (typeof id !== 'string' || !/^[0-9a-z-]{1,36}$/.test(id))
		throw new Refusal(400, 'id must be 1 to 36 of a-z, 0-9 and -');
	return id;
}

function checkChanges(body) {
	const changes = {};
	if (body.name !== undefined) changes.name = checkName(body.name);
	if (body.completed !== undefined) {
		if (typeof body.completed !== 'boolean')
			throw new Refusal(400, 'completed must be true or false');
		changes.completed = body.completed;
	}
	if (!Object.keys(changes).length) throw new Refusal(400, 'nothing to change: name or completed');
	return changes;
}

async function answerItems(store, request, response) {
	if (request.method === 'GET' || request.method === 'HEAD')
		return sendJson(response, 200, await store.list());
	if (request.method !== 'POST')
		throw new Refusal(405, 'only GET and POST here', { Allow: 'GET, HEAD, POST' });
	const body = await readJson(request);
	const id = body.id === undefined ? undefined : checkId(body.id);
	const added = await store.add(checkName(body.name), id);
	return sendJson(response, added.isNew ? 201 : 200, added.item);
}

async function answerItem(store, request, response, id) {
	if (request.method === 'PUT') {
		const item = await store.change(id, checkChanges(await readJson(request)));
		if (!item) throw new Refusal(404, 'no such item');
		return sendJson(response, 200, item);
	}
	if (request.method === 'DELETE') {
		if (!await store.remove(id)) throw new Refusal(404, 'no such item');
		response.writeHead(204, SAFETY);
		return response.end();
	}
	throw new Refusal(405, 'only PUT and DELETE here', { Allow: 'PUT, DELETE' });
}

async function answerFile(request, response, [name, type]) {
	if (request.method !== 'GET' && request.method !== 'HEAD')
		throw new Refusal(405, 'only GET here', { Allow: 'GET, HEAD' });
	send(response, 200, type, await fs.promises.readFile(path.join(PUBLIC, name)));
}

async function answer(store, request, response) {
	const where = request.url.split('?')[0];
	const item = /^\/items\/([0-9a-z-]{1,36})$/.exec(where);
	if (Object.prototype.hasOwnProperty.call(FILES, where))
		return answerFile(request, response, FILES[where]);
	if (where === '/items') return answerItems(store, request, response);
	if (item) return answerItem(store, request, response, item[1]);
	throw new Refusal(404, 'no such page');
}

function answerError(error, response) {
	if (response.headersSent) return response.destroy();
	if (error instanceof Refusal)
		return sendJson(response, error.status, { error: error.message }, error.headers);
	console.error(`request failed: ${error.message}`);
	return sendJson(response, 503, { error: 'the database does not answer' });
}

/* Returns {server, close}; close() lets running answers end, then drops every connection. */
function createServer(store) {
	const sockets = new Set();
	const server = http.createServer((request, response) => {
		answer(store, request, response).catch((error) => answerError(error, response));
	});
	server.on('connection', (socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
	});
	server.on('request', (request, response) => {
		const { socket } = request;
		socket.isBusy = true;
		response.on('close', () => { socket.isBusy = false; });
		response.on('finish', () => {
			socket.isBusy = false;
			if (!server.listening) socket.end();
		});
	});
	const close = () => new Promise((resolve) => {
		const timer = setTimeout(() => sockets.forEach((socket) => socket.destroy()), CLOSE_LIMIT_MS);
		server.close(() => {
			clearTimeout(timer);
			resolve();
		});
		sockets.forEach((socket) => { if (!socket.isBusy) socket.destroy(); });
	});
	return { server, close };
}

module.exports = { createServer };
