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
complete -c stackplan -l parallel -x -d 'Run at most N commands at a time (default: two for each processor, from 4 to 8)'
complete -c stackplan -l progress -x -a "auto tty plain json quiet" -d 'How progress is shown on standard error: a live block, lines, JSON lines, or failures only (auto: tty on a terminal, else plain)'
complete -c stackplan -l color -x -a "auto always never" -d "When to colour messages"
complete -c stackplan -l labels -x -a "full none" -d "'none' leaves bookkeeping labels out of show and export"
complete -c stackplan -l diagnostics -x -a "text json" -d "How problems are printed"
complete -c stackplan -s y -l yes -d "Answer every question with yes"
complete -c stackplan -s q -l quiet -d "No progress, no closing words, no table; only problems"
complete -c stackplan -l verbose -d "Say which files and which program are used, and show every line that a step prints"
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
complete -c stackplan -n '__stackplan_verb show' -l force-recreate -d "Replace containers even if nothing has changed"
complete -c stackplan -n '__stackplan_verb show' -l no-recreate -d "Keep containers even if the spec has changed"
complete -c stackplan -n '__stackplan_verb show' -l remove-orphans -d "Remove containers and networks that the spec does not know any more"
complete -c stackplan -n '__stackplan_verb show' -l compose-hash -d "Ask Docker Compose for its digests: what it made and would keep is kept, and 'docker compose up' finds nothing to do"
complete -c stackplan -n '__stackplan_verb show' -l scale -x -a '(__stackplan_ask)' -d "Have N containers of a service, whatever the spec says; may be repeated"
complete -c stackplan -n '__stackplan_verb show' -l wait -d "In the end wait until all services are healthy or, without a healthcheck, running"
complete -c stackplan -n '__stackplan_verb show' -s t -l timeout -x -d "Kill a container that has not stopped by then"
complete -c stackplan -n '__stackplan_verb show' -l format -x -a "sh markdown json mermaid dot text" -d 'What to print (default: text)'
complete -c stackplan -n '__stackplan_verb show' -l current -d "Only what must change against what the engine has now"
complete -c stackplan -n '__stackplan_verb show' -l out -rF -d "Save what --current tells in FILE, for apply --plan"
complete -c stackplan -n '__stackplan_verb show' -l plan -rF -d "Print the plan that is saved in FILE; no engine is asked"
complete -c stackplan -n '__stackplan_verb show' -l on-failure -x -a "stop continue rollback" -d "Accepted: it changes what apply does after a failure, not the commands"
complete -c stackplan -n '__stackplan_verb show' -l detailed-exitcode -d "With --current or --plan: end with 2 when something must change"

complete -c stackplan -n __stackplan_verb -a apply -d "Run what is missing, in parallel where possible."
complete -c stackplan -n __stackplan_verb -a up -d "Run what is missing, in parallel where possible."
complete -c stackplan -n '__stackplan_verb apply up' -a '(__stackplan_operands)'
complete -c stackplan -n '__stackplan_verb apply up' -l no-start -d "Create the containers, don't start them"
complete -c stackplan -n '__stackplan_verb apply up' -l no-deps -d "Leave out what the named services depend on"
complete -c stackplan -n '__stackplan_verb apply up' -l pull -x -a "always missing never" -d "When to pull images"
complete -c stackplan -n '__stackplan_verb apply up' -l wait-timeout -x -d 'Limit of each gate (default: what its healthcheck allows, at least 60)'
complete -c stackplan -n '__stackplan_verb apply up' -l no-build -d "Never build images"
complete -c stackplan -n '__stackplan_verb apply up' -l build -d "Build images even if they are there"
complete -c stackplan -n '__stackplan_verb apply up' -l force-recreate -d "Replace containers even if nothing has changed"
complete -c stackplan -n '__stackplan_verb apply up' -l no-recreate -d "Keep containers even if the spec has changed"
complete -c stackplan -n '__stackplan_verb apply up' -l remove-orphans -d "Remove containers and networks that the spec does not know any more"
complete -c stackplan -n '__stackplan_verb apply up' -l compose-hash -d "Ask Docker Compose for its digests: what it made and would keep is kept, and 'docker compose up' finds nothing to do"
complete -c stackplan -n '__stackplan_verb apply up' -l scale -x -a '(__stackplan_ask)' -d "Have N containers of a service, whatever the spec says; may be repeated"
complete -c stackplan -n '__stackplan_verb apply up' -l wait -d "In the end wait until all services are healthy or, without a healthcheck, running"
complete -c stackplan -n '__stackplan_verb apply up' -s t -l timeout -x -d "Kill a container that has not stopped by then"
complete -c stackplan -n '__stackplan_verb apply up' -l on-failure -x -a "stop continue rollback" -d "After a failed step start nothing more, go on with what does not need it, or take back what was done"
complete -c stackplan -n '__stackplan_verb apply up' -s d -l detach -d "Accepted: containers always run in the background"
complete -c stackplan -n '__stackplan_verb apply up' -l plan -rF -d "Run the plan that show --out has saved in FILE, if nothing that it rests on has changed"
complete -c stackplan -n '__stackplan_verb apply up' -l transcript -rF -d "Write the commands and what they print to FILE, as Markdown and without secrets, while they run"
complete -c stackplan -n '__stackplan_verb apply up' -l detailed-exitcode -d "End with 2 instead of 0 when something was changed"

complete -c stackplan -n __stackplan_verb -a verify -d "Run the checks of the spec."

complete -c stackplan -n __stackplan_verb -a down -d "Remove containers and networks of the stack."
complete -c stackplan -n '__stackplan_verb down' -a '(__stackplan_operands)'
complete -c stackplan -n '__stackplan_verb down' -l show -d "Print the commands instead; no engine is asked"
complete -c stackplan -n '__stackplan_verb down' -s v -l volumes -d "Remove the volumes too, with all that is in them"
complete -c stackplan -n '__stackplan_verb down' -l rmi -x -a "local all" -d "Remove images too: those built here, or all"
complete -c stackplan -n '__stackplan_verb down' -s t -l timeout -x -d "Kill a container that has not stopped by then"
complete -c stackplan -n '__stackplan_verb down' -l transcript -rF -d "Write the commands and what they print to FILE, as Markdown and without secrets, while they run"
complete -c stackplan -n '__stackplan_verb down' -l remove-orphans -d "Remove containers of the project that the spec does not know, too"

complete -c stackplan -n __stackplan_verb -a ps -d "List the containers of the stack."
complete -c stackplan -n '__stackplan_verb ps' -a '(__stackplan_operands)'
complete -c stackplan -n '__stackplan_verb ps' -s a -l all -d "Those that are stopped, too, and those of 'run'"
complete -c stackplan -n '__stackplan_verb ps' -s q -l quiet -d "Print IDs alone"
complete -c stackplan -n '__stackplan_verb ps' -l services -d "Print the names of the services that have such a container"
complete -c stackplan -n '__stackplan_verb ps' -l format -x -a "table json" -d 'What to print (default: table)'
complete -c stackplan -n '__stackplan_verb ps' -l no-orphans -d "Leave out containers whose service is not in the spec"

complete -c stackplan -n __stackplan_verb -a logs -d "Print what the containers have said."
complete -c stackplan -n '__stackplan_verb logs' -a '(__stackplan_operands)'
complete -c stackplan -n '__stackplan_verb logs' -s f -l follow -d "Go on with what they say from now on, until all have ended"
complete -c stackplan -n '__stackplan_verb logs' -s t -l timestamps -d "Tell when each line was said"
complete -c stackplan -n '__stackplan_verb logs' -s n -l tail -x -d 'Only the last N lines of each container (default: all)'
complete -c stackplan -n '__stackplan_verb logs' -l since -x -d "Nothing older than a time such as 2026-11-24T13:00:00Z, or than 42m"
complete -c stackplan -n '__stackplan_verb logs' -l 'until' -x -d "Nothing newer than a time such as 2026-11-24T13:00:00Z, or than 42m"
complete -c stackplan -n '__stackplan_verb logs' -l index -x -d "Only container N of each service"
complete -c stackplan -n '__stackplan_verb logs' -l no-color -d "No colours, whatever the terminal"
complete -c stackplan -n '__stackplan_verb logs' -l no-log-prefix -d "Don't say whose line it is"

complete -c stackplan -n __stackplan_verb -a exec -d "Run a command in a container that is running."
complete -c stackplan -n '__stackplan_verb exec' -a '(__stackplan_operands)'
complete -c stackplan -n '__stackplan_verb exec' -s d -l detach -d "Don't wait for the command"
complete -c stackplan -n '__stackplan_verb exec' -s T -l no-TTY -d 'Give it no terminal (default where stackplan has none)'
complete -c stackplan -n '__stackplan_verb exec' -s u -l user -x -d "Run it as this user"
complete -c stackplan -n '__stackplan_verb exec' -s w -l workdir -x -d "Run it in this folder of the container"
complete -c stackplan -n '__stackplan_verb exec' -s e -l env -x -d "Give it a variable; may be repeated"
complete -c stackplan -n '__stackplan_verb exec' -l index -x -d 'In container N of the service (default: the first that runs)'
complete -c stackplan -n '__stackplan_verb exec' -l privileged -d "Give it all capabilities"
complete -c stackplan -n '__stackplan_verb exec' -s i -l interactive -d "Accepted: its standard input is always stackplan's"
complete -c stackplan -n '__stackplan_verb exec' -s t -l tty -d "Accepted: a terminal is handed over where there is one"

complete -c stackplan -n __stackplan_verb -a run -d "Run a command in a container of its own, made as the service's are."
complete -c stackplan -n '__stackplan_verb run' -a '(__stackplan_operands)'
complete -c stackplan -n '__stackplan_verb run' -l show -d "Print the commands instead; no engine is asked"
complete -c stackplan -n '__stackplan_verb run' -l rm -d "Remove the container when it ends"
complete -c stackplan -n '__stackplan_verb run' -s d -l detach -d "Leave it running, and print its name"
complete -c stackplan -n '__stackplan_verb run' -s e -l env -x -d "Give it a variable; may be repeated"
complete -c stackplan -n '__stackplan_verb run' -s v -l volume -x -d "Mount a path or a volume of the spec, too; may be repeated"
complete -c stackplan -n '__stackplan_verb run' -s u -l user -x -d "Run it as this user"
complete -c stackplan -n '__stackplan_verb run' -s w -l workdir -x -d "Run it in this folder of the container"
complete -c stackplan -n '__stackplan_verb run' -l entrypoint -x -d "Another entrypoint; the spec's command goes with the old one"
complete -c stackplan -n '__stackplan_verb run' -l name -x -d 'Its name (default: PROJECT-SERVICE-run-DIGITS)'
complete -c stackplan -n '__stackplan_verb run' -s T -l no-TTY -d 'Give it no terminal (default where stackplan has none)'
complete -c stackplan -n '__stackplan_verb run' -s i -l interactive -d "Accepted: its standard input is always stackplan's"
complete -c stackplan -n '__stackplan_verb run' -l service-ports -d "Publish the ports of the service"
complete -c stackplan -n '__stackplan_verb run' -l use-aliases -d "Let it answer to the service's names in its networks"
complete -c stackplan -n '__stackplan_verb run' -l no-deps -d "Don't start what the service depends on"
complete -c stackplan -n '__stackplan_verb run' -l pull -x -a "always missing never" -d "When to pull images"
complete -c stackplan -n '__stackplan_verb run' -l wait-timeout -x -d 'Limit of each gate (default: what its healthcheck allows, at least 60)'

complete -c stackplan -n __stackplan_verb -a stop -d "Stop containers; they stay, with all that is in them."
complete -c stackplan -n '__stackplan_verb stop' -a '(__stackplan_operands)'
complete -c stackplan -n '__stackplan_verb stop' -s t -l timeout -x -d "Kill a container that has not stopped by then"
complete -c stackplan -n '__stackplan_verb stop' -l show -d "Print the commands instead; no engine is asked"
complete -c stackplan -n '__stackplan_verb stop' -l transcript -rF -d "Write the commands and what they print to FILE, as Markdown and without secrets, while they run"

complete -c stackplan -n __stackplan_verb -a start -d "Start containers that are there and stopped."
complete -c stackplan -n '__stackplan_verb start' -a '(__stackplan_operands)'
complete -c stackplan -n '__stackplan_verb start' -l wait-timeout -x -d 'Limit of each gate (default: what its healthcheck allows, at least 60)'
complete -c stackplan -n '__stackplan_verb start' -l show -d "Print the commands instead; no engine is asked"
complete -c stackplan -n '__stackplan_verb start' -l transcript -rF -d "Write the commands and what they print to FILE, as Markdown and without secrets, while they run"

complete -c stackplan -n __stackplan_verb -a restart -d "Stop containers and start them again."
complete -c stackplan -n '__stackplan_verb restart' -a '(__stackplan_operands)'
complete -c stackplan -n '__stackplan_verb restart' -s t -l timeout -x -d "Kill a container that has not stopped by then"
complete -c stackplan -n '__stackplan_verb restart' -l wait-timeout -x -d 'Limit of each gate (default: what its healthcheck allows, at least 60)'
complete -c stackplan -n '__stackplan_verb restart' -l show -d "Print the commands instead; no engine is asked"
complete -c stackplan -n '__stackplan_verb restart' -l transcript -rF -d "Write the commands and what they print to FILE, as Markdown and without secrets, while they run"

complete -c stackplan -n __stackplan_verb -a pull -d "Pull the images of the services."
complete -c stackplan -n '__stackplan_verb pull' -a '(__stackplan_operands)'
complete -c stackplan -n '__stackplan_verb pull' -l show -d "Print the commands instead; no engine is asked"
complete -c stackplan -n '__stackplan_verb pull' -l ignore-pull-failures -d "An image that cannot be pulled is a warning"
complete -c stackplan -n '__stackplan_verb pull' -l include-deps -d "The images of what the named services depend on, too"
complete -c stackplan -n '__stackplan_verb pull' -l transcript -rF -d "Write the commands and what they print to FILE, as Markdown and without secrets, while they run"

complete -c stackplan -n __stackplan_verb -a build -d "Build the images of the services that have a build."
complete -c stackplan -n '__stackplan_verb build' -a '(__stackplan_operands)'
complete -c stackplan -n '__stackplan_verb build' -l show -d "Print the commands instead; no engine is asked"
complete -c stackplan -n '__stackplan_verb build' -l no-cache -d "Use nothing of earlier builds"
complete -c stackplan -n '__stackplan_verb build' -l pull -d "Pull the images that are built on, even if they are there"
complete -c stackplan -n '__stackplan_verb build' -l build-arg -x -d "Set an argument of the builds; may be repeated"
complete -c stackplan -n '__stackplan_verb build' -l transcript -rF -d "Write the commands and what they print to FILE, as Markdown and without secrets, while they run"

complete -c stackplan -n __stackplan_verb -a diff -d "Tell what differs between the spec and the engine, key by key."
complete -c stackplan -n '__stackplan_verb diff' -a '(__stackplan_operands)'
complete -c stackplan -n '__stackplan_verb diff' -l format -x -a "text json" -d 'What to print (default: text)'
complete -c stackplan -n '__stackplan_verb diff' -l detailed-exitcode -d "End with 2 when something differs"
complete -c stackplan -n '__stackplan_verb diff' -l no-deps -d "Leave out what the named services depend on"
complete -c stackplan -n '__stackplan_verb diff' -l remove-orphans -d "Count what the spec does not know any more as to be removed"
complete -c stackplan -n '__stackplan_verb diff' -l compose-hash -d "Ask Docker Compose for its digests: what it made and would keep does not differ"
complete -c stackplan -n '__stackplan_verb diff' -l scale -x -a '(__stackplan_ask)' -d "Have N containers of a service, whatever the spec says; may be repeated"

complete -c stackplan -n __stackplan_verb -a check -d "Tell every problem that can be known before anything is done."
complete -c stackplan -n '__stackplan_verb check' -a '(__stackplan_operands)'
complete -c stackplan -n '__stackplan_verb check' -l no-start -d "Create the containers, don't start them"
complete -c stackplan -n '__stackplan_verb check' -l no-deps -d "Leave out what the named services depend on"
complete -c stackplan -n '__stackplan_verb check' -l pull -x -a "always missing never" -d "When to pull images"
complete -c stackplan -n '__stackplan_verb check' -l wait-timeout -x -d 'Limit of each gate (default: what its healthcheck allows, at least 60)'
complete -c stackplan -n '__stackplan_verb check' -l no-build -d "Never build images"
complete -c stackplan -n '__stackplan_verb check' -l build -d "Build images even if they are there"
complete -c stackplan -n '__stackplan_verb check' -l force-recreate -d "Replace containers even if nothing has changed"
complete -c stackplan -n '__stackplan_verb check' -l no-recreate -d "Keep containers even if the spec has changed"
complete -c stackplan -n '__stackplan_verb check' -l remove-orphans -d "Remove containers and networks that the spec does not know any more"
complete -c stackplan -n '__stackplan_verb check' -l compose-hash -d "Ask Docker Compose for its digests: what it made and would keep is kept, and 'docker compose up' finds nothing to do"
complete -c stackplan -n '__stackplan_verb check' -l scale -x -a '(__stackplan_ask)' -d "Have N containers of a service, whatever the spec says; may be repeated"
complete -c stackplan -n '__stackplan_verb check' -l wait -d "In the end wait until all services are healthy or, without a healthcheck, running"
complete -c stackplan -n '__stackplan_verb check' -s t -l timeout -x -d "Kill a container that has not stopped by then"

complete -c stackplan -n __stackplan_verb -a export -d "Write the plan as a script, a document, JSON or a picture."
complete -c stackplan -n '__stackplan_verb export' -a '(__stackplan_operands)'
complete -c stackplan -n '__stackplan_verb export' -l no-start -d "Create the containers, don't start them"
complete -c stackplan -n '__stackplan_verb export' -l no-deps -d "Leave out what the named services depend on"
complete -c stackplan -n '__stackplan_verb export' -l pull -x -a "always missing never" -d "When to pull images"
complete -c stackplan -n '__stackplan_verb export' -l wait-timeout -x -d 'Limit of each gate (default: what its healthcheck allows, at least 60)'
complete -c stackplan -n '__stackplan_verb export' -l no-build -d "Never build images"
complete -c stackplan -n '__stackplan_verb export' -l build -d "Build images even if they are there"
complete -c stackplan -n '__stackplan_verb export' -l force-recreate -d "Replace containers even if nothing has changed"
complete -c stackplan -n '__stackplan_verb export' -l no-recreate -d "Keep containers even if the spec has changed"
complete -c stackplan -n '__stackplan_verb export' -l remove-orphans -d "Remove containers and networks that the spec does not know any more"
complete -c stackplan -n '__stackplan_verb export' -l compose-hash -d "Ask Docker Compose for its digests: what it made and would keep is kept, and 'docker compose up' finds nothing to do"
complete -c stackplan -n '__stackplan_verb export' -l scale -x -a '(__stackplan_ask)' -d "Have N containers of a service, whatever the spec says; may be repeated"
complete -c stackplan -n '__stackplan_verb export' -l wait -d "In the end wait until all services are healthy or, without a healthcheck, running"
complete -c stackplan -n '__stackplan_verb export' -s t -l timeout -x -d "Kill a container that has not stopped by then"
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
