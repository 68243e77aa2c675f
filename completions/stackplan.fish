# Completion of stackplan for fish. Made from the rows of its options: stackplan __generate completion.fish

# Is the verb on the line one of these? Without arguments: is there none yet?
function __stackplan_verb
    set -l words (commandline -opc)
    set -e words[1]
    set -l skip 0
    for word in $words
        if test $skip = 1
            set skip 0
            continue
        end
        switch $word
            case -f --file -p --project-name --project-directory --profile --env-file --engine -c --context -H --host --parallel --progress --color --labels --diagnostics
                set skip 1
            case '-*'
            case '*'
                contains -- $word $argv
                return
        end
    end
    test (count $argv) -eq 0
end

# Ask stackplan for what only it can know: services and profiles of the spec at hand, names of keys.
function __stackplan_ask
    set -l words (commandline -opc) (commandline -ct)
    command $words[1] __complete $words[2..-1] 2>/dev/null | string match -rv '^:[0-9]+$'
end

# The same for operands: nothing while an option is typed.
function __stackplan_operands
    string match -q -- '-*' (commandline -ct)
    or __stackplan_ask
end

complete -c stackplan -f
complete -c stackplan -s f -l file -rF -d "The Compose file; '-' is standard input; may be repeated"
complete -c stackplan -s p -l project-name -x -d 'Name of the project (default: the spec'\''s, or its folder'\''s)'
complete -c stackplan -l project-directory -x -a '(__fish_complete_directories)' -d 'Folder that relative paths start from (default: the file'\''s)'
complete -c stackplan -l profile -x -a '(__stackplan_ask)' -d "Enable a profile; may be repeated"
complete -c stackplan -l env-file -rF -d "Read variables from FILE instead of .env; may be repeated"
complete -c stackplan -l engine -x -a "docker podman nerdctl" -d 'What runs the containers (default: docker)'
complete -c stackplan -s c -l context -x -d "The docker context to use"
complete -c stackplan -s H -l host -x -d "The engine's address"
complete -c stackplan -l parallel -x -d 'Run at most N commands at a time (default: 4)'
complete -c stackplan -l progress -x -a "auto plain json quiet" -d "How progress is shown on standard error"
complete -c stackplan -l color -x -a "auto always never" -d "When to colour messages"
complete -c stackplan -l labels -x -a "full none" -d "'none' leaves bookkeeping labels out of show and export"
complete -c stackplan -l diagnostics -x -a "text json" -d "How problems are printed"
complete -c stackplan -s y -l yes -d "Answer every question with yes"
complete -c stackplan -s q -l quiet -d "No progress, no closing words, no table; only problems"
complete -c stackplan -l verbose -d "Say which files and which program are used"
complete -c stackplan -s h -l help -d "Help on stackplan or on the verb"
complete -c stackplan -l version -d "Print the version"

complete -c stackplan -n __stackplan_verb -a show -d "Print the commands that would run, and why."
complete -c stackplan -n '__stackplan_verb show' -a '(__stackplan_operands)'
complete -c stackplan -n '__stackplan_verb show' -l no-start -d "Create the containers, don't start them"
complete -c stackplan -n '__stackplan_verb show' -l no-deps -d "Leave out what the named services depend on"
complete -c stackplan -n '__stackplan_verb show' -l pull -x -a "always missing never" -d "When to pull images"
complete -c stackplan -n '__stackplan_verb show' -l wait-timeout -x -d 'Limit of each gate (default: what its healthcheck allows, at least 60)'
complete -c stackplan -n '__stackplan_verb show' -l no-build -d "Never build images"
complete -c stackplan -n '__stackplan_verb show' -l build -d "Build images even if they are there"
complete -c stackplan -n '__stackplan_verb show' -l scale -x -a '(__stackplan_ask)' -d "Have N containers of a service, whatever the spec says; may be repeated"
complete -c stackplan -n '__stackplan_verb show' -l format -x -a "sh markdown json mermaid dot text" -d 'What to print (default: text)'

complete -c stackplan -n __stackplan_verb -a apply -d "Run what is missing, in parallel where possible."
complete -c stackplan -n __stackplan_verb -a up -d "Run what is missing, in parallel where possible."
complete -c stackplan -n '__stackplan_verb apply up' -a '(__stackplan_operands)'
complete -c stackplan -n '__stackplan_verb apply up' -l no-start -d "Create the containers, don't start them"
complete -c stackplan -n '__stackplan_verb apply up' -l no-deps -d "Leave out what the named services depend on"
complete -c stackplan -n '__stackplan_verb apply up' -l pull -x -a "always missing never" -d "When to pull images"
complete -c stackplan -n '__stackplan_verb apply up' -l wait-timeout -x -d 'Limit of each gate (default: what its healthcheck allows, at least 60)'
complete -c stackplan -n '__stackplan_verb apply up' -l no-build -d "Never build images"
complete -c stackplan -n '__stackplan_verb apply up' -l build -d "Build images even if they are there"
complete -c stackplan -n '__stackplan_verb apply up' -l scale -x -a '(__stackplan_ask)' -d "Have N containers of a service, whatever the spec says; may be repeated"
complete -c stackplan -n '__stackplan_verb apply up' -l on-failure -x -a "stop continue" -d "After a failed step start nothing more, or go on with what does not need it"
complete -c stackplan -n '__stackplan_verb apply up' -s d -l detach -d "Accepted: containers always run in the background"

complete -c stackplan -n __stackplan_verb -a verify -d "Run the checks of the spec."

complete -c stackplan -n __stackplan_verb -a down -d "Remove containers and networks of the stack."
complete -c stackplan -n '__stackplan_verb down' -a '(__stackplan_operands)'
complete -c stackplan -n '__stackplan_verb down' -l show -d "Print the commands instead; no engine is asked"
complete -c stackplan -n '__stackplan_verb down' -s v -l volumes -d "Remove the volumes too, with all that is in them"
complete -c stackplan -n '__stackplan_verb down' -l rmi -x -a "local all" -d "Remove images too: those built here, or all"
complete -c stackplan -n '__stackplan_verb down' -s t -l timeout -x -d "Kill a container that has not stopped by then"

complete -c stackplan -n __stackplan_verb -a export -d "Write the plan as a script, a document, JSON or a picture."
complete -c stackplan -n '__stackplan_verb export' -a '(__stackplan_operands)'
complete -c stackplan -n '__stackplan_verb export' -l no-start -d "Create the containers, don't start them"
complete -c stackplan -n '__stackplan_verb export' -l no-deps -d "Leave out what the named services depend on"
complete -c stackplan -n '__stackplan_verb export' -l pull -x -a "always missing never" -d "When to pull images"
complete -c stackplan -n '__stackplan_verb export' -l wait-timeout -x -d 'Limit of each gate (default: what its healthcheck allows, at least 60)'
complete -c stackplan -n '__stackplan_verb export' -l no-build -d "Never build images"
complete -c stackplan -n '__stackplan_verb export' -l build -d "Build images even if they are there"
complete -c stackplan -n '__stackplan_verb export' -l scale -x -a '(__stackplan_ask)' -d "Have N containers of a service, whatever the spec says; may be repeated"
complete -c stackplan -n '__stackplan_verb export' -l format -x -a "sh markdown json mermaid dot" -d 'What to make (default: sh)'
complete -c stackplan -n '__stackplan_verb export' -l template -rF -d "Render by a Mustache template of your own"
complete -c stackplan -n '__stackplan_verb export' -s o -l output -rF -d "Write to FILE, whole or not at all, readable by you alone"

complete -c stackplan -n __stackplan_verb -a config -d "Print the spec, merged and resolved; with -q only check it."
complete -c stackplan -n '__stackplan_verb config' -l services -d "List the services that profiles enable"
complete -c stackplan -n '__stackplan_verb config' -l images -d "List their images"
complete -c stackplan -n '__stackplan_verb config' -l volumes -d "List the named volumes"
complete -c stackplan -n '__stackplan_verb config' -l networks -d "List the networks"
complete -c stackplan -n '__stackplan_verb config' -l profiles -d "List all profiles"
complete -c stackplan -n '__stackplan_verb config' -l format -x -a "yaml json" -d 'How to print the spec (default: yaml)'
complete -c stackplan -n '__stackplan_verb config' -l variables -d "List the variables that the spec asks for, and their defaults"
complete -c stackplan -n '__stackplan_verb config' -l hash -x -a '(__stackplan_ask)' -d 'Print the digest of each of these services, separated by commas; '\''*'\'' is all'
complete -c stackplan -n '__stackplan_verb config' -l origins -d "List every value's path, and the place that it came from"

complete -c stackplan -n __stackplan_verb -a env -d "Print the variables of the project, and where each came from."
complete -c stackplan -n '__stackplan_verb env' -l format -x -a "text json" -d 'How to print the variables (default: text)'

complete -c stackplan -n __stackplan_verb -a explain -d "Tell about a key of the spec, a flag of docker, or a diagnostic."
complete -c stackplan -n '__stackplan_verb explain' -a '(__stackplan_operands)'
complete -c stackplan -n '__stackplan_verb explain' -l list -d "List all keys, how each stands, and its flag"
complete -c stackplan -n '__stackplan_verb explain' -l format -x -a "text json" -d 'How to print the list (default: text)'

complete -c stackplan -n __stackplan_verb -a help -d "Tell about stackplan, or about a verb."
complete -c stackplan -n '__stackplan_verb help' -a '(__stackplan_operands)'
