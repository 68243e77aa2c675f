'use strict';
/* store.js - the items in MySQL: wait for the database, make the table, and the five things done to it.
 * Knows nothing of HTTP. Values reach SQL as parameters only. */

const crypto = require('crypto');
const mysql = require('mysql2/promise');

const TRIES = 60;
const PAUSE_MS = 1000;
const TABLE = `create table if not exists todo_items (
	id varchar(36) not null primary key,
	name varchar(255) not null,
	completed boolean not null default false,
	created_at datetime(6) not null default current_timestamp(6)
) default character set utf8mb4`;

function newId() {
	const hex = crypto.randomBytes(16).toString('hex');
	return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function toItem(row) {
	return { id: row.id, name: row.name, completed: Boolean(row.completed) };
}

class Store {
	constructor(pool) {
		this.pool = pool;
	}

	async list() {
		const [rows] = await this.pool.query(
			'select id, name, completed from todo_items order by created_at, id');
		return rows.map(toItem);
	}

	/* Returns null where there is no such item. */
	async get(id) {
		const [rows] = await this.pool.query(
			'select id, name, completed from todo_items where id = ?', [id]);
		return rows.length ? toItem(rows[0]) : null;
	}

	/* Returns {item, isNew}: an id that is taken gives the item that has it, unchanged. */
	async add(name, id) {
		const item = { id: id || newId(), name, completed: false };
		try {
			await this.pool.query('insert into todo_items (id, name) values (?, ?)',
				[item.id, item.name]);
			return { item, isNew: true };
		} catch (error) {
			if (error.code !== 'ER_DUP_ENTRY') throw error;
			return { item: (await this.get(item.id)) || item, isNew: false };
		}
	}

	/* CHANGES may hold name, completed or both. Returns the item, or null where there is none. */
	async change(id, changes) {
		const old = await this.get(id);
		if (!old) return null;
		const item = Object.assign(old, changes);
		await this.pool.query('update todo_items set name = ?, completed = ? where id = ?',
			[item.name, item.completed, id]);
		return item;
	}

	/* Returns whether there was such an item. */
	async remove(id) {
		const [result] = await this.pool.query('delete from todo_items where id = ?', [id]);
		return result.affectedRows > 0;
	}

	async close() {
		await this.pool.end().catch(() => {});
	}
}

/* Wait until the database answers, a minute at most, and see that the table is there. */
async function openStore(where) {
	const pool = mysql.createPool(Object.assign({
		charset: 'utf8mb4', connectionLimit: 5, connectTimeout: 5000,
	}, where));
	for (let tries = 1; ; tries++) {
		try {
			await pool.query(TABLE);
			break;
		} catch (error) {
			if (tries === TRIES)
				throw new Error(`no database at host ${where.host}: ${error.message}`);
			if (tries === 1)
				console.log(`Waiting for mysql at host ${where.host}: ${error.message}`);
			await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
		}
	}
	console.log(`Connected to mysql db at host ${where.host}`);
	return new Store(pool);
}

module.exports = { openStore };
