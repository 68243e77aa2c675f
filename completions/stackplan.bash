# Completion of stackplan for bash (4.2 or later). Made from the rows of its options: stackplan __generate completion.bash
# shellcheck shell=bash

# Ask stackplan for what only it can know: services and profiles of the spec at hand, names of keys.
_stackplan_ask()
{
	local line
	while IFS= read -r line; do
		[[ $line == :[0-9]* ]] || echo "${line%%$'\t'*}"
	done < <("${words[0]}" __complete "${words[@]:1}" 2>/dev/null)
}

# Offer the words of a list that begin as the current one does.
_stackplan_offer()
{
	local IFS=$' \t\n'
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

# Offer the names of files, or of folders with -d.
_stackplan_files()
{
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen "$1" -- "$cur")
}

# The words up to the cursor without their quotes; "--option", "=" and "value" become one again.
_stackplan_words()
{
	local i word joins=''
	words=()
	for ((i = 0; i <= COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]//[\"\'\\]/}
		[[ $word == \~/* ]] && word=$HOME${word:1}
		if [[ $word == '=' && i -gt 0 && ${words[-1]} == --* && ${words[-1]} != *=* ]]; then
			words[-1]+='='
			joins=1
		elif [[ $joins ]]; then
			words[-1]+=$word
			joins=''
		else
			words+=("$word")
		fi
	done
}

_stackplan()
{
	local -a words
	local cur prev verb='' i
	COMPREPLY=()
	_stackplan_words
	cur=${words[-1]}
	prev=${words[-2]}
	if [[ $cur == --*=* ]]; then
		prev=${cur%%=*}
		cur=${cur#*=}
	fi
	for ((i = 1; i < ${#words[@]} - 1; i++)); do
		case ${words[i]} in
		-f|--file|-p|--project-name|--project-directory|--profile|--env-file|--engine|-c|--context|-H|--host|--parallel|--progress|--color|--labels|--diagnostics) ((i++)) ;;
		-*) ;;
		*)
			verb=${words[i]}
			break
			;;
		esac
	done

	case $verb in
	show)
		case $prev in
		--pull)
			_stackplan_offer 'always missing never'
			return
			;;
		--wait-timeout)
			return
			;;
		--scale)
			_stackplan_offer "$(_stackplan_ask)"
			return
			;;
		-t|--timeout)
			return
			;;
		--format)
			_stackplan_offer 'sh markdown json mermaid dot text'
			return
			;;
		--out)
			_stackplan_files -f
			return
			;;
		--plan)
			_stackplan_files -f
			return
			;;
		--on-failure)
			_stackplan_offer 'stop continue rollback'
			return
			;;
		esac
		;;
	apply|up)
		case $prev in
		--pull)
			_stackplan_offer 'always missing never'
			return
			;;
		--wait-timeout)
			return
			;;
		--scale)
			_stackplan_offer "$(_stackplan_ask)"
			return
			;;
		-t|--timeout)
			return
			;;
		--on-failure)
			_stackplan_offer 'stop continue rollback'
			return
			;;
		--plan)
			_stackplan_files -f
			return
			;;
		--transcript)
			_stackplan_files -f
			return
			;;
		esac
		;;
	down)
		case $prev in
		--rmi)
			_stackplan_offer 'local all'
			return
			;;
		-t|--timeout)
			return
			;;
		--transcript)
			_stackplan_files -f
			return
			;;
		esac
		;;
	ps)
		case $prev in
		--format)
			_stackplan_offer 'table json'
			return
			;;
		esac
		;;
	logs)
		case $prev in
		-n|--tail)
			return
			;;
		--since)
			return
			;;
		--until)
			return
			;;
		--index)
			return
			;;
		esac
		;;
	exec)
		case $prev in
		-u|--user)
			return
			;;
		-w|--workdir)
			return
			;;
		-e|--env)
			return
			;;
		--index)
			return
			;;
		esac
		;;
	run)
		case $prev in
		-e|--env)
			return
			;;
		-v|--volume)
			return
			;;
		-u|--user)
			return
			;;
		-w|--workdir)
			return
			;;
		--entrypoint)
			return
			;;
		--name)
			return
			;;
		--pull)
			_stackplan_offer 'always missing never'
			return
			;;
		--wait-timeout)
			return
			;;
		esac
		;;
	stop)
		case $prev in
		-t|--timeout)
			return
			;;
		--transcript)
			_stackplan_files -f
			return
			;;
		esac
		;;
	start)
		case $prev in
		--wait-timeout)
			return
			;;
		--transcript)
			_stackplan_files -f
			return
			;;
		esac
		;;
	restart)
		case $prev in
		-t|--timeout)
			return
			;;
		--wait-timeout)
			return
			;;
		--transcript)
			_stackplan_files -f
			return
			;;
		esac
		;;
	pull)
		case $prev in
		--transcript)
			_stackplan_files -f
			return
			;;
		esac
		;;
	build)
		case $prev in
		--build-arg)
			return
			;;
		--transcript)
			_stackplan_files -f
			return
			;;
		esac
		;;
	diff)
		case $prev in
		--format)
			_stackplan_offer 'text json'
			return
			;;
		--scale)
			_stackplan_offer "$(_stackplan_ask)"
			return
			;;
		esac
		;;
	check)
		case $prev in
		--pull)
			_stackplan_offer 'always missing never'
			return
			;;
		--wait-timeout)
			return
			;;
		--scale)
			_stackplan_offer "$(_stackplan_ask)"
			return
			;;
		-t|--timeout)
			return
			;;
		esac
		;;
	export)
		case $prev in
		--pull)
			_stackplan_offer 'always missing never'
			return
			;;
		--wait-timeout)
			return
			;;
		--scale)
			_stackplan_offer "$(_stackplan_ask)"
			return
			;;
		-t|--timeout)
			return
			;;
		--format)
			_stackplan_offer 'sh markdown json mermaid dot'
			return
			;;
		--template)
			_stackplan_files -f
			return
			;;
		-o|--output)
			_stackplan_files -f
			return
			;;
		esac
		;;
	config)
		case $prev in
		--format)
			_stackplan_offer 'yaml json'
			return
			;;
		--hash)
			_stackplan_offer "$(_stackplan_ask)"
			return
			;;
		esac
		;;
	env)
		case $prev in
		--format)
			_stackplan_offer 'text json'
			return
			;;
		esac
		;;
	explain)
		case $prev in
		--format)
			_stackplan_offer 'text json'
			return
			;;
		esac
		;;
	esac
	case $prev in
	-f|--file)
		_stackplan_files -f
		return
		;;
	-p|--project-name)
		return
		;;
	--project-directory)
		_stackplan_files -d
		return
		;;
	--profile)
		_stackplan_offer "$(_stackplan_ask)"
		return
		;;
	--env-file)
		_stackplan_files -f
		return
		;;
	--engine)
		_stackplan_offer 'docker podman nerdctl'
		return
		;;
	-c|--context)
		return
		;;
	-H|--host)
		return
		;;
	--parallel)
		return
		;;
	--progress)
		_stackplan_offer 'auto tty plain json quiet'
		return
		;;
	--color)
		_stackplan_offer 'auto always never'
		return
		;;
	--labels)
		_stackplan_offer 'full none'
		return
		;;
	--diagnostics)
		_stackplan_offer 'text json'
		return
		;;
	esac

	case $verb in
	'')
		if [[ $cur == -* ]]; then
			_stackplan_offer '-f --file -p --project-name --project-directory --profile --env-file --engine -c --context -H --host --parallel --progress --color --labels --diagnostics -y --yes -q --quiet --verbose -h --help --version'
		else
			_stackplan_offer 'show apply up verify down ps logs exec run stop start restart pull build diff check export config env explain help'
		fi
		;;
	show)
		if [[ $cur == -* ]]; then
			_stackplan_offer '--no-start --no-deps --pull --wait-timeout --no-build --build --force-recreate --no-recreate --remove-orphans --compose-hash --scale --wait -t --timeout --format --current --out --plan --on-failure --detailed-exitcode -f --file -p --project-name --project-directory --profile --env-file --engine -c --context -H --host --parallel --progress --color --labels --diagnostics -y --yes -q --quiet --verbose -h --help --version'
		else
			_stackplan_offer "$(_stackplan_ask)"
		fi
		;;
	apply|up)
		if [[ $cur == -* ]]; then
			_stackplan_offer '--no-start --no-deps --pull --wait-timeout --no-build --build --force-recreate --no-recreate --remove-orphans --compose-hash --scale --wait -t --timeout --on-failure -d --detach --plan --transcript --detailed-exitcode -f --file -p --project-name --project-directory --profile --env-file --engine -c --context -H --host --parallel --progress --color --labels --diagnostics -y --yes -q --quiet --verbose -h --help --version'
		else
			_stackplan_offer "$(_stackplan_ask)"
		fi
		;;
	verify)
		if [[ $cur == -* ]]; then
			_stackplan_offer '-f --file -p --project-name --project-directory --profile --env-file --engine -c --context -H --host --parallel --progress --color --labels --diagnostics -y --yes -q --quiet --verbose -h --help --version'
		fi
		;;
	down)
		if [[ $cur == -* ]]; then
			_stackplan_offer '--show -v --volumes --rmi -t --timeout --transcript --remove-orphans -f --file -p --project-name --project-directory --profile --env-file --engine -c --context -H --host --parallel --progress --color --labels --diagnostics -y --yes -q --quiet --verbose -h --help --version'
		else
			_stackplan_offer "$(_stackplan_ask)"
		fi
		;;
	ps)
		if [[ $cur == -* ]]; then
			_stackplan_offer '-a --all -q --quiet --services --format --no-orphans -f --file -p --project-name --project-directory --profile --env-file --engine -c --context -H --host --parallel --progress --color --labels --diagnostics -y --yes -q --quiet --verbose -h --help --version'
		else
			_stackplan_offer "$(_stackplan_ask)"
		fi
		;;
	logs)
		if [[ $cur == -* ]]; then
			_stackplan_offer '-f --follow -t --timestamps -n --tail --since --until --index --no-color --no-log-prefix -f --file -p --project-name --project-directory --profile --env-file --engine -c --context -H --host --parallel --progress --color --labels --diagnostics -y --yes -q --quiet --verbose -h --help --version'
		else
			_stackplan_offer "$(_stackplan_ask)"
		fi
		;;
	exec)
		if [[ $cur == -* ]]; then
			_stackplan_offer '-d --detach -T --no-TTY -u --user -w --workdir -e --env --index --privileged -i --interactive -t --tty -f --file -p --project-name --project-directory --profile --env-file --engine -c --context -H --host --parallel --progress --color --labels --diagnostics -y --yes -q --quiet --verbose -h --help --version'
		else
			_stackplan_offer "$(_stackplan_ask)"
		fi
		;;
	run)
		if [[ $cur == -* ]]; then
			_stackplan_offer '--show --rm -d --detach -e --env -v --volume -u --user -w --workdir --entrypoint --name -T --no-TTY -i --interactive --service-ports --use-aliases --no-deps --pull --wait-timeout -f --file -p --project-name --project-directory --profile --env-file --engine -c --context -H --host --parallel --progress --color --labels --diagnostics -y --yes -q --quiet --verbose -h --help --version'
		else
			_stackplan_offer "$(_stackplan_ask)"
		fi
		;;
	stop)
		if [[ $cur == -* ]]; then
			_stackplan_offer '-t --timeout --show --transcript -f --file -p --project-name --project-directory --profile --env-file --engine -c --context -H --host --parallel --progress --color --labels --diagnostics -y --yes -q --quiet --verbose -h --help --version'
		else
			_stackplan_offer "$(_stackplan_ask)"
		fi
		;;
	start)
		if [[ $cur == -* ]]; then
			_stackplan_offer '--wait-timeout --show --transcript -f --file -p --project-name --project-directory --profile --env-file --engine -c --context -H --host --parallel --progress --color --labels --diagnostics -y --yes -q --quiet --verbose -h --help --version'
		else
			_stackplan_offer "$(_stackplan_ask)"
		fi
		;;
	restart)
		if [[ $cur == -* ]]; then
			_stackplan_offer '-t --timeout --wait-timeout --show --transcript -f --file -p --project-name --project-directory --profile --env-file --engine -c --context -H --host --parallel --progress --color --labels --diagnostics -y --yes -q --quiet --verbose -h --help --version'
		else
			_stackplan_offer "$(_stackplan_ask)"
		fi
		;;
	pull)
		if [[ $cur == -* ]]; then
			_stackplan_offer '--show --ignore-pull-failures --include-deps --transcript -f --file -p --project-name --project-directory --profile --env-file --engine -c --context -H --host --parallel --progress --color --labels --diagnostics -y --yes -q --quiet --verbose -h --help --version'
		else
			_stackplan_offer "$(_stackplan_ask)"
		fi
		;;
	build)
		if [[ $cur == -* ]]; then
			_stackplan_offer '--show --no-cache --pull --build-arg --transcript -f --file -p --project-name --project-directory --profile --env-file --engine -c --context -H --host --parallel --progress --color --labels --diagnostics -y --yes -q --quiet --verbose -h --help --version'
		else
			_stackplan_offer "$(_stackplan_ask)"
		fi
		;;
	diff)
		if [[ $cur == -* ]]; then
			_stackplan_offer '--format --detailed-exitcode --no-deps --remove-orphans --compose-hash --scale -f --file -p --project-name --project-directory --profile --env-file --engine -c --context -H --host --parallel --progress --color --labels --diagnostics -y --yes -q --quiet --verbose -h --help --version'
		else
			_stackplan_offer "$(_stackplan_ask)"
		fi
		;;
	check)
		if [[ $cur == -* ]]; then
			_stackplan_offer '--no-start --no-deps --pull --wait-timeout --no-build --build --force-recreate --no-recreate --remove-orphans --compose-hash --scale --wait -t --timeout -f --file -p --project-name --project-directory --profile --env-file --engine -c --context -H --host --parallel --progress --color --labels --diagnostics -y --yes -q --quiet --verbose -h --help --version'
		else
			_stackplan_offer "$(_stackplan_ask)"
		fi
		;;
	export)
		if [[ $cur == -* ]]; then
			_stackplan_offer '--no-start --no-deps --pull --wait-timeout --no-build --build --force-recreate --no-recreate --remove-orphans --compose-hash --scale --wait -t --timeout --format --template -o --output -f --file -p --project-name --project-directory --profile --env-file --engine -c --context -H --host --parallel --progress --color --labels --diagnostics -y --yes -q --quiet --verbose -h --help --version'
		else
			_stackplan_offer "$(_stackplan_ask)"
		fi
		;;
	config)
		if [[ $cur == -* ]]; then
			_stackplan_offer '--services --images --volumes --networks --profiles --format --variables --hash --origins -f --file -p --project-name --project-directory --profile --env-file --engine -c --context -H --host --parallel --progress --color --labels --diagnostics -y --yes -q --quiet --verbose -h --help --version'
		fi
		;;
	env)
		if [[ $cur == -* ]]; then
			_stackplan_offer '--format -f --file -p --project-name --project-directory --profile --env-file --engine -c --context -H --host --parallel --progress --color --labels --diagnostics -y --yes -q --quiet --verbose -h --help --version'
		fi
		;;
	explain)
		if [[ $cur == -* ]]; then
			_stackplan_offer '--list --format -f --file -p --project-name --project-directory --profile --env-file --engine -c --context -H --host --parallel --progress --color --labels --diagnostics -y --yes -q --quiet --verbose -h --help --version'
		else
			_stackplan_offer "$(_stackplan_ask)"
		fi
		;;
	help)
		if [[ $cur == -* ]]; then
			_stackplan_offer '-f --file -p --project-name --project-directory --profile --env-file --engine -c --context -H --host --parallel --progress --color --labels --diagnostics -y --yes -q --quiet --verbose -h --help --version'
		else
			_stackplan_offer 'show apply up verify down ps logs exec run stop start restart pull build diff check export config env explain help'
		fi
		;;
	esac
}

complete -F _stackplan stackplan
