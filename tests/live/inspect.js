'use strict';
/* inspect.js PREFIX - what the engine holds whose name begins with PREFIX, as JSON without all that differs from one run to the
 * next (IDs, times, addresses, process numbers): two stacks that were made alike give the same text. DOCKER names the program. */

const { execFileSync } = require('child_process');

const prefix = process.argv[2];
const program = process.env.DOCKER || 'docker';

/* The lines that the command says. */
function lines(...args) {
	return execFileSync(program, args, { encoding: 'utf8' }).split('\n').filter((line) => line !== '');
}

/* docker KIND inspect of all that are called PREFIX..., in the order of their names. */
function inspect(kind, names) {
	const ours = names.filter((name) => name.startsWith(prefix)).sort();
	return ours.length ? JSON.parse(lines(kind, 'inspect', ...ours).join('\n')) : [];
}

/* A volume without a name of its own has 64 digits instead. */
function volumeName(name) {
	return /^[0-9a-f]{64}$/.test(name) ? '(anonymous)' : name;
}

/* How a container hangs on a network. */
function endpoint(container, e) {
	const own = [container.Id.slice(0, 12)];
	return {
		Aliases: (e.Aliases || []).filter((alias) => !own.includes(alias)),
		Links: e.Links, IPAMConfig: e.IPAMConfig, DriverOpts: e.DriverOpts, GwPriority: e.GwPriority,
	};
}

/* The docker program sends what was given with -v and -e in no particular order. */
function sorted(list) {
	return list && [...list].sort();
}

function container(c) {
	const config = { ...c.Config, Env: sorted(c.Config.Env) };
	if (c.Id.startsWith(config.Hostname))
		config.Hostname = '(its ID)';
	const networks = {};
	for (const name of Object.keys(c.NetworkSettings.Networks).sort())
		networks[name] = endpoint(c, c.NetworkSettings.Networks[name]);
	return {
		Name: c.Name, Path: c.Path, Args: c.Args, Image: c.Image, Platform: c.Platform,
		Status: c.State.Status, ExitCode: c.State.ExitCode, Health: c.State.Health && c.State.Health.Status,
		RestartCount: c.RestartCount, Config: config, HostConfig: { ...c.HostConfig, Binds: sorted(c.HostConfig.Binds) }, Ports: c.NetworkSettings.Ports,
		Networks: networks,
		Mounts: c.Mounts.map((mount) => ({ ...mount, Name: mount.Name && volumeName(mount.Name),
			Source: mount.Type === 'volume' ? '' : mount.Source }))
			.sort((a, b) => (a.Destination < b.Destination ? -1 : 1)),
	};
}

function network(n) {
	return {
		Name: n.Name, Scope: n.Scope, Driver: n.Driver, EnableIPv6: n.EnableIPv6, Internal: n.Internal,
		Attachable: n.Attachable, Ingress: n.Ingress, Options: n.Options, Labels: n.Labels,
		/* The engine takes the next free subnet where the spec names none */
		IPAM: { Driver: n.IPAM.Driver, Options: n.IPAM.Options, Configs: (n.IPAM.Config || []).length },
		Members: Object.values(n.Containers).map((c) => c.Name).sort(),
	};
}

function volume(v) {
	return { Name: v.Name, Driver: v.Driver, Scope: v.Scope, Options: v.Options, Labels: v.Labels };
}

const found = {
	containers: inspect('container', lines('ps', '-a', '--format', '{{.Names}}')).map(container),
	networks: inspect('network', lines('network', 'ls', '--format', '{{.Name}}')).map(network),
	volumes: inspect('volume', lines('volume', 'ls', '--format', '{{.Name}}')).map(volume),
};
process.stdout.write(JSON.stringify(found, null, '\t') + '\n');
