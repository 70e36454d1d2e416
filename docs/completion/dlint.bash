# Completion of dlint for bash. Generated from its options: python -m dlinter.generate
# shellcheck disable=SC2207  # no word that is offered has blanks

_dlint_files() {
    local word
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen "$1" -- "$cur")
}

_dlint() {
    local cur=${COMP_WORDS[COMP_CWORD]} before="" command="" words=""
    ((COMP_CWORD > 0)) && before=${COMP_WORDS[COMP_CWORD - 1]}
    # --format=json comes as three words
    if [[ $cur == "=" ]]; then
        cur=""
    elif [[ $before == "=" && $COMP_CWORD -gt 1 ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    if ((COMP_CWORD > 1)); then
        case ${COMP_WORDS[1]} in
            ast | cache | completion | config | context | explain | format | migrate | proof | rules | server) command=${COMP_WORDS[1]} ;;
        esac
    fi
    COMPREPLY=()
    case "$command $before" in
        " --fix-only" | " --select" | " --ignore")
            COMPREPLY=($(compgen -W "$(dlint rules 2>/dev/null | awk '/^[A-Z]+[0-9]+ / {print $1; print $2}')" -- "$cur"))
            return
            ;;
        " --profile" | "rules --profile")
            COMPREPLY=($(compgen -W "default strict hadolint cis all" -- "$cur"))
            return
            ;;
        " --build-arg" | " --since" | " --jobs" | " -j" | "format --jobs" | "format -j" | "server --log-level")
            :
            return
            ;;
        " --context" | "context --context")
            _dlint_files -d
            return
            ;;
        " --config" | " --baseline" | " --output" | " -o" | " --stdin-filename" | "config --config" | "format --config" | "format --stdin-filename")
            _dlint_files -f
            return
            ;;
        " --format" | " -f")
            COMPREPLY=($(compgen -W "full concise json markdown github gitlab azure sarif junit rdjson rdjsonl tty checkstyle codeclimate gitlab_codeclimate gnu codacy sonarqube" -- "$cur"))
            return
            ;;
        " --color")
            COMPREPLY=($(compgen -W "auto always never" -- "$cur"))
            return
            ;;
        " --fail-level")
            COMPREPLY=($(compgen -W "error warning info style none" -- "$cur"))
            return
            ;;
        "context --format" | "context -f" | "rules --format" | "rules -f")
            COMPREPLY=($(compgen -W "table json" -- "$cur"))
            return
            ;;
        "proof --format" | "proof -f")
            COMPREPLY=($(compgen -W "text json" -- "$cur"))
            return
            ;;
    esac
    case $command in
        "") words="--fix --unsafe-fixes --diff --fix-only --explain --add-ignores --select --ignore --profile --build-arg --context --no-shellcheck --config --baseline --isolated --format -f --output -o --statistics --quiet -q --color --fail-level --since --write-baseline --exit-zero --force-exclude --stdin-filename --jobs -j --no-cache --version --help" ;;
        "ast") words="--help" ;;
        "cache") words="--help" ;;
        "completion") words="--help" ;;
        "config") words="--config --schema --help" ;;
        "context") words="--context --format -f --help" ;;
        "explain") words="--help" ;;
        "format") words="--check --diff --config --isolated --quiet -q --force-exclude --stdin-filename --jobs -j --help" ;;
        "migrate") words="--write --help" ;;
        "proof") words="--strict --format -f --help" ;;
        "rules") words="--profile --format -f --help" ;;
        "server") words="--stdio --log-level --version --help" ;;
    esac
    if [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W "$words" -- "$cur"))
        return
    fi
    case $command in
        "cache") COMPREPLY=($(compgen -W "clean folder" -- "$cur")) ;;
        "completion") COMPREPLY=($(compgen -W "bash fish zsh" -- "$cur")) ;;
        "explain") COMPREPLY=($(compgen -W "$(dlint rules 2>/dev/null | awk '/^[A-Z]+[0-9]+ / {print $1; print $2}')" -- "$cur")) ;;
        "migrate") _dlint_files -d ;;
        "")
            ((COMP_CWORD == 1)) && COMPREPLY=($(compgen -W "ast cache completion config context explain format migrate proof rules server" -- "$cur"))
            _dlint_files -f
            ;;
        *) _dlint_files -f ;;
    esac
}

complete -o filenames -F _dlint dlint
