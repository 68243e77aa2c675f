'use strict';
/* app.js - the page: fetch the list, draw it, and tell the server of every change.
 * The server has the truth: a change is drawn when it has said yes. Names are set as text, never as HTML. */

const byId = (id) => document.getElementById(id);
const list = byId('items');
const nameField = byId('name');
let items = [];
let retry = load;

async function ask(method, path, body) {
	let response;
	try {
		response = await fetch(path, {
			method,
			headers: body ? { 'Content-Type': 'application/json' } : {},
			body: body ? JSON.stringify(body) : undefined,
		});
	} catch (error) {
		throw new Error('The server does not answer.');
	}
	const answer = response.status === 204 ? null : await response.json().catch(() => null);
	if (!response.ok) {
		const told = answer && answer.error ? answer.error : `the server said ${response.status}`;
		throw Object.assign(new Error(`That did not work: ${told}.`), { status: response.status });
	}
	return answer;
}

function showProblem(error, again) {
	byId('problem').hidden = !error;
	byId('problem').querySelector('p').textContent = error ? error.message : '';
	retry = again || load;
}

function showHint(text) {
	byId('hint').textContent = text;
	if (text) nameField.setAttribute('aria-invalid', 'true');
	else nameField.removeAttribute('aria-invalid');
}

function drawItem(item) {
	const row = document.createElement('li');
	const label = document.createElement('label');
	const box = document.createElement('input');
	const name = document.createElement('span');
	const remove = document.createElement('button');

	row.dataset.id = item.id;
	row.classList.toggle('done', item.completed);
	box.type = 'checkbox';
	box.checked = item.completed;
	box.addEventListener('change', () => tick(item, box));
	name.textContent = item.name;
	remove.type = 'button';
	remove.textContent = '×';
	remove.title = 'Delete';
	remove.setAttribute('aria-label', `Delete ${item.name}`);
	remove.addEventListener('click', () => removeItem(item, remove));

	label.append(box, name);
	row.append(label, remove);
	return row;
}

function drawState() {
	const left = items.filter((item) => !item.completed).length;
	byId('loading').hidden = true;
	byId('empty').hidden = items.length > 0;
	byId('count').textContent = items.length === 0 ? ''
		: left === 0 ? 'All done'
		: `${left} of ${items.length} to do`;
}

async function load() {
	try {
		items = await ask('GET', '/items');
		list.replaceChildren(...items.map(drawItem));
		drawState();
		showProblem(null);
	} catch (error) {
		byId('loading').hidden = true;
		showProblem(error, load);
	}
}

async function add(event) {
	event.preventDefault();
	const name = nameField.value.trim();
	const button = byId('add').querySelector('button');
	if (!name) {
		showHint('Write something first.');
		nameField.focus();
		return;
	}
	showHint('');
	button.disabled = true;
	try {
		const item = await ask('POST', '/items', { name });
		items.push(item);
		list.append(drawItem(item));
		drawState();
		showProblem(null);
		nameField.value = '';
	} catch (error) {
		showProblem(error, () => byId('add').requestSubmit());
	}
	button.disabled = false;
	nameField.focus();
}

/* Ticks of one item are saved one after the other, so that the last one is what stays. */
function tick(item, box) {
	const wanted = box.checked;
	item.saving = (item.saving || Promise.resolve()).then(() => saveTick(item, box, wanted));
}

async function saveTick(item, box, wanted) {
	try {
		Object.assign(item, await ask('PUT', `/items/${item.id}`, { completed: wanted }));
		showProblem(null);
	} catch (error) {
		box.checked = item.completed;
		showProblem(error, load);
	}
	box.closest('li').classList.toggle('done', item.completed);
	drawState();
}

async function removeItem(item, button) {
	const row = button.closest('li');
	const next = row.nextElementSibling || row.previousElementSibling;
	button.disabled = true;
	try {
		await ask('DELETE', `/items/${item.id}`);
		showProblem(null);
	} catch (error) {
		button.disabled = false;
		if (error.status !== 404) {
			showProblem(error, load);
			return;
		}
	}
	items = items.filter((other) => other.id !== item.id);
	row.remove();
	drawState();
	if (next) next.querySelector('button').focus();
	else nameField.focus();
}

byId('add').addEventListener('submit', add);
byId('again').addEventListener('click', () => retry());
nameField.addEventListener('input', () => showHint(''));
load();
