'use strict';
/* index.js - start the app: find the database, then listen, and stop quickly when told to.
 * Settings come from the environment; NAME_FILE names a file that holds the value of NAME. */

const fs = require('fs');
const { openStore } = require('./store');
const { createServer } = require('./server');

const PORT = 3000;

function setting(name, otherwise) {
	const file = process.env[name + '_FILE'];
	if (file) return fs.readFileSync(file, 'utf8').trim();
	return process.env[name] || otherwise;
}

async function main() {
	let stop = () => process.exit(0);
	for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => stop(signal));

	const store = await openStore({
		host: setting('MYSQL_HOST', 'mysql'),
		user: setting('MYSQL_USER', 'root'),
		password: setting('MYSQL_PASSWORD', ''),
		database: setting('MYSQL_DB', 'todos'),
	});

	const app = createServer(store);
	app.server.on('error', (error) => {
		console.error(`cannot listen on port ${PORT}: ${error.message}`);
		process.exit(1);
	});
	app.server.listen(PORT, () => console.log(`Listening on port ${PORT}`));

	stop = async (signal) => {
		stop = () => process.exit(1);
		console.log(`${signal}: stopping`);
		await app.close();
		await store.close();
		process.exit(0);
	};
}

main().catch((error) => {
	console.error(error.message);
	process.exit(1);
});
