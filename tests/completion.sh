#!/bin/sh
# completion.sh - load the completions into bash, zsh and fish and really ask them.
# The program is $STACKPLAN (default: build/stackplan). A shell that is not installed is counted as skipped. Installs nothing.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
stackplan=${STACKPLAN:-$root/build/stackplan}
stackplan=$(cd "$(dirname "$stackplan")" && pwd)/$(basename "$stackplan")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir "$work/bin" "$work/fpath" "$work/project" "$work/project/folder"
ln -s "$stackplan" "$work/bin/stackplan"
cp "$root/completions/_stackplan" "$work/fpath/"
PATH=$work/bin:$PATH
HOME=$work
export PATH HOME root work
cd "$work/project"

cat > compose.yaml <<'END'
services:
  web: {image: "web:1", depends_on: [database]}
  database: {image: "database:1"}
  tool: {image: "tool:1", profiles: [debugging]}
END
sed 's/database/elsewhere/g' compose.yaml > other.yaml

# Each of these prints the candidates for the last of its arguments, one a line.
ask_bash() {
	bash --noprofile --norc -c '
		source "$root/completions/stackplan.bash"
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_stackplan
		((${#COMPREPLY[@]} == 0)) || printf "%s\n" "${COMPREPLY[@]}"' bash "$@"
}
ask_zsh() {
	zsh -f "$work/ask.zsh" "$*"
}
ask_fish() {
	fish --no-config -c "source '$root/completions/stackplan.fish'; complete -C '$*'" | cut -f 1
}

# zsh completes in its line editor only: one runs on a pseudo-terminal, and every match that is added is printed.
cat > "$work/ask.zsh" <<'END'
zmodload zsh/zpty
zpty z zsh -f -i
prepare='
PS1= PS2= RPS1=
unsetopt zle_bracketed_paste prompt_sp prompt_cr 2>/dev/null
unset zle_bracketed_paste
fpath=($work/fpath $fpath)
autoload -U compinit && compinit -D -u
compadd() {
	if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
	local -a hits
	builtin compadd -A hits "$@"
	local hit
	for hit in $hits; do print -r -- "@hit@$hit@"; done
	builtin compadd "$@"
}
capture() { _main_complete; print -r -- "@done@@"; }
zle -C ask list-choices capture
bindkey "^T" ask
print -r -- "@ready""@@"
'
print -r -- "$prepare" > $work/prepare.zsh
zpty -w z 'source $work/prepare.zsh'
zpty -r z line '*@ready@@*'
zpty -n -w z "$1"$'\024'
zpty -r z line '*@done@@*'
zpty -d z
for part in ${(f)line}; do
	[[ $part == *@hit@*@* ]] && print -r -- ${${part#*@hit@}%%@*}
done
exit 0
END

passed=0 failed=0 skipped=0

# is SHELL WANT... -- WORD...: the candidates for WORD... are, in any order, WANT...; "+x" must be among them and "-x" must not,
# when all of WANT are of that kind.
is() {
	shell=$1
	shift
	want=
	while [ "$1" != -- ]; do
		want="$want $1"
		shift
	done
	shift
	got=$("ask_$shell" "$@" | sed 's/ *$//' | sort -u | tr '\n' ' ')
	bad=
	case $want in
	' +'* | ' -'[!-]*)
		for w in $want; do
			case " $got" in
			*" ${w#?} "*) [ "${w%"${w#?}"}" = + ] || bad="has ${w#?}" ;;
			*) [ "${w%"${w#?}"}" = - ] || bad="lacks ${w#?}" ;;
			esac
		done
		;;
	*)
		# shellcheck disable=SC2086
		sorted=$(printf '%s\n' $want | sort -u | tr '\n' ' ')
		[ "$got" = "${sorted# }" ] || bad="differs from:$want"
		;;
	esac
	if [ "$bad" ]; then
		failed=$((failed + 1))
		echo "FAILED  $shell: '$*' $bad; it gave: $got"
	else
		passed=$((passed + 1))
	fi
}

for shell in bash zsh fish; do
	if ! command -v "$shell" > /dev/null; then
		skipped=$((skipped + 1))
		echo "skipped $shell: not installed"
		continue
	fi
	case $shell in
	bash) messages=$(bash --noprofile --norc -c "source '$root/completions/stackplan.bash'" 2>&1 || echo failed) ;;
	zsh) messages=$(zsh -f -n "$work/fpath/_stackplan" 2>&1 || echo failed) ;;
	fish) messages=$(fish --no-config -c "source '$root/completions/stackplan.fish'" 2>&1 || echo failed) ;;
	esac
	if [ "$messages" ]; then
		failed=$((failed + 1))
		echo "FAILED  $shell: loading says: $messages"
		continue
	fi
	is "$shell" show -- stackplan sh
	is "$shell" +show +apply +up +down +verify +export +config +logs +exec +diff -import -__complete -- stackplan ''
	is "$shell" --format -- stackplan show --form
	is "$shell" --rmi -- stackplan down --rm
	is "$shell" markdown mermaid -- stackplan show --format m
	is "$shell" local all -- stackplan down --rmi ''
	is "$shell" plain -- stackplan --progress p
	is "$shell" web database tool -- stackplan show ''
	is "$shell" web database tool -- stackplan exec ''
	is "$shell" -database -tool -- stackplan exec web ''
	is "$shell" --follow --file -- stackplan logs --f
	is "$shell" mem_limit -- stackplan explain mem_l
	is "$shell" bad-size -- stackplan explain bad-siz
	is "$shell" database -- stackplan up da
	is "$shell" +elsewhere -database -- stackplan -f other.yaml show ''
	is "$shell" debugging -- stackplan --profile ''
	is "$shell" +compose.yaml +other.yaml -- stackplan --file ''
	is "$shell" verify -- stackplan help ver
done
# Words that only one shell splits as it does.
command -v bash > /dev/null && is bash markdown mermaid -- stackplan show --format = m
command -v zsh > /dev/null && is zsh markdown mermaid -- stackplan show --format=m

echo "completions: $passed passed, $failed failed, $skipped shells skipped"
[ "$failed" -eq 0 ]
