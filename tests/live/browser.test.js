'use strict';
/* browser.test.js URL - use the to-do page as a person would, in headless Chromium: add, tick, reload, delete.
 * Talks the DevTools protocol over a pipe (descriptors 3 and 4, JSON between NUL bytes), so it needs no package.
 * CHROMIUM names the browser; SCREENSHOT and SCREENSHOT_PHONE name PNG files to make. Exits 0, 1, or 77 for skipped. */

const { spawn } = require('child_process');
const fs = require('fs');
const http = require('http');
const os = require('os');
const path = require('path');

const WAIT_MS = 10000;
const WHOLE_MS = 90000;
const FLAGS = [
	'--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
	'--disable-background-networking', '--disable-component-update', '--disable-sync',
	'--disable-dev-shm-usage', '--hide-scrollbars', '--window-size=1000,800', '--remote-debugging-pipe',
];

/* One browser process, with a folder of its own that is removed at the end. */
class Browser {
	constructor(program) {
		this.profile = fs.mkdtempSync(path.join(os.tmpdir(), 'stackplan-browser-'));
		this.waiting = new Map();
		this.nextId = 1;
		this.errors = [];
		this.process = spawn(program, [...FLAGS, `--user-data-dir=${this.profile}`, 'about:blank'],
			{ stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'], detached: true });
		this.stderr = '';
		this.process.stderr.on('data', (data) => { this.stderr = (this.stderr + data).slice(-4000); });
		this.ended = new Promise((resolve) => {
			this.process.on('error', (error) => { this.fail(error); resolve(); });
			this.process.on('exit', () => {
				this.fail(new Error(`the browser ended by itself: ${this.stderr.trim()}`));
				resolve();
			});
		});
		this.process.stdio[3].on('error', () => {});
		let rest = Buffer.alloc(0);
		this.process.stdio[4].on('data', (data) => {
			rest = Buffer.concat([rest, data]);
			for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
				this.hear(JSON.parse(rest.slice(0, end).toString('utf8')));
				rest = rest.slice(end + 1);
			}
		});
	}

	hear(message) {
		const call = this.waiting.get(message.id);
		if (message.method === 'Runtime.exceptionThrown')
			this.errors.push(message.params.exceptionDetails.exception.description);
		if (message.method === 'Log.entryAdded' && message.params.entry.level === 'error')
			this.errors.push(message.params.entry.text);
		if (!call) return;
		this.waiting.delete(message.id);
		if (message.error) call.reject(new Error(message.error.message));
		else call.resolve(message.result);
	}

	fail(error) {
		this.waiting.forEach((call) => call.reject(error));
		this.waiting.clear();
		this.broken = error;
	}

	call(method, params, sessionId) {
		if (this.broken) return Promise.reject(this.broken);
		const id = this.nextId++;
		this.process.stdio[3].write(JSON.stringify({ id, method, params: params || {}, sessionId }) + '\0');
		return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
	}

	/* Open a page of its own; what follows speaks to it. */
	async openPage(url) {
		const { targetId } = await this.call('Target.createTarget', { url: 'about:blank' });
		const { sessionId } = await this.call('Target.attachToTarget', { targetId, flatten: true });
		this.page = (method, params) => this.call(method, params, sessionId);
		await this.page('Runtime.enable');
		await this.page('Log.enable');
		await this.page('Page.enable');
		await this.page('Page.navigate', { url });
	}

	/* The value of an expression in the page. */
	async value(expression) {
		const { result, exceptionDetails } = await this.page('Runtime.evaluate',
			{ expression, returnByValue: true, awaitPromise: true });
		if (exceptionDetails) throw new Error(`${expression}: ${exceptionDetails.text}`);
		return result.value;
	}

	async type(text) {
		await this.page('Input.insertText', { text });
	}

	async press(key, code, text) {
		const event = { key, code: key, windowsVirtualKeyCode: code, text };
		await this.page('Input.dispatchKeyEvent', Object.assign({ type: 'keyDown' }, event));
		await this.page('Input.dispatchKeyEvent', Object.assign({ type: 'keyUp' }, event));
	}

	/* Click in the middle of the element that EXPRESSION finds, as a mouse does. */
	async click(expression) {
		const at = await this.value(`(() => { const e = ${expression}; e.scrollIntoView({ block: 'center' });
			const r = e.getBoundingClientRect(); return { x: r.x + r.width / 2, y: r.y + r.height / 2 }; })()`);
		for (const type of ['mousePressed', 'mouseReleased'])
			await this.page('Input.dispatchMouseEvent', Object.assign({ type, button: 'left', clickCount: 1 }, at));
	}

	async screenshot(file) {
		const { data } = await this.page('Page.captureScreenshot', { format: 'png' });
		fs.writeFileSync(file, Buffer.from(data, 'base64'));
	}

	async close() {
		const { pid, exitCode, signalCode } = this.process;
		if (pid && exitCode === null && signalCode === null) {
			this.call('Browser.close').catch(() => {});
			const timer = setTimeout(() => this.process.kill('SIGKILL'), 3000);
			await this.ended;
			clearTimeout(timer);
		}
		// The browser leads a process group of its own, so no helper of it stays behind
		if (pid) try { process.kill(-pid, 'SIGKILL'); } catch (error) { /* all gone */ }
		fs.rmSync(this.profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
	}
}

function ask(method, url) {
	return new Promise((resolve, reject) => {
		const request = http.request(url, { method, agent: false, timeout: WAIT_MS }, (response) => {
			let body = '';
			response.setEncoding('utf8').on('data', (data) => { body += data; });
			response.on('end', () => resolve({ status: response.statusCode, body }));
		});
		request.on('timeout', () => request.destroy(new Error('no answer')));
		request.on('error', reject);
		request.end();
	});
}

/* Ask until the answer is true; WHAT is what the message says was never so. */
async function until(what, isSo) {
	const end = Date.now() + WAIT_MS;
	while (!await isSo()) {
		if (Date.now() > end) throw new Error(`it was never so that ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	console.log(`ok: ${what}`);
}

/* What a person does, in order; with an item's name, the row that it has on the page, and how to ask the server for it. */
async function use(browser, url, { name, row, onServer }) {
	const box = `${row}.querySelector('input[type=checkbox]')`;
	const isLoaded = () => browser.value(`document.readyState === 'complete' && !!document.querySelector('#loading[hidden]')
		&& document.querySelector('#problem').hidden`);

	await browser.openPage(url);
	await until('the page has its list', isLoaded);

	await browser.value(`document.querySelector('#name').focus()`);
	await browser.press('Enter', 13, '\r');
	await until('an empty name is refused with a hint', () => browser.value(`document.querySelector('#hint').textContent !== ''`));
	await browser.type(name);
	await browser.press('Enter', 13, '\r');
	await until('an added item is shown', () => browser.value(`!!${row}`));
	await until('an added item is on the server, not done', async () => {
		const item = await onServer();
		return item && item.completed === false;
	});

	await browser.click(box);
	await until('a ticked item is done on the server', async () => (await onServer()).completed === true);
	await until('a ticked item is shown as done', () => browser.value(`${row}.classList.contains('done')`));

	await browser.value(`window.isOld = true`);
	await browser.page('Page.reload');
	await until('the page is loaded anew', async () => await browser.value(`!window.isOld`).catch(() => false) && await isLoaded());
	await until('the item is still ticked after a reload', () => browser.value(`!!${row} && ${box}.checked`));

	await browser.value(`${box}.focus()`);
	await browser.press(' ', 32, ' ');
	await until('the space bar takes the tick away', async () => (await onServer()).completed === false);
	await browser.press(' ', 32, ' ');
	await until('and sets it again', async () => (await onServer()).completed === true);

	if (process.env.SCREENSHOT) await browser.screenshot(process.env.SCREENSHOT);
	await browser.page('Emulation.setDeviceMetricsOverride', { width: 360, height: 700, deviceScaleFactor: 2, mobile: true });
	await until('the page fits a phone', () => browser.value(
		`innerWidth === 360 && document.documentElement.scrollWidth <= 360`));
	if (process.env.SCREENSHOT_PHONE) await browser.screenshot(process.env.SCREENSHOT_PHONE);

	await browser.click(`${row}.querySelector('button')`);
	await until('a deleted item is gone from the page', () => browser.value(`!${row}`));
	await until('a deleted item is gone from the server', async () => !await onServer());
	if (browser.errors.length) throw new Error(`the page reports: ${browser.errors.join('; ')}`);
	console.log('ok: the page reports no errors');
}

async function run(browser, url) {
	const itemsUrl = new URL('/items', url).href;
	// A name that would do harm, or be changed, where it were set as HTML
	const name = `Buy <b>milk</b> & "tea" ${Date.now().toString(36)}`;
	const onServer = async () => JSON.parse((await ask('GET', itemsUrl)).body).find((item) => item.name === name);
	const row = `[...document.querySelectorAll('#items li')].find((li) => li.textContent.includes(${JSON.stringify(name)}))`;
	try {
		await use(browser, url, { name, row, onServer });
	} catch (error) {
		const left = await onServer().catch(() => null);
		if (left) await ask('DELETE', `${itemsUrl}/${left.id}`).catch(() => {});
		throw error;
	}
}

async function main() {
	const url = process.argv[2];
	if (!url) {
		console.error('usage: browser.test.js URL');
		return 64;
	}
	const program = process.env.CHROMIUM || '/usr/bin/chromium';
	if (!fs.existsSync(program)) {
		console.log(`skipped: there is no ${program}`);
		return 77;
	}
	const browser = new Browser(program);
	let status = 1;
	const end = async () => { await browser.close(); process.exit(status); };
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
	const timer = setTimeout(() => { console.log(`not ok: not done in ${WHOLE_MS / 1000} s`); end(); }, WHOLE_MS);
	try {
		await run(browser, url);
		status = 0;
	} catch (error) {
		console.log(`not ok: ${error.message}`);
	}
	clearTimeout(timer);
	await browser.close();
	return status;
}

main().then((status) => process.exit(status));
