#compdef dlint
# Completion of dlint for zsh. Generated from its options: python -m dlinter.generate

_dlint_rules() {
    local -a rules
    rules=(${(f)"$(dlint rules 2>/dev/null | awk '/^[A-Z]+[0-9]+ / {print $1; print $2}')"})
    _sequence compadd - $rules
}

_dlint_first() {
    local -a commands
    commands=(
        'ast:Print the syntax tree, one JSON object a line and file'
        'cache:Remove what earlier runs found, or print where it is kept'
        'completion:Print the completion script of a shell'
        'config:Show the settings that hold for a file, and where each comes from'
        'context:Show what a build sends to the builder, what of it should not be sent, and an ignore file that leaves it out'
        'explain:Show the page of a rule: what it finds, why it matters, examples and options'
        'format:Lay out Dockerfiles: indentation, blanks, line ends, the case of keywords, and nothing else'
        'migrate:Take over hadolint'\''s configuration, and put dlint for it into hooks and pipelines'
        'proof:Say whether two Dockerfiles are the same build, and if not, what is different'
        'rules:List the rules: code, name, severity, fix and profiles'
        'server:Speak the Language Server Protocol on standard input and output'
    )
    _describe -t commands command commands
    _files
}

_dlint() {
    local command=""
    case $words[2] in
        ast|cache|completion|config|context|explain|format|migrate|proof|rules|server) (( CURRENT > 2 )) && command=$words[2] ;;
    esac
    if [[ -n $command ]]; then
        shift words
        (( CURRENT-- ))
    fi
    case $command in
        '')
            _arguments -S \
                '--fix[Mend what can be mended without changing what the build does.]' \
                '--unsafe-fixes[With --fix or --diff: also fixes that may change the build.]' \
                '--diff[Print what --fix would change as a unified diff; write nothing.]' \
                '*--fix-only=[With --fix or --diff: mend findings of these rules only.]:rules:_dlint_rules' \
                '--explain[With --fix or --diff: say of every fix what it changes about the build.]' \
                '--add-ignores[Silence what remains with comments in the files.]' \
                '*--select=[Rules to run besides the profile'\''s: codes, names or ALL.]:rules:_dlint_rules' \
                '*--ignore=[Rules to leave out.]:rules:_dlint_rules' \
                '--profile=[Set of rules: default, strict, hadolint, cis or all.]:name:(default strict hadolint cis all)' \
                '*--build-arg=[Value of an ARG, as for docker build.]:key=value: ' \
                '--context=[Folder of the build context, as for docker build.]:dir:_files -/' \
                '--no-shellcheck[Do not let ShellCheck look at shell scripts.]' \
                '--config=[Configuration file to use instead of the nearest one.]:file:_files' \
                '--baseline=[Leave out the findings that this file knows.]:file:_files' \
                '--isolated[Read no configuration file.]' \
                '(--format -f)--format=[How findings are printed, full by default.]:format:(full concise json markdown github gitlab azure sarif junit rdjson rdjsonl tty checkstyle codeclimate gitlab_codeclimate gnu codacy sonarqube)' '(--format -f)-f[How findings are printed, full by default.]:format:(full concise json markdown github gitlab azure sarif junit rdjson rdjsonl tty checkstyle codeclimate gitlab_codeclimate gnu codacy sonarqube)' \
                '(--output -o)--output=[Write to FILE instead of standard output.]:file:_files' '(--output -o)-o[Write to FILE instead of standard output.]:file:_files' \
                '--statistics[Print how often each rule was found instead of the findings.]' \
                '(--quiet -q)--quiet[Print findings only, no summary and no notes.]' '(--quiet -q)-q[Print findings only, no summary and no notes.]' \
                '--color=[Use colours.]:color:(auto always never)' \
                '--fail-level=[Least severity that makes the exit code 1.]:fail-level:(error warning info style none)' \
                '--since=[Only findings on lines changed since a git revision.]:rev: ' \
                '--write-baseline[Write all findings into the baseline, and report none.]' \
                '--exit-zero[Exit with 0 even if there are findings.]' \
                '--force-exclude[Leave out excluded files even if they are named.]' \
                '--stdin-filename=[Name of the file that comes from standard input.]:file:_files' \
                '(--jobs -j)--jobs=[Processes to use; 0 for one per processor.]:n: ' '(--jobs -j)-j[Processes to use; 0 for one per processor.]:n: ' \
                '--no-cache[Neither use nor keep results of earlier runs.]' \
                '--version[Print the version.]' \
                '--help[Show the help.]' \
                '1: :_dlint_first' \
                '*:file:_files'
            ;;
        ast)
            _arguments -S \
                '--help[Show the help.]' \
                '*:file:_files'
            ;;
        cache)
            _arguments -S \
                '--help[Show the help.]' \
                ':clean|folder:(clean folder)'
            ;;
        completion)
            _arguments -S \
                '--help[Show the help.]' \
                ':shell:(bash fish zsh)'
            ;;
        config)
            _arguments -S \
                '--config=[Configuration file to use.]:file:_files' \
                '--schema[Print the JSON schema of configuration files.]' \
                '--help[Show the help.]' \
                ':file:_files'
            ;;
        context)
            _arguments -S \
                '--context=[Folder of the build context.]:dir:_files -/' \
                '(--format -f)--format=[How to print it.]:format:(table json)' '(--format -f)-f[How to print it.]:format:(table json)' \
                '--help[Show the help.]' \
                ':path: '
            ;;
        explain)
            _arguments -S \
                '--help[Show the help.]' \
                ':rule:_dlint_rules'
            ;;
        format)
            _arguments -S \
                '--check[Write nothing; list the files that would change and exit with 1 if there are any.]' \
                '--diff[Write nothing; print what would change as a unified diff, exit as with --check.]' \
                '--config=[Configuration file to use instead of the nearest one.]:file:_files' \
                '--isolated[Read no configuration file.]' \
                '(--quiet -q)--quiet[Print findings only, no summary and no notes.]' '(--quiet -q)-q[Print findings only, no summary and no notes.]' \
                '--force-exclude[Leave out excluded files even if they are named.]' \
                '--stdin-filename=[Name of the file that comes from standard input.]:file:_files' \
                '(--jobs -j)--jobs=[Processes to use; 0 for one per processor.]:n: ' '(--jobs -j)-j[Processes to use; 0 for one per processor.]:n: ' \
                '--help[Show the help.]' \
                '*:paths:_files'
            ;;
        migrate)
            _arguments -S \
                '--write[Carry it out; otherwise it is only shown.]' \
                '--help[Show the help.]' \
                ':folder:_files -/'
            ;;
        proof)
            _arguments -S \
                '--strict[Admit nothing but another layout.]' \
                '(--format -f)--format=[How to print it.]:format:(text json)' '(--format -f)-f[How to print it.]:format:(text json)' \
                '--help[Show the help.]' \
                ':before:_files' \
                ':after:_files'
            ;;
        rules)
            _arguments -S \
                '--profile=[Only the rules of this profile.]:name:(default strict hadolint cis all)' \
                '(--format -f)--format=[How to print them.]:format:(table json)' '(--format -f)-f[How to print them.]:format:(table json)' \
                '--help[Show the help.]'
            ;;
        server)
            _arguments -S \
                '--stdio[Ignored: there is no other way to speak.]' \
                '--log-level=[What is logged to standard error: error, warning (default), info or debug.]:level: ' \
                '--version[Print the version.]' \
                '--help[Show the help.]'
            ;;
    esac
}

_dlint "$@"
