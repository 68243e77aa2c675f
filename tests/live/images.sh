#!/bin/sh
# images.sh [IMAGE...] - see that the images of the live tests are there: present, pulled, or a stand-in built from Debian packages
# images.sh remove-standins - remove the stand-ins again, and nothing else
set -eu

docker=${STACKPLAN_DOCKER:-docker}
label=dev.stackplan.standin
answer_limit_s=${STACKPLAN_PULL_ANSWER_S:-15}   # until the registry has said its first word
pull_limit_s=${STACKPLAN_PULL_LIMIT_S:-600}     # for the whole of one image
work=
puller=
registry_silent=

say() {
	printf 'images: %s\n' "$*" >&2
}

die() {
	say "$*"
	exit 1
}

clean_up() {
	[ -z "$puller" ] || kill "$puller" 2>/dev/null || :
	[ -z "$work" ] || rm -rf "$work"
}

has() {
	command -v "$1" >/dev/null 2>&1
}

# Pull IMAGE; give up soon where no registry answers, but let one that does take its time
pull() {
	[ -z "$registry_silent" ] || return 1
	"$docker" pull "$1" >"$work/pull" 2>"$work/pull.err" &
	puller=$!
	waited_s=0
	while kill -0 "$puller" 2>/dev/null; do
		limit_s=$answer_limit_s
		! grep -q 'Pulling from' "$work/pull" || limit_s=$pull_limit_s
		if [ "$waited_s" -ge "$limit_s" ]; then
			kill "$puller" 2>/dev/null || :
			registry_silent=yes
		fi
		sleep 1
		waited_s=$((waited_s + 1))
	done
	status=0
	wait "$puller" || status=$?
	puller=
	if grep -Eq 'no such host|dial tcp|i/o timeout|Client.Timeout|TLS handshake' "$work/pull.err"; then
		registry_silent=yes
	fi
	return "$status"
}

# Install the Debian packages that are missing, and say so first
need_packages() {
	missing=
	for package; do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$' || missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	has apt-get || die "no stand-in can be built: it takes apt-get and the packages$missing"
	[ "$(id -u)" -eq 0 ] || die "no stand-in can be built without root: install$missing first"
	say "installing Debian packages:$missing"
	# shellcheck disable=SC2016 # apt-get fills it in
	[ -n "$(apt-get indextargets --format '$(FILENAME)' 'Created-By: Packages' | while read -r list; do
		[ ! -e "$list" ] || echo found; done)" ] || apt-get update >"$work/apt.log" 2>&1 || :
	# shellcheck disable=SC2086 # a list of names
	DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing >"$work/apt.log" 2>&1 || {
		cat "$work/apt.log" >&2
		die "cannot install$missing"
	}
}

# Copy FILE into the tree ROOT, with every shared library that it needs, each to the place where it was
copy_program() {
	{
		readlink -f "$2"
		ldd "$2" 2>/dev/null | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p; s/^[[:space:]]*\(\/[^ ]*\) .*/\1/p'
	} | while read -r from; do
		mkdir -p "$1${from%/*}"
		cp -L "$from" "$1$from"
	done
}

# A tree with a shell and the usual small tools in it
make_base() {
	need_packages busybox-static
	mkdir -p "$1/bin" "$1/usr/bin" "$1/usr/local/bin" "$1/etc" "$1/root" "$1/home" "$1/tmp" "$1/var/tmp" "$1/run"
	chmod 1777 "$1/tmp" "$1/var/tmp"
	chmod 700 "$1/root"
	cp "$(dpkg -L busybox-static | grep -m 1 '/bin/busybox$')" "$1/bin/busybox"
	for applet in $("$1/bin/busybox" --list); do
		[ "$applet" = busybox ] || ln -s busybox "$1/bin/$applet"
	done
	ln -s /bin/busybox "$1/usr/bin/env"
	printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' >"$1/etc/passwd"
	printf 'root:x:0:\nnogroup:x:65534:\n' >"$1/etc/group"
	printf 'hosts: files dns\n' >"$1/etc/nsswitch.conf"
}

# Make the tree ROOT, or the tar file of it, the image IMAGE; what follows goes to --change, one each
make_image() {
	from=$1
	image=$2
	shift 2
	if [ -d "$from" ]; then
		tar -C "$from" --numeric-owner --owner=0 --group=0 -cf "$from.tar" .
		rm -rf "$from"
		from=$from.tar
	fi
	for change; do
		set -- "$@" --change "$change"
		shift
	done
	"$docker" import --message 'stand-in, built by stackplan for its tests' \
		--change "LABEL $label=1" "$@" "$from" "$image" >/dev/null
	rm -f "$from"
}

make_busybox() {
	make_base "$work/root"
	make_image "$work/root" "$1" 'CMD ["sh"]'
}

make_netshoot() {
	need_packages bind9-dnsutils
	make_base "$work/root"
	copy_program "$work/root" "$(command -v dig)"
	make_image "$work/root" "$1" 'CMD ["sh"]' 'WORKDIR /root'
}

make_node() {
	if ! has node || ! has npm; then
		need_packages nodejs npm
	fi
	make_base "$work/root"
	root=$work/root
	copy_program "$root" "$(command -v node)"
	node=$(readlink -f "$(command -v node)")
	[ "$node" = /usr/local/bin/node ] || ln -s "$node" "$root/usr/local/bin/node"
	npm=$(readlink -f "$(command -v npm)")
	npm=${npm%/bin/npm-cli.js}
	case $npm in
	/usr/share/nodejs/*) tree=/usr/share/nodejs ;;  # Debian's npm shares its modules with others
	*) tree=$npm ;;
	esac
	mkdir -p "$root${tree%/*}"
	cp -R "$tree" "$root${tree%/*}"
	rm -rf "$root$npm/docs" "$root$npm/man"
	ln -s "$npm/bin/npm-cli.js" "$root/usr/local/bin/npm"
	ln -s "$npm/bin/npx-cli.js" "$root/usr/local/bin/npx"
	printf 'node:x:1000:1000:node:/home/node:/bin/sh\n' >>"$root/etc/passwd"
	printf 'node:x:1000:\n' >>"$root/etc/group"
	mkdir -p "$root/home/node"
	# npm in the container trusts whom the machine trusts
	ca=/etc/ssl/certs/ca-certificates.crt
	mkdir -p "$root${ca%/*}"
	[ ! -r "$ca" ] || cp -L "$ca" "$root$ca"
	make_image "$root" "$1" 'CMD ["node"]' "ENV NODE_EXTRA_CA_CERTS=$ca" \
		'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
}

# The machine's own Debian sources, as lines that mmdebstrap reads
list_sources() {
	# shellcheck disable=SC2016 # apt-get fills it in
	apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' \
		'Created-By: Packages' "Origin: $1" | sort -u
}

make_mysql() {
	need_packages mmdebstrap
	# shellcheck disable=SC1091 # the system's own
	suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
	list_sources Debian >"$work/sources"
	[ -s "$work/sources" ] || list_sources Ubuntu >"$work/sources"
	[ -s "$work/sources" ] || die "no stand-in for $1: apt knows no Debian packages (apt-get update)"
	write_entrypoint >"$work/entrypoint"
	cat >"$work/config" <<-'END'
		[mysqld]
		bind-address = *
		skip-name-resolve
		innodb-buffer-pool-size = 32M
		innodb-log-file-size = 16M
	END
	cat >"$work/finish" <<-'END'
		#!/bin/sh
		# finish ROOT - take out what a server in a container has no use for, add what it needs
		set -eu
		cd "$1"
		rm -rf usr/share/doc usr/share/man usr/share/locale usr/share/perl usr/lib/*/perl var/lib/mysql
		rm -f usr/bin/aria_* usr/bin/myisam* usr/bin/mariadb-slap usr/bin/mariadb-conv usr/bin/mariadb-binlog \
			usr/bin/mariadb-import usr/bin/mariadb-check usr/bin/mariadb-plugin usr/bin/mariadb-waitpid \
			usr/bin/mariadbd-safe-helper usr/lib/galera/* usr/bin/garb*
		owner=$(sed -n 's/^mysql:[^:]*:\([0-9]*:[0-9]*\):.*/\1/p' etc/passwd)
		for folder in var/lib/mysql run/mysqld docker-entrypoint-initdb.d; do
			mkdir -p "$folder"
		done
		chown "$owner" var/lib/mysql run/mysqld
		work=${0%/*}
		cp "$work/config" etc/mysql/mariadb.conf.d/99-standin.cnf
		cp "$work/entrypoint" usr/local/bin/docker-entrypoint.sh
		chmod 755 usr/local/bin/docker-entrypoint.sh
	END
	chmod 755 "$work/finish" "$work"
	mmdebstrap --quiet --mode=root --variant=essential --include=mariadb-server \
		--keyring=/usr/share/keyrings \
		--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' --customize-hook="$work/finish" \
		"$suite" "$work/mysql.tar" "$work/sources" >"$work/mmdebstrap.log" 2>&1 || {
		tail -n 20 "$work/mmdebstrap.log" >&2
		die "mmdebstrap cannot make the tree for $1"
	}
	make_image "$work/mysql.tar" "$1" 'ENTRYPOINT ["docker-entrypoint.sh"]' 'CMD ["mysqld"]' \
		'VOLUME /var/lib/mysql' 'EXPOSE 3306' \
		'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
}

# What the stand-in for mysql runs first: set up an empty data folder as the environment says, then serve
write_entrypoint() {
	cat <<-'END'
		#!/bin/sh
		# docker-entrypoint.sh [mysqld [OPTION...]|COMMAND...] - of a stand-in for the mysql image: MariaDB behind mysql's names.
		# Values from the environment reach SQL on standard input only.
		set -eu
		data=/var/lib/mysql
		begun=$data/.standin-begun

		say() {
			printf '[stand-in] %s\n' "$*" >&2
		}

		# The value of NAME, or of the file that NAME_FILE names
		setting() {
			eval "value=\${$1:-} file=\${$1_FILE:-}"
			[ -z "$file" ] || value=$(cat "$file")
			printf '%s' "$value"
		}

		# SQL's own spelling of a text
		quoted() {
			printf "'"
			setting "$1" | sed "s/\\\\/\\\\\\\\/g; s/'/''/g"
			printf "'"
		}

		# One line as it stands: echo would read backslashes
		sql() {
			printf '%s\n' "$*"
		}

		statements() {
			database=$(setting MYSQL_DATABASE | sed 's/`/``/g')
			host=${MYSQL_ROOT_HOST:-%}
			sql "delete from mysql.global_priv where user = '' or user = 'root' and host <> 'localhost';"
			sql 'flush privileges;'
			sql "alter user root@localhost identified by $(quoted MYSQL_ROOT_PASSWORD);"
			[ "$host" = localhost ] || {
				sql "create user root@'$host' identified by $(quoted MYSQL_ROOT_PASSWORD);"
				sql "grant all on *.* to root@'$host' with grant option;"
			}
			[ -z "$database" ] || sql "create database \`$database\`;"
			[ -z "$(setting MYSQL_USER)" ] || {
				sql "create user $(quoted MYSQL_USER)@'%' identified by $(quoted MYSQL_PASSWORD);"
				[ -z "$database" ] || sql "grant all on \`$database\`.* to $(quoted MYSQL_USER)@'%';"
			}
		}

		set_up() {
			say 'setting up the data folder'
			mariadb-install-db --user=mysql --datadir="$data" --skip-test-db \
				--auth-root-authentication-method=normal >/dev/null
			statements | mariadbd --user=mysql --datadir="$data" --bootstrap --log-warnings=0
			rm -f "$begun"
			say 'the data folder is ready'
		}

		case ${1:-} in
		'' | -*) set -- mysqld "$@" ;;
		esac
		[ "$1" = mysqld ] || exec "$@"

		mkdir -p /run/mysqld
		chown mysql: /run/mysqld "$data"
		if [ -e "$begun" ]; then
			say 'the last set-up was cut short: once more, from the start'
			find "$data" -mindepth 1 ! -path "$begun" -delete
		fi
		if [ -e "$begun" ] || [ ! -d "$data/mysql" ]; then
			if [ -z "$(setting MYSQL_ROOT_PASSWORD)" ] && [ -z "${MYSQL_ALLOW_EMPTY_PASSWORD:-}" ]; then
				say 'the database is not set up, and no password is given: set MYSQL_ROOT_PASSWORD'
				exit 1
			fi
			: >"$begun"
			trap 'exit 143' TERM INT
			set_up &
			wait $!
			trap - TERM INT
		fi
		shift
		exec mariadbd --user=mysql --datadir="$data" "$@"
	END
}

make_standin() {
	case $1 in
	mysql | mysql:* | mariadb | mariadb:*) make_mysql "$1" ;;
	node | node:*) make_node "$1" ;;
	nicolaka/netshoot | nicolaka/netshoot:*) make_netshoot "$1" ;;
	busybox | busybox:* | alpine | alpine:*) make_busybox "$1" ;;
	*) die "no stand-in is known for '$1': mysql, node, nicolaka/netshoot and busybox have one" ;;
	esac
}

remove_standins() {
	for image in $("$docker" image ls --quiet --no-trunc --filter "label=$label=1" | sort -u); do
		names=$("$docker" image inspect --format '{{join .RepoTags " "}}' "$image")
		say "removing the stand-in ${names:-$image}"
		"$docker" image rm "$image" >/dev/null
	done
}

case ${1:-} in
-h | --help)
	sed -n '2,3s/^# //p' "$0"
	exit 0
	;;
-*) die "unknown option '$1'" ;;
esac
has "$docker" || die "'$docker' is not found: it takes the docker program"
"$docker" version >/dev/null 2>&1 || die 'no docker engine answers: start one, or set DOCKER_HOST'
if [ "${1:-}" = remove-standins ]; then
	remove_standins
	exit 0
fi

trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
work=$(mktemp -d)
[ $# -gt 0 ] || set -- mysql:5.7 node:12-alpine nicolaka/netshoot busybox:latest
for image; do
	if kind=$("$docker" image inspect --format "{{index .Config.Labels \"$label\"}}" "$image" 2>/dev/null); then
		[ "$kind" != 1 ] || say "$image is a stand-in, built earlier"
		continue
	fi
	if pull "$image"; then
		say "$image is pulled"
		continue
	fi
	say "$image cannot be pulled here: building a stand-in from Debian packages"
	make_standin "$image"
	say "$image is a stand-in now ($("$docker" image inspect --format '{{.Size}}' "$image" | awk '{printf "%d MB", $1 / 1e6}'))"
done
